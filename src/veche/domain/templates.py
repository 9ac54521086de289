"""Beginning a meeting: from nothing, or from one that is there.

A copy takes what is planned anew each time the same way (sides, halls, people, programme,
rights) and nothing of what happened: no day, no answers, no corrections.
"""

from dataclasses import dataclass, replace
from typing import Final

from veche.domain.directory import Body, Organisation, Series
from veche.domain.identity import MeetingNumber, OrganisationId, SideId, TemplateId
from veche.domain.meeting import Kind, Meeting, Phase
from veche.domain.roster import Answer, Participation
from veche.domain.sides import Side
from veche.domain.text import Language, Text

TEMPLATES_MAX: Final = 200
"""Of one organisation: more is a list nobody finds anything in."""


@dataclass(frozen=True, slots=True)
class Template:
    id: TemplateId
    owner: OrganisationId
    name: Text
    meeting: Meeting
    """As it would be copied; its number is of no meaning."""
    version: int = 0


def blank(number: MeetingNumber, organisation: Organisation, title: Text) -> Meeting:
    return Meeting(
        number=number,
        kind=Kind.WORK,
        title=title,
        short_title=title,
        lead=None,
        background=(),
        organiser=organisation.name,
        day=None,
        starts_at=None,
        language=organisation.language,
        languages=tuple(Language),
        sides=(),
        roster=(),
        agenda=(),
        contact=organisation.press_contact,
        organisation=organisation.id,
        zone=organisation.zone,
    )


def copied(pattern: Meeting, number: MeetingNumber) -> Meeting:
    """A draft like `pattern`; who was replaced is invited again himself."""
    return replace(
        pattern,
        number=number,
        day=None,
        starts_at=None,
        ends_at=None,
        ordinal=None,
        roster=tuple(_invited_anew(person) for person in pattern.roster),
        corrections=(),
        phase=Phase.DRAFT,
        on_air_since=None,
        version=0,
        changes=(),
        announced_at=None,
        cancellation=None,
    )


def of_series(draft: Meeting, series: Series, body: Body, ordinal: int) -> Meeting:
    """The next meeting of a series; sides of the body, where the draft has none of its own."""
    sides = draft.sides or tuple(
        Side(id=SideId(f"side-{order}"), name=name, sites=())
        for order, name in enumerate(body.sides, start=1)
    )
    return replace(draft, series=series.id, ordinal=ordinal, sides=sides)


def _invited_anew(person: Participation) -> Participation:
    return replace(person, answer=Answer.AWAITED, replaced_by=None)
