"""Which meetings stand in a list, in which order: numbers only, a page at a time.

A page begins after a key of day and number, so that ten thousand meetings are paged alike and
a meeting that comes in between shifts nothing.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement, Connection, false, func, select, tuple_

from veche.domain.errors import FieldsRefused
from veche.domain.meeting import Meeting, MeetingNumber, OrganisationId
from veche.domain.phases import GROUPS, Group
from veche.store.tables import meetings

_NO_DAY: Final = "9999-12-31"
"""A draft without a day stands after all that have one."""
_ASCENDING: Final = frozenset({Group.PREPARING})


class MeetingLists:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(
        self,
        organisation: OrganisationId | None,
        group: Group,
        *,
        after: str | None,
        limit: int,
        wanted: str | None,
    ) -> list[tuple[MeetingNumber, str]]:
        """Numbers, each with the key after which the next page begins."""
        day = func.coalesce(meetings.c.day, _NO_DAY)
        key = tuple_(day, meetings.c.number)
        chosen = select(meetings.c.number, day.label("key_day")).where(
            _is_of(organisation),
            meetings.c.phase.in_(GROUPS[group]),
            *(_holds(word) for word in folded(wanted or "").split()),
        )
        is_ascending = group in _ASCENDING
        if after is not None:
            begin = tuple_(*_parsed(after))
            chosen = chosen.where(key > begin if is_ascending else key < begin)
        order = [day, meetings.c.number] if is_ascending else [day.desc(), meetings.c.number.desc()]
        return [
            (MeetingNumber(row.number), f"{row.key_day}:{row.number}")
            for row in self._connection.execute(chosen.order_by(*order).limit(limit))
        ]

    def counts(self, organisation: OrganisationId | None) -> Mapping[Group, int]:
        phases = (
            select(meetings.c.phase, func.count().label("total"))
            .where(_is_of(organisation))
            .group_by(meetings.c.phase)
        )
        totals = {row.phase: row.total for row in self._connection.execute(phases)}
        return {group: sum(totals.get(it, 0) for it in GROUPS[group]) for group in GROUPS}


def words_to_find(meeting: Meeting) -> str:
    """By what a meeting is looked for: title, cities, names, in every language that is written."""
    texts = [meeting.title, meeting.short_title]
    texts += [site.city for _, site in meeting.sites_in_order()]
    texts += [person.name for person in meeting.roster if person.name]
    written = " ".join(words for text in texts for _, words in text.words)
    return " ".join([folded(written), str(meeting.number)])


def folded(words: str) -> str:
    """Letters that people do not tell apart when they look for something."""
    return words.casefold().replace("ё", "е").replace("\u00a0", " ")


def _is_of(organisation: OrganisationId | None) -> ColumnElement[bool]:
    """Who is of no organisation has no meetings: those of the house itself are nobody's."""
    if organisation is None:
        return false()
    return meetings.c.organisation == organisation


def _holds(word: str) -> ColumnElement[bool]:
    return meetings.c.words_to_find.contains(word, autoescape=True)


def _parsed(after: str) -> tuple[str, int]:
    day, _, number = after.partition(":")
    if not number.isdecimal() or len(number) > len(str(2**31)):
        raise FieldsRefused({"after": "not_a_key"})
    return day, int(number)
