"""Units of work on one database file.

Promises: an acknowledged write survives power loss (WAL with `synchronous = FULL`; NORMAL
does not keep that promise); writers of this process wait for each other here instead of
failing with "database is locked"; a database that does not answer becomes `Unavailable`.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, ProgrammingError

from veche.domain.errors import ChangedMeanwhile, Unavailable
from veche.store.accounts import Accounts
from veche.store.audit import Audit
from veche.store.idempotency import Idempotency, claim_carried_out
from veche.store.invitations import Invitations
from veche.store.meetings import Meetings
from veche.store.migrations import migrate
from veche.store.sessions import Sessions
from veche.store.stages import Stages

BUSY_TIMEOUT_MS: Final = 5_000
"""How long a unit waits for another process (a backup) before it gives up."""
FILE_NAME: Final = "veche.sqlite3"


class Versioned(Protocol):
    """An aggregate that several people may edit: each save makes the next version."""

    @property
    def version(self) -> int: ...


class Unit:
    """One transaction and the aggregates that can be reached in it."""

    def __init__(self, connection: Connection) -> None:
        self.audit = Audit(connection)
        self.idempotency = Idempotency(connection)
        self.meetings = Meetings(connection)
        self.stages = Stages(connection)
        self.invitations = Invitations(connection)
        self.accounts = Accounts(connection)
        self.sessions = Sessions(connection)

    def require_version(self, subject: str, current: Versioned, expected: int) -> None:
        """Raises `ChangedMeanwhile` unless `current`, just read here, is what the editor saw.

        Units that write follow one another, so that nothing comes between this and the save.
        """
        if current.version == expected:
            return
        last = self.audit.last_change(subject)
        assert last is not None, f"{subject} has versions and no record of its changes"
        raise ChangedMeanwhile(current, last.actor, last.at)


class Database:
    """A context manager; `open` brings the schema up to date."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._writing = threading.Lock()

    @classmethod
    def open(cls, folder: Path, now: Callable[[], datetime]) -> Self:
        """Raises `Misconfigured` for a schema from the future, `Unavailable` for no database."""
        engine = create_engine(URL.create("sqlite", database=str(folder / FILE_NAME)))
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        database = cls(engine, now)
        try:
            with database._transaction(is_write=True) as connection:
                migrate(connection, now)
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def read(self) -> Iterator[Unit]:
        with self._transaction(is_write=False) as connection:
            yield Unit(connection)

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """One writer at a time. A command that the context carries is claimed with the change."""
        claim = claim_carried_out()
        with self._writing, self._transaction(is_write=True) as connection:
            unit = Unit(connection)
            if claim is not None:
                unit.idempotency.claim(claim.command, self._now())
            yield unit
        if claim is not None:
            claim.is_kept = True

    def is_answering(self) -> bool:
        """Whether a write can begin now; nothing is changed."""
        try:
            with self._writing, self._transaction(is_write=True) as connection:
                connection.execute(text("SELECT 1"))
        except Unavailable:
            return False
        return True

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self, *, is_write: bool) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                connection.execution_options(is_write=is_write)
                with connection.begin():
                    yield connection
        except (IntegrityError, ProgrammingError, DataError):
            raise  # our bug: a broken promise of ours or a statement that is wrong
        except DatabaseError as error:
            raise Unavailable(f"database: {error.orig}") from error


# Any: the driver's own connection, which SQLAlchemy does not type
def _prepare(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: `_begin` does.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A write takes the lock at once: a reader that becomes a writer cannot wait for another
    # writer, SQLite refuses it immediately whatever the timeout.
    is_write = connection.get_execution_options().get("is_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")
