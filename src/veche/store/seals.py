"""Seals: what a subject of the audit consists of, and a hash over all its rows.

The last record of a subject carries the seal of how the change left it. A row that is edited,
added or removed past the program, or by a fault of the disk, no longer fits; so does a change
that the program made and did not record. Rows are hashed as they lie in the tables, whatever the
program makes of them. A seal of an older schema is not compared: the upgrade moved the rows.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, select

from veche.store import tables
from veche.store.migrations import NEWEST
from veche.store.raw import as_stored

SUBJECTS: Final[dict[str, tuple[Column[Any], ...]]] = {  # Any: keys are numbers and texts
    "meeting": (
        tables.meetings.c.number,
        tables.sides.c.meeting,
        tables.sites.c.meeting,
        tables.participations.c.meeting,
        tables.agenda_items.c.meeting,
        tables.corrections.c.meeting,
    ),
    "meeting/staff": (tables.assignments.c.meeting,),
    "meeting/invitations": (tables.invitations.c.meeting,),
    "meeting/agreement": (tables.agreements.c.meeting,),
    "organisation": (tables.organisations.c.id,),
    "person": (tables.people.c.id,),
    "body": (tables.bodies.c.id,),
    "series": (tables.series.c.id,),
    "template": (tables.templates.c.id,),
    "meeting/notes": (tables.minutes_fields.c.meeting,),
    "account": (tables.accounts.c.id,),
}
"""Kinds of subjects, as `meeting` for `meeting/67` and `meeting/staff` for `meeting/67/staff`: the
tables of their rows, by the column that holds the key in the middle."""
OUTSIDE: Final = {
    "schema_version": "tells of the program, not of people",
    "installation": "the name of this house: made once, of no meeting",
    "audit": "the chain itself",
    "audit_head": "the chain itself",
    "commands": "kept for a day, and only to answer a repeat",
    "sessions": "changes with every use and ends within days",
    "known_devices": "a convenience that changes with every use and opens nothing",
    "letters": "what waits and what has left: every attempt changes it, and its end is recorded",
    "airs": "what goes on now: it changes by itself, and each change is in the log",
    "floor_grants": "as `airs`",
    "timeline": "a log: what is in it is never changed, only followed",
    "stages": "a log: what is in it is never changed, only followed",
}
"""Tables whose rows no seal covers, each with the reason."""


def seal_of(connection: Connection, subject: str) -> str | None:
    """None for a subject whose rows are not in the map."""
    kind, _, rest = subject.partition("/")
    key, _, part = rest.partition("/")
    columns = SUBJECTS.get(f"{kind}/{part}" if part else kind, ())
    if not columns:
        return None
    digest = hashlib.sha256()
    for column in columns:
        for line in sorted(_lines(connection, column, key)):
            digest.update(line.encode())
    return f"{NEWEST}:{digest.hexdigest()}"


def is_whole(connection: Connection, subject: str, seal: str) -> bool:
    """Whether the rows still fit, as far as a seal of this schema can say."""
    version, _, _ = seal.partition(":")
    return version != str(NEWEST) or seal == seal_of(connection, subject)


def _lines(connection: Connection, column: Column[Any], key: str) -> Iterator[str]:
    rows = select(*as_stored(column.table)).where(column == _value(column, key))
    for row in connection.execute(rows):
        told = [column.table.name, row._asdict()]
        yield json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"


def _value(column: Column[Any], key: str) -> int | str:
    return int(key) if isinstance(column.type, Integer) else key
