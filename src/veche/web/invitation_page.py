"""`/i/SECRET`: what an invited person reads and answers, without a script.

The secret in the address is the right to it, and what a foreign page would have to know to
answer in somebody's name. A reader who opens the page changes nothing.
"""

import asyncio
from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from veche.domain.access import Action
from veche.domain.actor import Asker
from veche.domain.answering import NAME_LETTERS_MAX, POST_LETTERS_MAX, Substitute
from veche.domain.errors import FieldsRefused, Over, Unknown, WordsRefused
from veche.domain.invitation import Recipient, RecipientKind
from veche.domain.meeting import Meeting, Participation, Phase
from veche.domain.phases import PLANNED
from veche.domain.roster import Answer
from veche.domain.text import Language
from veche.services.asking import OpenedLink, asker_of
from veche.services.inviting import new_participation_id
from veche.web.api.common import Rooms, address_of
from veche.web.house import House
from veche.web.invitation import invitation_words
from veche.web.rendering import answer, render
from veche.web.security import form_policy, request_id_of
from veche.web.shelf import Rendered
from veche.web.sight import Sight

router = APIRouter()

_FIELDS_MAX: Final = 10
_SIMPLE: Final = {"coming": Answer.COMING, "declined": Answer.DECLINED}


@router.get("/i/{secret}")
async def invitation(
    secret: str, request: Request, house: Rooms, language: str | None = None
) -> Response:
    try:
        opened = await _open(secret, request, house)
    except Over:
        return _gone(request, house)
    return _page(opened, secret, request, house, _language(opened, language, request, house))


@router.post("/i/{secret}")
async def answer_invitation(secret: str, request: Request, house: Rooms) -> Response:
    """The answer of the form; afterwards the browser reads the page anew."""
    fields = _fields(await request.body())
    try:
        opened = await _open(secret, request, house)
    except Over:
        return _gone(request, house)
    language = _language(opened, fields.get("language"), request, house)
    asker = asker_of(opened, request_id_of(request.scope))
    try:
        said, substitute = _said(fields, opened, language)
        await asyncio.to_thread(house.inviting.answer, asker, said, substitute)
    except (FieldsRefused, WordsRefused) as refused:
        faults = (
            refused.fields
            if isinstance(refused, FieldsRefused)
            else dict.fromkeys(("name", "post"), "unreadable")
        )
        return _page(opened, secret, request, house, language, fields=fields, faults=faults)
    return RedirectResponse(f"/i/{secret}?language={language}", status_code=303)


async def _open(secret: str, request: Request, house: House) -> OpenedLink:
    """A link of a person; others answer nothing and are unknown here."""
    opened = await asyncio.to_thread(house.asking.open_link, secret, address_of(request))
    if opened.invitation.participation is None:
        raise Unknown
    asker_of(opened).require(Action.READ_INVITATION, opened.meeting)
    return opened


def _fields(body: bytes) -> dict[str, str]:
    """What a form sends; what is none has no fields."""
    try:
        parsed = parse_qs(
            body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_MAX, errors="strict"
        )
    except ValueError:
        return {}
    return {name: values[0] for name, values in parsed.items()}


def _said(
    fields: dict[str, str], opened: OpenedLink, language: Language
) -> tuple[Answer, Substitute | None]:
    if fields.get("answer") == Answer.REPLACED:
        new_id = new_participation_id(_person(opened))
        typed = (fields.get("name", ""), fields.get("post", ""))
        return Answer.REPLACED, Substitute.parse(new_id, *typed, language)
    said = _SIMPLE.get(fields.get("answer", ""))
    if said is None:
        raise FieldsRefused({"answer": "missing"})
    return said, None


def _person(opened: OpenedLink) -> Participation:
    assert opened.invitation.participation is not None, "a link of a person"
    person = opened.meeting.participation(opened.invitation.participation)
    assert person is not None, "a link that opens leads to somebody"
    return person


def _language(opened: OpenedLink, asked: str | None, request: Request, house: House) -> Language:
    if asked in tuple(Language):
        return Language(asked)
    return house.language_of(request)


def _page(
    opened: OpenedLink,
    secret: str,
    request: Request,
    house: House,
    language: Language,
    *,
    fields: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
) -> Response:
    sight = Sight.of(request)
    meeting, person = opened.meeting, _person(opened)
    words = invitation_words(meeting, Recipient(RecipientKind.PERSON, person.id), language)
    text = render(
        house,
        "invitation.html",
        language,
        sight,
        words=words,
        secret=secret,
        number=meeting.number,
        answer=person.answer.value,
        substitute=_substitute(meeting, person, language),
        may_answer=_may_answer(asker_of(opened), meeting),
        is_cancelled=meeting.phase is Phase.CANCELLED,
        is_public=Asker.stranger().may(Action.READ_ANNOUNCEMENT, meeting),
        fields=fields or {},
        faults=faults or {},
        limits={"name": NAME_LETTERS_MAX, "post": POST_LETTERS_MAX},
        languages=house.languages,
    )
    headers = {
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
        "Content-Security-Policy": form_policy(house.media_url_of(request)),
        # Without a referrer browsers name no origin with a form, and it would look foreign.
        "Referrer-Policy": "same-origin",
    }
    status = 422 if faults else 200
    return answer(
        request, house, Rendered.of(text), language, sight, status=status, headers=headers
    )


def _may_answer(asker: Asker, meeting: Meeting) -> bool:
    return meeting.phase in PLANNED and asker.may(Action.ANSWER_INVITATION, meeting)


def _substitute(meeting: Meeting, person: Participation, language: Language) -> str:
    instead = meeting.participation(person.replaced_by) if person.replaced_by else None
    if instead is None:
        return ""
    return (instead.name or instead.post).in_language(language, meeting.language)


def _gone(request: Request, house: House) -> Response:
    """Withdrawn or expired: the holder is told, who guesses is not."""
    language, sight = house.language_of(request), Sight.of(request)
    text = render(house, "invitation_gone.html", language, sight)
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return answer(request, house, Rendered.of(text), language, sight, status=410, headers=headers)
