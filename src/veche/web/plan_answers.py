"""What the cabinet is told of planned meetings: the whole of one, and lines of many."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from veche.domain.agreement import Agreement, Standing, standing_of
from veche.domain.meeting import Meeting, Phase, Step
from veche.domain.phases import NEXT, ONWARD, PLANNED
from veche.domain.planning import FIELDS, Finding, findings, sums
from veche.domain.roster import Answer
from veche.services.listing import MeetingPage
from veche.web.fields import Words
from veche.web.plan_shapes import (
    AccessShape,
    AgendaItemShape,
    CorrectionShape,
    FindingShape,
    ParticipationShape,
    PlanAnswer,
    PlannedSideShape,
    SideTimeShape,
    StepStateShape,
    SubstanceShape,
    SumsShape,
    shapes_of,
)


class MeetingLine(BaseModel):
    """One meeting in a list, with its lamps: a step with findings is not ready."""

    model_config = ConfigDict(frozen=True)

    number: int
    version: int
    phase: Phase
    is_demo: bool
    title: Words
    short_title: Words
    day: date | None
    starts_at: datetime | None
    zone: str
    cities: list[Words]
    """Of all halls, host first."""
    leaders: list[Words]
    people: int
    """Persons and counted groups together."""
    findings: list[FindingShape]
    next_phase: Phase | None
    """The usual next one; null: the meeting has come to its end."""
    sides: int
    accepted: int
    """Sides that have accepted the text as it stands."""
    invited: int
    """Persons by name; groups answer as a whole and are not counted."""
    answered: int


class MeetingList(BaseModel):
    """A page of a list; `next` is for the parameter `after`, null at the end."""

    model_config = ConfigDict(frozen=True)

    meetings: list[MeetingLine]
    next: str | None = Field(examples=["2026-04-01:67"])
    counts: dict[str, int] = Field(
        description="How many meetings stand in each group of phases.",
        examples=[{"preparing": 3, "documents": 1, "published": 12, "cancelled": 0}],
    )


class ChangeShape(BaseModel):
    """One field, as it was and as it became; null: not there. Words are told by language."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    field: str = Field(examples=["roster[popkov].post"])
    before: Any  # of any field
    after: Any


class EntryShape(BaseModel):
    """One record of who changed what; with `refusal`, of what somebody was refused."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    sequence: int
    at: datetime
    by: str
    action: str = Field(examples=["save_roster"])
    refusal: str | None
    step: Step | None
    version: int | None
    changes: list[ChangeShape]


class HistoryAnswer(BaseModel):
    model_config = ConfigDict(frozen=True)

    entries: list[EntryShape]


def plan_answer(meeting: Meeting, advice: Sequence[Finding] = ()) -> PlanAnswer:
    """`advice`: what others than the meeting itself have found."""
    return PlanAnswer(
        number=meeting.number,
        version=meeting.version,
        phase=meeting.phase,
        is_demo=meeting.demo_note is not None,
        is_frozen=meeting.phase not in PLANNED,
        organisation=meeting.organisation,
        organiser=meeting.organiser,
        announced_at=meeting.announced_at,
        corrections=shapes_of(CorrectionShape, meeting.corrections),
        cancellation=CorrectionShape.model_validate(meeting.cancellation)
        if meeting.cancellation
        else None,
        substance=SubstanceShape.of(meeting),
        sides=shapes_of(PlannedSideShape, meeting.sides),
        roster=shapes_of(ParticipationShape, meeting.roster),
        agenda=[AgendaItemShape.of(item) for item in meeting.agenda],
        access=AccessShape.model_validate(meeting),
        sums=sums_shape(meeting),
        findings=[finding_shape(finding) for finding in (*findings(meeting), *advice)],
        steps=[_step_state(meeting, step) for step in FIELDS],
        next_phases=[phase for phase in Phase if phase in NEXT[meeting.phase]],
    )


def meeting_list(page: MeetingPage) -> MeetingList:
    return MeetingList(
        meetings=[_line(meeting, page.agreements[meeting.number]) for meeting in page.meetings],
        next=page.next,
        counts={group.value: count for group, count in page.counts.items()},
    )


def finding_shape(finding: Finding) -> FindingShape:
    return FindingShape.model_validate(finding)


def sums_shape(meeting: Meeting) -> SumsShape:
    total = sums(meeting)
    return SumsShape(
        seconds=int(total.length.total_seconds()),
        starts=list(meeting.item_starts()),
        ends_at=total.ends_at,
        over_seconds=None if total.over is None else int(total.over.total_seconds()),
        by_side=[
            SideTimeShape(side=side, seconds=int(length.total_seconds()))
            for side, length in total.by_side
        ],
        together_seconds=int(total.together.total_seconds()),
    )


def _line(meeting: Meeting, agreement: Agreement) -> MeetingLine:
    asked = [it for it in meeting.roster if it.name and not it.is_replaced]
    leaders = [meeting.leader_of(side.id) for side in meeting.sides]
    return MeetingLine(
        number=meeting.number,
        version=meeting.version,
        phase=meeting.phase,
        is_demo=meeting.demo_note is not None,
        title=meeting.title,
        short_title=meeting.short_title,
        day=meeting.day,
        starts_at=meeting.starts_at,
        zone=meeting.zone,
        cities=[site.city for _, site in meeting.sites_in_order()],
        leaders=[leader.name for leader in leaders if leader and leader.name],
        people=sum(person.count or 1 for person in meeting.roster if not person.is_replaced),
        findings=[finding_shape(finding) for finding in findings(meeting)],
        next_phase=ONWARD.get(meeting.phase),
        sides=len(meeting.sides),
        accepted=sum(
            standing_of(agreement, meeting, side.id) is Standing.ACCEPTED for side in meeting.sides
        ),
        invited=len(asked),
        answered=sum(person.answer is not Answer.AWAITED for person in asked),
    )


def _step_state(meeting: Meeting, step: Step) -> StepStateShape:
    change = meeting.last_change_of(step)
    return StepStateShape(
        step=step,
        version=change.version if change else 0,
        by=change.by if change else None,
        at=change.at if change else None,
    )
