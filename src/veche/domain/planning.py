"""Planning a meeting: which field belongs to which step, what is lacking, what the sums say.

Pure decisions about a `Meeting` that may still be changed. Promises that an edit touches the
fields of its step only, that a second editor learns of the first by step and not by accident,
and that what blocks a phase is told with the step where it can be put right.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from veche.domain.agenda import ItemKind
from veche.domain.errors import FieldsRefused, NotReady, WordsFrozen
from veche.domain.meeting import (
    Correction,
    Meeting,
    Phase,
    RecordPolicy,
    Side,
    SideId,
    Step,
    StepChange,
    Webcast,
)
from veche.domain.phases import PLANNED
from veche.domain.roster import Answer, Participation
from veche.domain.text import Text

FIELDS: Final[dict[Step, tuple[str, ...]]] = {
    Step.SUBSTANCE: (
        "kind",
        "title",
        "short_title",
        "lead",
        "background",
        "day",
        "starts_at",
        "ends_at",
        "zone",
        "language",
        "languages",
        "series",
        "ordinal",
        "contact",
    ),
    Step.SIDES: ("sides",),
    Step.ROSTER: ("roster",),
    Step.PROGRAMME: ("agenda",),
    Step.ACCESS: ("webcast", "record", "retention_days", "legal_ground"),
}
"""The fields of `Meeting` that each step saves; the sixth step is the agreement's own."""

