"""One meeting that is conducted: its standing, its own clock, and what is owed to the store.

The meeting's clock is monotonic and began with its first conduct. After a restart it goes on
from the wall clock, and never back behind what was kept.
"""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Self

from veche.domain.actor import Actor, Asker
from veche.domain.air import Air
from veche.domain.errors import MeetingUnknown
from veche.domain.events import Standing
from veche.domain.lines import Pulse
from veche.domain.meeting import Meeting, MeetingNumber
from veche.domain.scene import Decision
from veche.domain.stage import Stage
from veche.domain.timeline import Logged, Moment
from veche.store import Unit
from veche.store.airs import KeptAir

LOG_TAIL: Final = 200
"""Entries that a console gets at once: two hours of a lively meeting; the rest by page."""
OWED_MAX: Final = 10_000
"""Entries while the store does not answer, an hour of a storm; then the oldest are lost."""
REFUSAL_MS: Final = 1_000
"""The same refusal of the same person is logged once in this time: a stuck key fills no log."""
REFUSALS_MAX: Final = 1_000
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(slots=True)
class Conducted:
    """Changed on the loop by `Conduct` only, while it holds `turn`."""

    standing: Standing
    kept: KeptAir
    """What the store has; version 0: nothing yet."""
    read_at: float
    """When its words were read last, by the house's monotonic clock."""
    last_entry: int
    anchor_ms: int
    anchor_monotonic: float
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    owed: list[Logged] = field(default_factory=list)
    """Told and not kept yet."""
    pulse: Pulse = field(default_factory=Pulse)
    looked_ms: int | None = None
    """When the lines were looked at last."""
    heard: frozenset[str] | None = None
    """Whom the media server lets through; None: it has not confirmed."""
    is_presence_old: bool = True
    held_back: list[str] = field(default_factory=list)
    """Identities that have spoken without the floor, not logged yet: one for each closed gate."""
    refused_ms: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """When somebody was last refused what and why."""

    @classmethod
    def load(cls, unit: Unit, number: MeetingNumber, monotonic: float, wall: datetime) -> Self:
        """Raises `MeetingUnknown`."""
        meeting = unit.meetings.find(number)
        if meeting is None:
            raise MeetingUnknown
        kept = unit.airs.find(number) or KeptAir(Air.before(meeting), 0, wall, 0)
        last_entry = unit.timeline.last_number(number)
        clock_ms = max(kept.clock_ms, (wall - kept.zero_at) // _MILLISECOND)
        stage = kept.air.stage(meeting, unit.stages.last_sequence(number) + 1)
        return cls(
            standing=Standing(
                meeting,
                kept.air,
                stage,
                clock_ms,
                log=unit.timeline.page(number, after=max(0, last_entry - LOG_TAIL)),
            ),
            kept=kept,
            read_at=monotonic,
            last_entry=last_entry,
            anchor_ms=clock_ms,
            anchor_monotonic=monotonic,
        )

    def moment(self, monotonic: float, wall: datetime) -> Moment:
        return Moment(self.anchor_ms + round((monotonic - self.anchor_monotonic) * 1000), wall)

    def led_to(
        self, decision: Decision, by: Actor, now: Moment
    ) -> tuple[Standing, tuple[Logged, ...]]:
        """The standing that a decision leads to, and its entries in their places."""
        before = self.standing
        meeting = decision.meeting or before.meeting
        stage = _next_stage(decision.air, meeting, before.stage)
        logged = tuple(
            Logged(self.last_entry + place, now.ms, now.wall, by, entry)
            for place, entry in enumerate(decision.entries, start=1)
        )
        log = (*before.log, *logged)[-LOG_TAIL:]
        return Standing(meeting, decision.air, stage, now.ms, before.present, log), logged

    def reworded(self, meeting: Meeting) -> Standing:
        """With the words, and in the phase, that were planned since."""
        before = self.standing
        return replace(
            before, meeting=meeting, stage=_next_stage(before.air, meeting, before.stage)
        )

    def is_first_refusal(self, asker: Asker, what: str, code: str, now_ms: int) -> bool:
        """Of its kind in the last second."""
        key = (asker.actor.id, what, code)
        last_ms = self.refused_ms.get(key)
        if last_ms is not None and now_ms - last_ms < REFUSAL_MS:
            return False
        if len(self.refused_ms) >= REFUSALS_MAX:
            self.refused_ms.clear()
        self.refused_ms[key] = now_ms
        return True

    def keep(self, unit: Unit, after: Standing, logged: tuple[Logged, ...]) -> KeptAir:
        """Write a standing and everything that is owed. What is kept now."""
        before, number = self.standing, after.meeting.number
        if after.meeting.phase != before.meeting.phase:
            unit.meetings.set_phase(number, after.meeting.phase, after.meeting.on_air_since)
        kept = KeptAir(after.air, self.kept.version + 1, self.kept.zero_at, after.clock_ms)
        unit.airs.save(number, kept, self.kept.air.floor)
        unit.timeline.append(number, (*self.owed, *logged))
        return kept

    def owe(self, logged: tuple[Logged, ...]) -> None:
        self.owed = [*self.owed, *logged][-OWED_MAX:]


def _next_stage(air: Air, meeting: Meeting, before: Stage) -> Stage:
    stage = air.stage(meeting, before.sequence + 1)
    return before if stage.shows_same(before) else stage
