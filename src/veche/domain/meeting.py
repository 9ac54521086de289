"""A meeting: its words, its time, its sides, people and programme, and the phase it is in.

A value that exists is whole: ids are different, every person stands on a side that is there
and sits in a hall of that side, nobody leads twice, nothing ends before it begins. What
contradicts itself is refused by field, all at once. A draft may lack almost anything: what
it lacks is told by `planning`. Changing a meeting means making another value.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from veche.domain.agenda import AgendaItem, ItemKind
from veche.domain.errors import FieldsRefused
from veche.domain.identity import (
    ItemId,
    MeetingNumber,
    OrganisationId,
    ParticipationId,
    PersonId,
    SeriesId,
    SideId,
    SiteId,
)
from veche.domain.phases import PUBLIC, Phase, require_step
from veche.domain.roster import Participation
from veche.domain.sides import SIDES_MAX, SITES_MAX, Side, Site
from veche.domain.text import Language, Text
from veche.domain.wholeness import (
    Fault,
    faults_of_agenda,
    faults_of_roster,
    faults_of_sides,
    faults_of_times,
)

__all__ = [
    "SIDES_MAX",
    "SITES_MAX",
    "AgendaItem",
    "Correction",
    "ItemId",
    "ItemKind",
    "Kind",
    "Meeting",
    "MeetingNumber",
    "OrganisationId",
    "Participation",
    "ParticipationId",
    "PersonId",
    "Phase",
    "RecordPolicy",
    "SeriesId",
    "Side",
    "SideId",
    "Site",
    "SiteId",
    "Step",
    "StepChange",
    "Webcast",
]

BACKGROUND_MAX: Final = 40
"""Paragraphs: ten times the longest announcement we have seen."""
CORRECTIONS_MAX: Final = 200
RETENTION_DAYS_MAX: Final = 36_525
"""A hundred years; longer is an archive's business."""


class Kind(StrEnum):
    CEREMONY = "ceremony"
    WORK = "work"
    CEREMONY_AND_WORK = "ceremony_and_work"


class Webcast(StrEnum):
    NONE = "none"
    BY_LINK = "by_link"
    OPEN = "open"


class RecordPolicy(StrEnum):
    NONE = "none"
    PROGRAMME = "programme"
    """The directed picture only."""
    PROGRAMME_AND_SITES = "programme_and_sites"
    """And every hall by itself."""


class Step(StrEnum):
    """The six steps of planning; each but the last is saved by itself."""

    SUBSTANCE = "substance"
    SIDES = "sides"
    ROSTER = "roster"
    PROGRAMME = "programme"
    ACCESS = "access"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class StepChange:
    """Who wrote a step last, and in which version of the meeting."""

    step: Step
    version: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """A dated change of the announcement."""

    at: datetime
    words: Text
    instead_of: datetime | None = None
    """The hour that was announced before, when it is the hour that has changed."""


