"""A meeting while it is conducted: its phase and what stands on its stage.

Lives on one event loop and in memory, with a log in the store: the meeting outlives a
database that does not answer. Changes of one meeting follow one another; each is saved,
then published with a higher sequence number.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from veche.domain.access import Action
from veche.domain.actor import Asker
from veche.domain.errors import MeetingUnknown, Unavailable
from veche.domain.events import Event, PhaseChanged, StageChanged
from veche.domain.meeting import Meeting, MeetingNumber, Phase, SiteId
from veche.domain.speaking import Listening
from veche.domain.stage import Stage, opening_stage, with_speaker
from veche.store import Database

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Conducted:
    meeting: Meeting
    stage: Stage
    listening: Listening = field(default_factory=Listening)
    levels: dict[SiteId, float] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Conduct:
    """`publish` is called on the loop, in order, for every change that was made."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        publish: Callable[[Event], None],
    ) -> None:
        self._database = database
        self._now = now
        self._monotonic = monotonic
        self._publish = publish
        self._conducted: dict[MeetingNumber, _Conducted] = {}
        self._opening = asyncio.Lock()

    async def current(self, number: MeetingNumber) -> tuple[Meeting, Stage]:
        """The meeting and its stage at this moment, as anybody may know them."""
        conducted = await self._open(number)
        Asker.stranger().require(Action.FOLLOW, conducted.meeting)
        return conducted.meeting, conducted.stage

    def peek(self, number: MeetingNumber) -> tuple[Meeting, Stage]:
        """As `current`, of a meeting that is open: what has been published up to now, no more."""
        conducted = self._conducted[number]
        return conducted.meeting, conducted.stage

    async def move(self, number: MeetingNumber, phase: Phase) -> None:
        """Lead the meeting into its next phase, with the stage that belongs to it."""
        conducted = await self._open(number)
        async with conducted.turn:
            meeting = conducted.meeting.moved_to(phase, self._now())
            stage = replace(opening_stage(meeting), sequence=conducted.stage.sequence + 1)
            await asyncio.to_thread(self._save, meeting, stage)
            conducted.meeting, conducted.stage = meeting, stage
            conducted.listening = Listening()
            # No pause between the change and its publication: see `peek`.
            self._publish(PhaseChanged(number, meeting.phase, meeting.on_air_since))
            self._publish(StageChanged(number, meeting, stage))

    def hear(self, number: MeetingNumber, changed: Mapping[SiteId, float]) -> None:
        """Take note of halls whose level changed; `follow` decides. Unopened meetings: nothing."""
        if conducted := self._conducted.get(number):
            conducted.levels.update(changed)

    async def follow(self) -> None:
        """Let each stage follow the hall that speaks; to be called some times a second."""
        for number in list(self._conducted):
            await self._follow(number)

    async def _follow(self, number: MeetingNumber) -> None:
        conducted = self._conducted[number]
        if conducted.meeting.phase is not Phase.ON_AIR:
            return
        async with conducted.turn:
            before = conducted.stage
            conducted.listening = conducted.listening.after(conducted.levels, self._monotonic())
            stage = with_speaker(before, conducted.meeting, conducted.listening.speaking)
            if stage.shows_same(before):
                return
            stage = replace(stage, sequence=before.sequence + 1)
            try:
                await asyncio.to_thread(self._log_stage, number, stage)
            except Unavailable as error:
                # The air goes on without its log; the next stage carries everything again.
                _log.warning("stage %d of meeting %d not kept: %s", stage.sequence, number, error)
            conducted.stage = stage
            self._publish(StageChanged(number, conducted.meeting, stage))

    async def _open(self, number: MeetingNumber) -> _Conducted:
        async with self._opening:
            conducted = self._conducted.get(number)
            if conducted is None:
                meeting, stage = await asyncio.to_thread(self._load, number)
                conducted = self._conducted[number] = _Conducted(meeting, stage)
            return conducted

    def _load(self, number: MeetingNumber) -> tuple[Meeting, Stage]:
        with self._database.read() as unit:
            meeting = unit.meetings.find(number)
            stage = unit.stages.last(number)
        if meeting is None:
            raise MeetingUnknown
        return meeting, stage or opening_stage(meeting)

    def _save(self, meeting: Meeting, stage: Stage) -> None:
        with self._database.write() as unit:
            unit.meetings.set_phase(meeting.number, meeting.phase, meeting.on_air_since)
            unit.stages.append(meeting.number, stage, self._now())

    def _log_stage(self, number: MeetingNumber, stage: Stage) -> None:
        with self._database.write() as unit:
            unit.stages.append(number, stage, self._now())
