"""What the interface says, as `docs/interface.md` describes it: from domain values to JSON.

Words of people travel as language maps; dates are written here in every language.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from veche.domain import meeting as domain
from veche.domain.access import MediaSource, Role, sources_of
from veche.domain.cues import Cue, CueKind
from veche.domain.phases import OVER
from veche.domain.place import Place, hall_identity, person_identity
from veche.domain.rundown import Position
from veche.domain.stage import Cell, Endpoint, Layout, Source, Stage, Title, Transition
from veche.domain.text import Language, Text
from veche.web.dates import day_and_month, day_and_year, hour, in_all_languages
from veche.web.words import in_all_languages as say_in_all_languages

Words = dict[str, str]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


class SiteShape(_Shape):
    id: str
    identity: str
    city: Words
    name: Words
    zone: str


class SideShape(_Shape):
    id: str
    order: int
    name: Words
    sites: list[SiteShape]


class MeetingShape(_Shape):
    number: int
    title: Words
    short_title: Words
    date: date
    date_text: Words
    starts_at: datetime | None
    language: Language
    languages: list[Language]
    phase: domain.Phase
    on_air_since: datetime | None
    is_demo: bool
    contact: str | None
    sides: list[SideShape]


class CellShape(_Shape):
    role: str
    identity: str | None
    source: Source
    city: Words
    lost: Words
    is_speaking: bool
    is_lost: bool


class TitleShape(_Shape):
    name: Words
    post: Words
    side: str


class ItemShape(_Shape):
    position: int
    total: int
    title: Words
    next: Words | None


class CardShape(_Shape):
    title: Words
    places: list[Words]
    when: Words


class ClipShape(_Shape):
    name: str
    sha256: str


class CueShape(_Shape):
    """A ceremony: every screen begins its own copy at `starts_ms` of the meeting's clock."""

    number: int
    kind: CueKind
    title: Words
    starts_ms: int
    seconds: int | None
    clip: ClipShape | None


class StageShape(_Shape):
    sequence: int
    layout: Layout
    transition: Transition
    head: Words
    date: Words
    cells: list[CellShape]
    title: TitleShape | None
    speaker: TitleShape | None
    cue: CueShape | None
    item: ItemShape | None
    card: CardShape | None


class MediaShape(_Shape):
    url: str
    token: str
    expires_at: datetime


class ParticipantShape(_Shape):
    identity: str
    kind: Literal["hall", "person"]
    name: Words
    post: Words
    side: str
    site: str | None
    language: Language
    can_publish: list[MediaSource]


class WatchAnswer(_Shape):
    meeting: MeetingShape
    media: MediaShape
    stage: StageShape
    live: str


class JoinAnswer(WatchAnswer):
    participant: ParticipantShape


class StageAnswer(_Shape):
    phase: domain.Phase
    on_air_since: datetime | None
    server_time: datetime
    clock_ms: int
    stage: StageShape


def meeting_shape(meeting: domain.Meeting) -> MeetingShape:
    return MeetingShape(
        number=meeting.number,
        title=meeting.title.as_mapping(),
        short_title=meeting.short_title.as_mapping(),
        date=meeting.announced_day,
        date_text=in_all_languages(
            lambda spoken: day_and_year(meeting.announced_day, spoken)
        ).as_mapping(),
        starts_at=meeting.starts_at,
        language=meeting.language,
        languages=list(meeting.languages),
        phase=meeting.phase,
        on_air_since=meeting.on_air_since,
        is_demo=meeting.demo_note is not None,
        contact=meeting.contact,
        sides=[
            SideShape(
                id=side.id,
                order=order,
                name=side.name.as_mapping(),
                sites=[_site_shape(site) for site in side.sites],
            )
            for order, side in enumerate(meeting.sides, start=1)
        ],
    )


def participant_shape(place: Place, meeting: domain.Meeting) -> ParticipantShape:
    return ParticipantShape(
        identity=place.identity,
        kind="hall" if place.role is Role.HALL else "person",
        name=place.name.as_mapping(),
        post=place.post.as_mapping(),
        side=place.side,
        site=place.site,
        language=meeting.language,
        can_publish=sorted(sources_of(place.role)),
    )


