"""The agreement as the cabinet and the offices of the sides read it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from veche.domain.agreement import (
    REMARK_LETTERS_MAX,
    Remark,
    Standing,
    difference_for,
    is_agreed,
    mark_of,
    standing_of,
)
from veche.domain.identity import SideId
from veche.domain.meeting import Phase
from veche.domain.phases import PLANNED
from veche.domain.roster import ROSTER_MAX
from veche.services.agreement import Agreed, Seen
from veche.web.fields import Line, Words
from veche.web.plan_answers import ChangeShape, plan_answer
from veche.web.plan_shapes import (
    AccessShape,
    AgendaItemShape,
    ParticipationShape,
    PlannedSideShape,
    SiteShape,
    StepSave,
    SubstanceShape,
    SumsShape,
)

Paragraph = Annotated[
    str, StringConstraints(min_length=1, max_length=REMARK_LETTERS_MAX, strip_whitespace=True)
]
Mark = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)


class AcceptanceShape(_Shape):
    by: str = Field(examples=["С. Попков, министр связи и информатизации"])
    at: datetime
    version: int
    """Of the meeting, when it was accepted."""
    note: str | None
    recorded_by: str | None
    """Who wrote it down from a letter; null: by the side's own link."""


class RemarkShape(_Shape):
    id: str
    by: str
    at: datetime
    words: str
    about: str | None = Field(examples=["agenda[veterans]"])
    reply: str | None
    replied_at: datetime | None
    closed_at: datetime | None


class SideAgreementShape(_Shape):
    side: str
    name: Words
    standing: Standing
    acceptance: AcceptanceShape | None
    changes: list[ChangeShape]
    """What is another text since this side has accepted."""
    remarks: list[RemarkShape]


class AgreementShape(_Shape):
    """Where the sides are; an acceptance holds while the text is the one that was accepted."""

    asked_at: datetime | None
    is_agreed: bool
    mark: str
    """Of the text as it stands: what an acceptance must name."""
    sides: list[SideAgreementShape]


class AgreementAnswer(AgreementShape):
    number: int
    version: int
    phase: Phase


class OfficeAnswer(_Shape):
    """The meeting as the office of one side sees it, with its own delegation to keep.

    E-mails, telephones and seats of the other sides are left out.
    """

    number: int
    version: int
    phase: Phase
    is_demo: bool
    is_frozen: bool
    organiser: Words
    side: str
    """Whose office this is."""
    substance: SubstanceShape
    sides: list[PlannedSideShape]
    roster: list[ParticipationShape]
    agenda: list[AgendaItemShape]
    access: AccessShape
    sums: SumsShape
    agreement: AgreementShape


class LinkAnswer(_Shape):
    """The secret is told once: only its hash is kept."""

    secret: str
    path: str = Field(examples=["/o/SECRET"])


class SaveDelegation(StepSave):
    roster: Annotated[list[ParticipationShape], Field(max_length=ROSTER_MAX)]
    """The side's own lines, all of them, by precedence."""


class NewRemark(_Shape):
    by: Line = Field(examples=["Протокольный отдел администрации"])
    words: Paragraph
    about: Line | None = None
    """A field or a line of a list: `agenda[veterans]`."""


class NewReply(_Shape):
    words: Paragraph


class NewAcceptance(_Shape):
    by: Line = Field(examples=["А. Криволапов, заместитель губернатора"])
    mark: Mark
    note: Line | None = None


class RecordedAcceptance(_Shape):
    by: Line
    mark: Mark
    note: Line = Field(examples=["письмо № 15-08/112 от 26 марта"])


def agreement_shape(agreed: Agreed) -> AgreementShape:
    return AgreementShape(
        asked_at=agreed.agreement.asked_at,
        is_agreed=is_agreed(agreed.agreement, agreed.meeting),
        mark=mark_of(agreed.meeting),
        sides=[_side_shape(agreed, side.id) for side in agreed.meeting.sides],
    )


def agreement_answer(agreed: Agreed) -> AgreementAnswer:
    meeting = agreed.meeting
    return AgreementAnswer(
        **dict(agreement_shape(agreed)),
        number=meeting.number,
        version=meeting.version,
        phase=meeting.phase,
    )


def office_answer(seen: Seen) -> OfficeAnswer:
    plan = plan_answer(seen.agreed.meeting)
    return OfficeAnswer(
        number=plan.number,
        version=plan.version,
        phase=plan.phase,
        is_demo=plan.is_demo,
        is_frozen=seen.agreed.meeting.phase not in PLANNED,
        organiser=plan.organiser,
        side=seen.side,
        substance=plan.substance,
        sides=[side if side.id == seen.side else _without_contacts(side) for side in plan.sides],
        roster=[
            line.model_copy(update={"person": None} if line.side == seen.side else _NOT_THEIRS)
            for line in plan.roster
        ],
        agenda=plan.agenda,
        access=plan.access,
        sums=plan.sums,
        agreement=agreement_shape(seen.agreed),
    )


_NOT_THEIRS = {"email": None, "seat": None, "person": None}


def _without_contacts(side: PlannedSideShape) -> PlannedSideShape:
    hidden = {"technician": None, "phone": None, "reserve_phone": None}
    sites: list[SiteShape] = [site.model_copy(update=hidden) for site in side.sites]
    return side.model_copy(update={"sites": sites, "office_contact": None})


def _side_shape(agreed: Agreed, side: SideId) -> SideAgreementShape:
    meeting, agreement = agreed.meeting, agreed.agreement
    acceptance = agreement.acceptance_of(side)
    return SideAgreementShape(
        side=side,
        name=meeting.side(side).name,
        standing=standing_of(agreement, meeting, side),
        acceptance=AcceptanceShape.model_validate(acceptance) if acceptance else None,
        changes=[ChangeShape.model_validate(it) for it in difference_for(agreement, meeting, side)],
        remarks=[_remark_shape(remark) for remark in agreement.remarks_of(side)],
    )


def _remark_shape(remark: Remark) -> RemarkShape:
    return RemarkShape.model_validate(remark)
