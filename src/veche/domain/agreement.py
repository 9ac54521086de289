"""Agreement of the sides' offices on one and the same text.

An acceptance keeps what was accepted. It holds for as long as the meeting still says the same,
so that nobody has to remember to withdraw it: a later change asks again by itself and shows the
difference, and a change that is taken back asks nobody.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from veche.domain.audit import Json
from veche.domain.difference import Change, State, changes
from veche.domain.errors import FieldsRefused, Unknown
from veche.domain.identity import MeetingNumber, SideId
from veche.domain.meeting import Meeting, Phase
from veche.domain.plain import plain

RemarkId = NewType("RemarkId", str)

REMARKS_MAX: Final = 500
"""Of one meeting: offices that have more to say than this meet in person."""
REMARK_LETTERS_MAX: Final = 4_000
_MARK_LETTERS: Final = 16
"""64 bits of a hash: two texts of one meeting are told apart, nothing is proved by it."""

_OF_MEETING: Final = (
    "kind",
    "title",
    "lead",
    "background",
    "day",
    "starts_at",
    "ends_at",
    "zone",
    "language",
    "webcast",
    "record",
    "retention_days",
    "legal_ground",
)
_OF_SIDE: Final = ("id", "name", "wording", "has_others")
_OF_SITE: Final = ("id", "city", "name", "zone", "address")
_OF_PERSON: Final = (
    "id",
    "side",
    "site",
    "name",
    "full_name",
    "post",
    "organisation",
    "office",
    "role",
    "leads_side",
    "count",
    "is_announced",
)
_OF_ITEM: Final = ("id", "kind", "title", "length", "note", "rapporteurs", "speech_limit", "side")
"""What is agreed on: who, where, when, about what, in which order, and who may watch. Phones,
seats, consents and answers are each side's own business."""


class Standing(StrEnum):
    """Where one side is with its agreement."""

    NOT_ASKED = "not_asked"
    AWAITED = "awaited"
    REMARKS = "remarks"
    """It has said something that is not settled."""
    ACCEPTED = "accepted"
    ASKED_AGAIN = "asked_again"
    """It has accepted, and the text is another one since."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    side: SideId
    by: str
    """Name and post of who accepted, as he wrote them."""
    at: datetime
    version: int
    """Of the meeting."""
    text: State
    """What was accepted."""
    note: str | None = None
    recorded_by: str | None = None
    """Who of the organiser's staff wrote it down from a letter; None: by the side's own link."""


@dataclass(frozen=True, slots=True)
class Remark:
    id: RemarkId
    side: SideId
    by: str
    at: datetime
    words: str
    about: str | None = None
    """A field, as a change names it: `agenda[veterans]`."""
    reply: str | None = None
    replied_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    meeting: MeetingNumber
    asked_at: datetime | None = None
    acceptances: tuple[Acceptance, ...] = ()
    """The last one of each side."""
    remarks: tuple[Remark, ...] = ()

    def acceptance_of(self, side: SideId) -> Acceptance | None:
        return next((it for it in self.acceptances if it.side == side), None)

    def remarks_of(self, side: SideId) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.remarks if remark.side == side)


def text_of(meeting: Meeting) -> State:
    """What the sides agree on, by field."""
    return {
        **_told(meeting, _OF_MEETING),
        "sides": [
            {**_told(side, _OF_SIDE), "sites": [_told(site, _OF_SITE) for site in side.sites]}
            for side in meeting.sides
        ],
        "roster": [_told(person, _OF_PERSON) for person in meeting.roster],
        "agenda": [_told(item, _OF_ITEM) for item in meeting.agenda],
    }


def mark_of(meeting: Meeting) -> str:
    """A short name of the text, to say which one is accepted."""
    written = json.dumps(text_of(meeting), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:_MARK_LETTERS]


def standing_of(agreement: Agreement, meeting: Meeting, side: SideId) -> Standing:
    acceptance = agreement.acceptance_of(side)
    if acceptance is not None and acceptance.text == text_of(meeting):
        return Standing.ACCEPTED
    if any(remark.closed_at is None for remark in agreement.remarks_of(side)):
        return Standing.REMARKS
    if acceptance is not None:
        return Standing.ASKED_AGAIN
    return Standing.AWAITED if agreement.asked_at is not None else Standing.NOT_ASKED


def difference_for(agreement: Agreement, meeting: Meeting, side: SideId) -> tuple[Change, ...]:
    """What is another text since the side has accepted; nothing for one that has not yet."""
    acceptance = agreement.acceptance_of(side)
    return tuple(changes(acceptance.text, text_of(meeting))) if acceptance else ()


def is_agreed(agreement: Agreement, meeting: Meeting) -> bool:
    """Whether all sides, and at least two, have accepted the text as it stands."""
    return len(meeting.sides) >= 2 and all(
        standing_of(agreement, meeting, side.id) is Standing.ACCEPTED for side in meeting.sides
    )


def settled(agreement: Agreement, meeting: Meeting, at: datetime) -> Meeting:
    """The meeting in the phase that its agreement leads to; announced ones stay announced."""
    agreed = is_agreed(agreement, meeting)
    if agreed and meeting.phase is Phase.DRAFT:
        return meeting.moved_to(Phase.AGREED, at)
    if not agreed and meeting.phase is Phase.AGREED:
        return meeting.moved_to(Phase.DRAFT, at)
    return meeting


def asked(agreement: Agreement, at: datetime) -> Agreement:
    return replace(agreement, asked_at=at)


def withdrawn(agreement: Agreement) -> Agreement:
    """All is asked anew: the office has taken the draft back."""
    return replace(agreement, asked_at=None, acceptances=())


def accepted(agreement: Agreement, acceptance: Acceptance) -> Agreement:
    """With this acceptance in place of the side's earlier one; its remarks are settled by it."""
    others = tuple(it for it in agreement.acceptances if it.side != acceptance.side)
    remarks = tuple(
        replace(it, closed_at=acceptance.at)
        if it.side == acceptance.side and it.closed_at is None
        else it
        for it in agreement.remarks
    )
    return replace(agreement, acceptances=(*others, acceptance), remarks=remarks)


def remarked(agreement: Agreement, remark: Remark) -> Agreement:
    if len(agreement.remarks) >= REMARKS_MAX:
        raise FieldsRefused({"words": "too_many"})
    return replace(agreement, remarks=(*agreement.remarks, remark))


def replied(agreement: Agreement, wanted: RemarkId, words: str, at: datetime) -> Agreement:
    """With the organiser's answer; the side still says whether it is content."""
    return _with_remark(agreement, wanted, reply=words, replied_at=at)


def closed(agreement: Agreement, wanted: RemarkId, at: datetime) -> Agreement:
    return _with_remark(agreement, wanted, closed_at=at)


def remark_of(agreement: Agreement, wanted: RemarkId, side: SideId | None) -> Remark:
    """One remark, of this side or (None) of any. Raises `Unknown`."""
    found = next((it for it in agreement.remarks if it.id == wanted), None)
    if found is None or side not in (None, found.side):
        raise Unknown
    return found


def _with_remark(agreement: Agreement, wanted: RemarkId, **changed: Json) -> Agreement:
    remark_of(agreement, wanted, None)
    remarks = tuple(replace(it, **changed) if it.id == wanted else it for it in agreement.remarks)
    return replace(agreement, remarks=remarks)


def _told(value: object, names: tuple[str, ...]) -> State:
    return {name: plain(getattr(value, name)) for name in names}
