"""A conducted meeting in the hands of a test: time, halls, people, and everything it has said."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.support.clock import Clock
from tests.support.databases import chosen_place
from tests.support.meetings import conducted_meeting
from tests.support.rooms import QuietRooms, line, present
from veche.domain import commands as do
from veche.domain.access import Role
from veche.domain.actor import Actor, ActorKind, Asker
from veche.domain.commands import Command
from veche.domain.events import Changed, Part, Standing
from veche.domain.meeting import MeetingNumber, ParticipationId, Phase, SideId, SiteId
from veche.domain.timeline import EntryKind
from veche.services.conduct import Conduct
from veche.services.rooms import room_of
from veche.store import Database

NUMBER: Final = MeetingNumber(67)
MINSK, KURSK = SiteId("minsk"), SiteId("kursk")
POPKOV, KRIVOLAPOV = ParticipationId("popkov"), ParticipationId("krivolapov")
VETROVA, STEPNOY = ParticipationId("vetrova"), ParticipationId("stepnoy")
NO_CHECK: Final = "a test"


def asker(
    role: Role,
    name: str,
    *,
    participation: ParticipationId | None = None,
    site: SiteId | None = None,
    side: SideId | None = None,
    meeting: MeetingNumber = NUMBER,
) -> Asker:
    return Asker(
        Actor(ActorKind.LINK, name, name),
        role,
        meeting=meeting,
        side=side,
        participation=participation,
        site=site,
    )


OPERATOR: Final = asker(Role.OPERATOR, "operator")
HOST_CHAIR: Final = asker(Role.CO_CHAIR, "popkov", participation=POPKOV)
GUEST_CHAIR: Final = asker(Role.CO_CHAIR, "krivolapov", participation=KRIVOLAPOV)
SECRETARY: Final = asker(Role.SECRETARY, "secretary")
ALONE: Final = asker(Role.PARTICIPANT, "vetrova", participation=VETROVA)
HALL: Final = asker(Role.HALL, "hall-minsk", site=MINSK)
TECHNICIAN: Final = asker(Role.TECHNICIAN, "technician", site=KURSK)


@dataclass
class Air:
    clock: Clock
    database: Database
    rooms: QuietRooms = field(default_factory=QuietRooms)
    said: list[Changed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.conduct = self.new_conduct()

    def new_conduct(self) -> Conduct:
        """As after a restart: nothing in memory."""
        return Conduct(
            self.database, self.rooms, self.clock.now, self.clock.monotonic, self.said.append
        )

    async def command(self, who: Asker, command: Command) -> Standing:
        return await self.conduct.command(NUMBER, who, command)

    async def go_on_air(self) -> Standing:
        self.be_there("hall-minsk", "hall-kursk")
        return await self.command(OPERATOR, do.MovePhase(Phase.ON_AIR, NO_CHECK))

    async def wait(self, seconds: float, *, step: float = 0.25) -> None:
        """Let time pass as the house does, with a look every quarter of a second."""
        left = seconds
        while left > 0:
            self.clock.advance(min(step, left))
            left -= step
            self.carry()
            await self.conduct.follow()

    def be_there(self, *identities: str, sources: tuple[str, ...] = ("camera",)) -> None:
        room = room_of(NUMBER)
        self.rooms.present[room] = [present(it, sources=sources) for it in identities]
        self.conduct.take_note(NUMBER)

    def carry(self) -> None:
        """Something has come from everybody who is there."""
        room = room_of(NUMBER)
        count = round(self.clock.monotonic() * 1000)
        self.rooms.carried[room] = {
            it.identity: line(count) for it in self.rooms.present.get(room, [])
        }

    @property
    def standing(self) -> Standing:
        return self.conduct.peek(NUMBER)

    @property
    def heard(self) -> frozenset[str]:
        return self.rooms.heard[room_of(NUMBER)]

    def log(self) -> list[EntryKind]:
        with self.database.read() as unit:
            return [logged.entry.kind for logged in unit.timeline.page(NUMBER)]

    def parts(self) -> list[Part]:
        return [change.part for change in self.said]


@contextmanager
def conducted(database: Database, clock: Clock, phase: Phase = Phase.ASSEMBLY) -> Iterator[Air]:
    with database.write() as unit:
        unit.meetings.put(conducted_meeting(phase=phase))
    yield Air(clock, database)


@contextmanager
def air_in(folder: Path, phase: Phase = Phase.ASSEMBLY) -> Iterator[Air]:
    clock = Clock()
    with (
        chosen_place(folder).open(clock.now) as database,
        conducted(database, clock, phase) as air,
    ):
        yield air
