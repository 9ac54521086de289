"""What may not contradict itself in a meeting, whatever phase it is in.

Owns the list of contradictions, each with the field to be corrected. A fault here is never
about something that is missing: a draft may lack almost anything.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from veche.domain.agenda import AGENDA_MAX, ITEM_LENGTH_MAX, AgendaItem
from veche.domain.identity import ParticipationId, SideId, SiteId, is_id
from veche.domain.roster import (
    GROUP_MAX,
    ROSTER_MAX,
    Participation,
    ParticipationRole,
)
from veche.domain.sides import SCREENS_MAX, SIDES_MAX, SITES_MAX, Side


class Fault(NamedTuple):
    """What is wrong with which field: `roster[3].site`, `foreign_hall`."""

    field: str
    code: str


LENGTH_MAX: Final = timedelta(days=7)
"""From the beginning to the planned end: a session week is the longest act of this kind."""


def faults_of_times(
    day: date | None, starts_at: datetime | None, ends_at: datetime | None
) -> Iterator[Fault]:
    for field, moment in (("starts_at", starts_at), ("ends_at", ends_at)):
        assert moment is None or moment.tzinfo is not None, f"{field} has an offset"
    if starts_at is not None and day is None:
        yield Fault("day", "hour_without_day")
    if ends_at is None:
        return
    if starts_at is None:
        yield Fault("ends_at", "end_without_start")
    elif ends_at <= starts_at:
        yield Fault("ends_at", "end_before_start")
    elif ends_at - starts_at > LENGTH_MAX:
        yield Fault("ends_at", "too_long")


def faults_of_sides(sides: Sequence[Side]) -> Iterator[Fault]:
    if len(sides) > SIDES_MAX:
        yield Fault("sides", "too_many")
    if sum(len(side.sites) for side in sides) > SITES_MAX:
        yield Fault("sides", "too_many_sites")
    yield from _faults_of_ids("sides[{}].id", [[side.id for side in sides]])
    yield from _faults_of_ids("sides[{}].sites[{}].id", [[s.id for s in it.sites] for it in sides])
    for number, side in enumerate(sides):
        for place, site in enumerate(side.sites):
            if not 1 <= site.screens <= SCREENS_MAX:
                yield Fault(f"sides[{number}].sites[{place}].screens", "out_of_range")


def faults_of_roster(roster: Sequence[Participation], sides: Sequence[Side]) -> Iterator[Fault]:
    if len(roster) > ROSTER_MAX:
        yield Fault("roster", "too_many")
        return
    yield from _faults_of_ids("roster[{}].id", [[person.id for person in roster]])
    side_of: dict[SiteId, SideId] = {site.id: side.id for side in sides for site in side.sites}
    known = {side.id for side in sides}
    people = {person.id: person for person in roster}
    for number, person in enumerate(roster):
        at = f"roster[{number}]"
        if person.side not in known:
            yield Fault(f"{at}.side", "unknown_side")
        if person.site is not None and side_of.get(person.site) != person.side:
            yield Fault(f"{at}.site", "foreign_hall")
        yield from _faults_of_line(at, person)
        yield from _faults_of_substitute(at, person, people)
    yield from _faults_of_leaders(roster)


def faults_of_agenda(
    agenda: Sequence[AgendaItem], roster: Sequence[Participation], sides: Sequence[Side]
) -> Iterator[Fault]:
    if len(agenda) > AGENDA_MAX:
        yield Fault("agenda", "too_many")
    yield from _faults_of_ids("agenda[{}].id", [[item.id for item in agenda]])
    people = {person.id for person in roster}
    known = {side.id for side in sides}
    for number, item in enumerate(agenda):
        at = f"agenda[{number}]"
        if not timedelta() <= item.length <= ITEM_LENGTH_MAX:
            yield Fault(f"{at}.length", "out_of_range")
        if item.speech_limit is not None and not timedelta() < item.speech_limit <= ITEM_LENGTH_MAX:
            yield Fault(f"{at}.speech_limit", "out_of_range")
        if item.side is not None and item.side not in known:
            yield Fault(f"{at}.side", "unknown_side")
        for position, rapporteur in enumerate(item.rapporteurs):
            if rapporteur not in people:
                yield Fault(f"{at}.rapporteurs[{position}]", "not_on_roster")


def _faults_of_ids(field: str, groups: Iterable[Sequence[str]]) -> Iterator[Fault]:
    """Ids that are none, and the second of two that are the same, in one group or in two."""
    seen = set[str]()
    is_nested = field.count("{}") > 1
    for number, group in enumerate(groups):
        for position, written in enumerate(group):
            at = field.format(number, position) if is_nested else field.format(position)
            if not is_id(written):
                yield Fault(at, "not_an_id")
            elif written in seen:
                yield Fault(at, "twice")
            seen.add(written)


def _faults_of_line(at: str, person: Participation) -> Iterator[Fault]:
    if person.count is not None and not 1 <= person.count <= GROUP_MAX:
        yield Fault(f"{at}.count", "out_of_range")
    is_named = person.name is not None or person.full_name is not None
    if person.is_group and is_named:
        yield Fault(f"{at}.name", "group_with_name")
    if person.is_group and person.leads_side:
        yield Fault(f"{at}.leads_side", "group_leads")
    if person.is_group and person.role is ParticipationRole.CO_CHAIR:
        yield Fault(f"{at}.role", "group_leads")


def _faults_of_substitute(
    at: str, person: Participation, people: dict[ParticipationId, Participation]
) -> Iterator[Fault]:
    if person.is_replaced != (person.replaced_by is not None):
        yield Fault(f"{at}.replaced_by", "replaced_by_nobody")
        return
    seen = {person.id}
    next_one = person.replaced_by
    while next_one is not None:
        substitute = people.get(next_one)
        if substitute is None or substitute.side != person.side:
            yield Fault(f"{at}.replaced_by", "not_of_this_side")
            return
        if next_one in seen:
            yield Fault(f"{at}.replaced_by", "replaces_himself")
            return
        seen.add(next_one)
        next_one = substitute.replaced_by


def _faults_of_leaders(roster: Sequence[Participation]) -> Iterator[Fault]:
    """One leader and one co-chair of a side: whoever is replaced has handed it over."""
    leading, chairing = Counter[SideId](), Counter[SideId]()
    for number, person in enumerate(roster):
        if person.is_replaced:
            continue
        leading[person.side] += person.leads_side
        chairing[person.side] += person.role is ParticipationRole.CO_CHAIR
        if person.leads_side and leading[person.side] > 1:
            yield Fault(f"roster[{number}].leads_side", "second_leader")
        if person.role is ParticipationRole.CO_CHAIR and chairing[person.side] > 1:
            yield Fault(f"roster[{number}].role", "second_co_chair")
