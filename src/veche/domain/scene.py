"""What a rule of a meeting on the air looks at, and what it answers with.

Shared by the rules (`leading`, `flooring`, `directing`, `assisting`, `watching`), which are
pure functions from a scene and a command to a decision.
"""

from dataclasses import dataclass, replace
from typing import Any, Self

from veche.domain.actor import Asker
from veche.domain.air import Air
from veche.domain.cues import Cue
from veche.domain.errors import CueRuns, Forbidden, NotOnAir, PersonUnknown, SiteUnknown
from veche.domain.floor import EndReason, Grant
from veche.domain.meeting import Meeting, Participation, ParticipationId, Phase, SiteId
from veche.domain.rundown import Position
from veche.domain.stage import Picture, Transition
from veche.domain.timeline import Entry, EntryKind, Moment


@dataclass(frozen=True, slots=True)
class Scene:
    """What a rule looks at."""

    air: Air
    meeting: Meeting
    by: Asker
    now: Moment

    def person(self, wanted: ParticipationId) -> Participation:
        """Raises `PersonUnknown`."""
        for person in self.meeting.roster:
            if person.id == wanted:
                return person
        raise PersonUnknown

    def own_site(self) -> SiteId:
        """The hall that speaks here. Raises `Forbidden` for one who is of no hall."""
        if self.by.site is None:
            raise Forbidden
        return self.by.site

    def require_site(self, wanted: SiteId) -> None:
        """Raises `SiteUnknown`."""
        if all(site.id != wanted for _, site in self.meeting.sites_in_order()):
            raise SiteUnknown

    def require_on_air(self) -> None:
        """Raises `NotOnAir`, and `CueRuns` during a ceremony."""
        if self.meeting.phase is not Phase.ON_AIR:
            raise NotOnAir
        if self.air.cues.running is not None:
            raise CueRuns


@dataclass(frozen=True, slots=True)
class Decision:
    air: Air
    entries: tuple[Entry, ...] = ()
    meeting: Meeting | None = None
    """The meeting in its new phase, if that has changed."""

    def and_then(self, other: "Decision") -> Self:
        """`other` was decided on the state of this one."""
        return replace(
            self,
            air=other.air,
            entries=self.entries + other.entries,
            meeting=other.meeting or self.meeting,
        )


def told(kind: EntryKind, /, **body: Any) -> Entry:  # Any: JSON
    return Entry(kind, body)


def naming(person: Participation) -> dict[str, Any]:  # Any: JSON
    """A person as the log names him, readable when the roster has changed."""
    return {
        "participation": person.id,
        "name": (person.name or person.post).as_mapping(),
        "side": person.side,
    }


def floor_ended(scene: Scene, grant: Grant, reason: EndReason) -> Entry:
    body = naming(scene.person(grant.participation))
    spoken_ms = grant.spoken_ms(scene.now.ms)
    return told(
        EntryKind.FLOOR_ENDED, **body, grant=grant.number, reason=reason, spoken_ms=spoken_ms
    )


def item_begun(scene: Scene, position: Position) -> Decision:
    """That item goes on; nothing when it does already."""
    rundown = scene.air.rundown.begun(position, len(scene.meeting.agenda), scene.now.ms)
    if rundown == scene.air.rundown:
        return Decision(scene.air)
    title = scene.meeting.agenda[position - 1].title.as_mapping()
    entry = told(EntryKind.ITEM_BEGUN, position=position, title=title)
    return Decision(replace(scene.air, rundown=rundown), (entry,))


def picture_taken(picture: Picture, transition: Transition) -> Entry:
    featured = picture.featured
    return told(
        EntryKind.PICTURE_TAKEN,
        layout=picture.layout,
        transition=transition,
        site=featured.site if featured else None,
        participation=featured.participation if featured else None,
    )


def cue_ended(cue: Cue) -> Entry:
    return told(
        EntryKind.CUE_ENDED,
        cue=cue.number,
        kind=cue.kind,
        title=cue.title.as_mapping(),
        starts_ms=cue.starts_ms,
        skews_ms=dict(cue.skews_ms),
        spread_ms=cue.spread_ms,
    )
