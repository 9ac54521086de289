"""A row of a list as it came, and what was understood of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from veche.domain.identity import SideId, SiteId
from veche.domain.name_reading import Confidence
from veche.domain.roster import ParticipationRole
from veche.domain.roster_words import Field
from veche.domain.text import Language
from veche.domain.transliteration import NameParts

CELL_BORDER: Final = " | "
ROWS_MAX: Final = 2_000
"""Twice the longest roster: headings and gaps stand between its lines."""
CELL_LETTERS_MAX: Final = 2_000
"""Three times the longest post with its organisation."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a document or one line of text."""

    number: int
    """Within its part, as the reader of the document counts."""
    cells: tuple[str, ...]
    part: str = ""
    """Name of the sheet, where there are several."""
    formulas: frozenset[int] = frozenset()
    """Places of cells that hold a formula; it stands there as it was written."""


class RowKind(StrEnum):
    PERSON = "person"
    GROUP = "group"
    OTHERS = "others"
    """«и другие» on a line of its own."""
    HEADING = "heading"
    """Names the list, its columns, a side or a hall; says something about the rows below it."""
    UNCLEAR = "unclear"


class Doubt(StrEnum):
    NAME_GUESSED = "name_guessed"
    ORDER_GUESSED = "order_guessed"
    """Which of two words is the surname."""
    NO_SURNAME = "no_surname"
    NO_POST = "no_post"
    IN_ANOTHER_COLUMN = "in_another_column"
    """A name stood where the heading promises something else."""
    SEVERAL_PEOPLE = "several_people"
    SIDE_UNKNOWN = "side_unknown"
    ROLE_UNKNOWN = "role_unknown"
    FORMULA = "formula"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the source and what it was taken for."""

    start: int
    end: int
    field: Field
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class ReadRow:
    number: int
    part: str
    source: str
    """The row as it stands, cells divided by `CELL_BORDER`; pieces are places in it."""
    kind: RowKind
    language: Language
    pieces: tuple[Piece, ...] = ()
    name: NameParts | None = None
    post: str | None = None
    organisation: str | None = None
    side: SideId | None = None
    site: SiteId | None = None
    role: ParticipationRole = ParticipationRole.PARTICIPANT
    count: int | None = 1
    """None: several, not counted."""
    seat: str | None = None
    email: str | None = None
    note: str | None = None
    """What was understood as nothing else."""
    has_others: bool = False
    """«и другие» at its end."""
    allows_publication: bool = True
    doubts: tuple[Doubt, ...] = ()

    @property
    def confidence(self) -> Confidence:
        if self.doubts:
            return Confidence.DOUBTFUL
        return min((piece.confidence for piece in self.pieces), default=Confidence.CERTAIN)
