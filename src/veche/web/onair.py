"""A meeting on the air as the consoles, the places and the public are told of it.

Each part of the standing is told as a whole, in the form that its audience may see: a console
sees everything, a hall or a person what concerns it, the public the programme. A part that an
audience has no form of is not for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from pydantic import BaseModel

from veche.domain.attendance import Arrival
from veche.domain.cues import Cue
from veche.domain.events import Part, Standing
from veche.domain.floor import GIVE_BACK_MS, FloorRequest, Grant
from veche.domain.leading import plan_zero
from veche.domain.lines import Line
from veche.domain.meeting import Meeting, ParticipationId, SiteId
from veche.domain.place import hall_identity
from veche.domain.presence import Kind
from veche.domain.readiness import SoundCheck
from veche.domain.roster import Participation
from veche.domain.rundown import Position
from veche.domain.stage import Endpoint
from veche.domain.timeline import Logged
from veche.web.airshapes import (
    ArrivalShape,
    CheckShape,
    ConnectionShape,
    CuesShape,
    EntryShape,
    FloorShape,
    GrantShape,
    HelpShape,
    ItemRunShape,
    LineShape,
    NoteShape,
    PersonShape,
    PhaseShape,
    PictureShape,
    PresenceShape,
    RequestShape,
    ReturnableShape,
    RundownShape,
    RunningCueShape,
    SiteRunShape,
    SpokenShape,
)
from veche.web.shapes import StageShape, Words, cue_shape, stage_shape


class Audience(StrEnum):
    PUBLIC = "public"
    PLACE = "place"
    """A hall, its technician, or one who joins alone."""
    DESK = "desk"
    """Operator, co-chairs, secretary."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes a part is shown to."""

    audience: Audience
    site: SiteId | None = None
    participation: ParticipationId | None = None


PUBLIC: Final = Viewer(Audience.PUBLIC)
DESK: Final = Viewer(Audience.DESK)


_MILLISECOND: Final = timedelta(milliseconds=1)

Form = BaseModel | Sequence[BaseModel]


def part_for(viewer: Viewer, part: Part, standing: Standing) -> Form:
    """The form of a part that is one of `parts_of` this viewer."""
    return _FORMS[viewer.audience][part](viewer, standing)


def parts_of(viewer: Viewer) -> tuple[Part, ...]:
    """What a viewer is told of at all."""
    return tuple(part for part in Part if part in _FORMS[viewer.audience])


# --- the floor ---------------------------------------------------------------------------


def _floor(viewer: Viewer, standing: Standing) -> FloorShape:
    floor, meeting, now_ms = standing.air.floor, standing.meeting, standing.clock_ms
    returnable = floor.returnable(now_ms)
    is_desk = viewer.audience is Audience.DESK
    requests = [
        _request(request, place, meeting)
        for place, request in enumerate(floor.requests, start=1)
        if is_desk or _concerns(viewer, meeting, request.participation)
    ]
    return FloorShape(
        version=floor.version,
        chair=floor.chair,
        speaking=[_grant(grant, meeting) for grant in floor.open_grants],
        requests=requests,
        returnable=ReturnableShape(
            participation=returnable.participation,
            until_ms=(returnable.ended_ms or now_ms) + GIVE_BACK_MS,
        )
        if is_desk and returnable
        else None,
        spoken_by_side=[
            SpokenShape(id=side.id, spoken_ms=floor.spoken_by_side(now_ms).get(side.id, 0))
            for side in meeting.sides
        ],
        spoken_by_person=[
            SpokenShape(id=person, spoken_ms=spoken_ms)
            for person, spoken_ms in floor.spoken_by_person(now_ms).items()
        ]
        if is_desk
        else [],
    )


def _grant(grant: Grant, meeting: Meeting) -> GrantShape:
    person = _person(meeting, grant.participation)
    return GrantShape(
        number=grant.number,
        participation=grant.participation,
        **_words_of(person),
        side=grant.side,
        site=person.site if person else None,
        kind=grant.kind,
        began_ms=grant.began_ms,
        limit_ms=grant.limit_ms,
        paused_ms=grant.paused_ms,
        paused_since_ms=grant.paused_since_ms,
        granted_by=grant.granted_by,
    )


def _request(request: FloorRequest, place: int, meeting: Meeting) -> RequestShape:
    person = _person(meeting, request.participation)
    return RequestShape(
        number=request.number,
        participation=request.participation,
        **_words_of(person),
        side=request.side,
        site=person.site if person else None,
        kind=request.kind,
        made_by=request.made_by,
        made_ms=request.made_ms,
        note=request.note,
        is_next=request.is_called,
        place=place,
    )