_IN_ORDER: Final = tuple(Phase)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is lacking or doubtful, where to put it right, and what it keeps from."""

    step: Step
    field: str
    code: str
    before: Phase | None = None
    """The first phase that cannot be entered so; None: advice."""

    def blocks(self, phase: Phase) -> bool:
        return self.before is not None and _IN_ORDER.index(self.before) <= _IN_ORDER.index(phase)


@dataclass(frozen=True, slots=True)
class Sums:
    """The programme against the planned end; speaking time of each side."""

    length: timedelta
    ends_at: datetime | None
    """By the programme; None while the hour is not settled."""
    over: timedelta | None
    """By how much the programme ends after the planned end; negative: before it."""
    by_side: tuple[tuple[SideId, timedelta], ...]
    together: timedelta
    """Items that are of all sides."""


def require_same_schedule(before: Meeting, after: Meeting) -> None:
    """Who has read the announcement must be told of another hour: see `rescheduled`."""
    is_moved = (before.day, before.starts_at) != (after.day, after.starts_at)
    if is_moved and before.announced_at is not None:
        raise FieldsRefused({"starts": "announced_hour"})


def changed(before: Meeting, after: Meeting, step: Step, by: str, at: datetime) -> Meeting:
    """`after` as the next version of `before`; raises `WordsFrozen` from the air on."""
    if before.phase not in PLANNED:
        raise WordsFrozen
    version = before.version + 1
    others = tuple(change for change in before.changes if change.step is not step)
    return replace(after, version=version, changes=(*others, StepChange(step, version, by, at)))


def hosted_by(meeting: Meeting, host: SideId) -> Meeting:
    """The same meeting with another host; every list follows the order of sides."""
    if host not in {side.id for side in meeting.sides}:
        raise FieldsRefused({"side": "unknown_side"})
    first = meeting.side(host)
    others = tuple(side for side in meeting.sides if side.id != host)
    return replace(meeting, sides=(first, *others))


def rescheduled(
    meeting: Meeting, starts_at: datetime, ends_at: datetime | None, words: Text, at: datetime
) -> Meeting:
    """Another day or hour, with a dated correction where the old one was announced."""
    correction = Correction(at, words, instead_of=meeting.starts_at)
    is_known = meeting.announced_at is not None
    return replace(
        meeting,
        day=starts_at.date(),
        starts_at=starts_at,
        ends_at=ends_at,
        corrections=(*meeting.corrections, correction) if is_known else meeting.corrections,
    )


def cancelled(meeting: Meeting, reason: Text, at: datetime) -> Meeting:
    """An announced meeting is cancelled and says why; one that nobody knows of is discarded."""
    if meeting.announced_at is None:
        return meeting.moved_to(Phase.DISCARDED, at)
    moved = meeting.moved_to(Phase.CANCELLED, at)
    return replace(moved, cancellation=Correction(at, reason, instead_of=meeting.starts_at))


def require_ready(meeting: Meeting, phase: Phase) -> None:
    """Raises `NotReady` with the codes of what keeps the meeting from this phase."""
    lacks = [finding.code for finding in findings(meeting) if finding.blocks(phase)]
    if lacks:
        raise NotReady(lacks)


def sums(meeting: Meeting) -> Sums:
    length = meeting.planned_length()
    ends_at = meeting.starts_at + length if meeting.starts_at else None
    spoken = [item for item in meeting.agenda if item.kind is not ItemKind.BREAK]

    def of(side: SideId | None) -> timedelta:
        return sum((item.length for item in spoken if item.side == side), timedelta())

    return Sums(
        length=length,
        ends_at=ends_at,
        over=ends_at - meeting.ends_at if ends_at and meeting.ends_at else None,
        by_side=tuple((side.id, of(side.id)) for side in meeting.sides),
        together=of(None),
    )


def findings(meeting: Meeting) -> list[Finding]:
    """All that is lacking or doubtful, by step."""
    return [
        *_about_substance(meeting),
        *_about_sides(meeting),
        *_about_roster(meeting),
        *_about_programme(meeting),
        *_about_access(meeting),
    ]


def _about_substance(meeting: Meeting) -> Iterator[Finding]:
    step = Step.SUBSTANCE
    if meeting.day is None:
        yield Finding(step, "day", "day_missing", Phase.AGREED)
    if meeting.lead is None:
        yield Finding(step, "lead", "lead_missing", Phase.ANNOUNCED)
    if meeting.starts_at is None:
        yield Finding(step, "starts", "hour_missing", Phase.SOUND_CHECK)
    elif meeting.ends_at is None:
        yield Finding(step, "ends", "end_missing")
    if not meeting.background:
        yield Finding(step, "background", "background_missing")
    for field, words in (("title", meeting.title), ("lead", meeting.lead)):
        written = dict(words.words) if words else {}
        for language in meeting.languages:
            if words and language not in written:
                yield Finding(step, f"{field}.{language}", "not_in_language")


def _about_sides(meeting: Meeting) -> Iterator[Finding]:
    step = Step.SIDES
    if len(meeting.sides) < 2:
        yield Finding(step, "sides", "second_side_missing", Phase.AGREED)
    for number, side in enumerate(meeting.sides):
        at = f"sides[{number}]"
        if not side.sites:
            yield Finding(step, f"{at}.sites", "site_missing", Phase.AGREED)
        if side.office_contact is None:
            yield Finding(step, f"{at}.office_contact", "office_contact_missing")
        yield from _about_sites(side, at)


def _about_sites(side: Side, at: str) -> Iterator[Finding]:
    for place, site in enumerate(side.sites):
        if site.technician is None or site.phone is None:
            yield Finding(Step.SIDES, f"{at}.sites[{place}].technician", "technician_missing")
        if site.address is None:
            yield Finding(Step.SIDES, f"{at}.sites[{place}].address", "address_missing")


def _about_roster(meeting: Meeting) -> Iterator[Finding]:
    step = Step.ROSTER
    for number, side in enumerate(meeting.sides):
        if meeting.leader_of(side.id) is None:
            yield Finding(step, f"sides[{number}].leader", "leader_missing", Phase.ANNOUNCED)
    for number, person in enumerate(meeting.roster):
        if not person.is_group and person.name is None:
            yield Finding(step, f"roster[{number}].name", "name_missing")
        if _is_unreachable(person):
            yield Finding(step, f"roster[{number}].email", "email_missing")


def _is_unreachable(person: Participation) -> bool:
    """Whoever sits in a hall is called by his office; one who joins alone needs a letter."""
    is_alone = not person.is_group and person.site is None and person.name is not None
    return is_alone and person.email is None and not person.is_replaced


def _about_programme(meeting: Meeting) -> Iterator[Finding]:
    step = Step.PROGRAMME
    if not meeting.agenda:
        yield Finding(step, "agenda", "programme_missing", Phase.ASSEMBLY)
    for number, item in enumerate(meeting.agenda):
        at = f"agenda[{number}]"
        if not item.length:
            yield Finding(step, f"{at}.length", "length_missing")
        if item.kind is ItemKind.SPEECH and not item.rapporteurs:
            yield Finding(step, f"{at}.rapporteurs", "rapporteur_missing")
        for position, speaker in enumerate(item.rapporteurs):
            person = meeting.participation(speaker)
            if person and person.answer in (Answer.DECLINED, Answer.REPLACED):
                yield Finding(step, f"{at}.rapporteurs[{position}]", "rapporteur_absent")
    total = sums(meeting)
    if total.over is not None and total.over > timedelta():
        yield Finding(step, "agenda", "ends_late")


def _about_access(meeting: Meeting) -> Iterator[Finding]:
    step = Step.ACCESS
    is_recorded = meeting.record is not RecordPolicy.NONE
    if meeting.legal_ground is None and (is_recorded or meeting.webcast is not Webcast.NONE):
        yield Finding(step, "legal_ground", "legal_ground_missing", Phase.SOUND_CHECK)
    if is_recorded and meeting.retention_days is None:
        yield Finding(step, "retention_days", "retention_missing", Phase.SOUND_CHECK)
