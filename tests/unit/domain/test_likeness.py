"""One person written twice is found; two people are not taken for one."""

import pytest

from tests.unit.domain.test_transliteration import ROWS
from veche.domain.likeness import PAIRS_MAX, Likeness, Twins, find_twins, likeness_of
from veche.domain.transliteration import NameParts


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].surname)
def test_a_name_is_found_in_every_spelling(row: tuple[NameParts, ...]) -> None:
    for other in row[1:]:
        assert likeness_of(row[0], other) in (Likeness.SPELLING, Likeness.SAME), other


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Воробьёва Алёна", "Воробьева Алена", Likeness.SAME),
        ("ПОПКОВ СЕРГЕЙ", "Попков Сергей", Likeness.SAME),
        ("Вараб’ёва Дар'я", "Вараб'ёва Дар’я", Likeness.SAME),
        ("Попков Сергей Иванович", "Попков С. И.", Likeness.INITIALS),
        ("Попков Сергей Иванович", "Попков Сергей", Likeness.INITIALS),
        ("Попков С.", "Papkou Siarhei", Likeness.INITIALS),
        ("Попков С.", "Попков А.", None),
        ("Попков Сергей", "Попков Семён", None),
        ("Попков Сергей Иванович", "Попков Сергей Петрович", None),
        ("Попков Сергей", "Попкова Сергей", None),
        ("Попков", "Попков", Likeness.SAME),
        ("Попков", "Папкоў", None),
        ("Иванов Пётр", "Сидоров Пётр", None),
    ],
)
def test_likeness(one: str, other: str, likeness: Likeness | None) -> None:
    first, second = NameParts(*one.split()), NameParts(*other.split())
    assert likeness_of(first, second) == likeness
    assert likeness_of(second, first) == likeness


def test_twins_of_a_list_are_told_by_their_places() -> None:
    names = [
        NameParts("Попков", "Сергей"),
        NameParts("Жданович", "Николай"),
        NameParts("Папкоў", "Сяргей"),
    ]
    assert find_twins(names) == (Twins(0, 2, Likeness.SPELLING),)


def test_the_pairs_of_a_list_of_one_name_are_bounded() -> None:
    assert len(find_twins([NameParts("Попков", "Сергей")] * 10_000)) == PAIRS_MAX


def test_a_list_of_one_surname_is_compared_as_far_as_it_is_worth() -> None:
    names = [NameParts("Иванов", f"{chr(ord('а') + n % 32)}{n}") for n in range(5_000)]
    assert len(find_twins(names)) <= PAIRS_MAX
