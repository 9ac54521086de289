"""Agreement: what the organiser asks and answers, and the one link of each side's office.

The office shows its secret in `Authorization: Link SECRET`; it never stands in an address that
this server writes down.
"""

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path

from veche.domain.actor import Asker
from veche.domain.agreement import RemarkId
from veche.domain.identity import ID_LETTERS_MAX, SideId
from veche.domain.meeting import MeetingNumber
from veche.services.agreement import Agreed, Seen
from veche.web.agreement_shapes import (
    AgreementAnswer,
    LinkAnswer,
    NewAcceptance,
    NewRemark,
    NewReply,
    OfficeAnswer,
    RecordedAcceptance,
    SaveDelegation,
    agreement_answer,
    office_answer,
)
from veche.web.api.common import AccountAsker, LinkAsker, Number, Rooms
from veche.web.api.once import Once, OnceOnly

router = APIRouter(tags=["agreement"])
Side = Annotated[str, Path(max_length=ID_LETTERS_MAX)]
RemarkPath = Annotated[str, Path(max_length=ID_LETTERS_MAX)]


@router.get("/meetings/{number}/agreement")
async def read_agreement(number: Number, asker: AccountAsker, house: Rooms) -> AgreementAnswer:
    agreed = await asyncio.to_thread(house.agreements.read, asker, MeetingNumber(number))
    return agreement_answer(agreed)


@router.post("/meetings/{number}/agreement")
async def ask_agreement(
    number: Number, asker: AccountAsker, house: Rooms, once: Once
) -> AgreementAnswer:
    """Put the draft before the offices of the sides, once it has what they agree on."""
    return await _once(once, asker, lambda: house.agreements.ask(asker, MeetingNumber(number)))


@router.post("/meetings/{number}/agreement/{side}/link", status_code=201)
async def make_office_link(
    number: Number, side: Side, asker: AccountAsker, house: Rooms
) -> LinkAnswer:
    """A new link for the office of a side; the ones before it open nothing any more."""
    secret = await asyncio.to_thread(
        house.agreements.make_link, asker, MeetingNumber(number), SideId(side)
    )
    return LinkAnswer(secret=secret, path=f"/o/{secret}")


@router.post("/meetings/{number}/agreement/{side}/acceptance")
async def record_acceptance(
    number: Number,
    side: Side,
    asked: RecordedAcceptance,
    asker: AccountAsker,
    house: Rooms,
    once: Once,
) -> AgreementAnswer:
    """Write down an acceptance that came by letter."""
    return await _once(
        once,
        asker,
        lambda: house.agreements.record_acceptance(
            asker, MeetingNumber(number), SideId(side), asked.by, asked.note, asked.mark
        ),
    )


@router.post("/meetings/{number}/agreement/remarks/{remark}/reply")
async def reply_to_remark(
    number: Number,
    remark: RemarkPath,
    asked: NewReply,
    asker: AccountAsker,
    house: Rooms,
    once: Once,
) -> AgreementAnswer:
    return await _once(
        once,
        asker,
        lambda: house.agreements.reply(asker, MeetingNumber(number), RemarkId(remark), asked.words),
    )


@router.post("/meetings/{number}/agreement/remarks/{remark}/closing")
async def close_remark(
    number: Number, remark: RemarkPath, asker: AccountAsker, house: Rooms, once: Once
) -> AgreementAnswer:
    """Settled."""
    return await _once(
        once,
        asker,
        lambda: house.agreements.close(asker, MeetingNumber(number), RemarkId(remark)),
    )


@router.get("/office")
async def read_office(asker: LinkAsker, house: Rooms) -> OfficeAnswer:
    return await _seen(lambda: house.agreements.see(asker))


@router.put("/office/delegation")
async def save_delegation(asked: SaveDelegation, asker: LinkAsker, house: Rooms) -> OfficeAnswer:
    """Keep the side's own people; the lines of others are refused."""
    delegation = [line.value() for line in asked.roster]
    return await _seen(lambda: house.agreements.save_delegation(asker, asked.version, delegation))


@router.post("/office/remarks")
async def add_remark(asked: NewRemark, asker: LinkAsker, house: Rooms, once: Once) -> OfficeAnswer:
    return await _once_seen(
        once,
        asker,
        lambda: house.agreements.remark(asker, asked.by, asked.words, asked.about),
    )


@router.post("/office/remarks/{remark}/closing")
async def close_own_remark(
    remark: RemarkPath, asker: LinkAsker, house: Rooms, once: Once
) -> OfficeAnswer:
    """The side is content with the answer."""

    return await _once_seen(
        once, asker, lambda: house.agreements.close_own(asker, RemarkId(remark))
    )


@router.post("/office/acceptance")
async def accept(asked: NewAcceptance, asker: LinkAsker, house: Rooms, once: Once) -> OfficeAnswer:
    """Accept the text whose `mark` was read; if it is another one meanwhile, 409 shows it."""
    return await _once_seen(
        once,
        asker,
        lambda: house.agreements.accept(asker, asked.by, asked.note, asked.mark),
    )


async def _once(once: OnceOnly, asker: Asker, work: Callable[[], Agreed]) -> AgreementAnswer:
    async def answer() -> AgreementAnswer:
        return agreement_answer(await asyncio.to_thread(work))

    return await once(asker.actor, AgreementAnswer, answer)


async def _seen(work: Callable[[], Seen]) -> OfficeAnswer:
    return office_answer(await asyncio.to_thread(work))


async def _once_seen(once: OnceOnly, asker: Asker, work: Callable[[], Seen]) -> OfficeAnswer:
    return await once(asker.actor, OfficeAnswer, lambda: _seen(work))
