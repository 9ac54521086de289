"""The directory as the cabinet reads and saves it: one shape for both ways."""

import secrets
from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from veche.domain.directory import (
    POSTS_MAX,
    Body,
    Gender,
    Numbering,
    Organisation,
    Person,
    Post,
    Series,
)
from veche.domain.identity import BodyId, OrganisationId, PersonId, PostId, SeriesId
from veche.domain.likeness import Likeness
from veche.domain.sides import SIDES_MAX
from veche.domain.text import Language
from veche.web.fields import Email, Id, Phone, Words, Zone
from veche.web.plan_shapes import ORDINAL_MAX, PersonNameShape

NEW_ENTRY_BYTES: Final = 8
"""64 bits: unique in a house of many organisations."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)


class _Entry(_Shape):
    id: Id | None = None
    """Made by the server for a new entry; what a change says here is not read."""
    version: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    """Of the entry as it was read; a new one has none."""


class OrganisationShape(_Entry):
    """An organisation that plans meetings here, as its announcements are signed."""

    name: Words
    short_name: Words | None = None
    region: Words | None = None
    zone: Zone = "Europe/Minsk"
    language: Language = Language.RU
    press_contact: Email | None = None

    def value(self, known: str) -> Organisation:
        return Organisation(**dict(self) | {"id": OrganisationId(known)})


class PostShape(_Shape):
    """What a person is called officially, from one day to another (null: open)."""

    id: Id | None = None
    title: Words
    organisation: Words | None = None
    since: date | None = None
    until: date | None = None
    short_title: Words | None = None

    def value(self) -> Post:
        return Post(**dict(self) | {"id": PostId(self.id or new_entry_id())})


class PersonShape(_Entry):
    name: PersonNameShape
    posts: Annotated[list[PostShape], Field(max_length=POSTS_MAX)] = []
    gender: Gender | None = None
    email: Email | None = None
    phone: Phone | None = None
    language: Language | None = None
    """Of his letters; null: of the meeting."""

    def value(self, known: str, owner: OrganisationId) -> Person:
        parts = {"name": self.name.value(), "posts": tuple(post.value() for post in self.posts)}
        return Person(**dict(self) | parts | {"id": PersonId(known), "owner": owner})


class BodyShape(_Entry):
    """A standing commission or group."""

    name: Words
    founding_act: Words | None = None
    sides: Annotated[list[Words], Field(max_length=SIDES_MAX)] = []
    """Names of its sides, the host first: those of its next meeting."""

    def value(self, known: str, owner: OrganisationId) -> Body:
        parts = {"id": BodyId(known), "owner": owner, "sides": tuple(self.sides)}
        return Body(**dict(self) | parts)


class SeriesShape(_Entry):
    """Numbered meetings of a body."""

    body: Id
    name: Words
    numbering: Numbering = Numbering.ALL
    first_ordinal: Annotated[int, Field(ge=1, le=ORDINAL_MAX)] = 1
    """The number of the first meeting that is planned here."""

    def value(self, known: str, owner: OrganisationId) -> Series:
        return Series(**dict(self) | {"id": SeriesId(known), "owner": owner})


class PeopleAnswer(_Shape):
    people: list[PersonShape]


class OrganisationsAnswer(_Shape):
    organisations: list[OrganisationShape]


class BodiesAnswer(_Shape):
    bodies: list[BodyShape]


class SeriesAnswer(_Shape):
    series: list[SeriesShape]


class AlikeQuestion(_Shape):
    name: PersonNameShape


class AlikeShape(_Shape):
    person: PersonShape
    likeness: Likeness


class AlikeAnswer(_Shape):
    """People who are probably the one that was asked about, most certain first."""

    alike: list[AlikeShape]


class OrdinalAnswer(_Shape):
    ordinal: int = Field(examples=[13])


class TemplateShape(_Shape):
    id: str
    name: Words
    title: Words
    cities: list[Words]
    items: int


class TemplatesAnswer(_Shape):
    templates: list[TemplateShape]


class NewTemplate(_Shape):
    number: Annotated[int, Field(ge=1, le=2**31 - 1)]
    """The meeting that is the pattern."""
    name: Words


def new_entry_id() -> str:
    return secrets.token_hex(NEW_ENTRY_BYTES)