@dataclass(frozen=True, slots=True)
class Meeting:
    number: MeetingNumber
    kind: Kind
    title: Text
    short_title: Text
    lead: Text | None
    """Who meets whom, in two sentences."""
    background: tuple[Text, ...]
    organiser: Text
    """The name of the organisation, as it read when the meeting was planned."""
    day: date | None
    """None while the day is not settled."""
    starts_at: datetime | None
    """With an offset; None while the hour is not settled."""
    language: Language
    languages: tuple[Language, ...]
    sides: tuple[Side, ...]
    """The host first."""
    roster: tuple[Participation, ...]
    """By precedence within each side."""
    agenda: tuple[AgendaItem, ...]
    corrections: tuple[Correction, ...] = ()
    contact: str | None = None
    """E-mail of the press office."""
    demo_note: Text | None = None
    """Says which facts are invented; its presence makes the meeting a demonstration."""
    organisation: OrganisationId | None = None
    """Whose meeting it is: its staff plans and conducts it. None: of the house itself."""
    phase: Phase = Phase.DRAFT
    on_air_since: datetime | None = None
    ends_at: datetime | None = None
    """As planned."""
    zone: str = "UTC"
    """IANA name of the zone in which the office plans; halls have their own."""
    series: SeriesId | None = None
    ordinal: int | None = None
    """Its number within the series."""
    webcast: Webcast = Webcast.OPEN
    record: RecordPolicy = RecordPolicy.NONE
    retention_days: int | None = None
    """How long the record is kept; None: not settled."""
    legal_ground: str | None = None
    """For recording and showing people: an act, a consent, a clause of a contract."""
    version: int = 0
    """Grows with every saved change of what is planned."""
    changes: tuple[StepChange, ...] = ()
    """The last change of each step."""
    announced_at: datetime | None = None
    cancellation: Correction | None = None

    def __post_init__(self) -> None:
        faults = [
            *faults_of_times(self.day, self.starts_at, self.ends_at),
            *faults_of_sides(self.sides),
            *faults_of_roster(self.roster, self.sides),
            *faults_of_agenda(self.agenda, self.roster, self.sides),
            *self._faults_of_words(),
        ]
        if faults:
            raise FieldsRefused(dict(faults))
        is_begun = self.phase not in (Phase.ON_AIR, Phase.BREAK) or self.on_air_since is not None
        assert is_begun, "on the air since a moment"

    @property
    def announced_day(self) -> date:
        """Of a meeting that is public: none is announced without its day."""
        assert self.day is not None, "announced with a day"
        return self.day

    def sites_in_order(self) -> Iterator[tuple[Side, Site]]:
        """Host first; every list of places follows this order."""
        for side in self.sides:
            for site in side.sites:
                yield side, site

    def side(self, wanted: SideId) -> Side:
        return next(side for side in self.sides if side.id == wanted)

    def people_of(self, wanted: SideId) -> tuple[Participation, ...]:
        """In order of precedence."""
        return tuple(person for person in self.roster if person.side == wanted)

    def participation(self, wanted: ParticipationId) -> Participation | None:
        return next((person for person in self.roster if person.id == wanted), None)

    def leader_of(self, wanted: SideId) -> Participation | None:
        return next((p for p in self.people_of(wanted) if p.leads_side and not p.is_replaced), None)

    def item_starts(self) -> tuple[datetime, ...]:
        """When each item of the agenda is planned to begin; empty while the hour is not settled."""
        if self.starts_at is None:
            return ()
        starts = [self.starts_at]
        for item in self.agenda[:-1]:
            starts.append(starts[-1] + item.length)
        return tuple(starts[: len(self.agenda)])

    def planned_length(self) -> timedelta:
        return sum((item.length for item in self.agenda), timedelta())

    def last_change_of(self, step: Step) -> StepChange | None:
        return next((change for change in self.changes if change.step is step), None)

    def _faults_of_words(self) -> Iterator[Fault]:
        if self.phase in PUBLIC and self.day is None:
            yield Fault("day", "missing")
        if self.phase in PUBLIC and not any(self.sites_in_order()):
            yield Fault("sides", "missing")
        if self.language not in self.languages:
            yield Fault("languages", "without_own_language")
        if len(self.background) > BACKGROUND_MAX:
            yield Fault("background", "too_many")
        if len(self.corrections) > CORRECTIONS_MAX:
            yield Fault("corrections", "too_many")
        if self.ordinal is not None and self.ordinal < 1:
            yield Fault("ordinal", "out_of_range")
        if self.retention_days is not None and not 1 <= self.retention_days <= RETENTION_DAYS_MAX:
            yield Fault("retention_days", "out_of_range")

    def moved_to(self, phase: Phase, at: datetime) -> Self:
        """The meeting in its next phase; raises `PhaseNotReachable` for a step off the graph."""
        require_step(self.phase, phase)
        is_first = phase is Phase.ON_AIR and self.on_air_since is None
        is_announced = phase is Phase.ANNOUNCED and self.announced_at is None
        return replace(
            self,
            phase=phase,
            on_air_since=at if is_first else self.on_air_since,
            announced_at=at if is_announced else self.announced_at,
        )
