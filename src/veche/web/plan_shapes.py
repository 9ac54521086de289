"""The planned meeting as the cabinet reads and saves it: one shape for both ways.

A step is read as it is saved, so that a form sends back what it was given with its changes.
Hours are hours on the wall in the meeting's zone: the office thinks in them, and a change of
summer time does not move them. Ids of new sides, sites, people and items may be left out:
the server makes them, the answer tells them.
"""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from veche.domain import meeting as domain
from veche.domain.agenda import AGENDA_MAX, ITEM_LENGTH_MAX, AgendaItem, ItemKind
from veche.domain.errors import FieldsRefused
from veche.domain.identity import ItemId, ParticipationId, SideId, SiteId
from veche.domain.meeting import (
    BACKGROUND_MAX,
    RETENTION_DAYS_MAX,
    Kind,
    Phase,
    RecordPolicy,
    Step,
    Webcast,
)
from veche.domain.roster import (
    GROUP_MAX,
    ROSTER_MAX,
    Answer,
    Participation,
    ParticipationRole,
    PersonName,
)
from veche.domain.sides import (
    SCREENS_MAX,
    SIDES_MAX,
    SITES_MAX,
    AudioProfile,
    Side,
    Site,
    Wording,
)
from veche.domain.text import Language
from veche.web.fields import Email, Id, Line, Phone, Words, Zone

NEW_ID_BYTES: Final = 6
"""48 bits: unique among a thousand lines of one meeting, short in an address."""
ORDINAL_MAX: Final = 100_000
_ITEM_SECONDS_MAX: Final = int(ITEM_LENGTH_MAX.total_seconds())

Shape = TypeVar("Shape", bound=BaseModel)


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)


class SubstanceShape(_Shape):
    """Step 1. What it is about, when, in which languages, and what the announcement says."""

    kind: Kind = Kind.WORK
    title: Words
    short_title: Words | None = None
    """For the stage and narrow lists; null: the title."""
    lead: Words | None = None
    """Who meets whom, in two sentences."""
    background: Annotated[list[Words], Field(max_length=BACKGROUND_MAX)] = []
    """Paragraphs."""
    day: date | None = None
    starts: time | None = Field(None, description="On the wall, in `zone`.", examples=["11:00"])
    ends: time | None = Field(None, description="Planned end, in `zone`.", examples=["12:30"])
    ends_day: date | None = None
    """Null: the same day."""
    zone: Zone = "Europe/Minsk"
    language: Language = Language.RU
    languages: Annotated[list[Language], Field(min_length=1, max_length=len(Language))] = list(
        Language
    )
    series: Id | None = None
    ordinal: Annotated[int, Field(ge=1, le=ORDINAL_MAX)] | None = None
    """Its number in the series."""
    contact: Email | None = None
    """Of the press office, shown to the public."""

    @classmethod
    def of(cls, meeting: domain.Meeting) -> "SubstanceShape":
        zone = ZoneInfo(meeting.zone)
        starts = meeting.starts_at.astimezone(zone) if meeting.starts_at else None
        ends = meeting.ends_at.astimezone(zone) if meeting.ends_at else None
        plain = {name: getattr(meeting, name) for name in _SAME_IN_SUBSTANCE}
        return cls(
            **plain,
            starts=starts.time() if starts else None,
            ends=ends.time() if ends else None,
            ends_day=ends.date() if ends and starts and ends.date() != starts.date() else None,
        )

    def fields(self) -> dict[str, Any]:  # Any: fields of a meeting
        """As `Meeting` has them."""
        plain = {name: getattr(self, name) for name in _SAME_IN_SUBSTANCE}
        return plain | {
            "short_title": self.short_title or self.title,
            "background": tuple(self.background),
            "languages": tuple(dict.fromkeys(self.languages)),
            "starts_at": moment(self.day, self.starts, self.zone),
            "ends_at": moment(self.ends_day or self.day, self.ends, self.zone),
        }


_SAME_IN_SUBSTANCE: Final = (
    "kind",
    "title",
    "short_title",
    "lead",
    "background",
    "day",
    "zone",
    "language",
    "languages",
    "series",
    "ordinal",
    "contact",
)


