"""Things that an organisation keeps between meetings, each whole in one row.

They are read by id or listed by words; nothing inside one is searched by SQL.
"""

from collections.abc import Callable, Sequence
from typing import Final, Generic, Protocol, TypeVar

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from veche.domain.identity import OrganisationId
from veche.store.meeting_lists import folded

FOUND_MAX: Final = 200
"""Entries of one answer: who needs more looks for a longer word."""


class Entry(Protocol):
    """A value with its owner; `version` grows with each save."""

    @property
    def id(self) -> str: ...
    @property
    def owner(self) -> OrganisationId: ...
    @property
    def version(self) -> int: ...


Kept = TypeVar("Kept", bound=Entry)


class Entries(Generic[Kept]):
    """`words_of` is by what an entry is found, in all its languages."""

    def __init__(
        self, connection: Connection, table: Table, words_of: Callable[[Kept], Sequence[str]]
    ) -> None:
        self._connection = connection
        self._table = table
        self._words_of = words_of

    def find(self, wanted: str) -> Kept | None:
        found: Kept | None = self._connection.scalar(
            select(self._table.c.body).where(self._table.c.id == wanted)
        )
        return found

    def of_ids(self, wanted: Sequence[str]) -> list[Kept]:
        chosen = select(self._table.c.body).where(self._table.c.id.in_(wanted))
        return list(self._connection.scalars(chosen))

    def of(
        self, owner: OrganisationId | None, *, wanted: str = "", limit: int = FOUND_MAX
    ) -> list[Kept]:
        """Those that hold all the words, in the order of the letters; None: of every owner."""
        columns = self._table.c
        chosen = select(columns.body).where(
            *([] if owner is None else [columns.owner == owner]),
            *(columns.words_to_find.contains(it, autoescape=True) for it in folded(wanted).split()),
        )
        ordered = chosen.order_by(columns.words_to_find, columns.id)
        return list(self._connection.scalars(ordered.limit(min(limit, FOUND_MAX))))

    def every(self, owner: OrganisationId) -> list[Kept]:
        """All of an owner, for what is compared with all: at most `PEOPLE_MAX`."""
        chosen = select(self._table.c.body).where(self._table.c.owner == owner)
        return list(self._connection.scalars(chosen.order_by(self._table.c.id)))

    def count(self, owner: OrganisationId) -> int:
        counted = select(func.count()).where(self._table.c.owner == owner)
        return self._connection.scalar(counted) or 0

    def put(self, entry: Kept) -> None:
        """Keep it, in place of the one with its id."""
        values = {
            "owner": entry.owner,
            "words_to_find": folded(" ".join(self._words_of(entry))),
            "body": entry,
        }
        if self.find(entry.id) is None:
            self._connection.execute(insert(self._table).values(id=entry.id, **values))
        else:
            known = self._table.c.id == entry.id
            self._connection.execute(update(self._table).where(known).values(values))

    def remove(self, wanted: str) -> None:
        self._connection.execute(delete(self._table).where(self._table.c.id == wanted))
