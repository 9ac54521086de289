"""Opens one DOCX or XLSX from outside, in a process that has nothing to lose.

Run as a script with the file on its standard input; answers with one JSON object on its standard
output: the rows of the document, or a reason why not. After the libraries are loaded the process
gives up all that it does not need: no file and no socket can be opened any more, memory and
processor time are bounded. Knows nothing of veche, evaluates no formula, decodes no picture,
follows no link.
"""

import io
import json
import re
import resource
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import docx
import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

FILE_BYTES_MAX: Final = 8 * 1024 * 1024
"""A roster of 2000 people with a picture of an emblem takes one."""
ENTRIES_MAX: Final = 1_000
"""A document of a hundred pages has some dozens."""
RATIO_MAX: Final = 100
"""Office XML packs ten to forty times; the format's own limit is a thousand."""
UNPACKED_BYTES_MAX: Final = 32 * 1024 * 1024
ROWS_MAX: Final = 2_000
COLUMNS_MAX: Final = 40
CELL_LETTERS_MAX: Final = 2_000
"""Three times the longest post with its organisation."""
EMPTY_ROWS_MAX: Final = 100_000
"""Sheets are often formatted far below their last line; walking so many takes 0.1 s."""
MEMORY_BYTES: Final = 96 * 1024 * 1024
"""Beyond what the loaded libraries take."""
PROCESSOR_SECONDS: Final = 2
"""A roster of 2000 rows takes 0.3 s."""
DESCRIPTORS: Final = 3
"""Standard input, output and error; there is no number left for another."""

_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_XML_NAMES: Final = (".xml", ".rels", ".vml")
_ENCODING: Final = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_PLAIN_ENCODINGS: Final = frozenset({b"utf-8", b"us-ascii", b"ascii", b"utf-16"})
_DECLARATION: Final = re.compile("<!(DOCTYPE|ENTITY)", re.IGNORECASE)

Element = Any  # of lxml, which does not type its trees


class NotReadable(Exception):
    """The reason is a word that the parent knows."""


def main() -> None:
    data = sys.stdin.buffer.read(FILE_BYTES_MAX + 1)
    _load_the_rest()
    confine()
    json.dump(_answer(data), sys.stdout)


def _answer(data: bytes) -> dict[str, Any]:  # Any: JSON
    try:
        return {"rows": list(_rows(data))}
    except NotReadable as refusal:
        return {"refused": str(refusal)}
    except MemoryError:
        return {"refused": "too_large"}
    except Exception as error:  # whatever a library says of a hostile file, it is that file's end
        return {"refused": "broken", "because": type(error).__name__}


def _load_the_rest() -> None:
    """What the libraries open at their first use, while files can still be opened."""
    for written, read in ((docx.Document(), docx.Document), (openpyxl.Workbook(), _open_sheet)):
        buffer = io.BytesIO()
        written.save(buffer)
        buffer.seek(0)
        read(buffer)
    b"".decode("cp437")


def confine() -> None:
    """Only numbers that go down: a process without privileges cannot take them back."""
    for limit, value in (
        (resource.RLIMIT_DATA, _resident_bytes() + MEMORY_BYTES),
        (resource.RLIMIT_CPU, _processor_seconds() + PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, DESCRIPTORS),
    ):
        resource.setrlimit(limit, (value, value))


