"""Numbered steps of the schema, applied in order and never edited once released.

A database that is newer than this program is refused before anything is read from it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, insert, inspect, select

from veche.domain.errors import Misconfigured
from veche.store import tables
from veche.store.migrations.m0001_meetings import STATEMENTS as MEETINGS
from veche.store.migrations.m0002_audit import STATEMENTS as AUDIT
from veche.store.migrations.m0003_accounts import STATEMENTS as ACCOUNTS
from veche.store.migrations.m0004_planning import STATEMENTS as PLANNING
from veche.store.migrations.m0005_meeting_lists import STATEMENTS as MEETING_LISTS
from veche.store.migrations.m0006_installation import STATEMENTS as INSTALLATION
from veche.store.migrations.m0007_directory import STATEMENTS as DIRECTORY
from veche.store.migrations.m0008_letters import STATEMENTS as LETTERS
from veche.store.migrations.m0009_agreements import STATEMENTS as AGREEMENTS
from veche.store.migrations.m0010_air import STATEMENTS as AIR
from veche.store.migrations.m0011_lists import STATEMENTS as LISTS

STEPS: Final[tuple[tuple[str, ...], ...]] = (
    MEETINGS,
    AUDIT,
    ACCOUNTS,
    PLANNING,
    MEETING_LISTS,
    INSTALLATION,
    DIRECTORY,
    LETTERS,
    AGREEMENTS,
    AIR,
    LISTS,
)
"""The step at index n leads to version n + 1."""
NEWEST: Final = len(STEPS)


def migrate(connection: Connection, now: Callable[[], datetime], *, up_to: int = NEWEST) -> None:
    """Bring the schema to `up_to`. Raises `Misconfigured` when it is beyond `NEWEST`."""
    version = version_of(connection)
    _require_known(connection, version)
    for step in range(version, up_to):
        for statement in STEPS[step]:
            connection.exec_driver_sql(_in_dialect(connection, statement))
        connection.execute(insert(tables.schema_version).values(version=step + 1, applied_at=now()))


def require_newest(connection: Connection) -> None:
    """Raises `Misconfigured` for any other schema than the newest."""
    version = version_of(connection)
    _require_known(connection, version)
    if version < NEWEST:
        reason = f"the database has schema {version}, this veche {NEWEST}: `veche migrate` first"
        raise Misconfigured([(_key(connection), reason)])


def version_of(connection: Connection) -> int:
    """0 for an empty database."""
    if not inspect(connection).has_table(tables.schema_version.name):
        return 0
    version: int | None = connection.scalar(select(func.max(tables.schema_version.c.version)))
    return version or 0


def _in_dialect(connection: Connection, statement: str) -> str:
    """The one difference of the engines: SQLite compares text by code points, PostgreSQL by the
    language of its installation unless told otherwise. Moments, sorted as text, need the former.
    """
    if connection.dialect.name == "postgresql":
        return statement.replace("VARCHAR", 'VARCHAR COLLATE "C"')
    return statement


def _require_known(connection: Connection, version: int) -> None:
    if version > NEWEST:
        reason = (
            f"the database was written by a newer veche (schema {version}, this one knows "
            f"{NEWEST}); start that one, or restore a backup made before the upgrade"
        )
        raise Misconfigured([(_key(connection), reason)])


def _key(connection: Connection) -> str:
    """Of the setting that names this database."""
    return "data" if connection.dialect.name == "sqlite" else "database.url"
