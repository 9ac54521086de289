"""Dates and hours as people write them.

Made here and never in the browser: Chromium has no Belarusian data and would print English.
The month is in the genitive; a date does not break over two lines.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from veche.domain.text import Language, Text

_LOCALES: Final = {
    Language.BE: Locale("be"),
    Language.RU: Locale("ru"),
    Language.EN: Locale("en", "GB"),
}
"""Made once: finding one by its name takes longer than writing a date."""
_WITH_YEAR: Final = {
    Language.BE: "d MMMM y 'г'.",
    Language.RU: "d MMMM y 'года'",
    Language.EN: "d MMMM y",
}
_NO_BREAK_SPACE: Final = "\u00a0"
_MINUS: Final = "\u2212"


def day_and_year(day: date, language: Language) -> str:
    return _format(day, _WITH_YEAR[language], language)


def day_and_month(day: date, language: Language) -> str:
    return _format(day, "d MMMM", language)


def weekday(day: date, language: Language) -> str:
    return _format(day, "EEEE", language)


def hour(moment: datetime, zone: str) -> str:
    """The hour on the wall of a place."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def zone_name(moment: datetime, zone: str) -> str:
    """The offset of a place at that moment, as "UTC+3"; names of zones say little to a reader."""
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None, "a zone has an offset"
    minutes = offset // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else _MINUS}{hours}" + (f":{rest:02}" if rest else "")


def day_and_hour(moment: datetime, zone: str, language: Language) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return f"{day_and_month(local.date(), language)}, {local:%H:%M}"


def in_all_languages(write: Callable[[Language], str]) -> Text:
    return Text.parse({language.value: write(language) for language in Language})


def _format(day: date, pattern: str, language: Language) -> str:
    written: str = format_date(day, pattern, _LOCALES[language])
    return written.replace(" ", _NO_BREAK_SPACE)
