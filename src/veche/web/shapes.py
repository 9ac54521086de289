"""What the interface says, as `docs/reference/api.md` describes it: from domain values to JSON.

Words of people travel as language maps; dates are written here in every language.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from veche.domain import meeting as domain
from veche.domain.access import MediaSource, Role, sources_of
from veche.domain.phases import OVER
from veche.domain.place import Place, hall_identity
from veche.domain.stage import Cell, Layout, Source, Stage, Title
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


class StageShape(_Shape):
    sequence: int
    layout: Layout
    head: Words
    date: Words
    cells: list[CellShape]
    title: TitleShape | None
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
        head=meeting.short_title.as_mapping(),
        date=in_all_languages(
            lambda spoken: day_and_month(meeting.announced_day, spoken)
        ).as_mapping(),
        cells=[_cell_shape(cell, meeting) for cell in stage.cells],
        title=_title_shape(stage.title) if stage.title else None,
        item=None,
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


def _cell_shape(cell: Cell, meeting: domain.Meeting) -> CellShape:
    site = next(site for _, site in meeting.sites_in_order() if site.id == cell.site)
    return CellShape(
        role=cell.role,
        identity=hall_identity(site.id),
        source=cell.source,
        city=site.city.as_mapping(),
        lost=say_in_all_languages("lost", city=site.city_with).as_mapping(),
        is_speaking=cell.is_speaking,
    )


def _site_shape(site: domain.Site) -> SiteShape:
    return SiteShape(
        id=site.id,
        identity=hall_identity(site.id),
        city=site.city.as_mapping(),
        name=site.name.as_mapping(),
        zone=site.zone,
    )