def stage_shape(meeting: domain.Meeting, stage: Stage) -> StageShape:
    return StageShape(
        sequence=stage.sequence,
        layout=stage.layout,
        transition=stage.transition,
        head=meeting.short_title.as_mapping(),
        date=in_all_languages(
            lambda spoken: day_and_month(meeting.announced_day, spoken)
        ).as_mapping(),
        cells=[_cell_shape(cell, meeting) for cell in stage.cells],
        title=_title_shape(stage.title) if stage.title else None,
        speaker=_title_shape(stage.speaker) if stage.speaker else None,
        cue=cue_shape(stage.cue) if stage.cue else None,
        item=_item_shape(meeting, stage.item) if stage.item else None,
        card=_card_shape(meeting) if stage.layout is Layout.HOLDING else None,
    )


def card_when(meeting: domain.Meeting) -> Text:
    """The line under the places of a holding card."""
    if meeting.phase is domain.Phase.BREAK:
        return say_in_all_languages("card.break")
    if meeting.phase is domain.Phase.CANCELLED:
        return say_in_all_languages("card.cancelled")
    if meeting.phase in OVER:
        return say_in_all_languages("card.after")
    written = in_all_languages(lambda spoken: day_and_year(meeting.announced_day, spoken))
    if meeting.starts_at is None:
        return written
    _, host = next(meeting.sites_in_order())
    return say_in_all_languages(
        "card.starts", date=written, hour=hour(meeting.starts_at, host.zone)
    )


def _card_shape(meeting: domain.Meeting) -> CardShape:
    return CardShape(
        title=meeting.title.as_mapping(),
        places=[site.city.as_mapping() for _, site in meeting.sites_in_order()],
        when=card_when(meeting).as_mapping(),
    )


def _title_shape(title: Title) -> TitleShape:
    return TitleShape(name=title.name.as_mapping(), post=title.post.as_mapping(), side=title.side)


def cue_shape(cue: Cue) -> CueShape:
    return CueShape(
        number=cue.number,
        kind=cue.kind,
        title=cue.title.as_mapping(),
        starts_ms=cue.starts_ms,
        seconds=cue.seconds,
        clip=ClipShape(name=cue.clip.name, sha256=cue.clip.sha256) if cue.clip else None,
    )


def _item_shape(meeting: domain.Meeting, position: Position) -> ItemShape | None:
    """None where the programme has been shortened since."""
    if position > len(meeting.agenda):
        return None
    following = meeting.agenda[position : position + 1]
    return ItemShape(
        position=position,
        total=len(meeting.agenda),
        title=meeting.agenda[position - 1].title.as_mapping(),
        next=(following[0].short_title or following[0].title).as_mapping() if following else None,
    )


def _cell_shape(cell: Cell, meeting: domain.Meeting) -> CellShape:
    identity, city, lost = _place_of(cell.endpoint, meeting)
    return CellShape(
        role=cell.role,
        identity=identity,
        source=cell.source,
        city=city.as_mapping(),
        lost=lost.as_mapping(),
        is_speaking=cell.is_speaking,
        is_lost=cell.is_lost,
    )


def _place_of(endpoint: Endpoint, meeting: domain.Meeting) -> tuple[str, Text, Text]:
    """Identity, plate and the words of the card that stands for a lost picture."""
    for _, site in meeting.sites_in_order():
        if site.id == endpoint.site:
            lost = say_in_all_languages("lost", city=site.city_with)
            return hall_identity(site.id), site.city, lost
    for person in meeting.roster:
        if person.id == endpoint.participation:
            name = person.name or person.post
            return person_identity(person.id), name, say_in_all_languages("lost.alone")
    raise AssertionError("a picture of nobody in this meeting")


def _site_shape(site: domain.Site) -> SiteShape:
    return SiteShape(
        id=site.id,
        identity=hall_identity(site.id),
        city=site.city.as_mapping(),
        name=site.name.as_mapping(),
        zone=site.zone,
    )
