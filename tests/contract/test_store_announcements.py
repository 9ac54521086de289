"""Lists of announcements, the same from both engines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.support.meetings import bridge_meeting
from veche.domain.meeting import Correction, Meeting, MeetingNumber, Phase
from veche.domain.phases import HIDDEN, PUBLIC
from veche.domain.text import Text
from veche.store import Database

TODAY = date(2026, 4, 1)
ANNOUNCED = datetime(2026, 3, 1, 9, tzinfo=UTC)


def _meeting(number: int, phase: Phase = Phase.ANNOUNCED, days: int = 1) -> Meeting:
    day = TODAY + timedelta(days=days)
    return replace(
        bridge_meeting(number=number, phase=phase),
        day=day,
        starts_at=datetime(day.year, day.month, day.day, 8, tzinfo=UTC),
        announced_at=ANNOUNCED + timedelta(hours=number),
    )


def _correction(days: int) -> Correction:
    return Correction(ANNOUNCED + timedelta(days=days), Text.of(ru="уточнение"))


def _keep(database: Database, *meetings: Meeting) -> None:
    with database.write() as unit:
        for meeting in meetings:
            unit.meetings.put(meeting)


def test_what_was_announced_moved_or_cancelled_last_is_the_newest(database: Database) -> None:
    _keep(
        database,
        _meeting(1),
        replace(_meeting(2, Phase.CANCELLED), cancellation=_correction(9)),
        replace(_meeting(3), corrections=(_correction(2), _correction(7))),
        replace(_meeting(4, Phase.CLOSED), announced_at=None),
        _meeting(5),
    )
    with database.read() as unit:
        newest = unit.announcements.newest(10)
    assert [notice.number for notice in newest] == [2, 3, 5, 1, 4]
    assert newest[0].changed_at == ANNOUNCED + timedelta(days=9)
    assert newest[1].changed_at == ANNOUNCED + timedelta(days=7)
    assert newest[2].changed_at == ANNOUNCED + timedelta(hours=5)


def test_what_comes_and_what_was_are_all_that_is_public_and_nothing_twice(
    database: Database,
) -> None:
    phases = sorted(Phase)
    for days in (-1, 0, 1):
        first = 1 + (days + 1) * len(phases)
        _keep(database, *(_meeting(first + n, phase, days) for n, phase in enumerate(phases)))
    with database.read() as unit:
        coming = unit.announcements.coming(TODAY, 0, 100)
        past = unit.announcements.past(TODAY, 0, 100)
        assert unit.announcements.count_coming(TODAY) == len(coming)
    assert len({notice.number for notice in (*coming, *past)}) == len((*coming, *past))
    assert len((*coming, *past)) == 3 * len(PUBLIC)
    assert [notice.day for notice in coming] == sorted(notice.day for notice in coming)
    assert [notice.day for notice in past] == sorted((it.day for it in past), reverse=True)


def test_a_line_names_the_cities_in_order_with_their_zones(database: Database) -> None:
    _keep(database, _meeting(1))
    with database.read() as unit:
        (notice,) = unit.announcements.newest(1)
    assert [(city.in_language(notice.language), zone) for city, zone in notice.cities] == [
        ("Минск", "Europe/Minsk"),
        ("Курск", "Europe/Moscow"),
    ]


def test_a_number_is_public_in_the_phases_that_are(database: Database) -> None:
    _keep(database, *(_meeting(n, phase) for n, phase in enumerate(Phase, start=1)))
    with database.read() as unit:
        for number, phase in enumerate(Phase, start=1):
            is_public = unit.announcements.is_public(MeetingNumber(number))
            assert is_public == (phase not in HIDDEN), phase
        assert not unit.announcements.is_public(MeetingNumber(99))


def test_the_name_of_an_installation_is_made_once(database: Database) -> None:
    with database.write() as unit:
        made = unit.installation.name()
    with database.write() as unit:
        assert unit.installation.name() == made
