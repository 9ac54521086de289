"""Understanding a row of a table: each cell by the heading of its column, and by what it holds.

A heading is a promise that a cell may break: a name in the column of posts is a name.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from veche.domain.name_reading import Confidence, NameFound, find_name
from veche.domain.place_reading import Places
from veche.domain.roster import GROUP_MAX
from veche.domain.roster_lines import has_count, has_others, take_line
from veche.domain.roster_rows import CELL_BORDER, Doubt, SourceRow
from veche.domain.roster_taken import LOOSE, Taken, folded, has_any, is_group, role_of
from veche.domain.roster_words import ORGANISATION_STEMS, POST_STEMS, PUBLIC_NO_WHOLE, Field
from veche.domain.transliteration import NameParts

_PLAIN_NUMBER: Final = re.compile(r"\d{1,5}\.?")


def take_cells(
    taken: Taken, row: SourceRow, columns: Sequence[Field | None], places: Places
) -> None:
    """Understand a row of a table; a column without a heading is understood as free text."""
    columns = _with_split_name(row.cells, columns)
    start = 0
    for place, cell in enumerate(row.cells):
        end = start + len(cell)
        if cell and place in row.formulas:
            taken.take(start, end, Field.NOTE, Confidence.DOUBTFUL)
            taken.doubts.append(Doubt.FORMULA)
        elif cell:
            _take_cell(taken, columns[place], places, start, end)
        start = end + len(CELL_BORDER)
    _finish_parts(taken)


def _with_split_name(
    cells: Sequence[str], columns: Sequence[Field | None]
) -> tuple[Field | None, ...]:
    """The columns of a row, where three cells without headings are one name: as sheets have it."""
    fields = [columns[place] if place < len(columns) else None for place in range(len(cells))]
    for length in (3, 2):
        for first in range(len(cells) - length + 1):
            words = cells[first : first + length]
            is_free = all(field is None for field in fields[first : first + length])
            name = find_name(" ".join(words)) if is_free and all(map(_is_word, words)) else None
            if name is not None and name.confidence is Confidence.CERTAIN:
                parts = dict(zip(name.parts.parts(), _PARTS, strict=True))
                told = [parts.get(word) for word in words]
                if None not in told:
                    fields[first : first + length] = told
                    return tuple(fields)
    return tuple(fields)


_PARTS: Final = (Field.SURNAME, Field.GIVEN, Field.PATRONYMIC)


def _is_word(cell: str) -> bool:
    return cell.replace("-", "").replace("’", "").replace("'", "").isalpha()


def _take_cell(taken: Taken, column: Field | None, places: Places, start: int, end: int) -> None:
    cell = taken.source[start:end]
    if column is Field.NUMBER or column is None:
        if _PLAIN_NUMBER.fullmatch(cell):
            confidence = Confidence.LIKELY if column is None else Confidence.CERTAIN
            taken.take(start, end, Field.NUMBER, confidence)
        else:
            take_line(taken, places, start, end)
    elif column in (Field.SIDE, Field.SITE):
        taken.take_place(places, column, start, end)
    elif column is Field.NAME:
        _take_promised_name(taken, places, start, end)
    elif column is Field.SURNAME:
        _take_surname(taken, start, end)
    elif column in (Field.POST, Field.ORGANISATION):
        _take_post(taken, column, start, end)
    elif column in _OF_CELL:
        _OF_CELL[column](taken, start, end)
    else:
        taken.take(start, end, column)


def _only_name(cell: str) -> NameFound | None:
    """The name, where there is nothing else in the cell."""
    name = find_name(cell)
    is_all = name is not None and name.end - name.start >= len(cell.strip(LOOSE))
    return name if is_all else None


def _take_surname(taken: Taken, start: int, end: int) -> None:
    """A whole name in the column of surnames is a whole name."""
    name = _only_name(taken.source[start:end])
    if name is not None and name.parts.given:
        taken.take_name(start, name, is_promised=True)
    else:
        taken.take(start, end, Field.SURNAME)


def _take_post(taken: Taken, column: Field, start: int, end: int) -> None:
    name = _only_name(taken.source[start:end])
    if name is not None and name.confidence is Confidence.CERTAIN and taken.name is None:
        taken.take_name(start, name)
        taken.doubts.append(Doubt.IN_ANOTHER_COLUMN)
    else:
        taken.take(start, end, column)


def _take_promised_name(taken: Taken, places: Places, start: int, end: int) -> None:
    cell = taken.source[start:end]
    only, name = _only_name(cell), find_name(cell)
    if only is not None:
        taken.take_name(start, only, is_promised=True)
    elif name is not None or has_count(cell) or is_group(cell) or has_others(cell):
        take_line(taken, places, start, end)
    elif has_any(cell, POST_STEMS) or has_any(cell, ORGANISATION_STEMS):
        taken.doubts.append(Doubt.IN_ANOTHER_COLUMN)
        take_line(taken, places, start, end)
    else:
        # Words of a shape that is not known, where a name must be: as the heading orders them.
        taken.name = NameParts(*cell.split(maxsplit=2))
        taken.doubts.append(Doubt.NAME_GUESSED)
        taken.take(start, end, Field.NAME, Confidence.DOUBTFUL)


def _take_role(taken: Taken, start: int, end: int) -> None:
    role = role_of(taken.source[start:end])
    if role is None:
        taken.doubts.append(Doubt.ROLE_UNKNOWN)
        taken.take(start, end, Field.NOTE, Confidence.DOUBTFUL)
        return
    taken.role = role
    taken.take(start, end, Field.ROLE)


def _take_plain_count(taken: Taken, start: int, end: int) -> None:
    digits = "".join(letter for letter in taken.source[start:end] if letter in "0123456789")[:6]
    if digits and 1 < int(digits) <= GROUP_MAX:
        taken.count = int(digits)
    taken.take(start, end, Field.COUNT)


def _take_note(taken: Taken, start: int, end: int) -> None:
    if folded(taken.source[start:end]) in PUBLIC_NO_WHOLE:
        taken.take_publication(start, end)
    else:
        taken.take(start, end, Field.NOTE)


_OF_CELL: Final[dict[Field, Callable[[Taken, int, int], None]]] = {
    Field.ROLE: _take_role,
    Field.COUNT: _take_plain_count,
    Field.PUBLICATION: Taken.take_publication,
    Field.NOTE: _take_note,
}


def _finish_parts(taken: Taken) -> None:
    """A name that stood in several columns."""
    surname, given, patronymic = (
        " ".join(taken.list_of(field)) for field in (Field.SURNAME, Field.GIVEN, Field.PATRONYMIC)
    )
    if taken.name is None and surname:
        taken.name = NameParts(surname, given, patronymic)
