"""Lists of people read into rows for a person to check, and names spelt in three languages."""

import asyncio
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from veche.domain.likeness import Likeness
from veche.domain.meeting import MeetingNumber
from veche.domain.name_reading import Confidence
from veche.domain.roster import ParticipationRole
from veche.domain.roster_rows import Doubt, ReadRow, RowKind
from veche.domain.roster_words import Field as PieceField
from veche.domain.text import Language
from veche.domain.transliteration import Country, NameForms, NameParts, forms_of
from veche.services.importing import Reading
from veche.web.api.common import AnyAsker, Number, Rooms
from veche.web.security import ROSTER_TYPES

router = APIRouter()

_NAME_LETTERS_MAX: Final = 200

ConfidenceName = Literal["certain", "likely", "doubtful"]
Words = dict[Language, str]


class NameShape(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"example": {"surname": "Попков", "given": "Сергей", "patronymic": ""}}
    )

    surname: Annotated[str, Field(max_length=_NAME_LETTERS_MAX)]
    given: Annotated[str, Field(max_length=_NAME_LETTERS_MAX)] = ""
    patronymic: Annotated[str, Field(max_length=_NAME_LETTERS_MAX)] = ""


class NameFormsAnswer(BaseModel):
    """One name in three languages, as a first filling."""

    forms: dict[Language, NameShape]
    doubtful: list[Language]
    """Nobody wrote these: somebody must look."""


class NameFormsRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: NameShape
    language: Language
    """Of the name as it is given."""
    country: Country = Country.BELARUS
    """By whose rules of passports it is spelt in Latin letters."""


class PieceShape(BaseModel):
    """Letters `start` to `end` of the source, counted in code points of Unicode."""

    start: int
    end: int
    field: PieceField
    confidence: ConfidenceName


class TwinShape(BaseModel):
    """Probably the same person: `row` is an index of this reading, `participation` an id."""

    likeness: Likeness
    row: int | None
    participation: str | None


class ReadRowShape(BaseModel):
    number: int
    """Of the row or line in the document."""
    part: str
    """Name of the sheet, where there are several; else empty."""
    source: str
    kind: RowKind
    confidence: ConfidenceName
    doubts: list[Doubt]
    pieces: list[PieceShape]
    name: NameFormsAnswer | None
    post: Words | None
    organisation: Words | None
    side: str | None
    site: str | None
    role: ParticipationRole
    count: int | None
    """Of a group; `null`: several, not counted. 1 for a person."""
    seat: str | None
    email: str | None
    note: str | None
    has_others: bool
    """The line ends with «и другие»."""
    allows_publication: bool
    twins: list[TwinShape]


class ReadingsAnswer(BaseModel):
    """Every row of the document in order; nothing is saved, nothing is left out."""

    rows: list[ReadRowShape]


_BODY: Final = {
    "requestBody": {
        "required": True,
        "description": "The file itself, or the text that was pasted. Its content decides what it "
        "is: the media type and the name are not asked.",
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in sorted(ROSTER_TYPES)
        },
    }
}


@router.post("/meetings/{number}/roster/readings", openapi_extra=_BODY)
async def read_roster(
    number: Number, request: Request, asker: AnyAsker, house: Rooms
) -> ReadingsAnswer:
    """How each line of a list of people is understood: DOCX, XLSX or text. Nothing is saved."""
    document = await request.body()
    readings = await asyncio.to_thread(house.importing.read, asker, MeetingNumber(number), document)
    return ReadingsAnswer(rows=[_row_shape(reading) for reading in readings])


@router.post("/names/forms")
async def spell_name(asked: NameFormsRequest) -> NameFormsAnswer:
    """A name spelt in the other two languages, for a person to check."""
    name = NameParts(asked.name.surname, asked.name.given, asked.name.patronymic)
    return _forms_shape(forms_of(name, asked.language, asked.country))


def _row_shape(reading: Reading) -> ReadRowShape:
    row = reading.row
    return ReadRowShape(
        number=row.number,
        part=row.part,
        source=row.source,
        kind=row.kind,
        confidence=_confidence(row.confidence),
        doubts=list(row.doubts),
        pieces=[
            PieceShape(
                start=piece.start,
                end=piece.end,
                field=piece.field,
                confidence=_confidence(piece.confidence),
            )
            for piece in row.pieces
        ],
        name=None if reading.forms is None else _forms_shape(reading.forms),
        post=_words(row, row.post),
        organisation=_words(row, row.organisation),
        side=row.side,
        site=row.site,
        role=row.role,
        count=row.count,
        seat=row.seat,
        email=row.email,
        note=row.note,
        has_others=row.has_others,
        allows_publication=row.allows_publication,
        twins=[
            TwinShape(likeness=twin.likeness, row=twin.row, participation=twin.participation)
            for twin in reading.twins
        ],
    )


def _forms_shape(told: NameForms) -> NameFormsAnswer:
    return NameFormsAnswer(
        forms={
            language: NameShape.model_construct(
                surname=name.surname, given=name.given, patronymic=name.patronymic
            )
            for language, name in told.forms.items()
        },
        doubtful=[language for language in Language if language in told.doubtful],
    )


def _words(row: ReadRow, words: str | None) -> Words | None:
    return None if words is None else {row.language: words}


def _confidence(confidence: Confidence) -> ConfidenceName:
    names: dict[Confidence, ConfidenceName] = {
        Confidence.CERTAIN: "certain",
        Confidence.LIKELY: "likely",
        Confidence.DOUBTFUL: "doubtful",
    }
    return names[confidence]