class SiteShape(_Shape):
    id: Id | None = None
    city: Words
    city_with: Words | None = Field(
        None,
        description="The case that follows «связь с»; null: as the city.",
        examples=[{"be": "Курскам", "ru": "Курском", "en": "Kursk"}],
    )
    name: Words = Field(examples=[{"be": "Зала Курск", "ru": "Зал Курск", "en": "Kursk hall"}])
    zone: Zone
    address: Words | None = None
    technician: Line | None = None
    phone: Phone | None = None
    reserve_phone: Phone | None = None
    audio: AudioProfile = AudioProfile.MIXER_LINE
    screens: Annotated[int, Field(ge=1, le=SCREENS_MAX)] = 1
    is_required: bool = True

    def value(self) -> Site:
        given = dict(self) | {"city_with": self.city_with or self.city}
        return Site(**given | {"id": SiteId(self.id or new_id())})


class PlannedSideShape(_Shape):
    """A party, host first. Its leader is the person of the roster with `leads_side`."""

    id: Id | None = None
    name: Words
    sites: Annotated[list[SiteShape], Field(max_length=SITES_MAX)] = []
    office_contact: Email | None = None
    wording: Wording = Wording.NAMES
    has_others: bool = False

    def value(self) -> Side:
        sites = tuple(site.value() for site in self.sites)
        return Side(**dict(self) | {"id": SideId(self.id or new_id()), "sites": sites})


class PersonNameShape(_Shape):
    surname: Words
    given: Words | None = None
    patronymic: Words | None = None

    def value(self) -> PersonName:
        return PersonName(**dict(self))


class ParticipationShape(_Shape):
    """One line of the roster: a person, or a counted group, or somebody not named yet.

    A person without a name is known by his post; a group has a post and a count other than 1
    (null: several, nobody has counted). The order of lines is the precedence within a side.
    """

    id: Id | None = None
    side: Id
    post: Words
    """In full, as the minutes write it; of a group: who they are."""
    full_name: PersonNameShape | None = None
    name: Words | None = None
    """As it is said on the air; null with a `full_name`: made of it."""
    site: Id | None = None
    """Null: joins alone, by a personal link."""
    leads_side: bool = False
    office: Words | None = None
    """What he leads besides his post, as it follows the post after a comma."""
    role: ParticipationRole = ParticipationRole.PARTICIPANT
    count: Annotated[int, Field(ge=1, le=GROUP_MAX)] | None = 1
    short_post: Words | None = None
    """For the title on the air, where the post is too long."""
    organisation: Words | None = None
    person: Id | None = None
    """In the directory."""
    seat: Line | None = None
    email: Email | None = None
    is_announced: bool = True
    may_speak: bool = True
    allows_remote_unmute: bool = False
    allows_publication: bool = True
    answer: Answer = Answer.AWAITED
    replaced_by: Id | None = None

    def value(self) -> Participation:
        full_name = self.full_name.value() if self.full_name else None
        name = self.name or (full_name.spoken() if full_name else None)
        own = ParticipationId(self.id or new_id())
        return Participation(**dict(self) | {"id": own, "full_name": full_name, "name": name})


class AgendaItemShape(_Shape):
    id: Id | None = None
    kind: ItemKind = ItemKind.SPEECH
    title: Words
    seconds: Annotated[int, Field(ge=0, le=_ITEM_SECONDS_MAX)] = Field(
        0, description="Planned length.", examples=[420]
    )
    note: Words | None = None
    short_title: Words | None = None
    rapporteurs: Annotated[list[Id], Field(max_length=ROSTER_MAX)] = []
    """Ids of lines of the roster."""
    speech_limit_seconds: Annotated[int, Field(ge=1, le=_ITEM_SECONDS_MAX)] | None = None
    side: Id | None = None
    """Whose time it is; null: of all sides."""

    @classmethod
    def of(cls, item: AgendaItem) -> "AgendaItemShape":
        limit = item.speech_limit
        return cls(
            id=item.id,
            kind=item.kind,
            title=item.title,
            seconds=int(item.length.total_seconds()),
            note=item.note,
            short_title=item.short_title,
            rapporteurs=list(item.rapporteurs),
            speech_limit_seconds=int(limit.total_seconds()) if limit else None,
            side=item.side,
        )

    def value(self) -> AgendaItem:
        limit = self.speech_limit_seconds
        return AgendaItem(
            id=ItemId(self.id or new_id()),
            kind=self.kind,
            title=self.title,
            length=timedelta(seconds=self.seconds),
            note=self.note,
            short_title=self.short_title,
            rapporteurs=tuple(ParticipationId(person) for person in self.rapporteurs),
            speech_limit=timedelta(seconds=limit) if limit else None,
            side=SideId(self.side) if self.side else None,
        )


