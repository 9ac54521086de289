"""A meeting on the air, as one value: floor, picture, rundown, ceremony, halls, notes.

Everything that a console shows and that must outlive a restart is here; who is connected is
not, that is the media server's own list. Changed by `conduct` and by nothing else.
"""

from dataclasses import dataclass, field
from typing import Final, Self

from veche.domain.attendance import Arrival
from veche.domain.cues import Cues
from veche.domain.floor import Floor
from veche.domain.meeting import Meeting, Participation, ParticipationId, Phase, SiteId
from veche.domain.readiness import SoundCheck
from veche.domain.rundown import Rundown
from veche.domain.stage import (
    HOLDING,
    Endpoint,
    Picture,
    Shown,
    Stage,
    Title,
    Transition,
    opening_picture,
    staged,
)

NOTES_MAX: Final = 100
"""Quiet notes kept for reading again; older ones are in the log."""


@dataclass(frozen=True, slots=True)
class ShownTitle:
    participation: ParticipationId
    until_ms: int


@dataclass(frozen=True, slots=True)
class LostSite:
    site: SiteId
    since_ms: int


@dataclass(frozen=True, slots=True)
class Help:
    """A hall calls for the operator."""

    site: SiteId
    words: str
    asked_ms: int


@dataclass(frozen=True, slots=True)
class Note:
    """A quiet word to those who lead."""

    number: int
    words: str
    by: str
    at_ms: int
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class Air:
    floor: Floor = field(default_factory=Floor)
    rundown: Rundown = field(default_factory=Rundown)
    cues: Cues = field(default_factory=Cues)
    programme: Picture = HOLDING
    preview: Picture = HOLDING
    transition: Transition = Transition.CUT
    title: ShownTitle | None = None
    slides: Endpoint | None = None
    lost: tuple[LostSite, ...] = ()
    checks: tuple[SoundCheck, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    helps: tuple[Help, ...] = ()
    notes: tuple[Note, ...] = ()
    record_zero_ms: int | None = None
    """When the air first began."""

    @classmethod
    def before(cls, meeting: Meeting) -> Self:
        """Of a meeting that nobody has conducted yet: the host's leader leads."""
        leaders = [leader for side in meeting.sides if (leader := meeting.leader_of(side.id))]
        is_open = meeting.phase is Phase.ON_AIR
        picture = opening_picture(meeting)
        return cls(
            floor=Floor(chair=leaders[0].id if leaders else None),
            programme=picture if is_open else HOLDING,
            preview=picture,
        )

    def heard(self, meeting: Meeting) -> tuple[Endpoint, ...]:
        """Whose microphones the forwarder lets through.

        On the air: who has the floor, else who leads; nobody during a ceremony. Before it: the
        halls hear each other at the sound-check, and nobody is heard while people gather.
        """
        if meeting.phase is Phase.SOUND_CHECK:
            return tuple(Endpoint(side.id, site=site.id) for side, site in meeting.sites_in_order())
        if meeting.phase is not Phase.ON_AIR or self.cues.running is not None:
            return ()
        return tuple(_endpoints(meeting, self.floor.heard()))

    def stage(self, meeting: Meeting, sequence: int) -> Stage:
        """What everybody draws."""
        return self.stage_of(self.programme, meeting, sequence)

    def stage_of(self, picture: Picture, meeting: Meeting, sequence: int) -> Stage:
        """A picture as it would stand on the air now; words are those of the roster."""
        grants = [grant for grant in self.floor.open_grants if grant.is_heard]
        speaker = _person(meeting, grants[-1].participation) if grants else None
        title = _person(meeting, self.title.participation) if self.title else None
        chair = _person(meeting, self.floor.chair) if self.floor.chair else None
        lost = {it.site for it in self.lost}
        shown = Shown(
            floor=tuple(_endpoints(meeting, tuple(grant.participation for grant in grants))),
            chair=Endpoint.of(chair) if chair else None,
            lost=frozenset(
                Endpoint(side.id, site=site.id)
                for side, site in meeting.sites_in_order()
                if site.id in lost
            ),
            slides=self.slides,
            speaker=Title.naming(speaker) if speaker else None,
            title=Title.naming(title) if title else None,
            item=self.rundown.current,
            cue=self.cues.running,
            transition=self.transition,
        )
        return staged(picture, meeting, shown, sequence)

    def check_of(self, site: SiteId) -> SoundCheck | None:
        return next((it for it in self.checks if it.site == site), None)

    def arrival_of(self, person: ParticipationId) -> Arrival | None:
        return next((it for it in self.arrivals if it.participation == person), None)


def _person(meeting: Meeting, wanted: ParticipationId) -> Participation | None:
    return next((person for person in meeting.roster if person.id == wanted), None)


def _endpoints(meeting: Meeting, wanted: tuple[ParticipationId, ...]) -> list[Endpoint]:
    """Each once: two of one hall share its microphones."""
    people = [person for it in wanted if (person := _person(meeting, it))]
    return list(dict.fromkeys(Endpoint.of(person) for person in people))
