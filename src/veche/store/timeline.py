"""The log of a meeting: append-only, numbered without gaps, read in pages."""

from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from veche.domain.actor import Actor, ActorKind
from veche.domain.meeting import MeetingNumber
from veche.domain.plain import plain
from veche.domain.timeline import Entry, EntryKind, Logged
from veche.store.tables import timeline

PAGE_ENTRIES_MAX: Final = 500


class Timeline:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, meeting: MeetingNumber, logged: tuple[Logged, ...]) -> None:
        """Raises `sqlalchemy.exc.IntegrityError` for a number that is there: our bug."""
        for one in logged:
            self._connection.execute(
                insert(timeline).values(
                    meeting=meeting,
                    number=one.number,
                    at_ms=one.at_ms,
                    at=one.at,
                    actor_kind=one.by.kind,
                    actor_id=one.by.id,
                    actor_name=one.by.name,
                    kind=one.entry.kind,
                    body=plain(one.entry.body),
                )
            )

    def last_number(self, meeting: MeetingNumber) -> int:
        newest = select(func.max(timeline.c.number)).where(timeline.c.meeting == meeting)
        return self._connection.scalar(newest) or 0

    def page(
        self, meeting: MeetingNumber, *, after: int = 0, limit: int = PAGE_ENTRIES_MAX
    ) -> tuple[Logged, ...]:
        """In order, from the entry after that number."""
        rows = self._connection.execute(
            select(timeline)
            .where(timeline.c.meeting == meeting, timeline.c.number > after)
            .order_by(timeline.c.number)
            .limit(min(limit, PAGE_ENTRIES_MAX))
        )
        return tuple(
            Logged(
                number=row.number,
                at_ms=row.at_ms,
                at=row.at,
                by=Actor(ActorKind(row.actor_kind), row.actor_id, row.actor_name),
                entry=Entry(EntryKind(row.kind), row.body),
            )
            for row in rows
        )

    def forget(self, meeting: MeetingNumber) -> None:
        """For a demonstration that begins anew; a real meeting keeps its log for ever."""
        self._connection.execute(delete(timeline).where(timeline.c.meeting == meeting))
