"""Finding the name of a person in a line of an office list.

Knows the shapes in which names are written (in full, by initials, surname first or last,
capitals) and says how sure it is. A word that offices use for posts and organisations is no
name, however it is capitalised.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from veche.domain.known_names import GIVEN, PATRONYMICS
from veche.domain.roster_words import GROUP_STEMS, ORGANISATION_STEMS, POST_STEMS
from veche.domain.transliteration import NameParts, romanise_belarusian, romanise_russian


class Confidence(IntEnum):
    DOUBTFUL = 0
    """Guessed; somebody must look."""
    LIKELY = 1
    CERTAIN = 2
    """The shape leaves no other reading."""


@dataclass(frozen=True, slots=True)
class NameFound:
    start: int
    end: int
    parts: NameParts
    confidence: Confidence
    is_order_guessed: bool = False
    """Nothing tells which word is the surname."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    shape: str
    """I: an initial, U: capitals, C: capitalised, w: any other word, and signs as they are."""


_WORD: Final = re.compile(
    r"(?P<I>[^\W\d_]\.(?=[^\W\d_]|\s|$|[,;)]))|(?P<word>[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*)|(?P<sign>[^\s\w])|\d+"
)
_PATRONYMIC: Final = re.compile(
    "(ович|евич|ич|овна|евна|ична|инична|авіч|овіч|евіч|іч|аўна|оўна|еўна|ічна)$"
)
_NOT_SURNAMES: Final = frozenset({"г", "гр", "тов", "и", "і", "and", "mr", "ms", "dr", "прим"})


def find_name(text: str) -> NameFound | None:
    """The surest name in the text, the earliest of equals."""
    found = sorted(_names(text), key=lambda name: (-name.confidence, name.start))
    return found[0] if found else None


def find_names(text: str) -> tuple[NameFound, ...]:
    """All names that are beyond doubt, in order, none inside another."""
    apart: list[NameFound] = []
    for name in sorted(_names(text), key=lambda name: (name.start, -name.end)):
        is_apart = not apart or name.start >= apart[-1].end
        if is_apart and name.confidence is Confidence.CERTAIN:
            apart.append(name)
    return tuple(apart)


def is_patronymic(word: str) -> bool:
    """By its ending: Ильич is one, and so is a surname in -ович where a given name precedes."""
    return word.casefold() in _PATRONYMICS or bool(_PATRONYMIC.search(word.casefold()))


def is_given(word: str) -> bool:
    return word.casefold().replace("ё", "е") in _GIVEN


def has_stem(word: str, stems: tuple[str, ...]) -> bool:
    return _begins_with(stems).match(f"{word.casefold().replace('ё', 'е')}$") is not None


@lru_cache
def _begins_with(stems: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(stem.replace("ё", "е")) for stem in stems))


def _names(text: str) -> Iterator[NameFound]:
    words = _words(text)
    for first, word in enumerate(words):
        if word.shape in _NAME_SHAPES:
            yield from _names_from(words, first)


def _names_from(words: list[_Word], first: int) -> Iterator[NameFound]:
    for pattern, order, confidence in _SHAPES:
        taken = words[first : first + len(pattern)]
        if len(taken) < len(pattern) or not _is_shaped(taken, pattern):
            continue
        if pattern == "??" and taken[0].text.isascii():
            order = "gs"  # as English writes names
        parts = {place: word.text for place, word in zip(order, taken, strict=True)}
        if not _may_be_surname(parts["s"]):
            continue
        stands_apart = _is_border(words, first - 1) and _is_border(words, first + len(pattern))
        if confidence is not Confidence.CERTAIN and not stands_apart:
            continue
        yield NameFound(
            taken[0].start,
            taken[-1].end,
            NameParts(parts["s"], parts.get("g", ""), parts.get("p", "")),
            confidence,
            is_order_guessed="?" in pattern,
        )
        return


# A name as a row of words: N a capitalised word, G a known given name, P a patronymic,
# I an initial, U a word in capitals, ? a word about which nothing is known, S any of the last;
# and which part of the name each of them is. The surest shapes first.
_SHAPES: Final[tuple[tuple[str, str, Confidence], ...]] = (
    ("SGP", "sgp", Confidence.CERTAIN),
    ("GPS", "gps", Confidence.CERTAIN),
    ("SNP", "sgp", Confidence.CERTAIN),
    ("NPS", "gps", Confidence.CERTAIN),
    ("SII", "sgp", Confidence.CERTAIN),
    ("IIS", "gps", Confidence.CERTAIN),
    ("SI", "sg", Confidence.CERTAIN),
    ("IS", "gs", Confidence.CERTAIN),
    ("UG", "sg", Confidence.CERTAIN),
    ("GU", "gs", Confidence.CERTAIN),
    ("SG", "sg", Confidence.CERTAIN),
    ("GS", "gs", Confidence.CERTAIN),
    ("UC", "sg", Confidence.LIKELY),
    ("CU", "gs", Confidence.LIKELY),
    ("??", "sg", Confidence.DOUBTFUL),
    ("S", "s", Confidence.DOUBTFUL),
)


_NAME_SHAPES: Final = frozenset("IUC")


def _is_shaped(words: list[_Word], pattern: str) -> bool:
    return all(_fits(word, wanted) for word, wanted in zip(words, pattern, strict=True))


def _fits(word: _Word, wanted: str) -> bool:
    if word.shape not in _NAME_SHAPES:
        return False
    if wanted in "IUC":
        return word.shape == wanted
    if word.shape == "I":
        return False
    if wanted == "G":
        return is_given(word.text)
    if wanted == "P":
        return is_patronymic(word.text)
    return not (wanted == "?" and _is_office_word(word.text))


def _may_be_surname(word: str) -> bool:
    return len(word) > 1 and word.casefold() not in _NOT_SURNAMES and not _is_office_word(word)


def _is_office_word(word: str) -> bool:
    return any(
        has_stem(part, stems)
        for part in (word, *word.split("-"))
        for stems in (POST_STEMS, ORGANISATION_STEMS, GROUP_STEMS)
    )


def _is_border(words: list[_Word], place: int) -> bool:
    return not 0 <= place < len(words) or words[place].shape not in ("I", "U", "C", "w")


def _words(text: str) -> list[_Word]:
    words = []
    for found in _WORD.finditer(text):
        words.append(_Word(found[0], found.start(), found.end(), _shape(found)))
    return words


def _shape(found: re.Match[str]) -> str:
    if found["I"]:
        return "I" if found[0][0].isupper() else "w"
    word = found["word"]
    if not word:
        return found[0]
    if len(word) > 1 and word.isupper():
        return "U"
    return "C" if word[0].isupper() else "w"


def _spelt(names: Iterator[str]) -> frozenset[str]:
    return frozenset(name.casefold().replace("ё", "е") for name in names)


_GIVEN: Final = _spelt(
    spelling
    for pair in GIVEN
    for spelling in (
        pair.russian,
        pair.belarusian,
        romanise_russian(pair.russian),
        romanise_belarusian(pair.belarusian),
    )
)
_PATRONYMICS: Final = _spelt(one for pair in PATRONYMICS for one in (pair.russian, pair.belarusian))
