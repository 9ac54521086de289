"""What any database of veche must do, run on the embedded one."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine

from tests.support.meetings import bridge_meeting
from veche.domain.errors import Misconfigured, Unavailable
from veche.domain.invitation import Invitation
from veche.domain.meeting import Correction, MeetingNumber, Phase, SiteId
from veche.domain.stage import opening_stage, with_speaker
from veche.domain.text import Text
from veche.store import Database
from veche.store.migrations import NEWEST
from veche.store.session import FILE_NAME
from veche.store.tables import metadata

NOON = datetime(2026, 4, 1, 9, tzinfo=UTC)
NUMBER = MeetingNumber(67)


@pytest.fixture(name="database")
def open_database(tmp_path: Path) -> Iterator[Database]:
    with _open(tmp_path) as database:
        yield database


def _open(folder: Path) -> Database:
    return Database.open(folder, lambda: NOON)


def test_a_meeting_comes_back_whole_after_a_restart(tmp_path: Path) -> None:
    meeting = replace(
        bridge_meeting(phase=Phase.ON_AIR),
        corrections=(Correction(NOON, Text.of(ru="Уточнено время начала")),),
        contact="press@example.org",
        demo_note=Text.of(ru="Придумано"),
        on_air_since=NOON,
    )
    with _open(tmp_path) as database, database.write() as unit:
        unit.meetings.put(meeting)
    with _open(tmp_path) as database, database.read() as unit:
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


def test_the_last_stage_stands(database: Database) -> None:
    meeting = bridge_meeting(phase=Phase.ON_AIR)
    first = opening_stage(meeting)
    second = replace(with_speaker(first, meeting, SiteId("kursk")), sequence=2)
    with database.write() as unit:
        unit.meetings.put(meeting)
        unit.stages.append(NUMBER, first, NOON)
        unit.stages.append(NUMBER, second, NOON)
    with database.read() as unit:
        assert unit.stages.last(NUMBER) == second
        assert unit.stages.last(MeetingNumber(1)) is None


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


def test_what_is_acknowledged_survives_the_loss_of_power(tmp_path: Path) -> None:
    """SQLite keeps that promise with these two settings together, not with the default ones."""
    with _open(tmp_path) as database, database.write() as unit:
        pragma = unit.meetings._connection.exec_driver_sql
        assert pragma("PRAGMA journal_mode").scalar() == "wal"
        assert pragma("PRAGMA synchronous").scalar() == 2, "2 is FULL"
        assert pragma("PRAGMA foreign_keys").scalar() == 1


def test_a_schema_from_the_future_refuses_the_start_in_words(tmp_path: Path) -> None:
    _open(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute(
            "INSERT INTO schema_version VALUES (?, ?)", (NEWEST + 1, NOON.isoformat())
        )
    connection.close()
    with pytest.raises(Misconfigured, match="newer veche") as refused:
        _open(tmp_path)
    assert refused.value.problems[0][0] == "data"


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is a letter, not a database" * 64)
    with pytest.raises(Unavailable):
        _open(tmp_path)


def test_the_migrations_make_the_tables_that_the_program_believes_in(tmp_path: Path) -> None:
    _open(tmp_path).close()
    engine = create_engine(f"sqlite:///{tmp_path / FILE_NAME}")
    made = MetaData()
    made.reflect(engine)
    engine.dispose()
    assert _shape(made) == _shape(metadata)


def _shape(schema: MetaData) -> dict[str, dict[str, tuple[str, bool, bool]]]:
    return {
        table.name: {
            column.name: (str(column.type), bool(column.nullable), column.primary_key)
            for column in table.columns
        }
        for table in schema.tables.values()
    }


def test_a_writer_takes_its_turn_before_it_reads(tmp_path: Path) -> None:
    """A reader that turns into a writer would be refused at once, whatever the timeout."""
    other = sqlite3.connect(tmp_path / FILE_NAME, timeout=0)
    with _open(tmp_path) as database:
        with database.write(), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        with database.read():
            other.execute("BEGIN IMMEDIATE")
    other.close()


def test_writers_wait_for_each_other(database: Database) -> None:
    with database.write() as unit:
        unit.meetings.put(bridge_meeting())

    def append(sequence: int) -> None:
        with database.write() as unit:
            stage = opening_stage(bridge_meeting())
            unit.stages.append(NUMBER, replace(stage, sequence=sequence), NOON)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(append, range(1, 65)))
    with database.read() as unit:
        last = unit.stages.last(NUMBER)
    assert last is not None
    assert last.sequence == 64