def _concerns(viewer: Viewer, meeting: Meeting, wanted: ParticipationId) -> bool:
    if viewer.participation is not None:
        return viewer.participation == wanted
    person = _person(meeting, wanted)
    return viewer.site is not None and person is not None and person.site == viewer.site


def _person(meeting: Meeting, wanted: ParticipationId) -> Participation | None:
    return meeting.participation(wanted)


def _words_of(person: Participation | None) -> dict[str, Words]:
    """Nobody leaves the roster on the air; one who did is still a number in the log."""
    if person is None:
        return {"name": {}, "post": {}}
    post = person.short_post or person.post
    return {"name": (person.name or person.post).as_mapping(), "post": post.as_mapping()}


# --- the programme -----------------------------------------------------------------------


def _phase(viewer: Viewer, standing: Standing) -> PhaseShape:
    return PhaseShape(
        phase=standing.meeting.phase,
        on_air_since=standing.meeting.on_air_since,
        record_zero_ms=standing.air.record_zero_ms,
    )


def _stage(viewer: Viewer, standing: Standing) -> StageShape:
    return stage_shape(standing.meeting, standing.stage)


def _preview(viewer: Viewer, standing: Standing) -> PictureShape:
    picture = standing.air.preview
    return PictureShape(
        layout=picture.layout,
        **_featured(picture.featured),
        stage=stage_shape(
            standing.meeting, standing.air.stage_of(picture, standing.meeting, sequence=0)
        ),
    )


def _featured(endpoint: Endpoint | None) -> dict[str, str | None]:
    return {
        "site": endpoint.site if endpoint else None,
        "participation": endpoint.participation if endpoint else None,
    }


