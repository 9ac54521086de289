"""Two entries that are probably one person: who was written twice, with ё or е, in full or by
initials, in Cyrillic or in Latin letters.

Says how sure it is and never decides: people of one name exist, an officer looks at the pair.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from veche.domain.known_names import GIVEN, PATRONYMICS, SURNAMES, Pair
from veche.domain.transliteration import NameParts, romanise_belarusian, romanise_russian

COMPARED_MAX: Final = 200_000
"""Two thousand people of one surname would be two million comparisons; this many take a second."""
_WORDS_KEPT: Final = 8_192
"""Words of one list come again and again: with their keys kept, 2000 lines take a second and
not a minute."""
PAIRS_MAX: Final = 500
"""A list with more twins than this is two copies of one list; the first pairs show it."""


class Likeness(StrEnum):
    SAME = "same"
    """The same letters, ё and е not told apart."""
    SPELLING = "spelling"
    """The same name in another language or alphabet."""
    INITIALS = "initials"
    """The same surname, and initials that fit."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Indexes of two names in the sequence that was compared."""

    first: int
    second: int
    likeness: Likeness


def likeness_of(one: NameParts, other: NameParts) -> Likeness | None:
    if _key(one.surname) != _key(other.surname) or not one.surname:
        return None
    if _fold_all(one) == _fold_all(other):
        return Likeness.SAME
    fits = [
        _fit(mine, theirs) for mine, theirs in zip(one.parts()[1:], other.parts()[1:], strict=True)
    ]
    if None in fits or not (one.given and other.given):
        return None
    return Likeness.INITIALS if False in fits else Likeness.SPELLING


def find_twins(names: Sequence[NameParts]) -> tuple[Twins, ...]:
    """Pairs of one list, at most `PAIRS_MAX`; only names of one surname are ever compared."""
    return tuple(pair for pair, _ in zip(_twins(names), range(PAIRS_MAX), strict=False))


def _twins(names: Sequence[NameParts]) -> Iterator[Twins]:
    alike: dict[str, list[int]] = defaultdict(list)
    compared = 0
    for index, name in enumerate(names):
        key = _key(name.surname)
        compared += len(alike[key])
        if compared > COMPARED_MAX:
            return
        for earlier in alike[key]:
            likeness = likeness_of(names[earlier], name)
            if likeness is not None:
                yield Twins(earlier, index, likeness)
        alike[key].append(index)


def _fit(one: str, other: str) -> bool | None:
    """Whether whole parts are one name; False: as far as an initial says; None: they differ."""
    if not one or not other:
        return not one and not other
    if _is_initial(one) or _is_initial(other):
        return False if _first_letters(one) & _first_letters(other) else None
    return True if _key(one) == _key(other) else None


def _is_initial(part: str) -> bool:
    return len(part.rstrip(".")) == 1


def _key(part: str) -> str:
    """Equal for all spellings of one name."""
    return _KNOWN.get(_fold(part)) or skeleton(part)


def _first_letters(part: str) -> set[str]:
    """Н. may stand for Николай and for Мікалай."""
    spellings = _SPELLINGS.get(_KNOWN.get(_fold(part), ""), (part,))
    return {skeleton(spelling)[:1] for spelling in spellings}


def _fold_all(name: NameParts) -> tuple[str, ...]:
    return tuple(_fold(part) for part in name.parts())


def _fold(word: str) -> str:
    """One spelling for what people write differently without meaning to."""
    word = word.casefold().replace("ё", "е")
    return re.sub("[-‐‑–—]", "-", re.sub("['’ʼ`]", "’", word)).strip(" .")


# Two alphabets and three languages meet in their consonants; vowels differ by stress and by
# rule, so of a vowel only its place is kept.
_LATIN_CONSONANTS: Final = (
    ("shch", "S"), ("sch", "S"), ("tch", "C"), ("ch", "C"), ("zh", "Z"), ("sh", "S"),
    ("kh", "K"), ("dz(?=[aeiouy])", "d"), ("tsts", "T"), ("ts", "T"), ("ph", "f"), ("x", "ks"),
    ("ck", "k"), ("h", "g"), ("w", "v"), ("c", "k"), ("q", "k"), ("j", "i"),
    ("(?<=[aeoiy])u(?![aeoiy])", "v"),
)  # fmt: skip


@lru_cache(maxsize=_WORDS_KEPT)
def skeleton(word: str) -> str:
    """What all spellings of a name have in common: its consonants, and where vowels stand."""
    word = _fold(word)
    if re.search("[а-яіў]", word):
        is_belarusian = re.search("[іў’]", word) is not None
        # ц and дз of Belarusian are т and д before a soft vowel in Russian.
        word = re.sub("ц(?=[іеюяь])", "т", re.sub("дз(?=[іеюяь])", "д", word))
        word = romanise_belarusian(word) if is_belarusian else romanise_russian(word)
    word = re.sub("ts(?=[ie])", "t", word)
    for latin, one in _LATIN_CONSONANTS:
        word = re.sub(latin, one, word)
    word = re.sub("[aeiouy]+", "a", word)
    return re.sub(r"(.)\1", r"\1", re.sub(r"[^a-zA-Z-]", "", word))


def _index(pairs: tuple[Pair, ...]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        yield _fold(pair.russian), pair.russian
        yield _fold(pair.belarusian), pair.russian
        yield _fold(romanise_russian(pair.russian)), pair.russian
        yield _fold(romanise_belarusian(pair.belarusian)), pair.russian


_KNOWN: Final = dict(_index(GIVEN + PATRONYMICS + SURNAMES))
_SPELLINGS: Final = {pair.russian: (pair.russian, pair.belarusian) for pair in GIVEN + PATRONYMICS}
