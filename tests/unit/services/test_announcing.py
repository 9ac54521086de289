"""What is announced: read once until something is written, and never more than is public."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from tests.support.clock import Clock
from tests.support.databases import chosen_place
from tests.support.meetings import bridge_meeting
from veche.domain.errors import MeetingUnknown, Unavailable
from veche.domain.meeting import Meeting, MeetingNumber, Phase
from veche.domain.phases import HIDDEN
from veche.services.announcing import KEPT_READINGS_MAX, READING_SECONDS, Announcing
from veche.store import Database, Unit

NUMBER = MeetingNumber(67)


class Counting(Database):
    """Counts the units that read; `is_down` makes each of them fail."""

    reads = 0
    is_down = False

    @contextmanager
    def read(self) -> Iterator[Unit]:
        self.reads += 1
        if self.is_down:
            raise Unavailable("switched off by the test")
        with super().read() as unit:
            yield unit


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(name="database")
def open_database(tmp_path: Path, clock: Clock) -> Iterator[Counting]:
    with chosen_place(tmp_path).open_as(Counting, clock.now) as database:
        yield database


@pytest.fixture(name="announcing")
def announce_from(database: Counting, clock: Clock) -> Announcing:
    return Announcing(database, clock.now, clock.monotonic)


def _keep(database: Database, meeting: Meeting) -> None:
    with database.write() as unit:
        unit.meetings.put(meeting)


async def test_a_meeting_is_read_once_until_something_is_written(
    database: Counting, announcing: Announcing
) -> None:
    _keep(database, bridge_meeting())
    first = await announcing.find(NUMBER)
    assert await announcing.find(NUMBER) is first
    assert database.reads == 1
    _keep(database, replace(bridge_meeting(), contact="press@example.org"))
    assert (await announcing.find(NUMBER)).contact == "press@example.org"


async def test_what_is_written_beside_it_makes_no_other_value_of_it(
    database: Counting, announcing: Announcing
) -> None:
    _keep(database, bridge_meeting())
    first = await announcing.find(NUMBER)
    _keep(database, bridge_meeting(number=68))
    assert await announcing.find(NUMBER) is first
    assert database.reads == 2


async def test_a_write_that_failed_is_not_counted(
    database: Counting, announcing: Announcing
) -> None:
    _keep(database, bridge_meeting())
    await announcing.find(NUMBER)
    with pytest.raises(IntegrityError), database.write() as unit:
        unit.meetings.put(replace(bridge_meeting(), number=None))  # type: ignore[arg-type]
    await announcing.find(NUMBER)
    assert database.reads == 1


async def test_what_another_process_wrote_is_seen_after_a_while(
    database: Counting, announcing: Announcing, clock: Clock, tmp_path: Path
) -> None:
    _keep(database, bridge_meeting())
    await announcing.find(NUMBER)
    with chosen_place(tmp_path).open(clock.now) as other:
        _keep(other, replace(bridge_meeting(), contact="press@example.org"))
    clock.advance(READING_SECONDS)
    assert (await announcing.find(NUMBER)).contact == "press@example.org"


async def test_a_meeting_that_was_read_outlives_its_database(
    database: Counting, announcing: Announcing, clock: Clock
) -> None:
    _keep(database, bridge_meeting())
    first = await announcing.find(NUMBER)
    database.is_down = True
    clock.advance(READING_SECONDS)
    assert await announcing.find(NUMBER) is first
    with pytest.raises(Unavailable):
        await announcing.find(MeetingNumber(68))


@pytest.mark.parametrize("phase", sorted(HIDDEN))
async def test_what_is_not_announced_is_unknown(
    database: Counting, announcing: Announcing, phase: Phase
) -> None:
    _keep(database, replace(bridge_meeting(), phase=phase))
    with pytest.raises(MeetingUnknown):
        await announcing.find(NUMBER)
    with pytest.raises(MeetingUnknown):
        await announcing.find(MeetingNumber(68))


async def test_a_meeting_that_is_taken_back_is_unknown_at_once(
    database: Counting, announcing: Announcing
) -> None:
    _keep(database, bridge_meeting())
    await announcing.find(NUMBER)
    _keep(database, bridge_meeting(phase=Phase.DRAFT))
    with pytest.raises(MeetingUnknown):
        await announcing.find(NUMBER)
    database.is_down = True
    with pytest.raises(Unavailable):
        await announcing.find(NUMBER)


async def test_no_more_is_kept_than_there_is_room_for(
    database: Counting, announcing: Announcing
) -> None:
    with database.write() as unit:
        for number in range(1, KEPT_READINGS_MAX + 2):
            unit.meetings.put(bridge_meeting(number=number))
    for number in range(1, KEPT_READINGS_MAX + 1):
        await announcing.find(MeetingNumber(number))
    await announcing.find(MeetingNumber(1))
    assert database.reads == KEPT_READINGS_MAX
    await announcing.find(MeetingNumber(KEPT_READINGS_MAX + 1))
    await announcing.find(MeetingNumber(1))
    assert database.reads == KEPT_READINGS_MAX + 1, "what was asked for again is kept"
    await announcing.find(MeetingNumber(2))
    assert database.reads == KEPT_READINGS_MAX + 2, "what was asked for longest ago has gone"


def test_the_installation_keeps_its_name(database: Counting, clock: Clock) -> None:
    names = {Announcing(database, clock.now, clock.monotonic).installation for _ in range(2)}
    assert len(names) == 1
