"""A meeting: its words, its time, its two or more sides and the phase it is in.

Owns the shape of a meeting and the graph of its phases. A value that exists is whole:
sides are in order with the host first, ids are different, every person stands on a side
that is there. Changing a meeting means making another value.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NewType, Self

from veche.domain.errors import PhaseNotReachable
from veche.domain.text import Language, Text

MeetingNumber = NewType("MeetingNumber", int)
"""Public, permanent, never used again; opens nothing."""
SideId = NewType("SideId", str)
SiteId = NewType("SiteId", str)
ParticipationId = NewType("ParticipationId", str)
OrganisationId = NewType("OrganisationId", str)

SIDES_MAX: Final = 12
SITES_MAX: Final = 64


class Phase(StrEnum):
    DRAFT = "draft"
    AGREED = "agreed"
    ANNOUNCED = "announced"
    SOUND_CHECK = "sound_check"
    ASSEMBLY = "assembly"
    ON_AIR = "on_air"
    BREAK = "break"
    CLOSED = "closed"
    PUBLISHED = "published"


_NEXT: Final[dict[Phase, frozenset[Phase]]] = {
    Phase.DRAFT: frozenset({Phase.AGREED}),
    Phase.AGREED: frozenset({Phase.DRAFT, Phase.ANNOUNCED}),
    Phase.ANNOUNCED: frozenset({Phase.SOUND_CHECK}),
    Phase.SOUND_CHECK: frozenset({Phase.ANNOUNCED, Phase.ASSEMBLY}),
    Phase.ASSEMBLY: frozenset({Phase.SOUND_CHECK, Phase.ON_AIR}),
    Phase.ON_AIR: frozenset({Phase.BREAK, Phase.CLOSED}),
    Phase.BREAK: frozenset({Phase.ON_AIR, Phase.CLOSED}),
    Phase.CLOSED: frozenset({Phase.PUBLISHED}),
    Phase.PUBLISHED: frozenset(),
}


class Kind(StrEnum):
    CEREMONY = "ceremony"
    WORK = "work"
    CEREMONY_AND_WORK = "ceremony_and_work"


class ItemKind(StrEnum):
    CEREMONY = "ceremony"
    SPEECH = "speech"
    DISCUSSION = "discussion"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Site:
    """A hall: many people, one connection."""

    id: SiteId
    city: Text
    city_with: Text
    """The city in the case that follows «связь с»: instrumental in Belarusian and Russian."""
    name: Text
    zone: str
    """IANA name of its time zone."""


@dataclass(frozen=True, slots=True)
class Side:
    id: SideId
    name: Text
    sites: tuple[Site, ...]


@dataclass(frozen=True, slots=True)
class Participation:
    """A person or a counted group in one meeting. The post is the text valid on that day."""

    id: ParticipationId
    side: SideId
    post: Text
    name: Text | None = None
    """None for a group: the post says who they are."""
    site: SiteId | None = None
    """The hall a person sits in; None for one who joins alone."""
    leads_side: bool = False
    office: Text | None = None
    """What he leads besides his post, as it follows the post after a comma."""
    is_announced: bool = True
    """Shown on the public page."""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    kind: ItemKind
    title: Text
    minutes: int
    note: Text | None = None
    """Who speaks and from where."""
    short_title: Text | None = None
    """For narrow lists; the title where it is short enough."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A dated change of the announcement."""

    at: datetime
    words: Text


@dataclass(frozen=True, slots=True)
class Meeting:
    number: MeetingNumber
    kind: Kind
    title: Text
    short_title: Text
    lead: Text
    """Who meets whom, in two sentences."""
    background: tuple[Text, ...]
    organiser: Text
    day: date
    starts_at: datetime | None
    """With an offset; None while the hour is not settled."""
    language: Language
    languages: tuple[Language, ...]
    sides: tuple[Side, ...]
    """The host first."""
    roster: tuple[Participation, ...]
    agenda: tuple[AgendaItem, ...]
    corrections: tuple[Correction, ...] = ()
    contact: str | None = None
    """E-mail of the press office."""
    demo_note: Text | None = None
    """Says which facts are invented; its presence makes the meeting a demonstration."""
    organisation: OrganisationId | None = None
    """Whose meeting it is: its staff plans and conducts it."""
    phase: Phase = Phase.DRAFT
    on_air_since: datetime | None = None

    def __post_init__(self) -> None:
        sites = list(self.sites_in_order())
        assert 1 <= len(self.sides) <= SIDES_MAX, "a meeting has sides"
        assert len(sites) <= SITES_MAX, "too many sites"
        _assert_different("side", [side.id for side in self.sides])
        _assert_different("site", [site.id for _, site in sites])
        _assert_different("participation", [person.id for person in self.roster])
        known_sides = {side.id for side in self.sides}
        known_sites = {site.id: side.id for side, site in sites}
        for person in self.roster:
            assert person.side in known_sides, f"{person.id} stands on no side"
            if person.site is not None:
                assert known_sites.get(person.site) == person.side, (
                    f"{person.id} sits in a foreign hall"
                )
        assert self.language in self.languages, "the meeting's own language is one of its languages"
        is_begun = self.phase not in (Phase.ON_AIR, Phase.BREAK) or self.on_air_since is not None
        assert is_begun, "on the air since a moment"
        assert self.starts_at is None or self.starts_at.tzinfo is not None, "an hour has an offset"

    def sites_in_order(self) -> Iterator[tuple[Side, Site]]:
        """Host first; every list of places follows this order."""
        for side in self.sides:
            for site in side.sites:
                yield side, site

    def side(self, wanted: SideId) -> Side:
        return next(side for side in self.sides if side.id == wanted)

    def leader_of(self, wanted: SideId) -> Participation | None:
        return next((p for p in self.roster if p.side == wanted and p.leads_side), None)

    def item_starts(self) -> tuple[datetime, ...]:
        """When each item of the agenda is planned to begin; empty while the hour is not settled."""
        if self.starts_at is None:
            return ()
        starts = [self.starts_at]
        for item in self.agenda[:-1]:
            starts.append(starts[-1] + timedelta(minutes=item.minutes))
        return tuple(starts[: len(self.agenda)])

    def moved_to(self, phase: Phase, at: datetime) -> Self:
        """The meeting in its next phase; raises `PhaseNotReachable` for a step off the graph."""
        if phase not in _NEXT[self.phase]:
            raise PhaseNotReachable(f"{self.phase} is not followed by {phase}")
        began = at if phase is Phase.ON_AIR and self.on_air_since is None else self.on_air_since
        return replace(self, phase=phase, on_air_since=began)


def _assert_different(what: str, ids: list[str]) -> None:
    assert len(set(ids)) == len(ids), f"two of the same {what} id"
