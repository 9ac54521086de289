"""Slow readers and silent clients lose their socket; the others notice nothing."""

import asyncio
from collections.abc import Callable
from typing import Any  # ASGI messages

import pytest
from livekit.protocol import rtc
from starlette.websockets import WebSocket

from tests.support.offers import OfferText
from tests.support.wire import House, claims
from veche.engine import Event
from veche.livekit import limits
from veche.livekit.session import Session


class Pipe:
    """The server's half of a WebSocket whose client reads only when it is told to."""

    def __init__(self) -> None:
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: list[dict[str, Any]] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self.incoming.put_nowait({"type": "websocket.connect"})

    async def receive(self) -> dict[str, Any]:
        return await self.incoming.get()

    async def send(self, message: Any) -> None:
        if message["type"] != "websocket.accept":
            await self.reads.wait()
        self.sent.append(message)

    def kinds(self) -> list[str]:
        return [
            rtc.SignalResponse.FromString(message["bytes"]).WhichOneof("message") or ""
            for message in self.sent
            if message["type"] == "websocket.send"
        ]


async def start(house: House, pipe: Pipe) -> tuple[Session, asyncio.Task[None]]:
    websocket = WebSocket({"type": "websocket", "headers": []}, pipe.receive, pipe.send)
    await websocket.accept()
    session = Session(websocket, house.rooms, lambda: house.now)
    request = rtc.JoinRequest(
        publisher_offer=rtc.SessionDescription(type="offer", sdp=str(OfferText()))
    )
    return session, asyncio.create_task(session.run(claims("slow"), request))


async def settle(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  # the loop itself is what is waited for
            await asyncio.sleep(0)


@pytest.mark.parametrize(("extra", "is_kept"), [(-1, True), (0, True), (1, False)])
async def test_a_reader_may_be_so_far_behind_and_no_further(extra: int, is_kept: bool) -> None:
    house, pipe = House(), Pipe()
    session, run = await start(house, pipe)
    await settle(lambda: "answer" in pipe.kinds())
    pipe.reads.clear()
    session.post(b"x")
    await settle(lambda: not session._frames)  # this one is in the socket, the rest waits here
    session.post(b"x" * (limits.OUTBOX_BYTES + extra - 1))
    session.post(b"x")
    assert session._is_ending != is_kept
    pipe.reads.set()
    if not is_kept:
        await run
        assert pipe.sent[-1]["type"] == "websocket.close"
        assert not house.room().find("slow")
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)


async def test_a_reader_that_stands_still_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OUTBOX_PATIENCE_S", 0.05)
    house, pipe = House(), Pipe()
    pipe.reads.clear()
    _, run = await start(house, pipe)
    await asyncio.wait_for(run, 2)
    assert not house.room().participants


async def test_a_silent_client_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SIGNAL_SILENCE_S", 0.05)
    house, pipe = House(), Pipe()
    _, run = await start(house, pipe)
    await asyncio.wait_for(run, 2)
    assert not house.room().participants


async def test_a_goodbye_is_written_before_the_socket_closes() -> None:
    house, pipe = House(), Pipe()
    _, run = await start(house, pipe)
    await settle(lambda: "answer" in pipe.kinds())
    house.rooms.close()
    await asyncio.wait_for(run, 2)
    assert pipe.kinds()[-1] == "leave"
    assert pipe.sent[-1] == {"type": "websocket.close", "code": 1000, "reason": ""}


async def test_a_broken_socket_keeps_a_living_participant_for_its_resume() -> None:
    house, pipe = House(), Pipe()
    _, run = await start(house, pipe)
    await settle(lambda: "answer" in pipe.kinds())
    (participant,) = house.room().participants.values()
    house.rooms.handle_events([Event.Connected(participant.id)])
    pipe.incoming.put_nowait({"type": "websocket.disconnect", "code": 1006})
    await asyncio.wait_for(run, 2)
    assert house.room().find("slow")
    assert not participant.has_signal
