"""A name is spelt in the other languages as documents spell it, and capitals and signs are kept."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.domain.text import Language
from veche.domain.transliteration import Country, NameParts, forms_of

_CORPUS = Path(__file__).parents[2] / "corpus" / "names.txt"
ROWS = [
    tuple(NameParts(*written.split()) for written in line.split("|"))
    for line in _CORPUS.read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("russian", "belarusian", "of_belarus", "of_russia"), ROWS)
def test_a_russian_name_gets_its_other_forms(
    russian: NameParts, belarusian: NameParts, of_belarus: NameParts, of_russia: NameParts
) -> None:
    forms = forms_of(russian, Language.RU, Country.BELARUS).forms
    assert forms == {Language.RU: russian, Language.BE: belarusian, Language.EN: of_belarus}
    assert forms_of(russian, Language.RU, Country.RUSSIA).forms[Language.EN] == of_russia


@pytest.mark.parametrize(("russian", "belarusian"), [row[:2] for row in ROWS])
def test_given_names_come_back_from_belarusian(russian: NameParts, belarusian: NameParts) -> None:
    forms = forms_of(belarusian, Language.BE, Country.BELARUS).forms
    assert forms[Language.RU].given == russian.given


@pytest.mark.parametrize(
    ("written", "surname", "given"),
    [
        (NameParts("Popkov", "Sergei"), "Попков", "Сергей"),
        (NameParts("Papkou", "Siarhei"), "Папкоу", "Сергей"),
        (NameParts("Shcherbakov", "Igor"), "Щербаков", "Игорь"),
        (NameParts("Tolstoi", "Lev"), "Толстой", "Лев"),
    ],
)
def test_latin_letters_are_read_as_russian(written: NameParts, surname: str, given: str) -> None:
    russian = forms_of(written, Language.EN, Country.RUSSIA).forms[Language.RU]
    assert (russian.surname, russian.given) == (surname, given)


@pytest.mark.parametrize(
    ("son", "daughter", "belarusian_son", "belarusian_daughter"),
    [
        ("Иванович", "Ивановна", "Іванавіч", "Іванаўна"),
        ("Николаевич", "Николаевна", "Мікалаевіч", "Мікалаеўна"),
        ("Ильич", "Ильинична", "Ільіч", "Ільінічна"),
        ("Петрович", "Петровна", "Пятровіч", "Пятроўна"),
        ("Юрьевич", "Юрьевна", "Юр’евіч", "Юр’еўна"),
    ],
)
def test_a_patronymic_is_known_for_a_son_and_a_daughter(
    son: str, daughter: str, belarusian_son: str, belarusian_daughter: str
) -> None:
    for russian, belarusian in ((son, belarusian_son), (daughter, belarusian_daughter)):
        name = NameParts("Попова", "Вера", russian)
        forms = forms_of(name, Language.RU, Country.BELARUS).forms
        assert forms[Language.BE].patronymic == belarusian
        back = forms_of(forms[Language.BE], Language.BE, Country.BELARUS).forms
        assert back[Language.RU].patronymic == russian


def test_initials_hyphens_and_capitals_keep_their_places() -> None:
    name = NameParts("СТАНКЕВИЧ-ЗАГОРСКИЙ", "К.", "И.")
    forms = forms_of(name, Language.RU, Country.BELARUS).forms
    assert forms[Language.BE] == NameParts("СТАНКЕВІЧ-ЗАГОРСКІ", "К.", "І.")
    assert forms[Language.EN] == NameParts("STANKEVICH-ZAHORSKI", "K.", "I.")


def test_only_what_was_written_is_not_doubtful() -> None:
    told = forms_of(NameParts("Попков", "Сергей"), Language.RU, Country.BELARUS)
    assert told.doubtful == {Language.BE, Language.EN}


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(Language))
def test_whatever_is_written_has_three_forms(surname: str, name: str, language: Language) -> None:
    for country in Country:
        forms = forms_of(NameParts(surname, name), language, country).forms
        assert set(forms) == set(Language)
        assert forms[language] == NameParts(surname, name)
