"""The words of server-rendered pages in three languages, from `words/<language>.json`.

A missing key or a missing value of a placeholder is our bug and fails loudly; a test compares
the catalogues. Plural forms are those of CLDR.
"""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.plural import PluralRule

from veche.domain.text import Language, Text

Catalogue = dict[str, str | dict[str, str]]


@lru_cache
def catalogue(language: Language) -> Catalogue:
    text = files("veche.web").joinpath("words", f"{language}.json").read_text("utf-8")
    parsed: Catalogue = json.loads(text)
    return parsed


def say(language: Language, key: str, **values: Any) -> str:  # Any: whatever can be printed
    words = catalogue(language)[key]
    assert isinstance(words, str), f"{key} has plural forms"
    return words.format(**values)


def say_count(language: Language, key: str, count: int, **values: Any) -> str:
    forms = catalogue(language)[key]
    assert isinstance(forms, dict), f"{key} has no plural forms"
    form: str = _plural(language)(count)
    return forms.get(form, forms.get("other", forms[next(reversed(forms))])).format(
        count=count, **values
    )


@lru_cache
def _plural(language: Language) -> PluralRule:
    """Found once: that takes ten times as long as asking it."""
    rule: PluralRule = Locale.parse(language.value).plural_form
    return rule


def in_all_languages(key: str, **values: Text | str) -> Text:
    """The same sentence in every language, with values in that language."""
    return Text.parse(
        {
            language.value: say(
                language,
                key,
                **{
                    name: value.in_language(language) if isinstance(value, Text) else value
                    for name, value in values.items()
                },
            )
            for language in Language
        }
    )