def _resident_bytes() -> int:
    """What is reserved already and not used yet counts as a part of what may still be taken."""
    with open("/proc/self/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def _processor_seconds() -> int:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return round(used.ru_utime + used.ru_stime + 0.5)


def _rows(data: bytes) -> Iterator[dict[str, Any]]:  # Any: JSON
    if len(data) > FILE_BYTES_MAX:
        raise NotReadable("too_large")
    kind = inspect(data)
    read = _word_rows(data) if kind == "docx" else _sheet_rows(data)
    for count, row in enumerate(read, start=1):
        if count > ROWS_MAX:
            raise NotReadable("too_many_rows")
        yield row


def inspect(data: bytes) -> str:
    """`docx` or `xlsx`, by what the archive holds and not by a name; nothing is unpacked at once.

    Raises `NotReadable` for archives that lie, swell or would leave their place.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise NotReadable("broken") from None
    with archive:
        entries = archive.infolist()
        _require_modest(entries, len(data))
        for entry in entries:
            _require_harmless(archive, entry)
        return _kind(archive)


def _require_modest(entries: list[zipfile.ZipInfo], file_bytes: int) -> None:
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES_MAX or unpacked > UNPACKED_BYTES_MAX:
        raise NotReadable("too_large")
    # Entries that overlap unpack the same bytes many times.
    if packed > file_bytes or unpacked > RATIO_MAX * file_bytes:
        raise NotReadable("bomb")
    if any(entry.file_size > RATIO_MAX * max(entry.compress_size, 1) for entry in entries):
        raise NotReadable("bomb")
    if len({entry.filename for entry in entries}) != len(entries):
        raise NotReadable("broken")


def _require_harmless(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        raise NotReadable("broken")
    if entry.flag_bits & 1:
        raise NotReadable("locked")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotReadable("broken")
    if name.lower().endswith(_XML_NAMES):
        _require_plain_xml(archive.read(entry))


def _require_plain_xml(xml: bytes) -> None:
    """Office XML has no entities and no doctype of its own: one that has swells or asks outside."""
    encoding = _ENCODING.match(xml.lstrip(b"\xef\xbb\xbf"))
    if encoding and encoding[1].lower() not in _PLAIN_ENCODINGS:
        raise NotReadable("bomb")
    is_wide = xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in xml[:4]
    if _DECLARATION.search(xml.decode("utf-16" if is_wide else "utf-8", "replace")):
        raise NotReadable("bomb")


def _kind(archive: zipfile.ZipFile) -> str:
    try:
        types = archive.read("[Content_Types].xml").decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        raise NotReadable("unknown") from None
    kinds = [kind for kind, type_ in (("docx", _WORD), ("xlsx", _SHEET)) if f'"{type_}"' in types]
    if len(kinds) != 1:
        raise NotReadable("unknown")
    return kinds[0]


def _word_rows(data: bytes) -> Iterator[dict[str, Any]]:  # Any: JSON
    """Paragraphs are rows of one cell, between the rows of tables."""
    number = 0
    for block in _blocks(docx.Document(io.BytesIO(data)).element.body):
        if block.tag == f"{_W}p":
            # A paragraph that is laid out by tabulators is a row of cells.
            found = [line.split("\t") for line in _text(block).split("\n")]
        else:
            found = list(_table_cells(block))
        for cells in found:
            number += 1
            row = _filled([_clean(cell) for cell in cells[:COLUMNS_MAX]])
            if any(row):
                yield {"number": number, "part": "", "cells": row, "formulas": []}


def _blocks(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _blocks(child)


def _table_cells(table: Element) -> Iterator[list[str]]:
    above: list[str] = []
    for row in table.iterchildren(f"{_W}tr"):
        cells: list[str] = []
        for cell in list(row.iterchildren(f"{_W}tc"))[:COLUMNS_MAX]:
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            is_continued = merge is not None and merge.get(f"{_W}val") != "restart"
            place = len(cells)
            cells.append(above[place] if is_continued and place < len(above) else _cell_text(cell))
            cells += [""] * (_span(cell) - 1)
        above = cells[:COLUMNS_MAX]
        yield above


def _span(cell: Element) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    told = "1" if span is None else span.get(f"{_W}val", "1")
    return min(int(told), COLUMNS_MAX) if told.isascii() and told.isdecimal() else 1


def _cell_text(cell: Element) -> str:
    return "\n".join(_text(paragraph) for paragraph in cell.iter(f"{_W}p"))


def _text(paragraph: Element) -> str:
    """The words that stand, without what is struck out by a tracked change."""
    written = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen"):
        if next(node.iterancestors(f"{_W}del", f"{_W}moveFrom", _FALLBACK), None) is not None:
            continue
        name = node.tag.removeprefix(_W)
        written.append((node.text or "") if name == "t" else _MARKS[name])
    return "".join(written)


_MARKS: Final = {"tab": "\t", "br": "\n", "noBreakHyphen": "-"}


def _open_sheet(stream: io.BytesIO) -> openpyxl.Workbook:
    # With formulas as they are written: what they came to was computed by a stranger.
    return openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)


def _sheet_rows(data: bytes) -> Iterator[dict[str, Any]]:  # Any: JSON
    try:
        book = _open_sheet(io.BytesIO(data))
    except InvalidFileException:
        raise NotReadable("broken") from None
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in sheets:
        part = _clean(sheet.title) if len(sheets) > 1 else ""
        empty = 0
        for number, row in enumerate(sheet.iter_rows(max_col=COLUMNS_MAX), start=1):
            cells = _filled([_clean(_shown(cell.value)) for cell in row])
            if any(cells):
                formulas = [at for at, cell in enumerate(row) if cell.data_type == "f"]
                yield {"number": number, "part": part, "cells": cells, "formulas": formulas}
            else:
                empty += 1
                if empty > EMPTY_ROWS_MAX:
                    raise NotReadable("too_many_rows")


def _shown(value: Any) -> str:  # Any: what a cell may hold
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(getattr(value, "text", value))


def _filled(cells: list[str]) -> list[str]:
    """Without the empty cells at its end."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _clean(text: str) -> str:
    """Lines of visible letters: what has no shape has no meaning in a name."""
    lines = (" ".join(_visible(line).split()) for line in text.splitlines())
    words = "\n".join(line for line in lines if line)
    if len(words) > CELL_LETTERS_MAX:
        raise NotReadable("too_large")
    return words


def _visible(line: str) -> str:
    """Without soft hyphens and direction marks; other controls part words as a space does."""
    kept = (letter for letter in line if unicodedata.category(letter) != "Cf")
    return "".join(letter if letter.isprintable() else " " for letter in kept)


if __name__ == "__main__":
    main()
