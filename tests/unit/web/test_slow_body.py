"""A body that is promised and does not come costs a place for seconds, not for ever."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.support.house import open_house
from veche.web.security import RequestGuard

JSON = {"Content-Type": "application/json"}


async def test_a_body_that_stops_half_way_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.web.security.BODY_SECONDS", 0.05)

    async def half() -> AsyncIterator[bytes]:
        yield b'{"secret": '
        await asyncio.Event().wait()

    async with open_house(tmp_path) as opened:
        answer = await opened.client.post("/api/v1/join", content=half(), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (408, "request_too_slow")


async def test_what_waits_after_the_body_is_not_hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream of events listens on the same line for the reader to leave, for hours."""
    monkeypatch.setattr("veche.web.security.BODY_SECONDS", 0.05)
    left = asyncio.Event()
    messages: list[Message] = []

    async def listen(_scope: Scope, receive: Receive, send: Send) -> None:
        messages.append(await receive())
        asyncio.get_running_loop().call_later(0.1, left.set)
        messages.append(await receive())

    async def receive() -> Message:
        if not messages:
            return {"type": "http.request", "body": b"", "more_body": False}
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(_message: Message) -> None:
        raise AssertionError("refused")

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"veche.test")]}
    await RequestGuard(listen)(scope, receive, send)
    assert [message["type"] for message in messages] == ["http.request", "http.disconnect"]
