"""The secretary's fields, as the interface says them."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from veche.domain.meeting import ParticipationId, SideId
from veche.domain.minutes import (
    ASSIGNMENTS_MAX,
    WORDS_LETTERS_MAX,
    Assignment,
    ItemNote,
    NoteField,
)


class AssignmentShape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    words: Annotated[str, Field(min_length=1, max_length=2_000)]
    owners: Annotated[str, Field(max_length=500)] = ""
    participation: Annotated[str | None, Field(max_length=64)] = None
    side: Annotated[str | None, Field(max_length=64)] = None
    due: date | None = None
    clause: Annotated[int | None, Field(ge=1, le=1_000)] = None

    def parsed(self) -> Assignment:
        return Assignment(
            words=self.words,
            owners=self.owners,
            participation=ParticipationId(self.participation) if self.participation else None,
            side=SideId(self.side) if self.side else None,
            due=self.due,
            clause=self.clause,
        )


class NoteBody(BaseModel):
    """A field as it is to stand; `version` is the one that was seen, 0 for the first."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=0, le=2**31 - 2)]
    words: Annotated[str, Field(max_length=WORDS_LETTERS_MAX)] = ""
    is_settled: bool = False
    """Left empty on purpose: there is no decision."""
    assignments: Annotated[list[AssignmentShape], Field(max_length=ASSIGNMENTS_MAX)] = []


class NoteAnswer(BaseModel):
    model_config = ConfigDict(frozen=True)

    position: int
    field: NoteField
    version: int
    words: str
    is_settled: bool
    assignments: list[AssignmentShape]
    by: str
    at: datetime | None


class NotesAnswer(BaseModel):
    notes: list[NoteAnswer]


def note_answer(note: ItemNote) -> NoteAnswer:
    return NoteAnswer(
        position=note.position,
        field=note.field,
        version=note.version,
        words=note.words,
        is_settled=note.is_settled,
        assignments=[AssignmentShape.model_validate(it) for it in note.assignments],
        by=note.by,
        at=note.at,
    )
