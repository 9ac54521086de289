"""The stage: the one picture that halls, spectators, webcast and record all draw.

It is server state with a sequence number; a client never chooses. An operator chooses a
`Picture` (a layout, and whom to feature); who fills the cells follows from the floor, from
who is there and from who has been lost, so that no command is needed to stay right. A title
can only be made from somebody of the roster: nobody can put other words on the air.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from veche.domain.cues import Cue
from veche.domain.meeting import Meeting, Participation, ParticipationId, SideId, SiteId
from veche.domain.rundown import Position
from veche.domain.text import Text

TITLE_MS: Final = 8_000
"""Two lines are read twice in 5 s; after 10 s a title stands in the way."""
GRID_CELLS_MAX: Final = 9


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


class Transition(StrEnum):
    CUT = "cut"
    DISSOLVE = "dissolve"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a picture and a voice come from: a hall, or one who joins alone."""

    side: SideId
    site: SiteId | None = None
    participation: ParticipationId | None = None

    def __post_init__(self) -> None:
        assert (self.site is None) != (self.participation is None), "one place per picture"

    @classmethod
    def of(cls, person: Participation) -> Self:
        """Whoever sits in a hall is seen and heard by the hall's camera and microphones."""
        if person.site is not None:
            return cls(person.side, site=person.site)
        return cls(person.side, participation=person.id)


@dataclass(frozen=True, slots=True)
class Picture:
    """What an operator chooses."""

    layout: Layout
    featured: Endpoint | None = None
    """In the place of who has the floor; None: whoever that is."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture of the stage: whose, of what."""

    role: str
    endpoint: Endpoint
    source: Source = Source.CAMERA
    is_speaking: bool = False
    is_lost: bool = False
    """Its line is broken: a card is drawn, never a frozen face."""


@dataclass(frozen=True, slots=True)
class Title:
    participation: ParticipationId
    name: Text
    post: Text
    side: SideId

    @classmethod
    def naming(cls, person: Participation) -> Self:
        """A group has no name of its own: its post names it. Two lines hold the short post."""
        name, post = person.name or person.post, person.short_post or person.post
        return cls(person.id, name, post, person.side)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the stage depends on besides the picture that was chosen."""

    floor: tuple[Endpoint, ...] = ()
    """Of those who have the floor, the first to have got it first."""
    chair: Endpoint | None = None
    lost: frozenset[Endpoint] = frozenset()
    slides: Endpoint | None = None
    """Who shows a document."""
    speaker: Title | None = None
    title: Title | None = None
    item: Position | None = None
    cue: Cue | None = None
    transition: Transition = Transition.CUT


@dataclass(frozen=True, slots=True)
class Stage:
    sequence: int
    layout: Layout
    cells: tuple[Cell, ...] = ()
    title: Title | None = None
    """On the picture now, for its few seconds."""
    speaker: Title | None = None
    """Who has the floor, for as long as he has it."""
    item: Position | None = None
    """Of the agenda."""
    cue: Cue | None = None
    """A ceremony: every screen plays its own copy from one moment on."""
    transition: Transition = Transition.CUT
    """How this state follows the one before."""

    def shows_same(self, other: Self) -> bool:
        """How a state was come to is not what it shows."""
        return replace(self, sequence=0, transition=other.transition) == replace(other, sequence=0)


HOLDING: Final = Picture(Layout.HOLDING)


def opening_picture(meeting: Meeting) -> Picture:
    """What the air begins with: the halls as equals."""
    return Picture(Layout.BRIDGE if _bridge(meeting) else Layout.GRID)


def halls(meeting: Meeting) -> Iterator[Endpoint]:
    """Host first."""
    for side, site in meeting.sites_in_order():
        yield Endpoint(side.id, site=site.id)


def staged(picture: Picture, meeting: Meeting, shown: Shown, sequence: int) -> Stage:
    """The state that everybody draws."""
    return Stage(
        sequence=sequence,
        layout=picture.layout,
        cells=tuple(_marked(cell, shown) for cell in _cells(picture, meeting, shown)),
        title=None if picture.layout is Layout.HOLDING else shown.title,
        speaker=shown.speaker,
        item=shown.item,
        cue=shown.cue and shown.cue.as_announced(),
        transition=shown.transition,
    )


def _cells(picture: Picture, meeting: Meeting, shown: Shown) -> list[Cell]:
    speaker = picture.featured or _speaker(meeting, shown)
    match picture.layout:
        case Layout.HOLDING:
            return []
        case Layout.BRIDGE if pair := _bridge(meeting):
            return [Cell(f"side-{order}", hall) for order, hall in enumerate(pair, start=1)]
        case Layout.SPEAKER:
            return [Cell("speaker", speaker)]
        case Layout.SPEAKER_HALL:
            other = _other_hall(meeting, speaker)
            return [Cell("speaker", speaker)] + ([Cell("other hall", other)] if other else [])
        case Layout.SLIDES_SPEAKER:
            slides = Cell("slides", shown.slides or speaker, Source.SCREEN_SHARE)
            return [slides, Cell("speaker", speaker)]
        case _:
            return [Cell("site", endpoint) for endpoint in _everybody(meeting, speaker)]


def _marked(cell: Cell, shown: Shown) -> Cell:
    return replace(
        cell,
        is_speaking=cell.source is Source.CAMERA and cell.endpoint in shown.floor,
        is_lost=cell.endpoint in shown.lost,
    )


def _speaker(meeting: Meeting, shown: Shown) -> Endpoint:
    """Who has the floor, else who leads, else the host's hall."""
    if shown.floor:
        return shown.floor[-1]
    return shown.chair or next(halls(meeting))


def _other_hall(meeting: Meeting, speaker: Endpoint) -> Endpoint | None:
    """A hall of the other side if there is one, else any other hall."""
    others = [hall for hall in halls(meeting) if hall != speaker]
    foreign = [hall for hall in others if hall.side != speaker.side]
    return next(iter(foreign or others), None)


def _everybody(meeting: Meeting, speaker: Endpoint) -> list[Endpoint]:
    """All halls; one who speaks alone takes the last place if there is none left."""
    everybody = list(halls(meeting))[:GRID_CELLS_MAX]
    if speaker in everybody:
        return everybody
    return [*everybody[: GRID_CELLS_MAX - 1], speaker]


def _bridge(meeting: Meeting) -> tuple[Endpoint, Endpoint] | None:
    """The first halls of two sides, when there are just two sides."""
    if len(meeting.sides) != 2 or not all(side.sites for side in meeting.sides):
        return None
    first, second = (Endpoint(side.id, site=side.sites[0].id) for side in meeting.sides)
    return first, second
