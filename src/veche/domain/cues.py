"""Ceremonies: an anthem, a film, a minute of silence, a greeting, played by every hall itself.

The server sets one moment for all and closes every microphone; each hall plays its own copy
and reports how far from the moment it began. A pure state machine; times are milliseconds of
the meeting's own clock.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NewType, Self

from veche.domain.errors import CueRuns, NoCue
from veche.domain.meeting import SiteId
from veche.domain.rundown import Position
from veche.domain.text import Text

CueNumber = NewType("CueNumber", int)

LEAD_MS: Final = 1_500
"""Between hearing of a cue and its moment: a resumed stream on a line of 400 ms round trip hears
of it in time, and nobody in the hall takes it for a pause."""
SECONDS_MAX: Final = 3_600
SKEW_MS_MAX: Final = 60_000
"""A report beyond is a broken clock of a client."""


class CueKind(StrEnum):
    ANTHEM = "anthem"
    FILM = "film"
    SILENCE = "silence"
    GREETING = "greeting"


@dataclass(frozen=True, slots=True)
class Clip:
    """A file that every hall has fetched before."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Cue:
    number: CueNumber
    kind: CueKind
    title: Text
    starts_ms: int
    seconds: int | None
    """None: until somebody stops it."""
    clip: Clip | None = None
    item: Position | None = None
    skews_ms: tuple[tuple[SiteId, int], ...] = ()
    """How much later than the moment each hall began."""

    def is_over(self, now_ms: int) -> bool:
        return self.seconds is not None and now_ms >= self.starts_ms + self.seconds * 1000

    def reported(self, site: SiteId, skew_ms: int) -> Self:
        others = tuple(pair for pair in self.skews_ms if pair[0] != site)
        return replace(self, skews_ms=(*others, (site, skew_ms)))

    def as_announced(self) -> Self:
        """Without what halls have reported: that is no news for who plays it."""
        return replace(self, skews_ms=())

    @property
    def spread_ms(self) -> int | None:
        """Between the first hall and the last one that have reported; None with fewer than two."""
        reported = [skew for _, skew in self.skews_ms]
        return max(reported) - min(reported) if len(reported) > 1 else None


@dataclass(frozen=True, slots=True)
class Cues:
    running: Cue | None = None
    last: int = 0
    ready: tuple[tuple[SiteId, str], ...] = ()
    """Which hall holds which clip, by its SHA-256."""

    def started(self, cue: Cue) -> Self:
        """Raises `CueRuns`."""
        if self.running is not None:
            raise CueRuns
        return replace(self, running=cue, last=cue.number)

    def stopped(self) -> Self:
        """Raises `NoCue`."""
        if self.running is None:
            raise NoCue
        return replace(self, running=None)

    def reported(self, number: CueNumber, site: SiteId, skew_ms: int) -> Self:
        """Raises `NoCue` for one that does not run."""
        if self.running is None or self.running.number != number:
            raise NoCue
        return replace(self, running=self.running.reported(site, skew_ms))

    def fetched(self, site: SiteId, sha256: str) -> Self:
        pair = (site, sha256)
        return self if pair in self.ready else replace(self, ready=(*self.ready, pair))

    def lacks(self, clip: Clip, sites: tuple[SiteId, ...]) -> tuple[SiteId, ...]:
        """Halls that have not said that they hold the clip."""
        return tuple(site for site in sites if (site, clip.sha256) not in self.ready)
