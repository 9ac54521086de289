"""The secretary's fields: what was heard, said, decided and assigned, item by item."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Path

from veche.domain.agenda import AGENDA_MAX
from veche.domain.meeting import MeetingNumber
from veche.domain.minutes import NoteField
from veche.domain.rundown import Position
from veche.web.api.common import AnyAsker, Number, Rooms
from veche.web.note_shapes import NoteAnswer, NoteBody, NotesAnswer, note_answer

ItemPosition = Annotated[int, Path(ge=1, le=AGENDA_MAX, description="1 is the first item.")]

router: Final = APIRouter()


@router.get("/meetings/{number}/notes")
async def read_notes(number: Number, asker: AnyAsker, house: Rooms) -> NotesAnswer:
    notes = await asyncio.to_thread(house.note_taking.read, MeetingNumber(number), asker)
    return NotesAnswer(notes=[note_answer(note) for note in notes])


@router.put("/meetings/{number}/notes/{position}/{field}")
async def write_note(
    number: Number,
    position: ItemPosition,
    field: NoteField,
    asked: NoteBody,
    asker: AnyAsker,
    house: Rooms,
) -> NoteAnswer:
    """Safe to send again: the same version is written once, later ones are `changed_meanwhile`."""
    note = await asyncio.to_thread(
        house.note_taking.write,
        MeetingNumber(number),
        asker,
        Position(position),
        field,
        version=asked.version,
        words=asked.words,
        is_settled=asked.is_settled,
        assignments=tuple(it.parsed() for it in asked.assignments),
    )
    return note_answer(note)
