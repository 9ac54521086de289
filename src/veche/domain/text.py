"""Words that people wrote, in as many languages as somebody wrote them.

A `Text` is never empty and never holds control characters, so that every sink (page,
title plate, letter, log line) may print it as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from veche.domain.errors import WordsRefused

TEXT_LENGTH_MAX: Final = 10_000
"""Letters in one language: four times the longest paragraph of an announcement we have seen."""
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
"""Controls, half letters, what XML has no place for, and the direction overrides that make a name
read as another name. A pattern, since every word that is read from the store goes through it:
letter by letter it took half of the time of reading a meeting."""


class Language(StrEnum):
    """ISO 639-1; the order is that of the switch on every page."""

    BE = "be"
    RU = "ru"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """Words by language. Build it with `Text.of` or `Text.parse`."""

    words: tuple[tuple[Language, str], ...]

    @classmethod
    def of(cls, *, be: str | None = None, ru: str | None = None, en: str | None = None) -> Self:
        written = {Language.BE: be, Language.RU: ru, Language.EN: en}
        return cls.parse(
            {language: words for language, words in written.items() if words is not None}
        )

    @classmethod
    def parse(cls, written: Mapping[str, str]) -> Self:
        """Raises `WordsRefused` for nothing at all, an unknown language or unprintable words."""
        if not written:
            raise WordsRefused("no words in any language")
        return cls(tuple(sorted(_checked(language, words) for language, words in written.items())))

    def in_language(self, wanted: Language, otherwise: Language | None = None) -> str:
        """The words in the wanted language, else in the other one, else in any that was written."""
        written = dict(self.words)
        for language in (wanted, otherwise):
            if language in written:
                return written[language]
        return self.words[0][1]

    def as_mapping(self) -> dict[str, str]:
        return {language.value: words for language, words in self.words}


def _checked(language: str, words: str) -> tuple[Language, str]:
    try:
        known = Language(language)
    except ValueError:
        raise WordsRefused(f"unknown language {language!r}") from None
    if not words.strip():
        raise WordsRefused(f"empty words in {known}")
    if len(words) > TEXT_LENGTH_MAX:
        raise WordsRefused(f"more than {TEXT_LENGTH_MAX} letters in {known}")
    if _UNPRINTABLE.search(words):
        raise WordsRefused(f"a control character in {known}")
    return known, words
