"""The bridge itself: joining, watching, the stage and its event stream."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from veche.domain.meeting import MeetingNumber
from veche.services.admission import Admitted
from veche.web.api.common import EVENT_STREAM, PREFIX, Number, Rooms, event_stream
from veche.web.house import House
from veche.web.shapes import (
    JoinAnswer,
    MediaShape,
    StageAnswer,
    WatchAnswer,
    meeting_shape,
    participant_shape,
    stage_shape,
)

_LAST_SEEN_LETTERS_MAX: Final = 64

router = APIRouter()


class JoinRequest(BaseModel):
    model_config = ConfigDict(extra="ignore")

    # Longer than any secret: what is too long is an unknown invitation like any other guess.
    secret: str = Field(max_length=1_000)


@router.post("/join")
async def join(asked: JoinRequest, request: Request, house: Rooms) -> JoinAnswer:
    address = request.client.host if request.client else ""
    admitted = await asyncio.to_thread(house.admission.join, asked.secret, address)
    assert admitted.place is not None, "a link has a place"
    answer = await _watch_answer(admitted, request, house)
    return JoinAnswer(
        **dict(answer), participant=participant_shape(admitted.place, admitted.meeting)
    )


@router.post("/meetings/{number}/watch")
async def watch(number: Number, request: Request, house: Rooms) -> WatchAnswer:
    admitted = await asyncio.to_thread(house.admission.watch, MeetingNumber(number))
    return await _watch_answer(admitted, request, house)


@router.get("/meetings/{number}/stage")
async def stage(number: Number, house: Rooms) -> StageAnswer:
    standing = await house.conduct.current(MeetingNumber(number))
    meeting = standing.meeting
    return StageAnswer(
        phase=meeting.phase,
        on_air_since=meeting.on_air_since,
        server_time=house.now(),
        clock_ms=house.conduct.clock_ms(meeting.number),
        stage=stage_shape(meeting, standing.stage),
    )


@router.get("/meetings/{number}/live", **EVENT_STREAM)
async def live(
    number: Number,
    house: Rooms,
    last_event_id: Annotated[str | None, Header(max_length=_LAST_SEEN_LETTERS_MAX)] = None,
) -> StreamingResponse:
    await house.conduct.current(MeetingNumber(number))
    return event_stream(house.live.listen(MeetingNumber(number), last_event_id))


async def _watch_answer(admitted: Admitted, request: Request, house: House) -> WatchAnswer:
    standing = await house.conduct.current(admitted.meeting.number)
    meeting = standing.meeting
    return WatchAnswer(
        meeting=meeting_shape(meeting),
        media=MediaShape(
            url=house.media_url_of(request), token=admitted.token, expires_at=admitted.expires_at
        ),
        stage=stage_shape(meeting, standing.stage),
        live=f"{PREFIX}/meetings/{meeting.number}/live",
    )