def _rundown(viewer: Viewer, standing: Standing) -> RundownShape:
    meeting, rundown, now_ms = standing.meeting, standing.air.rundown, standing.clock_ms
    planned = [item.length // _MILLISECOND for item in meeting.agenda]
    zero_ms = plan_zero(meeting, standing.air.record_zero_ms)
    items = []
    for index, item in enumerate(meeting.agenda):
        position = Position(index + 1)
        items.append(
            ItemRunShape(
                position=position,
                kind=item.kind,
                title=item.title.as_mapping(),
                short_title=item.short_title.as_mapping() if item.short_title else None,
                rapporteurs=list(item.rapporteurs),
                planned_ms=planned[index],
                planned_at_ms=None if zero_ms is None else zero_ms + sum(planned[:index]),
                limit_ms=_milliseconds(item.speech_limit),
                began_ms=rundown.began_ms(position),
                ended_ms=rundown.ended_ms(position),
                took_ms=rundown.took_ms(position, now_ms),
            )
        )
    drift_ms, overrun_ms = 0, None
    if rundown.current is not None and zero_ms is not None:
        drift_ms = rundown.drift_ms(planned, zero_ms, now_ms)
        began_ms = rundown.visits[-1].began_ms
        overrun_ms = began_ms + planned[rundown.current - 1]
    return RundownShape(
        current=rundown.current, items=items, drift_ms=drift_ms, overrun_from_ms=overrun_ms
    )


def _milliseconds(length: timedelta | None) -> int | None:
    return None if length is None else length // _MILLISECOND


def _cues(viewer: Viewer, standing: Standing) -> CuesShape:
    cues = standing.air.cues
    ready: dict[str, list[str]] = {}
    for site, sha256 in cues.ready:
        ready.setdefault(site, []).append(sha256)
    return CuesShape(running=_running(cues.running) if cues.running else None, ready=ready)


def _running(cue: Cue) -> RunningCueShape:
    return RunningCueShape(
        **cue_shape(cue).model_dump(),
        skews_ms={site: skew for site, skew in cue.skews_ms},
        spread_ms=cue.spread_ms,
    )


# --- halls and people --------------------------------------------------------------------


def _sites(viewer: Viewer, standing: Standing) -> list[SiteRunShape]:
    """A place is told of its own hall only."""
    air, now_ms = standing.air, standing.clock_ms
    lost = {it.site: it.since_ms for it in air.lost}
    helps = {it.site: HelpShape(words=it.words, asked_ms=it.asked_ms) for it in air.helps}
    shapes = []
    for side, site in standing.meeting.sites_in_order():
        if viewer.audience is Audience.PLACE and site.id != viewer.site:
            continue
        check = air.check_of(site.id)
        shapes.append(
            SiteRunShape(
                id=site.id,
                side=side.id,
                identity=hall_identity(site.id),
                city=site.city.as_mapping(),
                name=site.name.as_mapping(),
                is_required=site.is_required,
                lost_since_ms=lost.get(site.id),
                check=_check(check, now_ms) if check else None,
                help=helps.get(site.id),
            )
        )
    return shapes


def _check(check: SoundCheck, now_ms: int) -> CheckShape:
    return CheckShape(
        state=check.state_at(now_ms),
        reported_ms=check.reported_ms,
        reported_by=check.reported_by,
        findings=dict(check.findings),
        decided_ms=check.decided_ms,
        decided_by=check.decided_by,
        note=check.note,
    )


def _roster(viewer: Viewer, standing: Standing) -> list[PersonShape]:
    """A hall is told of its own people, whose arrival it ticks and for whom it asks."""
    return [
        PersonShape(
            participation=person.id,
            **_words_of(person),
            side=person.side,
            site=person.site,
            is_group=person.is_group,
            leads_side=person.leads_side,
            may_speak=person.may_speak,
        )
        for person in standing.meeting.roster
        if viewer.audience is Audience.DESK or _concerns(viewer, standing.meeting, person.id)
    ]


def _arrivals(viewer: Viewer, standing: Standing) -> list[ArrivalShape]:
    return [
        _arrival(arrival)
        for arrival in standing.air.arrivals
        if viewer.audience is Audience.DESK
        or _concerns(viewer, standing.meeting, arrival.participation)
    ]


def _arrival(arrival: Arrival) -> ArrivalShape:
    return ArrivalShape(
        participation=arrival.participation,
        attendance=arrival.attendance,
        at_ms=arrival.at_ms,
        by=arrival.by,
        count=arrival.count,
        replaced_by=arrival.replaced_by.as_mapping() if arrival.replaced_by else None,
    )


def _presence(viewer: Viewer, standing: Standing) -> PresenceShape:
    present = standing.present
    named = [it for it in present if it.kind is not Kind.SPECTATOR]
    return PresenceShape(
        total=len(present),
        spectators=len(present) - len(named),
        connections=[
            ConnectionShape(
                identity=it.identity,
                name=it.name,
                kind=it.kind,
                is_connected=it.is_connected,
                sources=list(it.sources),
                is_talkback=it.is_talkback,
            )
            for it in named
        ],
    )


def _notes(viewer: Viewer, standing: Standing) -> list[NoteShape]:
    return [
        NoteShape(
            number=note.number, words=note.words, by=note.by, at_ms=note.at_ms, is_read=note.is_read
        )
        for note in standing.air.notes
    ]


def _log(viewer: Viewer, standing: Standing) -> list[EntryShape]:
    return [entry_shape(logged) for logged in standing.log]


def entry_shape(logged: Logged) -> EntryShape:
    return EntryShape(
        number=logged.number,
        at_ms=logged.at_ms,
        at=logged.at,
        by=logged.by.name,
        kind=logged.entry.kind,
        body=dict(logged.entry.body),
    )


def line_shapes(lines: Mapping[str, Line], levels: Mapping[str, float]) -> list[LineShape]:
    return [
        LineShape(
            identity=identity,
            round_trip_ms=line.round_trip_ms,
            lost_in=line.lost_in,
            lost_out=line.lost_out,
            bitrate_in_bps=line.bitrate_in_bps,
            bitrate_out_bps=line.bitrate_out_bps,
            level=levels.get(identity, 0.0),
        )
        for identity, line in sorted(lines.items())
    ]


_PUBLIC_FORMS: Final[dict[Part, Callable[[Viewer, Standing], Form]]] = {
    Part.PHASE: _phase,
    Part.STAGE: _stage,
}
_PLACE_FORMS: Final = _PUBLIC_FORMS | {
    Part.FLOOR: _floor,
    Part.RUNDOWN: _rundown,
    Part.CUES: _cues,
    Part.SITES: _sites,
    Part.ROSTER: _roster,
    Part.ARRIVALS: _arrivals,
}
_FORMS: Final[dict[Audience, dict[Part, Callable[[Viewer, Standing], Form]]]] = {
    Audience.PUBLIC: _PUBLIC_FORMS,
    Audience.PLACE: _PLACE_FORMS,
    Audience.DESK: _PLACE_FORMS
    | {
        Part.PREVIEW: _preview,
        Part.NOTES: _notes,
        Part.PRESENCE: _presence,
        Part.LOG: _log,
    },
}
