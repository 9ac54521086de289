"""Invitations of a meeting: who is invited, what was sent, what waits in the outbox."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from veche.domain.invitation import Recipient, RecipientKind
from veche.domain.letters import Letter, LetterId, LetterKind, LetterState
from veche.domain.meeting import MeetingNumber
from veche.domain.roster import ROSTER_MAX, Answer
from veche.domain.text import Language
from veche.services.inviting import Invited
from veche.web.api.common import AccountAsker, Number, Rooms
from veche.web.api.once import Once

router = APIRouter()

_ID_LETTERS_MAX: Final = 64

LetterPath = Annotated[str, Path(max_length=_ID_LETTERS_MAX)]


class RecipientShape(BaseModel):
    """`id` is of the participation, the site or the side."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"kind": "person", "id": "popkov"}}
    )

    kind: RecipientKind
    id: Annotated[str, Field(min_length=1, max_length=_ID_LETTERS_MAX)]


class RecipientsRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    recipients: Annotated[list[RecipientShape], Field(min_length=1, max_length=ROSTER_MAX)]
    language: Language | None = None
    """Of the letters; the meeting's own without it."""


class LetterShape(BaseModel):
    id: str
    recipient: RecipientShape
    kind: LetterKind
    state: LetterState
    language: Language
    address: str | None
    """`null`: there is no address to send to, it is taken by hand."""
    made_at: datetime
    left_at: datetime | None
    attempts: int
    next_attempt_at: datetime | None
    """While it waits for the mail server."""
    failure: str | None
    """What the mail server said last, in its own words."""
    can_be_taken: bool
    """It has not left: `.eml` and `.pdf` can be had."""


class InvitedShape(BaseModel):
    """Somebody who can be invited, and how far that has come."""

    recipient: RecipientShape
    name: dict[Language, str]
    post: dict[Language, str] | None
    address: str | None
    has_link: bool
    letter: LetterShape | None
    """The newest one; `null`: not invited yet."""
    answer: Answer | None
    """Of a person."""


class InvitationsAnswer(BaseModel):
    """Offices, halls, then persons in the order of the roster."""

    invited: list[InvitedShape]
    has_mail_server: bool
    """Without one every letter is taken from the outbox by hand."""


class OutboxAnswer(BaseModel):
    """Newest first."""

    letters: list[LetterShape]
    has_mail_server: bool


@router.get("/meetings/{number}/invitations")
async def invitations(number: Number, asker: AccountAsker, house: Rooms) -> InvitationsAnswer:
    """Who can be invited, who is, and what they answered."""
    invited = await asyncio.to_thread(house.inviting.overview, asker, MeetingNumber(number))
    return _answer(invited, house)


@router.post("/meetings/{number}/invitations")
async def invite(
    number: Number, asked: RecipientsRequest, asker: AccountAsker, house: Rooms, once: Once
) -> InvitationsAnswer:
    """A letter with a new link to each; links that were sent before end with it."""

    async def invite() -> InvitationsAnswer:
        invited = await asyncio.to_thread(
            house.inviting.invite,
            asker,
            MeetingNumber(number),
            _recipients(asked),
            asked.language,
        )
        return _answer(invited, house)

    return await once(asker.actor, InvitationsAnswer, invite)


@router.post("/meetings/{number}/invitations/reminders")
async def remind(
    number: Number, asked: RecipientsRequest, asker: AccountAsker, house: Rooms, once: Once
) -> InvitationsAnswer:
    """One more letter; earlier links go on opening."""

    async def remind() -> InvitationsAnswer:
        invited = await asyncio.to_thread(
            house.inviting.remind,
            asker,
            MeetingNumber(number),
            _recipients(asked),
            asked.language,
        )
        return _answer(invited, house)

    return await once(asker.actor, InvitationsAnswer, remind)


@router.post("/meetings/{number}/invitations/withdrawals")
async def withdraw(
    number: Number, asked: RecipientsRequest, asker: AccountAsker, house: Rooms
) -> InvitationsAnswer:
    """Every link of these recipients ends at once; letters that wait do not leave."""
    invited = await asyncio.to_thread(
        house.inviting.withdraw, asker, MeetingNumber(number), _recipients(asked)
    )
    return _answer(invited, house)


