"""Conducting a meeting: commands, the streams of consoles and of places, staff's media rooms.

Everything that changes a meeting on the air comes through one door, so that it comes in one
order; which right it needs is told by the command.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from fastapi import APIRouter, Body, Header, Query, Request
from starlette.responses import StreamingResponse

from veche.domain.access import Action
from veche.domain.actor import Asker
from veche.domain.meeting import MeetingNumber
from veche.services.admission import Admitted
from veche.store import LOG_PAGE_MAX
from veche.web.airshapes import AirShape, EntryShape
from veche.web.api.commands import CommandBody
from veche.web.api.common import EVENT_STREAM, AnyAsker, Askers, Number, Rooms, event_stream
from veche.web.api.once import Once
from veche.web.house import House
from veche.web.onair import DESK, Audience, Viewer, entry_shape
from veche.web.shapes import MediaShape

_LAST_SEEN_LETTERS_MAX: Final = 64
LastSeen = Annotated[str | None, Header(alias="Last-Event-ID", max_length=_LAST_SEEN_LETTERS_MAX)]

router = APIRouter()


class CommandAnswer(AirShape):
    """Carried out. What it has changed comes by the stream, to everybody at once."""

    clock_ms: int
    stage_sequence: int
    floor_version: int


class LogAnswer(AirShape):
    entries: list[EntryShape]


class MediaAnswer(AirShape):
    media: MediaShape


@router.post("/meetings/{number}/commands")
async def command(
    number: Number, asked: Annotated[CommandBody, Body()], asker: AnyAsker, house: Rooms, once: Once
) -> CommandAnswer:
    async def carry_out() -> CommandAnswer:
        standing = await house.conduct.command(MeetingNumber(number), asker, asked.parsed())
        return CommandAnswer(
            clock_ms=standing.clock_ms,
            stage_sequence=standing.stage.sequence,
            floor_version=standing.air.floor.version,
        )

    return await once(asker.actor, CommandAnswer, carry_out)


@router.get("/meetings/{number}/live/desk", **EVENT_STREAM)
async def desk_live(
    number: Number, askers: Askers, house: Rooms, last_event_id: LastSeen = None
) -> StreamingResponse:
    """The stream of the consoles: operator, co-chairs, secretary."""
    return await _stream(
        house, number, askers, Action.FOLLOW_CONDUCT, lambda asker: DESK, last_event_id
    )


@router.get("/meetings/{number}/live/place", **EVENT_STREAM)
async def place_live(
    number: Number, askers: Askers, house: Rooms, last_event_id: LastSeen = None
) -> StreamingResponse:
    """The stream of those who take part: halls, their technicians, people who join alone."""
    return await _stream(house, number, askers, Action.FOLLOW_PLACE, _place, last_event_id)


@router.get("/meetings/{number}/log")
async def log(
    number: Number,
    asker: AnyAsker,
    house: Rooms,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=LOG_PAGE_MAX)] = LOG_PAGE_MAX,
) -> LogAnswer:
    """The log from the entry after that number, in order."""
    entries = await house.conduct.log(MeetingNumber(number), asker, after, limit)
    return LogAnswer(entries=[entry_shape(entry) for entry in entries])


@router.post("/meetings/{number}/monitor")
async def monitor(number: Number, request: Request, asker: AnyAsker, house: Rooms) -> MediaAnswer:
    """A silent place in the media room, for the pictures and meters of a console."""
    standing = await house.conduct.standing(MeetingNumber(number), asker, Action.MONITOR)
    return _media(house.admission.monitor(standing.meeting, asker), request, house)


@router.post("/meetings/{number}/talkback")
async def talkback(number: Number, request: Request, asker: AnyAsker, house: Rooms) -> MediaAnswer:
    """A place in the staff's own room, which the programme never hears."""
    standing = await house.conduct.standing(MeetingNumber(number), asker, Action.TALK_BACK)
    return _media(house.admission.talk_back(standing.meeting, asker), request, house)


async def _stream(
    house: House,
    number: int,
    askers: Callable[[], Awaitable[Asker]],
    action: Action,
    viewer_of: Callable[[Asker], Viewer],
    last_seen: str | None,
) -> StreamingResponse:
    async def judge() -> Asker:
        """Who asks is found anew each time: a right may have been taken away meanwhile."""
        asker = await askers()
        await house.conduct.standing(MeetingNumber(number), asker, action)
        return asker

    viewer = viewer_of(await judge())
    return event_stream(house.live.listen(MeetingNumber(number), last_seen, viewer, judge))


def _place(asker: Asker) -> Viewer:
    return Viewer(Audience.PLACE, asker.site, asker.participation)


def _media(admitted: Admitted, request: Request, house: House) -> MediaAnswer:
    return MediaAnswer(
        media=MediaShape(
            url=house.media_url_of(request), token=admitted.token, expires_at=admitted.expires_at
        )
    )
