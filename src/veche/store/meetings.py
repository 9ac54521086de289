"""Meetings, each with its sides, sites, roster, agenda and corrections, as one whole.

A column has the name of the field it keeps, and its type knows the way there and back.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from veche.domain.meeting import (
    AgendaItem,
    Correction,
    Meeting,
    MeetingNumber,
    Participation,
    Phase,
    Side,
    Site,
)
from veche.store import tables

_PARTS: Final = (
    tables.corrections,
    tables.agenda_items,
    tables.participations,
    tables.sites,
    tables.sides,
)
"""Children before parents: the order in which rows may be deleted."""

Row = Any  # a result row: its columns are those of the table it was selected from
Value = TypeVar("Value")


class Meetings:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, number: MeetingNumber) -> Meeting | None:
        row = self._connection.execute(
            select(tables.meetings).where(tables.meetings.c.number == number)
        ).one_or_none()
        return None if row is None else self._read(row)

    def put(self, meeting: Meeting) -> None:
        """Keep the whole meeting, in place of the one with this number."""
        values = _row_of(tables.meetings, meeting)
        if self._is_known(meeting.number):
            self._connection.execute(
                update(tables.meetings)
                .where(tables.meetings.c.number == meeting.number)
                .values(values)
            )
        else:
            self._connection.execute(insert(tables.meetings).values(values))
        for table in _PARTS:
            self._connection.execute(delete(table).where(table.c.meeting == meeting.number))
        for table, rows in _rows_of_parts(meeting):
            if rows:
                self._connection.execute(insert(table), rows)

    def set_phase(self, number: MeetingNumber, phase: Phase, on_air_since: datetime | None) -> None:
        self._connection.execute(
            update(tables.meetings)
            .where(tables.meetings.c.number == number)
            .values(phase=phase, on_air_since=on_air_since)
        )

    def next_number(self) -> MeetingNumber:
        """Never one that was used: rows of meetings are not deleted."""
        newest: int | None = self._connection.scalar(select(func.max(tables.meetings.c.number)))
        return MeetingNumber((newest or 0) + 1)

    def _is_known(self, number: MeetingNumber) -> bool:
        known = select(tables.meetings.c.number).where(tables.meetings.c.number == number)
        return self._connection.scalar(known) is not None

    def _read(self, row: Row) -> Meeting:
        number = MeetingNumber(row.number)
        sites: dict[str, list[Site]] = {}
        for site in self._parts(tables.sites, number):
            sites.setdefault(site.side, []).append(_value(Site, site))
        return _value(
            Meeting,
            row,
            sides=tuple(
                _value(Side, side, sites=tuple(sites.get(side.id, ())))
                for side in self._parts(tables.sides, number)
            ),
            roster=self._values(Participation, tables.participations, number),
            agenda=self._values(AgendaItem, tables.agenda_items, number),
            corrections=self._values(Correction, tables.corrections, number),
        )

    def _values(self, kind: type[Value], table: Table, number: MeetingNumber) -> tuple[Value, ...]:
        return tuple(_value(kind, row) for row in self._parts(table, number))

    def _parts(self, table: Table, number: MeetingNumber) -> list[Row]:
        return list(
            self._connection.execute(
                select(table).where(table.c.meeting == number).order_by(table.c.position)
            )
        )


def _value(kind: type[Value], row: Row, **parts: object) -> Value:
    """The value whose fields are the columns of the row, and the parts that have own tables."""
    columns = row._mapping
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # all are dataclasses
    return kind(**{name: columns[name] for name in names if name not in parts}, **parts)


def _row_of(table: Table, value: object, **more: object) -> dict[str, Any]:
    names = [column.name for column in table.columns if column.name not in more]
    return {name: getattr(value, name) for name in names} | more


def _rows_of_parts(meeting: Meeting) -> list[tuple[Table, list[dict[str, Any]]]]:
    """Parents before children: the order in which rows may be inserted."""
    sites = [
        _row_of(tables.sites, site, meeting=meeting.number, position=position, side=side.id)
        for position, (side, site) in enumerate(meeting.sites_in_order())
    ]
    return [
        (tables.sides, _rows(tables.sides, meeting, meeting.sides)),
        (tables.sites, sites),
        (tables.participations, _rows(tables.participations, meeting, meeting.roster)),
        (tables.agenda_items, _rows(tables.agenda_items, meeting, meeting.agenda)),
        (tables.corrections, _rows(tables.corrections, meeting, meeting.corrections)),
    ]


def _rows(table: Table, meeting: Meeting, values: Sequence[object]) -> list[dict[str, Any]]:
    return [
        _row_of(table, value, meeting=meeting.number, position=position)
        for position, value in enumerate(values)
    ]
