"""What any database of veche must do, whichever engine is behind it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.support.clock import Clock
from tests.support.databases import Place
from tests.support.meetings import bridge_meeting
from veche.domain.actor import HOUSE
from veche.domain.air import Air
from veche.domain.invitation import Invitation
from veche.domain.meeting import Correction, MeetingNumber, Phase, SiteId
from veche.domain.stage import Layout, Stage
from veche.domain.text import Text
from veche.store import Database
from veche.store.tables import audit

NOON = datetime(2026, 4, 1, 9, tzinfo=UTC)
NUMBER = MeetingNumber(67)


def test_a_meeting_comes_back_whole_after_a_restart(place: Place, clock: Clock) -> None:
    meeting = replace(
        bridge_meeting(phase=Phase.ON_AIR),
        corrections=(Correction(NOON, Text.of(ru="Уточнено время начала")),),
        contact="press@example.org",
        demo_note=Text.of(ru="Придумано"),
        on_air_since=NOON,
    )
    with place.open(clock.now) as database, database.write() as unit:
        unit.meetings.put(meeting)
    with place.open(clock.now) as database, database.read() as unit:
        assert unit.meetings.find(NUMBER) == meeting


def test_a_meeting_put_again_replaces_itself(database: Database) -> None:
    first = bridge_meeting()
    second = replace(first, agenda=first.agenda[:1], roster=first.roster[:2])
    with database.write() as unit:
        unit.meetings.put(first)
        unit.meetings.put(second)
    with database.read() as unit:
        assert unit.meetings.find(NUMBER) == second


def test_meetings_do_not_mix(database: Database) -> None:
    one, two = bridge_meeting(number=1), bridge_meeting(number=2)
    with database.write() as unit:
        unit.meetings.put(one)
        unit.meetings.put(replace(two, agenda=()))
    with database.read() as unit:
        assert unit.meetings.find(MeetingNumber(1)) == one
        assert unit.meetings.find(MeetingNumber(3)) is None


def test_a_phase_is_kept_with_the_hour_of_the_air(database: Database) -> None:
    with database.write() as unit:
        unit.meetings.put(bridge_meeting(phase=Phase.ASSEMBLY))
        unit.meetings.set_phase(NUMBER, Phase.ON_AIR, NOON)
    with database.read() as unit:
        found = unit.meetings.find(NUMBER)
    assert found is not None
    assert (found.phase, found.on_air_since) == (Phase.ON_AIR, NOON)


def test_stages_are_numbered_from_the_last_one(database: Database) -> None:
    meeting = bridge_meeting(phase=Phase.ON_AIR)
    with database.write() as unit:
        unit.meetings.put(meeting)
        for sequence in (1, 2):
            unit.stages.append(NUMBER, Air.before(meeting).stage(meeting, sequence), NOON)
    with database.read() as unit:
        assert unit.stages.last_sequence(NUMBER) == 2
        assert unit.stages.last_sequence(MeetingNumber(1)) == 0


def test_a_link_is_found_by_its_hash_and_keeps_the_time_of_its_first_revocation(
    database: Database,
) -> None:
    link = Invitation("hash", NUMBER, site=SiteId("minsk"), expires_at=NOON)
    with database.write() as unit:
        unit.meetings.put(bridge_meeting())
        unit.invitations.put(link)
        unit.invitations.put(link)
        unit.invitations.revoke("hash", NOON)
        unit.invitations.revoke("hash", NOON.replace(hour=23))
    with database.read() as unit:
        assert unit.invitations.find("hash") == replace(link, revoked_at=NOON)
        assert unit.invitations.find("other") is None


def test_a_unit_that_fails_leaves_nothing_behind(database: Database) -> None:
    def fail_half_way() -> None:
        with database.write() as unit:
            unit.meetings.put(bridge_meeting())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with database.read() as unit:
        assert unit.meetings.find(NUMBER) is None


def test_a_reader_sees_one_moment(database: Database) -> None:
    with database.write() as unit:
        unit.meetings.put(bridge_meeting(number=1))
    with database.read() as reading:
        assert reading.meetings.find(MeetingNumber(2)) is None
        with database.write() as unit:
            unit.meetings.put(bridge_meeting(number=2))
        assert reading.meetings.find(MeetingNumber(2)) is None
    with database.read() as reading:
        assert reading.meetings.find(MeetingNumber(2)) is not None


def test_a_unit_that_reads_cannot_write_for_good(database: Database) -> None:
    def write_while_reading() -> None:
        with database.read() as unit:
            unit.meetings.put(bridge_meeting())

    with pytest.raises(Exception, match=r"read.?only"):
        write_while_reading()
    with database.read() as unit:
        assert unit.meetings.find(NUMBER) is None


def test_moments_sort_as_they_follow_each_other(database: Database) -> None:
    """Text compares by code points: in the order of a language a full stop is before a plus."""
    moments = [NOON, NOON.replace(microsecond=500), NOON.replace(second=1)]
    with database.write() as unit:
        for number, moment in enumerate(reversed(moments)):
            unit.audit.append(HOUSE, "wait", subject=f"moment/{number}", at=moment)
    with database.read() as unit:
        read = unit.audit._connection.execute(select(audit.c.at).order_by(audit.c.at)).scalars()
        assert list(read) == moments


def test_what_was_written_before_the_turn_is_seen_in_it(place: Place, clock: Clock) -> None:
    """Two processes on one database: the second to write sees what the first has written."""
    with place.open(clock.now) as one, place.open(clock.now) as two:
        with ThreadPoolExecutor(1) as pool:
            with one.write() as unit:
                waiting = pool.submit(_count_and_add, two)
                assert not waiting.done()
                unit.audit.append(HOUSE, "wait", subject="turn", at=NOON)
            assert waiting.result() == 1
        with one.read() as unit:
            assert unit.audit.verify().is_whole


def _count_and_add(database: Database) -> int:
    with database.write() as unit:
        before = len(unit.audit.of_subject("turn"))
        unit.audit.append(HOUSE, "wait", subject="turn", at=NOON)
    return before


def test_a_database_that_answers_says_so(database: Database) -> None:
    assert database.is_answering()


def test_writers_wait_for_each_other(database: Database) -> None:
    with database.write() as unit:
        unit.meetings.put(bridge_meeting())

    def append(sequence: int) -> None:
        with database.write() as unit:
            unit.stages.append(NUMBER, Stage(sequence, Layout.HOLDING), NOON)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(append, range(1, 65)))
    with database.read() as unit:
        assert unit.stages.last_sequence(NUMBER) == 64
