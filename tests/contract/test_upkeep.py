"""`veche migrate` and `veche verify`: kept up to date, and held to what was written."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from tests.support.clock import Clock
from tests.support.databases import Place
from tests.support.meetings import bridge_meeting
from tests.support.server import run_veche
from veche.domain.actor import HOUSE
from veche.store import Database
from veche.store.engines import FILE_NAME
from veche.store.migrations import NEWEST
from veche.store.seals import SUBJECTS

FLIPS = 100


def _fill(database: Database, clock: Clock, count: int = 3) -> None:
    for number in range(1, count + 1):
        with database.write() as unit:
            meeting = bridge_meeting(number=number)
            unit.meetings.put(meeting)
            unit.audit.append(
                HOUSE, "create", subject=f"meeting/{number}", at=clock.now(), after=meeting.title
            )


def _run(command: str, place: Place, *more: str) -> tuple[int, str]:
    done = run_veche(command, "--data", str(place.folder), *place.arguments(), *more)
    return done.returncode, done.stdout + done.stderr


def test_what_nobody_touched_is_whole(place: Place, clock: Clock) -> None:
    with place.open(clock.now) as database:
        _fill(database, clock)
    code, told = _run("verify", place)
    assert (code, "3 records of changes, 0 faults" in told) == (0, True), told


def test_what_does_not_fit_is_named(place: Place, clock: Clock) -> None:
    with place.open(clock.now) as database:
        _fill(database, clock)
        with database.write() as unit:
            unit.meetings._connection.execute(text("UPDATE audit SET at = '' WHERE sequence = 2"))
            unit.meetings._connection.execute(text("DELETE FROM agenda_items WHERE meeting = 3"))
    code, told = _run("verify", place)
    assert code == 1, told
    assert "record 2 is not as written" in told
    assert "meeting/3 is not as record 3 left it" in told


def test_a_chain_made_anew_is_known_by_a_record_noted_earlier(place: Place, clock: Clock) -> None:
    with place.open(clock.now) as database:
        _fill(database, clock)
        with database.read() as unit:
            noted = unit.audit.verify().head
        with database.write() as unit:
            unit.meetings._connection.execute(text("DELETE FROM audit"))
            unit.meetings._connection.execute(text("UPDATE audit_head SET sequence = 0, hash = ''"))
        assert _run("verify", place)[0] == 0, "whole in itself"
        clock.advance(1)
        _fill(database, clock)
    assert _run("verify", place, "--noted", noted)[0] == 1


def test_an_older_schema_is_verified_after_it_is_migrated(place: Place, clock: Clock) -> None:
    with place.open(clock.now) as database, database.write() as unit:
        execute = unit.meetings._connection.execute
        execute(text(f"DELETE FROM schema_version WHERE version = {NEWEST}"))  # noqa: S608
    code, told = _run("verify", place)
    assert (code, "veche migrate" in told) == (2, True), told


def test_migrating_makes_a_database_and_does_it_once(place: Place) -> None:
    for _ in range(2):
        code, told = _run("migrate", place)
        assert (code, told) == (0, f"schema {NEWEST}, up to date\n")
    assert _run("verify", place)[0] == 0


def test_where_there_is_no_database_none_is_made_by_asking(tmp_path: Path) -> None:
    done = run_veche("verify", "--data", str(tmp_path))
    assert done.returncode == 2
    assert "holds no database" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_bit_that_turns_in_any_row_is_noticed(tmp_path: Path, clock: Clock) -> None:
    """The embedded database keeps no sums of its pages; a served one can."""
    chance = random.Random(67)
    with Database.open(tmp_path, clock.now) as database:
        _fill(database, clock)
        with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as disk:
            disk.text_factory = bytes
            for _ in range(FLIPS):
                table = chance.choice(["audit", *(it.table.name for it in SUBJECTS["meeting"])])
                undo = _flip_a_bit(disk, table, chance)
                if undo is None:
                    continue
                with database.read() as unit:
                    assert unit.audit.verify().faults, undo
                disk.execute(*undo)
        with database.read() as unit:
            assert unit.audit.verify().is_whole


def _flip_a_bit(
    disk: sqlite3.Connection, table: str, chance: random.Random
) -> tuple[str, tuple[object, object]] | None:
    """The statement that turns it back; None for a table without rows, or an empty value."""
    rows = disk.execute(f"SELECT rowid, * FROM {table}").fetchall()  # noqa: S608
    columns = [it[1].decode() for it in disk.execute(f"PRAGMA table_info({table})")]
    if not rows:
        return None
    row, *values = chance.choice(rows)
    column, value = chance.choice(list(zip(columns, values, strict=True)))
    flipped: object
    if isinstance(value, int):
        flipped = value ^ (1 << chance.randrange(8))
    elif value:
        place = chance.randrange(len(value))
        turned = value[place] ^ (1 << chance.randrange(8))
        flipped = value[:place] + bytes([turned]) + value[place + 1 :]
    else:
        return None
    # As text again: a value of another kind would be noticed too easily.
    kind = "CAST(? AS TEXT)" if isinstance(flipped, bytes) else "?"
    write = f"UPDATE {table} SET {column} = {kind} WHERE rowid = ?"  # noqa: S608
    try:
        disk.execute(write, (flipped, row))
    except sqlite3.IntegrityError:
        return None  # two rows of one key: a page that the engine itself refuses
    rowid = flipped if _is_rowid(disk, table, column) else row
    return write, (value, rowid)


def _is_rowid(disk: sqlite3.Connection, table: str, column: str) -> bool:
    """An integer primary key is the row's own number."""
    keys = [it[1] for it in disk.execute(f"PRAGMA table_info({table})") if it[5]]
    return len(keys) == 1 and keys[0].decode() == column and column in ("number", "sequence")
