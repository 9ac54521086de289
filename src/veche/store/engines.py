"""The two engines behind one store: an embedded SQLite file, or a PostgreSQL server by address.

What both promise is the same: a unit that writes sees everything written before it and nobody
writes beside it; a unit that reads sees one moment; what is acknowledged survives power loss;
text compares by code points; an engine that does not answer is given up after seconds.
"""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.exc import DBAPIError

from veche.store.raw import as_stored
from veche.store.tables import metadata

FILE_NAME: Final = "veche.sqlite3"
BUSY_TIMEOUT_MS: Final = 5_000
"""How long a unit waits for another process (a backup) before it gives up."""

CONNECT_TIMEOUT_SECONDS: Final = 3
"""A server in the next room accepts in milliseconds; where packets are swallowed nothing comes."""
STATEMENT_TIMEOUT_MS: Final = 15_000
"""The longest statement of ours, walking the audit, sends a thousand rows at a time."""
SILENCE_MS: Final = 5_000
"""How long what was sent may stay without an answer of the network before the line is given up."""
IDLE_IN_TRANSACTION_MS: Final = 60_000
"""Frees the turn of a process that was frozen while it held it."""
POOL_SIZE: Final = 8
"""Writers take turns; readers are requests, each for a few milliseconds."""
_IN_PARTS: Final = {"yield_per": 1_000}
_TURN: Final = 0x7665636865
"""Name of the lock that writers of all processes take turns by: "veche" in hexadecimal."""

# Any: the drivers' own connections, which SQLAlchemy does not type


def embedded(folder: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(folder / FILE_NAME)))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def served(address: str) -> Engine:
    """`address` is `postgresql://user:password@host/database`, as libpq takes it."""
    engine = create_engine(
        make_url(address).set(drivername="postgresql+psycopg"),
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_timeout=CONNECT_TIMEOUT_SECONDS,
        # Asks before each use: a connection that a restart has cut never reaches a request.
        pool_pre_ping=True,
        # Of a failed statement the record would hold what people typed.
        hide_parameters=True,
        connect_args={
            "application_name": "veche",
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "tcp_user_timeout": SILENCE_MS,
            "keepalives_idle": SILENCE_MS // 1000,
            "keepalives_interval": 1,
            "keepalives_count": 3,
            # A pooler between may give each transaction another session.
            "prepare_threshold": None,
        },
    )
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def faults(connection: Connection) -> list[str]:
    """What the engine finds wrong with its own files.

    PostgreSQL checks the sums of its pages as it reads them, where they were switched on, and
    fails: reading every row is the question.
    """
    if connection.dialect.name == "sqlite":
        told = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return [words for words in told if words != "ok"] + [
            f"{table}: row {row} belongs to no row of {parent}" for table, row, parent, _ in orphans
        ]
    found = []
    for table in metadata.sorted_tables:
        try:
            with connection.begin_nested():
                rows = connection.execute(select(*as_stored(table)), execution_options=_IN_PARTS)
                for _ in rows.mappings():
                    pass
        except DBAPIError as error:
            found.append(f"{table.name}: {error.orig}")
    return found


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` does.
    connection.isolation_level = None
    # A bit that a disk has turned must reach the comparison that names it, not end the reading.
    connection.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
    for pragma in (
        "journal_mode = WAL",
        # With WAL, FULL is what keeps an acknowledged write through power loss; NORMAL does not.
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A write takes the lock at once: a reader that becomes a writer cannot wait for another
    # writer, SQLite refuses it immediately whatever the timeout.
    is_write = _is_write(connection)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if is_write else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        for setting in (
            # The server's own default may be weaker.
            "synchronous_commit = on",
            f"statement_timeout = {STATEMENT_TIMEOUT_MS}",
            f"lock_timeout = {BUSY_TIMEOUT_MS}",
            f"idle_in_transaction_session_timeout = {IDLE_IN_TRANSACTION_MS}",
        ):
            cursor.execute(f"SET {setting}")
    connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    if _is_write(connection):
        # Read committed on purpose: each statement after the lock sees all that was committed
        # before it was taken. A snapshot would be older than the turn that was waited for.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _is_write(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("is_write", False))
