"""Reading what is announced: lines of lists, without the wholes behind them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    String,
    and_,
    func,
    not_,
    or_,
    select,
    type_coerce,
)

from veche.domain.announcement import Notice
from veche.domain.meeting import MeetingNumber, Phase
from veche.domain.phases import OVER, PUBLIC
from veche.domain.text import Text
from veche.store.tables import Instant, corrections, meetings, sites

_CAN_COME: Final = PUBLIC - OVER | {Phase.CANCELLED}
"""A cancelled meeting stays among those to come until its day is over: people look there."""
_ON_AIR: Final = frozenset({Phase.ON_AIR, Phase.BREAK})

_LAST_CORRECTION: Final = (
    select(func.max(corrections.c.at))
    .where(corrections.c.meeting == meetings.c.number)
    .correlate(meetings)
    .scalar_subquery()
)
_CANCELLED_AT: Final = type_coerce(meetings.c.cancellation, JSON)["at"].as_string()
_CHANGED_AT: Final = type_coerce(
    func.coalesce(_CANCELLED_AT, type_coerce(_LAST_CORRECTION, String), meetings.c.announced_at),
    Instant,
)
"""Nothing follows a cancellation, and every correction follows the announcement."""


class Announcements:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_public(self, number: MeetingNumber) -> bool:
        phase = self._connection.scalar(select(meetings.c.phase).where(meetings.c.number == number))
        return phase in PUBLIC

    def count_coming(self, today: date) -> int:
        counted = self._connection.scalar(
            select(func.count()).select_from(meetings).where(_is_coming(today))
        )
        assert counted is not None, "a count is a number"
        return counted

    def coming(self, today: date, skip: int, limit: int) -> tuple[Notice, ...]:
        """What is on the air or still to be, soonest first."""
        order = (meetings.c.day, meetings.c.starts_at, meetings.c.number)
        return self._notices(_is_coming(today), order, skip, limit)

    def past(self, today: date, skip: int, limit: int) -> tuple[Notice, ...]:
        """The rest, latest first."""
        order = (meetings.c.day.desc(), meetings.c.number.desc())
        return self._notices(not_(_is_coming(today)), order, skip, limit)

    def newest(self, limit: int) -> tuple[Notice, ...]:
        """What was announced or changed last, first."""
        order = (_CHANGED_AT.is_(None), _CHANGED_AT.desc(), meetings.c.number.desc())
        return self._notices(meetings.c.phase.in_(PUBLIC), order, 0, limit)

    def _notices(
        self,
        condition: ColumnElement[bool],
        order: Sequence[ColumnElement[Any]],
        skip: int,
        limit: int,
    ) -> tuple[Notice, ...]:
        if limit <= 0:
            return ()
        rows = self._connection.execute(
            select(
                meetings.c.number,
                meetings.c.title,
                meetings.c.lead,
                meetings.c.organiser,
                meetings.c.day,
                meetings.c.starts_at,
                meetings.c.phase,
                meetings.c.language,
                meetings.c.languages,
                _CHANGED_AT.label("changed_at"),
            )
            .where(meetings.c.phase.in_(PUBLIC), condition)
            .order_by(*order)
            .offset(skip)
            .limit(limit)
        ).all()
        cities = self._cities([row.number for row in rows])
        return tuple(_notice(row, tuple(cities[row.number])) for row in rows)

    def _cities(self, numbers: list[int]) -> dict[int, list[tuple[Text, str]]]:
        cities: dict[int, list[tuple[Text, str]]] = {number: [] for number in numbers}
        for site in self._connection.execute(
            select(sites.c.meeting, sites.c.city, sites.c.zone)
            .where(sites.c.meeting.in_(numbers))
            .order_by(sites.c.meeting, sites.c.position)
        ):
            cities[site.meeting].append((site.city, site.zone))
        return cities


# Any: a result row, its columns are those that were selected
def _notice(row: Any, cities: tuple[tuple[Text, str], ...]) -> Notice:
    return Notice(
        number=MeetingNumber(row.number),
        title=row.title,
        lead=row.lead,
        organiser=row.organiser,
        day=row.day,
        starts_at=row.starts_at,
        phase=row.phase,
        language=row.language,
        languages=row.languages,
        cities=cities,
        changed_at=row.changed_at or datetime.combine(row.day, time(), UTC),
    )


def _is_coming(today: date) -> ColumnElement[bool]:
    return or_(
        meetings.c.phase.in_(_ON_AIR),
        and_(meetings.c.day >= today, meetings.c.phase.in_(_CAN_COME)),
    )