@router.get("/meetings/{number}/letters")
async def outbox(number: Number, asker: AccountAsker, house: Rooms) -> OutboxAnswer:
    """All letters of the meeting: what waits, what has left, what failed and why."""
    letters = await asyncio.to_thread(house.inviting.outbox, asker, MeetingNumber(number))
    shown = [_letter_shape(letter) for letter in letters]
    return OutboxAnswer(letters=shown, has_mail_server=house.has_mail_server)


_Responses = dict[int | str, dict[str, Any]]  # Any: as OpenAPI describes answers
_MESSAGE: Final[_Responses] = {
    200: {"content": {"message/rfc822": {}}, "description": "The letter whole."}
}
_PRINT: Final[_Responses] = {
    200: {"content": {"application/pdf": {}}, "description": "The letter on paper."}
}


@router.get("/meetings/{number}/letters/{letter}.eml", responses=_MESSAGE)
async def message(
    number: Number, letter: LetterPath, request: Request, asker: AccountAsker, house: Rooms
) -> Response:
    """A letter that has not left, as a mail program opens it."""
    opened = await asyncio.to_thread(
        house.inviting.letter, asker, MeetingNumber(number), LetterId(letter)
    )
    base = house.base_url_of(request)
    content = await asyncio.to_thread(house.letters.write, opened, base)
    return _file(content, "message/rfc822", f"letter-{number}.eml")


@router.get("/meetings/{number}/letters/{letter}.pdf", responses=_PRINT)
async def printed(
    number: Number, letter: LetterPath, request: Request, asker: AccountAsker, house: Rooms
) -> Response:
    """A letter that has not left, on the organisation's form."""
    opened = await asyncio.to_thread(
        house.inviting.letter, asker, MeetingNumber(number), LetterId(letter)
    )
    base = house.base_url_of(request)
    content = await asyncio.to_thread(house.letters.print, opened, base)
    return _file(content, "application/pdf", f"letter-{number}.pdf")


@router.post("/meetings/{number}/letters/{letter}/handed")
async def hand_over(
    number: Number, letter: LetterPath, asker: AccountAsker, house: Rooms
) -> LetterShape:
    """Somebody took the letter to its recipient: it cannot be had a second time."""
    handed = await asyncio.to_thread(
        house.inviting.hand_over, asker, MeetingNumber(number), LetterId(letter)
    )
    return _letter_shape(handed)


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type=media_type, headers=headers)


def _recipients(asked: RecipientsRequest) -> list[Recipient]:
    """Each once, in the order in which they were asked for."""
    return list(dict.fromkeys(Recipient(one.kind, one.id) for one in asked.recipients))


def _answer(invited: list[Invited], house: Rooms) -> InvitationsAnswer:
    return InvitationsAnswer(
        invited=[
            InvitedShape(
                recipient=_recipient_shape(one.recipient),
                name=dict(one.name.words),
                post=dict(one.post.words) if one.post else None,
                address=one.address,
                has_link=one.has_link,
                letter=_letter_shape(one.letter) if one.letter else None,
                answer=one.answer,
            )
            for one in invited
        ],
        has_mail_server=house.has_mail_server,
    )


def _recipient_shape(recipient: Recipient) -> RecipientShape:
    return RecipientShape.model_construct(kind=recipient.kind, id=recipient.id)


def _letter_shape(letter: Letter) -> LetterShape:
    is_waiting = letter.state is LetterState.WAITING and letter.address is not None
    return LetterShape(
        id=letter.id,
        recipient=_recipient_shape(letter.recipient),
        kind=letter.kind,
        state=letter.state,
        language=letter.language,
        address=letter.address,
        made_at=letter.made_at,
        left_at=letter.left_at,
        attempts=letter.attempts,
        next_attempt_at=letter.due_at if is_waiting else None,
        failure=letter.failure,
        can_be_taken=letter.seed is not None,
    )
