"""The demonstration leads itself: halls speak in turn, the programme goes on item by item.

It commands as people do and stands down when a person takes over; when nobody has commanded
for a while it leads again. It never touches the picture: that is the operator's.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final

from veche.domain import commands as do
from veche.domain.access import Action
from veche.domain.actor import ActorKind, Asker
from veche.domain.errors import Refused, Unavailable
from veche.domain.events import Standing
from veche.domain.floor import Grant
from veche.domain.meeting import MeetingNumber, ParticipationId, Phase, SiteId
from veche.domain.rundown import Position
from veche.services.conduct import Conduct

LOOK_SECONDS: Final = 0.5
SILENCE_MS: Final = 2_500
"""Between two speeches: long enough for the plate of the one to go before that of the other."""
LIMIT_SECONDS: Final = 60
SPEECHES_PER_ITEM: Final = 2
STAND_DOWN_MS: Final = 5 * 60_000
"""A person who tries the consoles thinks for a minute, and leaves without saying so."""

_log = logging.getLogger(__name__)


class Autopilot:
    """`speech_ms`: how long each hall's speech is."""

    def __init__(
        self, conduct: Conduct, asker: Asker, number: MeetingNumber, speech_ms: Mapping[SiteId, int]
    ) -> None:
        self._conduct = conduct
        self._asker = asker
        self._number = number
        self._speech_ms = speech_ms

    async def look(self) -> None:
        """One step, if one is due."""
        standing = await self._conduct.standing(self._number, self._asker, Action.FOLLOW_CONDUCT)
        now_ms = self._conduct.clock_ms(self._number)
        for command in self.due(standing, now_ms):
            await self._conduct.command(self._number, self._asker, command)

    def due(self, standing: Standing, now_ms: int) -> tuple[do.Command, ...]:
        """Pure: what would be commanded at this moment."""
        air = standing.air
        if standing.meeting.phase is not Phase.ON_AIR or air.cues.running is not None:
            return ()
        if is_led_by_people(standing, now_ms):
            return ()
        open_grants = air.floor.open_grants
        if open_grants:
            return tuple(
                do.EndFloor(grant.number)
                for grant in open_grants
                if grant.spoken_ms(now_ms) >= self._length_ms(standing, grant)
            )
        if any(now_ms - (it.ended_ms or 0) < SILENCE_MS for it in air.floor.grants[-1:]):
            return ()
        speaker = self._next_speaker(standing)
        if speaker is None:
            return ()
        granted = do.GrantFloor(speaker, limit_seconds=LIMIT_SECONDS)
        count = len(air.floor.grants)
        if count == 0 or count % SPEECHES_PER_ITEM:
            return (granted,)
        return (self._next_item(standing), granted)

    def _next_speaker(self, standing: Standing) -> ParticipationId | None:
        """The leaders of the sides in turn, host first; of a hall that is not there, nobody."""
        meeting, grants = standing.meeting, standing.air.floor.grants
        leaders = [leader for side in meeting.sides if (leader := meeting.leader_of(side.id))]
        absent = {gap.site for gap in standing.air.lost}
        here = self._speech_ms.keys() - absent
        speakers = [leader.id for leader in leaders if leader.site in here]
        if not speakers:
            return None
        last = next(
            (it.participation for it in reversed(grants) if it.participation in speakers), None
        )
        return speakers[(speakers.index(last) + 1) % len(speakers)] if last else speakers[0]

    def _next_item(self, standing: Standing) -> do.Command:
        """After the last the first again: a demonstration has no end."""
        current = standing.air.rundown.current or 0
        if current < len(standing.meeting.agenda):
            return do.StepItem()
        return do.BeginItem(Position(1))

    def _length_ms(self, standing: Standing, grant: Grant) -> int:
        person = standing.meeting.participation(grant.participation)
        site = person.site if person else None
        return self._speech_ms.get(site, LIMIT_SECONDS * 1000) if site else LIMIT_SECONDS * 1000


def is_led_by_people(standing: Standing, now_ms: int) -> bool:
    """Whether a person has commanded a while ago, as the log says."""
    return any(
        logged.by.kind is not ActorKind.SYSTEM and now_ms - logged.at_ms < STAND_DOWN_MS
        for logged in standing.log
    )


@asynccontextmanager
async def autopilot(
    conduct: Conduct, asker: Asker, number: MeetingNumber, speech_ms: Mapping[SiteId, int]
) -> AsyncIterator[None]:
    """For as long as the block lasts."""
    pilot = Autopilot(conduct, asker, number, speech_ms)

    async def lead() -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await pilot.look()
            except Refused:
                continue  # a person was faster
            except Unavailable as error:
                _log.warning("the demonstration waits: %s", error)

    leading = asyncio.create_task(lead(), name="demonstration leads itself")
    try:
        yield
    finally:
        leading.cancel()
        with suppress(asyncio.CancelledError):
            await leading
