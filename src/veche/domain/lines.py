"""Whether a hall's line carries anything: told from counters of what has come from it.

Pure; times are milliseconds of the meeting's own clock. A hall on the air sends pictures all
the time, so that a counter which stands still is a broken line long before any timeout of the
connection itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from veche.domain.meeting import SiteId

LOST_AFTER_MS: Final = 2_000
"""Above the longest pause of a living line under 20 % of loss (0.6 s), and with the half second
between two looks below the three seconds after which no face may stand frozen."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the media server measured of one connection; losses of the last report, 0 to 1."""

    packets_in: int
    round_trip_ms: float | None
    lost_in: float
    lost_out: float
    bitrate_in_bps: int
    bitrate_out_bps: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """When each hall was last heard of, and at which count."""

    seen: tuple[tuple[SiteId, int, int], ...] = ()

    def after(self, packets: Mapping[SiteId, int], sites: tuple[SiteId, ...], now_ms: int) -> Self:
        """With the counters of this moment; a hall without one has sent nothing."""
        before = {site: (count, at_ms) for site, count, at_ms in self.seen}
        seen = []
        for site in sites:
            count, at_ms = before.get(site, (0, now_ms))
            if site in packets and packets[site] != count:
                count, at_ms = packets[site], now_ms
            seen.append((site, count, at_ms))
        return type(self)(tuple(seen))

    def lost(self, now_ms: int) -> frozenset[SiteId]:
        return frozenset(site for site, _, at_ms in self.seen if now_ms - at_ms >= LOST_AFTER_MS)
