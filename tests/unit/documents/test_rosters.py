"""A list of people is read whatever it came as, and a file that means harm harms nobody."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.bombs import bombs, polyglots
from tests.support.rosters import docx_of, part_of, with_parts, xlsx_of
from veche.documents import reader_child
from veche.documents.rosters import FILE_BYTES_MAX, TEXT_BYTES_MAX, read_roster
from veche.domain.errors import (
    DocumentBroken,
    DocumentLocked,
    DocumentOutdated,
    DocumentRefused,
    DocumentTooLarge,
    DocumentUnknown,
    TooManyRows,
)
from veche.domain.roster_rows import CELL_LETTERS_MAX, ROWS_MAX, SourceRow

CHILD = Path(reader_child.__file__)
HERE = Path(__file__).parent
PEAK_KILOBYTES_MAX = 100 * 1024
BOMBS = dict(bombs())
POLYGLOTS = dict(polyglots())


def _cells(rows: object) -> list[tuple[str, ...]]:
    assert isinstance(rows, list | tuple)
    return [row.cells for row in rows]


def test_paragraphs_and_tables_of_a_word_document_are_rows_in_order() -> None:
    document = docx_of(
        ["Список", "", "Попков С.\tминистр"], [["ФИО", "Должность"], ["Жданович Н.", "глава"]]
    )
    assert _cells(read_roster(document)) == [
        ("Список",),
        ("Попков С.", "министр"),
        ("ФИО", "Должность"),
        ("Жданович Н.", "глава"),
    ]


def test_a_merged_cell_speaks_for_the_rows_it_covers() -> None:
    xml = part_of(docx_of([], [["Минск", "Попков"], ["", "Жданович"]]), "word/document.xml")
    first, second = b"<w:tcPr>", b"<w:tcPr>"
    parts = xml.split(first)
    assert len(parts) == 5
    merged = (
        parts[0] + first + b'<w:vMerge w:val="restart"/>' + parts[1] + first + parts[2]
        + second + b"<w:vMerge/>" + parts[3] + first + parts[4]
    )  # fmt: skip
    document = with_parts(docx_of([]), {"word/document.xml": merged})
    assert _cells(read_roster(document)) == [("Минск", "Попков"), ("Минск", "Жданович")]


def test_struck_out_words_of_a_tracked_change_are_not_read() -> None:
    body = part_of(docx_of(["Попков"]), "word/document.xml")
    struck = body.replace(
        b"<w:t>\xd0\x9f\xd0\xbe\xd0\xbf\xd0\xba\xd0\xbe\xd0\xb2</w:t></w:r>",
        "<w:t>Попков</w:t></w:r><w:del><w:r><w:t> Петров</w:t></w:r></w:del>".encode(),
    )
    assert struck != body
    document = with_parts(docx_of([]), {"word/document.xml": struck})
    assert _cells(read_roster(document)) == [("Попков",)]


def test_sheets_are_read_with_their_names_and_a_formula_stands_as_it_was_written() -> None:
    document = xlsx_of(
        {
            "Минск": [["Попков С.", "министр", 12, 3.5], [], ["=1+1", "=CMD|'/c calc'!A0"]],
            "Курск": [["Криволапов А."]],
        }
    )
    rows = read_roster(document)
    assert rows[0] == SourceRow(1, ("Попков С.", "министр", "12", "3.5"), "Минск")
    assert rows[1].cells[:2] == ("=1+1", "=CMD|'/c calc'!A0")
    assert rows[1].formulas == {0, 1}
    assert (rows[2].part, rows[2].cells[0]) == ("Курск", "Криволапов А.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_text_is_read_as_it_was_saved(encoding: str) -> None:
    text = "Попков С.\tминистр\r\n\r\nЖданович Н."
    assert _cells(read_roster(text.encode(encoding))) == [
        ("Попков С.", "министр"),
        ("Жданович Н.",),
    ]


def test_signs_without_shape_do_not_come_in() -> None:
    document = docx_of(["Поп\u00adков\u202e С.\u00a0И."])
    assert _cells(read_roster(document)) == [("Попков С. И.",)]
    assert _cells(read_roster("Поп\u00adков\u202e С.\u00a0И.".encode())) == [("Попков С. И.",)]


@pytest.mark.parametrize("name", [name for name in BOMBS if BOMBS[name].startswith(b"PK")])
def test_a_bomb_is_refused_and_takes_no_memory(name: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-I", str(HERE / "measured_reader.py"), str(CHILD)],
        input=BOMBS[name],
        capture_output=True,
        check=True,
    )
    assert ended.stdout.startswith(b'{"refused": ')
    assert int(ended.stderr) < PEAK_KILOBYTES_MAX


@pytest.mark.parametrize("name", POLYGLOTS)
def test_what_is_of_another_kind_is_refused_whatever_it_is_called(name: str) -> None:
    with pytest.raises((DocumentUnknown, DocumentOutdated, DocumentBroken)):
        read_roster(POLYGLOTS[name])


def test_the_corpus_is_as_large_as_it_must_be() -> None:
    assert len(BOMBS) >= 30
    assert len(POLYGLOTS) >= 45


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("10 000 rows of a sheet", TooManyRows),
        ("10 000 lines of text", TooManyRows),
        ("10 000 paragraphs", TooManyRows),
        ("encrypted", DocumentLocked),
        ("billion laughs in text", DocumentTooLarge),
        ("cut in the middle", DocumentBroken),
    ],
)
def test_a_refusal_says_what_is_wrong(name: str, refusal: type[DocumentRefused]) -> None:
    with pytest.raises(refusal):
        read_roster(BOMBS[name])


def test_a_picture_of_a_billion_pixels_is_never_unpacked() -> None:
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0\0\xff\xff" * 2 + b"\x08\x06\0\0\0"
    document = with_parts(docx_of(["Попков С."]), {"word/media/image1.png": header})
    assert _cells(read_roster(document)) == [("Попков С.",)]


@pytest.mark.parametrize("count", [ROWS_MAX - 1, ROWS_MAX, ROWS_MAX + 1])
def test_rows_are_counted_to_the_last(count: int) -> None:
    rows = [[f"Попков{n * 7919}", f"министр {n}"] for n in range(count)]
    documents = (
        "\n".join("\t".join(row) for row in rows).encode(),
        xlsx_of({"Лист": rows}),
    )
    for document in documents:
        if count > ROWS_MAX:
            with pytest.raises(TooManyRows):
                read_roster(document)
        else:
            assert len(read_roster(document)) == count


@pytest.mark.parametrize("letters", [CELL_LETTERS_MAX, CELL_LETTERS_MAX + 1])
def test_a_cell_is_as_long_as_the_longest_post(letters: int) -> None:
    text = "".join(chr(ord("а") + n * 7 % 32) for n in range(letters))
    for document in (text.encode(), docx_of([text]), xlsx_of({"Лист": [[text]]})):
        if letters > CELL_LETTERS_MAX:
            with pytest.raises(DocumentTooLarge):
                read_roster(document)
        else:
            assert _cells(read_roster(document))[0][0] == text


def test_both_readers_keep_the_same_limits() -> None:
    assert reader_child.ROWS_MAX == ROWS_MAX
    assert reader_child.CELL_LETTERS_MAX == CELL_LETTERS_MAX
    assert reader_child.FILE_BYTES_MAX == FILE_BYTES_MAX
    for size in (FILE_BYTES_MAX + 1, TEXT_BYTES_MAX + 1):
        with pytest.raises(DocumentTooLarge):
            read_roster(b"a" * size)


def test_the_reader_can_reach_nothing() -> None:
    ended = subprocess.run(
        [sys.executable, "-I", str(HERE / "confined.py"), str(CHILD)],
        capture_output=True,
        text=True,
        check=True,
    )
    refused = ended.stdout.split("\n")[:-1]
    assert refused == ["open", "write", "socket", "local socket", "pipe", "process", "memory"]
