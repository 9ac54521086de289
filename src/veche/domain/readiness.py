"""Whether a hall may go on the air: its sound-check, accepted and not grown old.

The measuring is done by the hall's machine; what it found comes in here as a verdict with a
time. A changed device makes a check stale: what was measured is not what will be heard.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from veche.domain.errors import NoCheck
from veche.domain.meeting import SiteId

VALID_MS: Final = 4 * 3_600_000
"""A check of the morning holds for a meeting before noon, not for one in the evening."""


class CheckState(StrEnum):
    NONE = "none"
    REPORTED = "reported"
    """Passed over to the operator, who has not decided."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    """To be repeated."""
    STALE = "stale"
    """A device has changed since, or too much time has passed."""


@dataclass(frozen=True, slots=True)
class SoundCheck:
    """The last check of one site. `findings` are what was measured, by name."""

    site: SiteId
    state: CheckState
    reported_ms: int
    reported_by: str
    findings: tuple[tuple[str, float], ...] = ()
    decided_ms: int | None = None
    decided_by: str | None = None
    note: str = ""

    def state_at(self, now_ms: int) -> CheckState:
        is_old = self.decided_ms is not None and now_ms - self.decided_ms > VALID_MS
        return CheckState.STALE if self.state is CheckState.ACCEPTED and is_old else self.state

    def accepted(self, at_ms: int, by: str) -> Self:
        """Raises `NoCheck` for one that is not waiting."""
        self._require_reported()
        return replace(self, state=CheckState.ACCEPTED, decided_ms=at_ms, decided_by=by)

    def rejected(self, at_ms: int, by: str, note: str) -> Self:
        """Raises `NoCheck` for one that is not waiting."""
        self._require_reported()
        return replace(self, state=CheckState.REJECTED, decided_ms=at_ms, decided_by=by, note=note)

    def made_stale(self) -> Self:
        return replace(self, state=CheckState.STALE)

    def _require_reported(self) -> None:
        if self.state not in (CheckState.REPORTED, CheckState.STALE):
            raise NoCheck


def unready(
    required: tuple[SiteId, ...], checks: Mapping[SiteId, SoundCheck], now_ms: int
) -> tuple[SiteId, ...]:
    """Required sites whose check does not hold at this moment."""
    return tuple(
        site
        for site in required
        if site not in checks or checks[site].state_at(now_ms) is not CheckState.ACCEPTED
    )
