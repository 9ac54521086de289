"""The secretary's fields: one row for each field of an item that somebody has written."""

from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select, update

from veche.domain.meeting import MeetingNumber
from veche.domain.minutes import Assignment, ItemNote, NoteField
from veche.domain.rundown import Position
from veche.store.tables import minutes_fields

_ASSIGNMENTS: Final = TypeAdapter(tuple[Assignment, ...])

Row = Any  # a result row: its columns are those of the table


class Notes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_meeting(self, meeting: MeetingNumber) -> tuple[ItemNote, ...]:
        rows = self._connection.execute(
            select(minutes_fields)
            .where(minutes_fields.c.meeting == meeting)
            .order_by(minutes_fields.c.item, minutes_fields.c.field)
        )
        return tuple(_read(row) for row in rows)

    def find(self, meeting: MeetingNumber, position: Position, field: NoteField) -> ItemNote:
        """Version 0 where nobody has written."""
        row = self._connection.execute(
            select(minutes_fields).where(*_key(meeting, position, field))
        ).one_or_none()
        if row is None:
            return ItemNote(position, field, 0, "", False, (), "", None)
        return _read(row)

    def save(self, meeting: MeetingNumber, note: ItemNote) -> None:
        """In place of the version before; units that write follow one another."""
        values = {
            "version": note.version,
            "body": {
                "words": note.words,
                "is_settled": note.is_settled,
                "assignments": _ASSIGNMENTS.dump_python(note.assignments, mode="json"),
            },
            "written_by": note.by,
            "written_at": note.at,
        }
        if note.version > 1:
            key = _key(meeting, note.position, note.field)
            self._connection.execute(update(minutes_fields).where(*key).values(values))
        else:
            self._connection.execute(
                insert(minutes_fields).values(
                    meeting=meeting, item=note.position, field=note.field, **values
                )
            )


def _key(meeting: MeetingNumber, position: Position, field: NoteField) -> tuple[Any, ...]:
    return (
        minutes_fields.c.meeting == meeting,
        minutes_fields.c.item == position,
        minutes_fields.c.field == field,
    )


def _read(row: Row) -> ItemNote:
    return ItemNote(
        position=Position(row.item),
        field=NoteField(row.field),
        version=row.version,
        words=row.body["words"],
        is_settled=row.body["is_settled"],
        assignments=_ASSIGNMENTS.validate_python(row.body["assignments"]),
        by=row.written_by,
        at=row.written_at,
    )
