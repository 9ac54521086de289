"""Beginning meetings: from nothing, as a copy, from a template, as the next one of a series."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from veche.domain.access import Action
from veche.domain.actor import Asker
from veche.domain.directory import Organisation, next_ordinal
from veche.domain.errors import FieldsRefused, Forbidden, MeetingUnknown, Refused, Unknown
from veche.domain.identity import OrganisationId, SeriesId, TemplateId
from veche.domain.meeting import Meeting, MeetingNumber
from veche.domain.templates import TEMPLATES_MAX, Template, blank, copied, of_series
from veche.domain.text import Text
from veche.services.planning import record
from veche.store import Database, Unit


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """At most one pattern; a series may be named besides."""

    title: Text | None
    """None: of the pattern."""
    copy_of: MeetingNumber | None = None
    template: TemplateId | None = None
    series: SeriesId | None = None
    day: date | None = None


class Drafts:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def begin(self, asker: Asker, new: NewMeeting) -> Meeting:
        """A draft under a number that was never used. Raises `FieldsRefused` by field."""
        asker.require(Action.CREATE_MEETING)
        with self._database.write() as unit:
            organisation = _organisation_of(unit, asker)
            draft = self._drafted(unit, asker, organisation, new)
            if new.series is not None:
                draft = _next_of(unit, asker, draft, new.series, new.day)
            draft = replace(draft, day=new.day)
            unit.meetings.put(draft)
            record(unit, asker, "create_meeting", None, draft, self._now())
        return draft

    def templates(self, asker: Asker) -> list[Template]:
        asker.require(Action.LIST_MEETINGS)
        if asker.organisation is None:
            return []
        with self._database.read() as unit:
            return unit.directory.templates.of(asker.organisation)

    def keep_template(self, asker: Asker, number: MeetingNumber, name: Text) -> Template:
        """A meeting as a pattern for others."""
        asker.require(Action.CREATE_MEETING)
        with self._database.write() as unit:
            meeting = _readable(unit, asker, number)
            owner = meeting.organisation
            if owner is None:
                raise Forbidden("a meeting of the house itself is no pattern")
            asker.require_over(Action.CREATE_MEETING, owner)
            if unit.directory.templates.count(owner) >= TEMPLATES_MAX:
                raise FieldsRefused({"name": "too_many"})
            template = Template(
                TemplateId(secrets.token_hex(6)), owner, name, copied(meeting, meeting.number), 1
            )
            unit.directory.templates.put(template)
            self._record(unit, asker, "add_template", template)
        return template

    def drop_template(self, asker: Asker, wanted: TemplateId) -> None:
        with self._database.write() as unit:
            template = _template(unit, asker, wanted, Action.EDIT_DIRECTORY)
            unit.directory.templates.remove(wanted)
            self._record(unit, asker, "remove_template", template)

    def _drafted(
        self, unit: Unit, asker: Asker, organisation: Organisation, new: NewMeeting
    ) -> Meeting:
        number = unit.meetings.next_number()
        if new.copy_of is not None and new.template is not None:
            raise FieldsRefused({"template": "two_patterns"})
        if new.copy_of is not None:
            pattern = _as_field("copy_of", lambda: _readable(unit, asker, new.copy_of))
        elif new.template is not None:
            pattern = _as_field(
                "template",
                lambda: _template(unit, asker, new.template, Action.READ_DIRECTORY).meeting,
            )
        elif new.title is None:
            raise FieldsRefused({"title": "missing"})
        else:
            return blank(number, organisation, new.title)
        draft = replace(
            copied(pattern, number),
            organisation=organisation.id,
            organiser=organisation.name,
        )
        if new.title is None:
            return draft
        return replace(draft, title=new.title, short_title=new.title)

    def _record(self, unit: Unit, asker: Asker, action: str, template: Template) -> None:
        unit.audit.append(
            asker.actor,
            action,
            subject=f"template/{template.id}",
            at=self._now(),
            after={"name": template.name, "number": template.meeting.number},
            request_id=asker.request_id or None,
        )


def _organisation_of(unit: Unit, asker: Asker) -> Organisation:
    if asker.organisation is None:
        raise Forbidden("an account of no organisation plans no meetings")
    found = unit.directory.organisations.find(asker.organisation)
    if found is None:
        return _unnamed(asker.organisation)
    return found


def _unnamed(organisation: OrganisationId) -> Organisation:
    """Its accounts were made before anybody wrote how it is called."""
    return Organisation(id=organisation, name=Text.of(ru=organisation))


def _readable(unit: Unit, asker: Asker, number: MeetingNumber | None) -> Meeting:
    meeting = None if number is None else unit.meetings.find(number)
    if meeting is None:
        raise MeetingUnknown
    asker.require(Action.READ_MEETING, meeting)
    return meeting


def _template(unit: Unit, asker: Asker, wanted: TemplateId | None, action: Action) -> Template:
    found = None if wanted is None else unit.directory.templates.find(wanted)
    if found is None:
        raise Unknown
    asker.require_over(action, found.owner)
    return found


def _next_of(
    unit: Unit, asker: Asker, draft: Meeting, wanted: SeriesId, day: date | None
) -> Meeting:
    series = unit.directory.series.find(wanted)
    if series is None or series.owner != asker.organisation:
        raise FieldsRefused({"series": "unknown_series"})
    body = unit.directory.bodies.find(series.body)
    assert body is not None, "a series has its body for as long as it is there"
    ordinal = next_ordinal(series, unit.directory.held(wanted), day)
    return of_series(draft, series, body, ordinal)


def _as_field(field: str, find: Callable[[], Meeting]) -> Meeting:
    """A pattern that is not there is a field that is wrong, not an address that is."""
    try:
        return find()
    except Refused:
        raise FieldsRefused({field: "unknown_pattern"}) from None
