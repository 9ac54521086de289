"""Meetings, each with its sides, sites, roster, agenda and corrections, as one whole."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, insert, select, update

from veche.domain.meeting import (
    AgendaItem,
    Correction,
    ItemKind,
    Kind,
    Meeting,
    MeetingNumber,
    Participation,
    ParticipationId,
    Phase,
    Side,
    SideId,
    Site,
    SiteId,
)
from veche.domain.text import Language, Text
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
        values = _row_of(meeting)
        if self.find(meeting.number) is None:
            self._connection.execute(insert(tables.meetings).values(values))
        else:
            self._connection.execute(
                update(tables.meetings)
                .where(tables.meetings.c.number == meeting.number)
                .values(values)
            )
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

    def _read(self, row: Row) -> Meeting:
        number = MeetingNumber(row.number)
        sites = self._parts(tables.sites, number)
        return Meeting(
            number=number,
            kind=Kind(row.kind),
            title=row.title,
            short_title=row.short_title,
            lead=row.lead,
            background=tuple(Text.parse(words) for words in row.background),
            organiser=row.organiser,
            day=row.day,
            starts_at=row.starts_at,
            language=Language(row.language),
            languages=tuple(Language(language) for language in row.languages),
            sides=tuple(
                Side(
                    id=SideId(side.id),
                    name=side.name,
                    sites=tuple(_site(site) for site in sites if site.side == side.id),
                )
                for side in self._parts(tables.sides, number)
            ),
            roster=tuple(
                _participation(person) for person in self._parts(tables.participations, number)
            ),
            agenda=tuple(
                AgendaItem(
                    ItemKind(item.kind), item.title, item.minutes, item.note, item.short_title
                )
                for item in self._parts(tables.agenda_items, number)
            ),
            corrections=tuple(
                Correction(correction.at, correction.words)
                for correction in self._parts(tables.corrections, number)
            ),
            contact=row.contact,
            demo_note=row.demo_note,
            phase=Phase(row.phase),
            on_air_since=row.on_air_since,
        )

    def _parts(self, table: Table, number: MeetingNumber) -> list[Row]:
        return list(
            self._connection.execute(
                select(table).where(table.c.meeting == number).order_by(table.c.position)
            )
        )


def _site(row: Row) -> Site:
    return Site(SiteId(row.id), row.city, row.city_with, row.name, row.zone)


def _participation(row: Row) -> Participation:
    return Participation(
        id=ParticipationId(row.id),
        side=SideId(row.side),
        site=None if row.site is None else SiteId(row.site),
        name=row.name,
        post=row.post,
        leads_side=bool(row.leads_side),
        office=row.office,
        is_announced=bool(row.is_announced),
    )


def _row_of(meeting: Meeting) -> dict[str, Any]:
    return {
        "number": meeting.number,
        "kind": meeting.kind,
        "title": meeting.title,
        "short_title": meeting.short_title,
        "lead": meeting.lead,
        "background": [words.as_mapping() for words in meeting.background],
        "organiser": meeting.organiser,
        "day": meeting.day,
        "starts_at": meeting.starts_at,
        "language": meeting.language,
        "languages": [language.value for language in meeting.languages],
        "contact": meeting.contact,
        "demo_note": meeting.demo_note,
        "phase": meeting.phase,
        "on_air_since": meeting.on_air_since,
    }


def _rows_of_parts(meeting: Meeting) -> list[tuple[Table, list[dict[str, Any]]]]:
    """Parents before children: the order in which rows may be inserted."""
    return [
        (
            tables.sides,
            _numbered(meeting, [{"id": side.id, "name": side.name} for side in meeting.sides]),
        ),
        (
            tables.sites,
            _numbered(
                meeting,
                [
                    {
                        "id": site.id,
                        "side": side.id,
                        "city": site.city,
                        "city_with": site.city_with,
                        "name": site.name,
                        "zone": site.zone,
                    }
                    for side, site in meeting.sites_in_order()
                ],
            ),
        ),
        (
            tables.participations,
            _numbered(
                meeting,
                [
                    {
                        "id": person.id,
                        "side": person.side,
                        "site": person.site,
                        "name": person.name,
                        "post": person.post,
                        "leads_side": int(person.leads_side),
                        "office": person.office,
                        "is_announced": int(person.is_announced),
                    }
                    for person in meeting.roster
                ],
            ),
        ),
        (
            tables.agenda_items,
            _numbered(
                meeting,
                [
                    {
                        "kind": item.kind,
                        "title": item.title,
                        "minutes": item.minutes,
                        "note": item.note,
                        "short_title": item.short_title,
                    }
                    for item in meeting.agenda
                ],
            ),
        ),
        (
            tables.corrections,
            _numbered(meeting, [{"at": c.at, "words": c.words} for c in meeting.corrections]),
        ),
    ]


def _numbered(meeting: Meeting, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"meeting": meeting.number, "position": n, **row} for n, row in enumerate(rows)]
