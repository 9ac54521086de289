"""Lists of planned meetings, a page at a time, for the staff whose meetings they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from veche.domain.access import Action
from veche.domain.actor import Asker
from veche.domain.agreement import Agreement
from veche.domain.meeting import Meeting, MeetingNumber
from veche.domain.phases import Group
from veche.store import Database

PAGE_MEETINGS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class MeetingPage:
    meetings: tuple[Meeting, ...]
    next: str | None
    """Where the next page begins; None: this was the last one."""
    counts: Mapping[Group, int]
    agreements: Mapping[MeetingNumber, Agreement]


class Listing:
    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, asker: Asker, group: Group, *, after: str | None, limit: int, wanted: str | None
    ) -> MeetingPage:
        """Nearest first of what is prepared, newest first of what is over.

        `wanted`: words of a title, a city or a name, in any language.
        """
        asker.require(Action.LIST_MEETINGS)
        limit = min(limit, PAGE_MEETINGS_MAX)
        with self._database.read() as unit:
            found = unit.meeting_lists.page(
                asker.organisation, group, after=after, limit=limit + 1, wanted=wanted
            )
            numbers = [number for number, _ in found[:limit]]
            meetings = unit.meetings.of_numbers(numbers)
            agreements = unit.agreements.of_numbers(numbers)
            counts = unit.meeting_lists.counts(asker.organisation)
        return MeetingPage(
            meetings=tuple(meetings),
            next=found[limit - 1][1] if len(found) > limit else None,
            counts=counts,
            agreements=agreements,
        )
