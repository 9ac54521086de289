"""One line of a list of announcements in finished words."""

from dataclasses import dataclass

from veche.domain.announcement import Notice
from veche.domain.text import Language
from veche.web.announcement import Lamp, lamp_of
from veche.web.dates import day_and_year, hour, weekday
from veche.web.words import say


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    language: Language
    """Of the page that the line leads to."""
    day: str
    weekday: str
    hour: str
    title: str
    organiser: str
    cities: str
    lamp: Lamp


def line_of(notice: Notice, language: Language) -> Line:
    return Line(
        number=notice.number,
        language=language if language in notice.languages else notice.language,
        day=day_and_year(notice.day, language),
        weekday=weekday(notice.day, language),
        hour=say(language, "when.open")
        if notice.starts_at is None
        else say(language, "when.starts", hour=hour(notice.starts_at, notice.zone)),
        title=notice.words(notice.title, language),
        organiser=notice.words(notice.organiser, language),
        cities=", ".join(notice.words(city, language) for city, _ in notice.cities),
        lamp=lamp_of(notice.phase, notice.day, language),
    )
