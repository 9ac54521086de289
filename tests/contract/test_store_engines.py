"""What each engine does in its own way to keep the promises that both make."""

import sqlite3
from pathlib import Path

import pytest

from tests.support.clock import Clock
from tests.support.databases import place_for
from veche.domain.errors import Unavailable
from veche.store import Database
from veche.store.engines import FILE_NAME


def _open(folder: Path) -> Database:
    return Database.open(folder, Clock().now)


def test_what_the_embedded_one_acknowledges_survives_the_loss_of_power(tmp_path: Path) -> None:
    """SQLite keeps that promise with these two settings together, not with the default ones."""
    with _open(tmp_path) as database, database.write() as unit:
        pragma = unit.meetings._connection.exec_driver_sql
        assert pragma("PRAGMA journal_mode").scalar() == "wal"
        assert pragma("PRAGMA synchronous").scalar() == 2, "2 is FULL"
        assert pragma("PRAGMA foreign_keys").scalar() == 1


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is a letter, not a database" * 64)
    with pytest.raises(Unavailable):
        _open(tmp_path)


def test_a_writer_takes_its_turn_before_it_reads(tmp_path: Path) -> None:
    """A reader that turns into a writer would be refused at once, whatever the timeout."""
    other = sqlite3.connect(tmp_path / FILE_NAME, timeout=0)
    with _open(tmp_path) as database:
        with database.write(), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        with database.read():
            other.execute("BEGIN IMMEDIATE")
    other.close()


def test_postgresql_keeps_its_word_whatever_its_own_defaults_are(tmp_path: Path) -> None:
    with place_for("postgresql", tmp_path).open(Clock().now) as database:
        with database.write() as unit:
            show = unit.meetings._connection.exec_driver_sql
            assert show("SHOW synchronous_commit").scalar() == "on"
            assert show("SHOW transaction_isolation").scalar() == "read committed"
        with database.read() as unit:
            show = unit.meetings._connection.exec_driver_sql
            assert show("SHOW transaction_isolation").scalar() == "repeatable read"
            assert show("SHOW transaction_read_only").scalar() == "on"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://nobody@127.0.0.1:1/nothing",
        "postgresql://nobody@/nothing?host=/no/such/folder",
    ],
)
def test_a_server_that_is_not_there_is_unavailable_and_its_password_is_not_told(
    address: str,
) -> None:
    with pytest.raises(Unavailable) as refused:
        Database.connect(address.replace("nobody@", "nobody:pass-word@"), Clock().now)
    assert "pass-word" not in str(refused.value)
