"""Each line of a list becomes what an officer would have typed, or says what is in doubt."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.meetings import bridge_meeting
from veche.domain.name_reading import Confidence
from veche.domain.place_reading import Places
from veche.domain.roster import ParticipationRole
from veche.domain.roster_reading import rows_of_text, understand
from veche.domain.roster_rows import CELL_BORDER, Doubt, ReadRow, RowKind, SourceRow
from veche.domain.roster_words import Field
from veche.domain.transliteration import NameParts

PLACES = Places(bridge_meeting())


def _read(text: str) -> tuple[ReadRow, ...]:
    return understand(rows_of_text(text), PLACES)


def _one(line: str) -> ReadRow:
    """The line as a guest of Kursk."""
    return _read(f"Курская область:\n{line}")[1]


@pytest.mark.parametrize(
    ("line", "name", "post", "organisation"),
    [
        (
            "1. Попков Сергей Иванович – министр связи",
            "Попков Сергей Иванович",
            "министр связи",
            None,
        ),
        ("С. И. Попков, министр", "Попков С. И.", "министр", None),
        ("ПОПКОВ Сергей - министр", "ПОПКОВ Сергей", "министр", None),
        ("министр связи и информатизации С. Попков", "Попков С.", "министр связи и информатизации",
         None),
        ("заместитель министра – Попков Сергей", "Попков Сергей", "заместитель министра", None),
        (
            "Станкевич-Загорский К. А., заместитель председателя комитета по транспорту, "
            "архитектуре и строительству",
            "Станкевич-Загорский К. А.",
            "заместитель председателя комитета по транспорту, архитектуре и строительству",
            None,
        ),
        ("Ветров С. А., директор (ОАО «Гипросвязь»)", "Ветров С. А.", "директор",
         "ОАО «Гипросвязь»"),
        ("Папкоў Сяргей Іванавіч, міністр", "Папкоў Сяргей Іванавіч", "міністр", None),
        ("Krivolapov A., Deputy Governor", "Krivolapov A.", "Deputy Governor", None),
    ],
)  # fmt: skip
def test_a_person(line: str, name: str, post: str, organisation: str | None) -> None:
    read = _one(line)
    assert read.kind is RowKind.PERSON
    assert read.name == NameParts(*name.split(maxsplit=2))
    assert (read.post, read.organisation) == (post, organisation)
    assert read.doubts == ()


@pytest.mark.parametrize(
    ("line", "who", "count"),
    [
        ("ветераны, 12 человек", "ветераны", 12),
        ("Ветераны (12 чел.)", "Ветераны", 12),
        ("15 студентов", "студентов", 15),
        ("представители БРСМ", "представители БРСМ", None),
        ("ветэраны, 7 чалавек", "ветэраны", 7),
        ("veterans, 3 people", "veterans", 3),
        ("группа учащихся — 20 человек", "группа учащихся", 20),
    ],
)
def test_a_counted_group(line: str, who: str, count: int | None) -> None:
    read = _one(line)
    assert (read.kind, read.post, read.count) == (RowKind.GROUP, who, count)
    assert read.name is None


@pytest.mark.parametrize(
    "line", ["и другие", "и др.", "ды іншыя", "and others", "другие участники и др."]
)
def test_others_are_a_mark_and_no_person(line: str) -> None:
    read = _one(line)
    assert read.has_others
    assert read.name is None


def test_others_at_the_end_of_a_line_leave_the_line_as_it_is() -> None:
    read = _one("Попков Сергей Иванович, министр и другие")
    assert read.has_others
    assert read.post == "министр"


def test_headings_say_who_stands_where() -> None:
    rows = _read(
        "СПИСОК участников\nОт Республики Беларусь:\nПопков С. И., министр\n"
        "Зал Курск\nКриволапов А. И., заместитель губернатора\n"
        "Белорусская сторона\nЖданович Н. П., председатель"
    )
    people = [(read.name.surname, read.side, read.site) for read in rows if read.name is not None]
    assert people == [
        ("Попков", "side-1", "minsk"),
        ("Криволапов", "side-2", "kursk"),
        ("Жданович", "side-1", "minsk"),
    ]
    assert [read.kind for read in rows].count(RowKind.HEADING) == 4


def test_a_table_is_understood_by_its_headings() -> None:
    rows = _read(
        "№\tФИО\tДолжность\tОрганизация\tСторона\tРоль\tМесто\tE-mail\tПубликация\n"
        "1\tПопков С. И.\tминистр\tМинсвязи\tРеспублика Беларусь\tсопредседатель\t1\t"
        "popkov@example.by\tда\n"
        "2\tОрехова М.\tпредседатель комитета\t\tКурская область\tдокладчик\t2\t\tнет"
    )
    first, second = rows[1:]
    assert first.name == NameParts("Попков", "С.", "И.")
    assert (first.post, first.organisation, first.side) == ("министр", "Минсвязи", "side-1")
    assert (first.role, first.seat) == (ParticipationRole.CO_CHAIR, "1")
    assert first.email == "popkov@example.by"
    assert (second.side, second.role) == ("side-2", ParticipationRole.RAPPORTEUR)
    assert (first.allows_publication, second.allows_publication) == (True, False)
    assert first.confidence is Confidence.CERTAIN


def test_a_name_in_three_columns_is_one_name() -> None:
    headed = _read("Фамилия\tИмя\tОтчество\tДолжность\nПопков\tСергей\tИванович\tминистр")[1]
    free = _one("1\tПопков\tСергей\tИванович\tминистр")
    for read in (headed, free):
        assert read.name == NameParts("Попков", "Сергей", "Иванович")
        assert read.post == "министр"


def test_a_name_in_the_wrong_column_is_found_and_marked() -> None:
    read = _read("ФИО\tДолжность\nминистр связи\tЖданович Н. П.")[1]
    assert read.name == NameParts("Жданович", "Н.", "П.")
    assert read.post == "министр связи"
    assert Doubt.IN_ANOTHER_COLUMN in read.doubts


def test_a_formula_is_shown_and_never_a_name() -> None:
    row = SourceRow(2, ('=HYPERLINK("http://x","Попков С.")', "министр"), formulas=frozenset({0}))
    read = understand([row], PLACES)[0]
    assert read.name is None
    assert read.note == '=HYPERLINK("http://x","Попков С.")'
    assert Doubt.FORMULA in read.doubts


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("председатель областного совета ветеранов", Doubt.NO_SURNAME),
        ("Чжан Вэй, директор", Doubt.ORDER_GUESSED),
        ("Иванов, директор", Doubt.NAME_GUESSED),
        ("Попков Сергей Иванович", Doubt.NO_POST),
        ("Попков С. И., министр, Жданович Н. П., председатель", Doubt.SEVERAL_PEOPLE),
        ("@@@ ###", Doubt.NOT_UNDERSTOOD),
        ("12345", Doubt.NOT_UNDERSTOOD),
    ],
)
def test_what_is_in_doubt_says_so(line: str, doubt: Doubt) -> None:
    read = _one(line)
    assert doubt in read.doubts
    assert read.confidence is Confidence.DOUBTFUL


def test_a_side_that_nobody_named_is_in_doubt() -> None:
    assert Doubt.SIDE_UNKNOWN in _read("Попков С. И., министр")[0].doubts


def test_people_parted_by_semicolons_are_people() -> None:
    rows = _read("Попков С. И., министр; Жданович Н. П., председатель")
    assert [read.name.surname for read in rows if read.name is not None] == ["Попков", "Жданович"]
    assert [read.number for read in rows] == [1, 1]


def test_every_piece_is_a_place_in_the_source() -> None:
    read = _one("2) Попков С. И. – министр, докладчик, место 3")
    told = {read.source[piece.start : piece.end]: piece.field for piece in read.pieces}
    assert told == {
        "2)": Field.NUMBER,
        "Попков С. И.": Field.NAME,
        "министр": Field.POST,
        "докладчик": Field.ROLE,
        "место 3": Field.SEAT,
    }


def test_one_side_is_everybodys() -> None:
    meeting = bridge_meeting()
    alone = replace(meeting, sides=meeting.sides[:1], roster=())
    read = understand(rows_of_text("Попков С. И., министр"), Places(alone))[0]
    assert read.side == "side-1"


_LINES = st.text(
    st.one_of(st.sampled_from("АаБбИиВ.,;–- \t()0123456789@«»"), st.characters()), max_size=200
)


@given(st.lists(st.lists(_LINES, min_size=1, max_size=5), max_size=6))
def test_nothing_is_dropped_and_no_letter_is_taken_twice(rows: list[list[str]]) -> None:
    source = [
        SourceRow(number, tuple(" ".join(cell.split()) for cell in cells))
        for number, cells in enumerate(rows)
    ]
    source = [row for row in source if any(row.cells)]
    read = understand(source, PLACES)
    assert {row.number for row in read} == {row.number for row in source}
    for row in read:
        for piece, following in zip(row.pieces, row.pieces[1:], strict=False):
            assert piece.end <= following.start
        for piece in row.pieces:
            assert 0 <= piece.start < piece.end <= len(row.source)
            assert CELL_BORDER not in row.source[piece.start : piece.end]
