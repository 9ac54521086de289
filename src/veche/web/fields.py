"""Field types of the interface: what a form sends becomes a value of the domain, or a 422.

Each refuses by itself, so that an answer can name every wrong field at once. What was typed
never comes back in a refusal.
"""

from typing import Annotated, Any, Final
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from veche.domain.errors import WordsRefused
from veche.domain.identity import ID_LETTERS_MAX
from veche.domain.text import Language, Text

LINE_LETTERS_MAX: Final = 500
"""A line of a form: the longest post in the minutes that we have seen has 190 letters."""
EMAIL_LETTERS_MAX: Final = 254
"""RFC 5321, section 4.5.3.1.3, less the angle brackets."""
PHONE_LETTERS_MAX: Final = 40
_ZONES: Final = available_timezones()


def _text(written: Any) -> Text:  # Any: what JSON gave
    if isinstance(written, Text):
        return written
    if not isinstance(written, dict) or not all(isinstance(v, str) for v in written.values()):
        raise ValueError("words by language")
    try:
        return Text.parse(written)
    except WordsRefused as refused:
        raise ValueError("words that cannot be printed") from refused


def _line(written: str) -> str:
    try:
        Text.of(ru=written)
    except WordsRefused:
        raise ValueError("a line that cannot be printed") from None
    if "\u2028" in written or "\u2029" in written:
        raise ValueError("one line")
    return written


def _zone(written: str) -> str:
    if written not in _ZONES:
        raise ValueError("an IANA time zone")
    return written


Words = Annotated[
    Text,
    BeforeValidator(_text),
    PlainSerializer(Text.as_mapping, return_type=dict[str, str]),
    WithJsonSchema(
        {
            "type": "object",
            "title": "Words",
            "description": "The same words in one to three languages; absent: not written yet.",
            "properties": {language.value: {"type": "string"} for language in Language},
            "additionalProperties": False,
            "minProperties": 1,
            "examples": [{"be": "Мінск", "ru": "Минск", "en": "Minsk"}],
        }
    ),
]
"""Words of people, by language."""

Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LINE_LETTERS_MAX, strip_whitespace=True),
    AfterValidator(_line),
]
Phone = Annotated[
    str,
    StringConstraints(min_length=3, max_length=PHONE_LETTERS_MAX, pattern=r"^\+?[0-9][0-9 ()\-]*$"),
]
Email = Annotated[
    str,
    StringConstraints(max_length=EMAIL_LETTERS_MAX, pattern=r"^[^\s@<>\",;:\\]+@[^\s@<>\",;:\\]+$"),
    AfterValidator(_line),
]
Zone = Annotated[str, AfterValidator(_zone)]
Id = Annotated[str, StringConstraints(max_length=ID_LETTERS_MAX, pattern=r"^[a-z0-9][a-z0-9-]*$")]
