"""Meetings, each with its sides, sites, roster, agenda and corrections, as one whole.

A column has the name of the field it keeps, and its type knows the way there and back.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
from veche.store.meeting_lists import words_to_find

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
        return next(iter(self.of_numbers([number])), None)

    def of_numbers(self, numbers: Sequence[MeetingNumber]) -> list[Meeting]:
        """Those that there are, in the order of the numbers; as many queries as for one."""
        wanted = select(tables.meetings).where(tables.meetings.c.number.in_(numbers))
        rows = {row.number: row for row in self._connection.execute(wanted)}
        parts = {table: self._parts(table, list(rows)) for table in _PARTS}
        return [
            _meeting(rows[number], {table: found[number] for table, found in parts.items()})
            for number in numbers
            if number in rows
        ]

    def put(self, meeting: Meeting) -> None:
        """Keep the whole meeting, in place of the one with this number."""
        values = _row_of(tables.meetings, meeting, words_to_find=words_to_find(meeting))
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

    def mark(self, number: MeetingNumber) -> tuple[int, Phase] | None:
        """Version and phase: what tells whether a meeting must be read again."""
        row = self._connection.execute(
            select(tables.meetings.c.version, tables.meetings.c.phase).where(
                tables.meetings.c.number == number
            )
        ).one_or_none()
        return None if row is None else (row.version, Phase(row.phase))

    def numbers_in(self, phases: frozenset[Phase]) -> tuple[MeetingNumber, ...]:
        rows = self._connection.execute(
            select(tables.meetings.c.number)
            .where(tables.meetings.c.phase.in_(sorted(phases)))
            .order_by(tables.meetings.c.number)
        )
        return tuple(MeetingNumber(row.number) for row in rows)

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

    def _parts(
        self, table: Table, numbers: Sequence[MeetingNumber]
    ) -> defaultdict[MeetingNumber, list[Row]]:
        wanted = select(table).where(table.c.meeting.in_(numbers)).order_by(table.c.position)
        rows = defaultdict[MeetingNumber, list[Row]](list)
        for row in self._connection.execute(wanted):
            rows[row.meeting].append(row)
        return rows


def _meeting(row: Row, parts: Mapping[Table, Sequence[Row]]) -> Meeting:
    sites = defaultdict[str, list[Site]](list)
    for site in parts[tables.sites]:
        sites[site.side].append(_value(Site, site))
    return _value(
        Meeting,
        row,
        sides=tuple(
            _value(Side, side, sites=tuple(sites[side.id])) for side in parts[tables.sides]
        ),
        roster=_values(Participation, parts[tables.participations]),
        agenda=_values(AgendaItem, parts[tables.agenda_items]),
        corrections=_values(Correction, parts[tables.corrections]),
    )


def _values(kind: type[Value], rows: Sequence[Row]) -> tuple[Value, ...]:
    return tuple(_value(kind, row) for row in rows)


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
