"""Understanding a list of people: rows of a table or lines of text become persons and groups.

Nothing is dropped: what is not understood is a row that says so. Of every row it is told which
piece of it became what and how surely, and what about it is in doubt. Nothing is decided here
that a person could not correct, and nothing is kept.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from veche.domain.errors import DocumentTooLarge, TooManyRows
from veche.domain.name_reading import find_names
from veche.domain.place_reading import Place, Places
from veche.domain.roster import ParticipationRole
from veche.domain.roster_cells import take_cells
from veche.domain.roster_lines import take_line
from veche.domain.roster_rows import (
    CELL_BORDER,
    CELL_LETTERS_MAX,
    ROWS_MAX,
    Doubt,
    ReadRow,
    RowKind,
    SourceRow,
)
from veche.domain.roster_taken import Taken
from veche.domain.roster_words import HEADINGS, Field
from veche.domain.text import Language

_TITLE: Final = re.compile(
    r"\s*(список|состав|перечень|спіс|склад|пералік|list of|приложение|дадатак)\b", re.IGNORECASE
)
_HEADINGS_MIN: Final = 2
"""A row with one known heading may be a person whose role is «участник»."""


def understand(rows: Iterable[SourceRow], places: Places) -> tuple[ReadRow, ...]:
    """Every row of the source, in order; a line that holds several people is several rows."""
    reader = _Reader(places)
    return tuple(read for row in rows for read in reader.read(row))


def rows_of_text(text: str) -> tuple[SourceRow, ...]:
    """Lines that were pasted, from a document or from a table with its tabulators.

    Raises `TooManyRows` or `DocumentTooLarge`.
    """
    rows = []
    for number, line in enumerate(visible(text).splitlines(), start=1):
        cells = tuple(" ".join(cell.split()) for cell in line.split("\t"))
        if any(cells):
            rows.append(SourceRow(number, cells))
        if len(rows) > ROWS_MAX:
            raise TooManyRows
        if any(len(cell) > CELL_LETTERS_MAX for cell in cells):
            raise DocumentTooLarge
    return tuple(rows)


def visible(text: str) -> str:
    """Without soft hyphens, marks of direction and other signs that have no shape."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


class _Reader:
    """Walks down the list and remembers what the headings said."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._part = ""
        self._columns: tuple[Field | None, ...] = ()
        self._place: Place | None = None

    def read(self, row: SourceRow) -> Iterator[ReadRow]:
        if row.part != self._part:
            self._part, self._columns = row.part, ()
            self._place = self._places.find(row.part)
        filled = [cell for cell in row.cells if cell]
        if columns := _columns_of(row.cells):
            self._columns = columns
            yield _heading(row)
        elif len(set(filled)) == 1:
            # A cell over the whole width, or a line of text.
            yield from self._line(row, filled[0])
        else:
            taken = Taken(CELL_BORDER.join(row.cells))
            take_cells(taken, row, self._columns, self._places)
            yield self._finished(row, taken)

    def _line(self, row: SourceRow, text: str) -> Iterator[ReadRow]:
        if self._is_heading(text):
            yield _heading(row, text)
            return
        if row.formulas:
            taken = Taken(text)
            take_cells(taken, SourceRow(0, (text,), formulas=frozenset({0})), (), self._places)
            yield self._finished(row, taken)
            return
        for line in _people_apart(text):
            taken = Taken(line)
            take_line(taken, self._places)
            yield self._finished(row, taken)

    def _is_heading(self, text: str) -> bool:
        is_title = _TITLE.match(text) is not None or text.rstrip().endswith(":")
        is_place = self._places.is_nothing_else(text)
        if is_place or (is_title and self._places.find(text)):
            self._place = self._places.find(text)
        return is_place or is_title

    def _finished(self, row: SourceRow, taken: Taken) -> ReadRow:
        place = taken.place or self._place or self._places.only
        kind = taken.kind
        if kind is RowKind.UNCLEAR:
            taken.keep_as_note()
        site = None
        if place is not None:
            site = place.site or self._places.only_site_of(place.side)
        role = taken.role or ParticipationRole.PARTICIPANT
        return ReadRow(
            number=row.number,
            part=row.part,
            source=taken.source,
            kind=kind,
            language=_language_of(taken.source),
            pieces=tuple(sorted(taken.pieces, key=lambda piece: piece.start)),
            name=taken.name,
            post=taken.words_of(Field.POST),
            organisation=taken.words_of(Field.ORGANISATION),
            side=place.side if place else None,
            site=site,
            role=role,
            count=taken.count if kind is RowKind.GROUP else 1,
            seat=taken.words_of(Field.SEAT),
            email=taken.words_of(Field.EMAIL),
            note=taken.words_of(Field.NOTE),
            has_others=taken.has(Field.OTHERS),
            allows_publication=taken.allows_publication,
            doubts=tuple(dict.fromkeys(_doubts(taken, kind, has_side=place is not None))),
        )


def _doubts(taken: Taken, kind: RowKind, *, has_side: bool) -> Iterator[Doubt]:
    yield from taken.doubts
    if kind is RowKind.PERSON and (taken.name is None or not taken.name.surname):
        yield Doubt.NO_SURNAME
    if kind is RowKind.PERSON and not (taken.has(Field.POST) or taken.has(Field.ORGANISATION)):
        yield Doubt.NO_POST
    if kind is RowKind.UNCLEAR:
        yield Doubt.NOT_UNDERSTOOD
    elif not has_side:
        yield Doubt.SIDE_UNKNOWN


def _people_apart(line: str) -> list[str]:
    """«Попков С. А., министр; Жданович Н. П., председатель» is two people."""
    parts = [part.strip() for part in line.split(";") if part.strip()]
    each_has_name = len(parts) > 1 and all(find_names(part) for part in parts)
    return parts if each_has_name else [line]


def _columns_of(cells: tuple[str, ...]) -> tuple[Field | None, ...]:
    """What the columns are headed; empty when the row is no heading."""
    fields = tuple(_KNOWN_HEADINGS.get(_heading_key(cell)) for cell in cells)
    return fields if sum(field is not None for field in fields) >= _HEADINGS_MIN else ()


def _heading_key(cell: str) -> str:
    return " ".join(cell.casefold().replace("ё", "е").split()).strip(" :")


_KNOWN_HEADINGS: Final = {
    _heading_key(words): field for field, spellings in HEADINGS for words in spellings
}


def _heading(row: SourceRow, text: str | None = None) -> ReadRow:
    source = CELL_BORDER.join(row.cells) if text is None else text
    return ReadRow(row.number, row.part, source, RowKind.HEADING, _language_of(source))


def _language_of(words: str) -> Language:
    if re.search("[іўІЎ]", words):
        return Language.BE
    return Language.RU if re.search("[а-яА-ЯёЁ]", words) else Language.EN
