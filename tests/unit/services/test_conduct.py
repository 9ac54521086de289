"""The stage of a conducted meeting: one truth, in order, kept in a log."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.clock import Clock
from tests.support.databases import chosen_place
from tests.support.meetings import bridge_meeting
from veche.domain.errors import MeetingUnknown, PhaseNotReachable, Unavailable
from veche.domain.events import Event, PhaseChanged, StageChanged
from veche.domain.meeting import MeetingNumber, Phase, SiteId
from veche.domain.speaking import SILENCE_SECONDS, TAKE_OVER_SECONDS, Listening
from veche.domain.stage import Layout
from veche.domain.text import Language
from veche.services.conduct import Conduct
from veche.store import Database

NUMBER = MeetingNumber(67)
MINSK, KURSK = SiteId("minsk"), SiteId("kursk")


@dataclass
class Hall:
    """A conducted meeting and everything it has said."""

    clock: Clock
    database: Database
    said: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.conduct = self.new_conduct()

    def new_conduct(self) -> Conduct:
        return Conduct(self.database, self.clock.now, self.clock.monotonic, self.said.append)

    async def hear(self, levels: dict[SiteId, float], seconds: float = 0) -> None:
        self.conduct.hear(NUMBER, {MINSK: 0, KURSK: 0} | levels)
        self.clock.advance(seconds)
        await self.conduct.follow()

    def stages(self) -> list[StageChanged]:
        return [event for event in self.said if isinstance(event, StageChanged)]


@pytest.fixture(name="hall")
def build_hall(tmp_path: Path) -> Iterator[Hall]:
    clock = Clock()
    with chosen_place(tmp_path).open(clock.now) as database:
        with database.write() as unit:
            unit.meetings.put(bridge_meeting(phase=Phase.ASSEMBLY))
        yield Hall(clock, database)


async def test_going_on_the_air_opens_the_bridge_and_says_so(hall: Hall) -> None:
    await hall.conduct.move(NUMBER, Phase.ON_AIR)
    phase, stage = hall.said
    assert phase == PhaseChanged(NUMBER, Phase.ON_AIR, hall.clock.now())
    assert isinstance(stage, StageChanged)
    assert stage.stage.layout is Layout.BRIDGE


async def test_a_step_off_the_graph_changes_nothing(hall: Hall) -> None:
    with pytest.raises(PhaseNotReachable):
        await hall.conduct.move(NUMBER, Phase.PUBLISHED)
    assert hall.said == []


async def test_the_title_follows_the_hall_that_speaks(hall: Hall) -> None:
    await hall.conduct.move(NUMBER, Phase.ON_AIR)
    await hall.hear({KURSK: 0.4})
    title = hall.stages()[-1].stage.title
    assert title is not None
    assert title.name.in_language(Language.RU) == "Александр Криволапов"


async def test_sequence_numbers_only_grow_also_over_a_restart(hall: Hall) -> None:
    await hall.conduct.move(NUMBER, Phase.ON_AIR)
    await hall.hear({KURSK: 0.4})
    hall.conduct = hall.new_conduct()
    _, restored = await hall.conduct.current(NUMBER)
    assert restored == hall.stages()[-1].stage
    await hall.hear({MINSK: 0.4}, seconds=TAKE_OVER_SECONDS)
    sequences = [event.stage.sequence for event in hall.stages()]
    assert sequences == sorted(set(sequences))
    assert len(sequences) == 3


async def test_the_same_stage_is_not_said_twice(hall: Hall) -> None:
    await hall.conduct.move(NUMBER, Phase.ON_AIR)
    for _ in range(3):
        await hall.hear({KURSK: 0.4}, seconds=0.1)
    assert len(hall.stages()) == 2


async def test_off_the_air_nobody_takes_the_stage(hall: Hall) -> None:
    await hall.conduct.current(NUMBER)
    await hall.hear({KURSK: 0.4})
    assert hall.said == []


async def test_commands_at_the_same_moment_have_one_order(hall: Hall) -> None:
    await hall.conduct.move(NUMBER, Phase.ON_AIR)
    results = await asyncio.gather(
        *(hall.conduct.move(NUMBER, Phase.BREAK) for _ in range(8)), return_exceptions=True
    )
    assert results.count(None) == 1
    assert sum(isinstance(result, PhaseNotReachable) for result in results) == 7


async def test_the_air_goes_on_when_its_log_cannot_be_written(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hall.conduct.move(NUMBER, Phase.ON_AIR)

    def refuse(*_: object) -> None:
        raise Unavailable("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(Database, "write", refuse)
        await hall.hear({KURSK: 0.4})
    assert len(hall.stages()) == 2
    await hall.hear({MINSK: 0.4}, seconds=TAKE_OVER_SECONDS)
    with hall.database.read() as unit:
        assert unit.stages.last(NUMBER) == hall.stages()[-1].stage


async def test_an_unknown_and_an_unpublished_meeting_have_no_stage(hall: Hall) -> None:
    with hall.database.write() as unit:
        unit.meetings.put(bridge_meeting(number=1, phase=Phase.DRAFT))
    for number in (MeetingNumber(1), MeetingNumber(2)):
        with pytest.raises(MeetingUnknown):
            await hall.conduct.current(number)


def test_a_cough_takes_nothing_from_the_one_who_speaks() -> None:
    listening = Listening()
    for second in range(10):
        listening = listening.after({MINSK: 0.2}, second)
    assert listening.after({MINSK: 0.1, KURSK: 0.9}, 10).speaking == MINSK


def test_a_breath_does_not_give_the_word_away_but_a_pause_does() -> None:
    speaking = Listening().after({MINSK: 0.2}, 0)
    assert speaking.after({KURSK: 0.5}, TAKE_OVER_SECONDS - 0.01).speaking == MINSK
    assert speaking.after({KURSK: 0.5}, TAKE_OVER_SECONDS).speaking == KURSK


def test_silence_is_told_after_its_time() -> None:
    speaking = Listening().after({MINSK: 0.2}, 0)
    assert speaking.after({}, SILENCE_SECONDS - 0.01).speaking == MINSK
    assert speaking.after({MINSK: 0.0}, SILENCE_SECONDS).speaking is None


def test_of_two_who_begin_together_the_louder_is_heard() -> None:
    assert Listening().after({MINSK: 0.2, KURSK: 0.3}, 0).speaking == KURSK
