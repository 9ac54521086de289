"""A name of one language written in the letters of another: a first filling, for a person to check.

Latin letters follow the rules of passports, which differ: Belarus spells the Belarusian form
(instruction of the Ministry of Internal Affairs on personal data, 2008: Сяргей, Siarhei), Russia
the Russian one (ICAO Doc 9303: Сергей, Sergei). Between Belarusian and Russian, given names and
patronymics are known pairs; surnames go by sound, and the stress that would settle о and а is
not written, so the result is never called certain.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from veche.domain.known_names import GIVEN, PATRONYMICS, SURNAMES, Pair
from veche.domain.text import Language


class Country(StrEnum):
    """Whose rules spell a person in Latin letters; ISO 3166-1."""

    BELARUS = "by"
    RUSSIA = "ru"


@dataclass(frozen=True, slots=True)
class NameParts:
    """Parts of a name in one language. Initials stand in place of parts that were not told."""

    surname: str
    given: str = ""
    patronymic: str = ""

    def parts(self) -> tuple[str, str, str]:
        return self.surname, self.given, self.patronymic


@dataclass(frozen=True, slots=True)
class NameForms:
    """The three forms, and which of them nobody wrote and nobody checked."""

    forms: dict[Language, NameParts]
    doubtful: frozenset[Language]


_RUSSIAN_LATIN: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
    "и": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "ie", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
_BELARUSIAN_LATIN: Final = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "ж": "zh", "з": "z", "і": "i",
    "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ў": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "ы": "y",
    "э": "e", "ь": "", "’": "", "'": "",
}  # fmt: skip
_BELARUSIAN_SOFT: Final = {
    "е": ("ye", "e"), "ё": ("yo", "io"), "ю": ("yu", "iu"), "я": ("ya", "ia"),
}  # fmt: skip
"""At the beginning, after a vowel or a sign; and after a consonant."""
_AFTER_VOWEL: Final = frozenset("аоуэіеёюяў’'ь")
_VOWELS: Final = frozenset("аоуыэіиеёюя")
# Longest first. What two languages write alike in Latin letters is read as Russian.
_FROM_LATIN: Final = (
    ("shch", "щ"), ("kh", "х"), ("zh", "ж"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"),
    ("iu", "ю"), ("ya", "я"), ("ia", "я"), ("yo", "ё"), ("ye", "е"), ("a", "а"), ("b", "б"),
    ("c", "к"), ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"), ("h", "г"), ("i", "и"),
    ("j", "й"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"),
    ("q", "к"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "в"),
    ("x", "кс"), ("y", "ы"), ("z", "з"),
)  # fmt: skip


def forms_of(name: NameParts, language: Language, country: Country) -> NameForms:
    """All three forms of a name that was written in one."""
    if language is Language.EN:
        russian = NameParts(
            _from_latin(name.surname),
            _known(name.given, _GIVEN_LATIN) or _from_latin(name.given),
            _known(name.patronymic, _PATRONYMICS_LATIN) or _from_latin(name.patronymic),
        )
        belarusian = _to_belarusian(russian)
        forms = {Language.BE: belarusian, Language.RU: russian, Language.EN: name}
    else:
        is_russian = language is Language.RU
        russian = name if is_russian else _to_russian(name)
        belarusian = _to_belarusian(name) if is_russian else name
        latin = latin_of(
            *((belarusian, Language.BE) if country is Country.BELARUS else (russian, Language.RU))
        )
        forms = {Language.BE: belarusian, Language.RU: russian, Language.EN: latin}
    return NameForms(forms, frozenset(Language) - {language})


def latin_of(name: NameParts, language: Language) -> NameParts:
    """In the letters of a passport of the country whose language the name is written in."""
    return _each(name, romanise_belarusian if language is Language.BE else romanise_russian)


def romanise_russian(word: str) -> str:
    return _by_parts(word, lambda part: "".join(_RUSSIAN_LATIN.get(one, one) for one in part))


def romanise_belarusian(word: str) -> str:
    return _by_parts(word, _romanised_belarusian)


def _romanised_belarusian(part: str) -> str:
    # Passports write one ts for the long ц of Таццяна, and no second vowel for ый and ій.
    part = part.replace("цц", "ц")
    if part.endswith(("ый", "ій")):
        part = part[:-1]
    written = []
    for place, letter in enumerate(part):
        before = part[place - 1] if place else ""
        if letter in _BELARUSIAN_SOFT:
            is_open = not before or before in _AFTER_VOWEL
            written.append(_BELARUSIAN_SOFT[letter][0 if is_open else 1])
        else:
            written.append(_BELARUSIAN_LATIN.get(letter, letter))
    return "".join(written)


def _to_belarusian(name: NameParts) -> NameParts:
    return NameParts(
        _known(name.surname, _SURNAMES_BE) or _by_parts(name.surname, _surname_by_sound),
        _known(name.given, _GIVEN_BE) or _by_parts(name.given, _sounds_of_belarusian),
        _known(name.patronymic, _PATRONYMICS_BE)
        or _by_parts(name.patronymic, _sounds_of_belarusian),
    )


def _to_russian(name: NameParts) -> NameParts:
    return NameParts(
        _known(name.surname, _SURNAMES_RU) or _by_parts(name.surname, _letters_of_russian),
        _known(name.given, _GIVEN_RU) or _by_parts(name.given, _letters_of_russian),
        _known(name.patronymic, _PATRONYMICS_RU) or _by_parts(name.patronymic, _letters_of_russian),
    )


def _surname_by_sound(surname: str) -> str:
    """The ending first: it says where the stress probably is, and so what о and е become."""
    surname = _SIGN.sub("’", surname)
    for ending, belarusian, has_stress in _ENDINGS:
        stem = re.sub(f"{ending}$", "", surname)
        if stem not in ("", surname):
            stem = _sounds_of_belarusian(_unstressed(stem, has_stress))
            return stem + _hardened(stem, belarusian)
    return _sounds_of_belarusian(surname)


# Ending, its Belarusian form, and whether it takes the stress from the stem.
_ENDINGS: Final[tuple[tuple[str, str, bool], ...]] = (
    ("ский", "скі", False), ("цкий", "цкі", False), ("ская", "ская", False),
    ("цкая", "цкая", False), ("енко", "енка", True), ("ович", "овіч", True),
    ("евич", "евіч", True), ("ой", "ы", True), ("ый", "ы", False), ("ий", "і", False),
    ("(?<=[бвгджзйлмнпрст])ков", "коў", True), ("(?<=[бвгджзйлмнпрст])кова", "кова", True),
    ("рев", "раў", False), ("рева", "рава", False),
    ("ов", "аў", False), ("ова", "ава", False), ("ев", "еў", False), ("ева", "ева", False),
    ("ёв", "ёў", True), ("ёва", "ёва", True),
)  # fmt: skip
_HARD: Final = "ржшчцщ"


def _hardened(stem: str, ending: str) -> str:
    """After a consonant that is always hard, е is э and і is ы."""
    if stem[-1:] in _HARD and ending[0] in "еі":
        return ("э" if ending[0] == "е" else "ы") + ending[1:]
    return ending


def _unstressed(stem: str, ending_has_stress: bool) -> str:
    """Belarusian writes о only under stress: it stays in the last syllable of a stem at most."""
    last = max((place for place, letter in enumerate(stem) if letter in _VOWELS), default=-1)
    letters = [
        "а" if letter == "о" and (ending_has_stress or place != last) else letter
        for place, letter in enumerate(stem)
    ]
    if ending_has_stress and last >= 0 and letters[last] == "е":
        letters[last] = "я"
    return "".join(letters)


_HARD_AFTER: Final = re.compile("(?<=[ржшчцщ])[иеёяю]")
_HARD_VOWEL: Final = {"и": "ы", "е": "э", "ё": "о", "я": "а", "ю": "у"}
_SOFT_T: Final = re.compile("т(?=[иеёяюь])")
_SOFT_D: Final = re.compile("д(?=[иеёяюь])")
_SIGN: Final = re.compile("(?<=[рбпвмф])[ьъ](?=[еёюяи])")
_SHORT_V: Final = re.compile("(?<=[аоуыэіеёюя])в(?=[бвгджзклмнпрстфхцчшў]|$)")


def _sounds_of_belarusian(word: str) -> str:
    """дз and ц before soft vowels, hard р, ў after a vowel."""
    word = _HARD_AFTER.sub(lambda found: _HARD_VOWEL[found[0]], word)
    word = _SIGN.sub("’", word)
    word = _SOFT_D.sub("дз", _SOFT_T.sub("ц", word))
    word = word.replace("щ", "шч").replace("и", "і").replace("ъ", "’")
    return _SHORT_V.sub("ў", word)


_TO_RUSSIAN: Final = (
    ("дз(?=[іеёяюь])", "д"), ("ц(?=[іеёяюь])", "т"), ("аў$", "ов"), ("ава$", "ова"),
    ("енка$", "енко"), ("скі$", "ский"), ("цкі$", "цкий"), ("(?<=[чшж])э", "е"), ("рэ", "ре"),
    ("шч", "щ"), ("(?<=[чшж])ы", "и"), ("(?<=[чшж])о", "ё"), ("ў", "в"), ("і", "и"),
    ("[’']", "ъ"),
)  # fmt: skip


def _letters_of_russian(word: str) -> str:
    for pattern, russian in _TO_RUSSIAN:
        word = re.sub(pattern, russian, word)
    return word


def _from_latin(word: str) -> str:
    return _by_parts(word, _letters_from_latin)


def _letters_from_latin(word: str) -> str:
    written = []
    word = re.sub("(?<=[aeioy])i$", "й", word)
    while word:
        for latin, cyrillic in _FROM_LATIN:
            if word.startswith(latin):
                written.append(cyrillic)
                word = word[len(latin) :]
                break
        else:
            written.append(word[0])
            word = word[1:]
    return "".join(written)


def _each(name: NameParts, write: Callable[[str], str]) -> NameParts:
    return NameParts(*(write(part) for part in name.parts()))


def _by_parts(word: str, write: Callable[[str], str]) -> str:
    """Hyphens and initials keep their places, capitals too."""
    return "".join(
        _recased(write(part.casefold()), part) if part.isalpha() or "’" in part else part
        for part in re.split(r"([\s.\-–]+)", word.replace("'", "’"))
    )


def _recased(written: str, like: str) -> str:
    if len(like) > 1 and like.isupper():
        return written.upper()
    return written[:1].upper() + written[1:] if like[:1].isupper() else written


def _known(word: str, pairs: dict[str, str]) -> str | None:
    found = pairs.get(word.casefold().replace("ё", "е").replace("'", "’"))
    return None if found is None else _recased(found.casefold(), word)


def _index(pairs: tuple[Pair, ...], *, is_from_russian: bool) -> dict[str, str]:
    if is_from_russian:
        return {pair.russian.casefold().replace("ё", "е"): pair.belarusian for pair in pairs}
    return {pair.belarusian.casefold().replace("ё", "е"): pair.russian for pair in pairs}


def _latin_index(pairs: tuple[Pair, ...]) -> dict[str, str]:
    """Both spellings of a name lead to its Russian form, from which the Belarusian one is known."""
    spelt: dict[str, str] = {}
    for pair in pairs:
        spelt[romanise_belarusian(pair.belarusian).casefold()] = pair.russian
        spelt[romanise_russian(pair.russian).casefold()] = pair.russian
    return spelt


_GIVEN_BE: Final = _index(GIVEN, is_from_russian=True)
_GIVEN_RU: Final = _index(GIVEN, is_from_russian=False)
_PATRONYMICS_BE: Final = _index(PATRONYMICS, is_from_russian=True)
_PATRONYMICS_RU: Final = _index(PATRONYMICS, is_from_russian=False)
_SURNAMES_BE: Final = _index(SURNAMES, is_from_russian=True)
_SURNAMES_RU: Final = _index(SURNAMES, is_from_russian=False)
_GIVEN_LATIN: Final = _latin_index(GIVEN)
_PATRONYMICS_LATIN: Final = _latin_index(PATRONYMICS)
