"""The stage: the one picture that halls, spectators, webcast and record all draw.

It is server state with a sequence number; a client never chooses. A title can only be
made from somebody of the roster, so nobody can put other words on the air. Where the
cells lie is geometry's business.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from veche.domain.meeting import Meeting, Participation, Phase, Side, SideId, Site, SiteId
from veche.domain.text import Text


class Layout(StrEnum):
    """Names of the table of layouts."""

    BRIDGE = "bridge"
    SPEAKER = "speaker"
    SPEAKER_HALL = "speaker-hall"
    SLIDES_SPEAKER = "slides-speaker"
    GRID = "grid"
    HOLDING = "holding"


class Source(StrEnum):
    """LiveKit's names of what a track shows."""

    CAMERA = "camera"
    SCREEN_SHARE = "screen_share"


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture of the stage: which hall, of what."""

    role: str
    side: SideId
    site: SiteId
    source: Source = Source.CAMERA
    is_speaking: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    name: Text
    post: Text
    side: SideId

    @classmethod
    def naming(cls, person: Participation) -> Self:
        """A group has no name of its own: its post names it."""
        return cls(name=person.name or person.post, post=person.post, side=person.side)


@dataclass(frozen=True, slots=True)
class Stage:
    sequence: int
    layout: Layout
    cells: tuple[Cell, ...] = ()
    title: Title | None = None

    def shows_same(self, other: Self) -> bool:
        return replace(self, sequence=0) == replace(other, sequence=0)


def opening_stage(meeting: Meeting) -> Stage:
    """What stands on the stage when the meeting enters its phase."""
    if meeting.phase is not Phase.ON_AIR:
        return Stage(sequence=1, layout=Layout.HOLDING)
    places = list(meeting.sites_in_order())
    is_bridge = len(places) == 2 and len(meeting.sides) == 2
    return Stage(
        sequence=1,
        layout=Layout.BRIDGE if is_bridge else Layout.GRID,
        cells=tuple(
            _cell(side, site, f"side-{position}" if is_bridge else "site")
            for position, (side, site) in enumerate(places, start=1)
        ),
    )


def with_speaker(stage: Stage, meeting: Meeting, site: SiteId | None) -> Stage:
    """The stage when this hall speaks: a line around its picture, its leader's name in the title.

    While nobody speaks the last title stays: between two sentences a plate must not blink.
    """
    cells = tuple(replace(cell, is_speaking=cell.site == site) for cell in stage.cells)
    speaker = _speaker_of(meeting, site)
    return replace(stage, cells=cells, title=Title.naming(speaker) if speaker else stage.title)


def _cell(side: Side, site: Site, role: str) -> Cell:
    return Cell(role=role, side=side.id, site=site.id)


def _speaker_of(meeting: Meeting, site: SiteId | None) -> Participation | None:
    side = next((side.id for side, place in meeting.sites_in_order() if place.id == site), None)
    return None if side is None else meeting.leader_of(side)
