"""What an office keeps between meetings: organisations, people and their posts, bodies, series.

A post has dates, because a meeting copies the text that was valid on its day: whoever is
promoted later stays what he was in the minutes of then. Every entry belongs to one of the
organisations that plan here and is seen by its staff only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from veche.domain.errors import FieldsRefused
from veche.domain.identity import BodyId, OrganisationId, PersonId, PostId, SeriesId
from veche.domain.meeting import Meeting
from veche.domain.roster import PersonName
from veche.domain.sides import SIDES_MAX
from veche.domain.text import Language, Text

POSTS_MAX: Final = 50
"""Of one person: a career of forty years with a new title each year is shorter."""
PEOPLE_MAX: Final = 50_000
"""Of one organisation."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """One that plans meetings here."""

    id: OrganisationId
    name: Text
    """In full, as the announcement is signed."""
    short_name: Text | None = None
    region: Text | None = None
    zone: str = "Europe/Minsk"
    language: Language = Language.RU
    """Of its meetings, unless a meeting has another."""
    press_contact: str | None = None
    version: int = 0

    @property
    def owner(self) -> OrganisationId:
        """Its own staff keeps it."""
        return self.id


class Gender(StrEnum):
    """For the grammar of letters; nobody is asked for it."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True)
class Post:
    id: PostId
    title: Text
    """In the nominative, in full."""
    organisation: Text | None = None
    since: date | None = None
    until: date | None = None
    """The last day; None: still."""
    short_title: Text | None = None
    """For the plate on the air."""

    def was_held_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class Person:
    id: PersonId
    owner: OrganisationId
    name: PersonName
    posts: tuple[Post, ...] = ()
    gender: Gender | None = None
    email: str | None = None
    phone: str | None = None
    language: Language | None = None
    """Of his letters."""
    version: int = 0

    def __post_init__(self) -> None:
        if faults := dict(self._faults()):
            raise FieldsRefused(faults)

    def posts_on(self, day: date) -> tuple[Post, ...]:
        return tuple(post for post in self.posts if post.was_held_on(day))

    def _faults(self) -> Iterator[tuple[str, str]]:
        if len(self.posts) > POSTS_MAX:
            yield "posts", "too_many"
        if len({post.id for post in self.posts}) < len(self.posts):
            yield "posts", "twice"
        for number, post in enumerate(self.posts):
            if post.since and post.until and post.until < post.since:
                yield f"posts[{number}].until", "end_before_start"


class Numbering(StrEnum):
    """What the ordinal of a meeting counts."""

    ALL = "all"
    """The 12th meeting of the body since it was founded."""
    WITHIN_YEAR = "within_year"


@dataclass(frozen=True, slots=True)
class Body:
    """A standing commission or group whose meetings follow one another."""

    id: BodyId
    owner: OrganisationId
    name: Text
    founding_act: Text | None = None
    sides: tuple[Text, ...] = ()
    """Names of its sides, the host first."""
    version: int = 0

    def __post_init__(self) -> None:
        if len(self.sides) > SIDES_MAX:
            raise FieldsRefused({"sides": "too_many"})


@dataclass(frozen=True, slots=True)
class Series:
    id: SeriesId
    owner: OrganisationId
    body: BodyId
    name: Text
    numbering: Numbering = Numbering.ALL
    first_ordinal: int = 1
    """The number of the first meeting that is planned here: earlier ones were held on paper."""
    version: int = 0

    def __post_init__(self) -> None:
        if self.first_ordinal < 1:
            raise FieldsRefused({"first_ordinal": "out_of_range"})


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting of a series, as far as numbering asks."""

    ordinal: int | None
    day: date | None


def next_ordinal(series: Series, held: Iterable[Held], day: date | None) -> int:
    """The number to propose for a meeting on this day."""
    counted = [
        it.ordinal
        for it in held
        if it.ordinal is not None
        and (
            series.numbering is Numbering.ALL
            or (it.day is not None and day is not None and it.day.year == day.year)
        )
    ]
    first = series.first_ordinal if series.numbering is Numbering.ALL else 1
    return max([first - 1, *counted]) + 1


def posts_of_another_day(meeting: Meeting, people: Iterable[Person]) -> Iterator[tuple[int, Text]]:
    """Lines whose post its person did not hold on the day of the meeting, with the one he held.

    Advice and no refusal: the text in the meeting is what a person of the office has decided.
    """
    if meeting.day is None:
        return
    known = {person.id: person for person in people}
    for number, line in enumerate(meeting.roster):
        person = known.get(line.person) if line.person else None
        held = person.posts_on(meeting.day) if person else ()
        if held and all(post.title != line.post for post in held):
            yield number, held[-1].title
