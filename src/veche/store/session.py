"""Units of work: each one transaction, kept whole or not at all.

Promises: writers wait for each other here, bounded, instead of failing with "database is
locked"; a database that does not answer becomes `Unavailable`, and the next unit finds it again
when it is back. Never repeats a unit by itself: whether it was kept is the caller's question
(`store.idempotency` answers it).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, Self

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    ProgrammingError,
    TimeoutError,
)

from veche.domain.errors import ChangedMeanwhile, Misconfigured, Unavailable
from veche.store import engines
from veche.store.accounts import Accounts
from veche.store.agreements import Agreements
from veche.store.airs import Airs
from veche.store.announcements import Announcements
from veche.store.audit import Audit
from veche.store.directory import Directory
from veche.store.idempotency import Idempotency, claim_carried_out
from veche.store.installation import Installation
from veche.store.invitations import Invitations
from veche.store.letters import Letters
from veche.store.meeting_lists import MeetingLists
from veche.store.meetings import Meetings
from veche.store.migrations import migrate, require_newest, version_of
from veche.store.notes import Notes
from veche.store.sessions import Sessions
from veche.store.stages import Stages
from veche.store.timeline import Timeline
from veche.store.turns import Turns

TURN_SECONDS: Final = 10.0
"""How long a writer waits for the writers before it: a unit takes milliseconds, and fifty at once
wait less than a second; longer than the engine's own patience, so that the cause is told."""


class Versioned(Protocol):
    """An aggregate that several people may edit: each save makes the next version."""

    @property
    def version(self) -> int: ...


class Unit:
    """One transaction and the aggregates that can be reached in it."""

    def __init__(self, connection: Connection) -> None:
        self.announcements = Announcements(connection)
        self.audit = Audit(connection)
        self.idempotency = Idempotency(connection)
        self.installation = Installation(connection)
        self.meetings = Meetings(connection)
        self.meeting_lists = MeetingLists(connection)
        self.directory = Directory(connection)
        self.agreements = Agreements(connection)
        self.stages = Stages(connection)
        self.airs = Airs(connection)
        self.timeline = Timeline(connection)
        self.notes = Notes(connection)
        self.invitations = Invitations(connection)
        self.letters = Letters(connection)
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
        self._turns = Turns()
        self._commits = 0

    @classmethod
    def open(cls, folder: Path, now: Callable[[], datetime], *, may_migrate: bool = True) -> Self:
        """The embedded one, in this folder; made if absent and `may_migrate`.

        Raises `Misconfigured` for a schema from the future, or an older one that may not be
        changed; `Unavailable` for no database.
        """
        if not may_migrate and not (folder / engines.FILE_NAME).exists():
            raise Misconfigured([("data", f"{folder} holds no database")])
        return cls._opened(engines.embedded(folder), now, may_migrate)

    @classmethod
    def connect(
        cls, address: str, now: Callable[[], datetime], *, may_migrate: bool = True
    ) -> Self:
        """A PostgreSQL server's; `address` as `postgresql://user:password@host/database`.

        Raises as `open`.
        """
        return cls._opened(engines.served(address), now, may_migrate)

    @classmethod
    def _opened(cls, engine: Engine, now: Callable[[], datetime], may_migrate: bool) -> Self:
        database = cls(engine, now)
        try:
            with database._transaction(is_write=may_migrate) as connection:
                if may_migrate:
                    migrate(connection, now)
                else:
                    require_newest(connection)
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
        with self._turns.one(TURN_SECONDS):
            with self._transaction(is_write=True) as connection:
                unit = Unit(connection)
                if claim is not None:
                    unit.idempotency.claim(claim.command, self._now())
                yield unit
                unit.audit.close()
            self._commits += 1
        if claim is not None:
            claim.is_kept = True

    @property
    def commits(self) -> int:
        """How many units have been written here: while it stands, nothing read has changed."""
        return self._commits

    def is_answering(self) -> bool:
        """Whether a write can begin now; nothing is changed."""
        try:
            with self._turns.one(TURN_SECONDS), self._transaction(is_write=True) as connection:
                connection.execute(text("SELECT 1"))
        except Unavailable:
            return False
        return True

    def schema_version(self) -> int:
        with self._transaction(is_write=False) as connection:
            return version_of(connection)

    def faults(self) -> list[str]:
        """What the engine itself finds wrong with its files, in its own words."""
        try:
            with self._transaction(is_write=False) as connection:
                return engines.faults(connection)
        except Unavailable as error:
            return [str(error)]

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
        except (DatabaseError, InterfaceError, TimeoutError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise Unavailable(f"database: {cause}") from error