class AccessShape(_Shape):
    """Step 5. Who may watch, what is kept, for how long and by which right."""

    webcast: Webcast = Webcast.OPEN
    record: RecordPolicy = RecordPolicy.NONE
    retention_days: Annotated[int, Field(ge=1, le=RETENTION_DAYS_MAX)] | None = None
    legal_ground: Line | None = None

    def fields(self) -> dict[str, Any]:  # Any: fields of a meeting
        return {name: getattr(self, name) for name in AccessShape.model_fields}


class StepSave(_Shape):
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]
    """Of the meeting as it was read; somebody else's newer save of this step answers 409."""


class SaveSubstance(SubstanceShape, StepSave):
    pass


class SaveSides(StepSave):
    sides: Annotated[list[PlannedSideShape], Field(max_length=SIDES_MAX)]

    def fields(self) -> dict[str, Any]:  # Any: fields of a meeting
        return {"sides": tuple(side.value() for side in self.sides)}


class SaveRoster(StepSave):
    roster: Annotated[list[ParticipationShape], Field(max_length=ROSTER_MAX)]

    def fields(self) -> dict[str, Any]:  # Any: fields of a meeting
        return {"roster": tuple(person.value() for person in self.roster)}


class SaveProgramme(StepSave):
    agenda: Annotated[list[AgendaItemShape], Field(max_length=AGENDA_MAX)]

    def fields(self) -> dict[str, Any]:  # Any: fields of a meeting
        return {"agenda": tuple(item.value() for item in self.agenda)}


class SaveAccess(AccessShape, StepSave):
    pass


class FindingShape(_Shape):
    """Something that is lacking or doubtful; `code` is for the catalogue of words."""

    step: Step
    field: str = Field(examples=["roster[3].name"])
    code: str = Field(examples=["name_missing"])
    before: Phase | None
    """The first phase that cannot be entered so; null: advice."""


class SideTimeShape(_Shape):
    side: str
    seconds: int


class SumsShape(_Shape):
    """The programme against the planned end."""

    seconds: int
    starts: list[datetime]
    """Of each item; empty while the hour is not settled."""
    ends_at: datetime | None
    """By the programme."""
    over_seconds: int | None
    """After the planned end; negative: before it."""
    by_side: list[SideTimeShape]
    together_seconds: int


class StepStateShape(_Shape):
    step: Step
    version: int
    """Of its last save; 0: not touched yet."""
    by: str | None
    at: datetime | None


class CorrectionShape(_Shape):
    at: datetime
    words: Words
    instead_of: datetime | None


class PlanAnswer(_Shape):
    """The whole meeting as planned, what it lacks, and where it may go."""

    number: int
    version: int
    phase: Phase
    is_demo: bool
    is_frozen: bool
    """On the air or after it: nothing planned may be changed."""
    organisation: str | None
    organiser: Words
    announced_at: datetime | None
    corrections: list[CorrectionShape]
    cancellation: CorrectionShape | None
    substance: SubstanceShape
    sides: list[PlannedSideShape]
    roster: list[ParticipationShape]
    agenda: list[AgendaItemShape]
    access: AccessShape
    sums: SumsShape
    findings: list[FindingShape]
    steps: list[StepStateShape]
    next_phases: list[Phase]
    """By the graph; a finding with `before` may still stand in the way."""


def moment(day: date | None, hour: time | None, zone: str) -> datetime | None:
    """An hour on the wall of a zone. Raises `FieldsRefused` for the hour of no day."""
    if hour is None:
        return None
    if day is None:
        raise FieldsRefused({"day": "hour_without_day"})
    return datetime.combine(day, hour.replace(tzinfo=None), ZoneInfo(zone))


def new_id() -> str:
    return secrets.token_hex(NEW_ID_BYTES)


def shapes_of(shape: type[Shape], values: Sequence[object]) -> list[Shape]:
    return [shape.model_validate(value) for value in values]
