"""The numbered event stream of each meeting, with resume.

Every change gets the next number; a client that comes back with the last one it saw gets the
rest, in order and once, or a snapshot when that is too long ago. Bounded everywhere: what is
kept for resuming, what waits for a slow reader (who is then cut off and comes back), and how
many listen.
"""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from veche.domain.errors import Unavailable
from veche.domain.events import Event, StageChanged
from veche.domain.meeting import Meeting, MeetingNumber
from veche.domain.stage import Stage
from veche.web.shapes import stage_shape

KEPT_EVENTS_MAX: Final = 256
"""About half an hour of a lively meeting: a stage changes every 5 to 10 s."""
WAITING_EVENTS_MAX: Final = 64
LISTENERS_MAX: Final = 2_000
CLOCK_SECONDS: Final = 15.0

Peek = Callable[[MeetingNumber], tuple[Meeting, Stage]]


@dataclass(frozen=True, slots=True)
class _Numbered:
    number: int
    frame: bytes


@dataclass(slots=True)
class _Channel:
    newest: int = 0
    kept: deque[_Numbered] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS_MAX))
    listeners: set["asyncio.Queue[_Numbered | None]"] = field(default_factory=set)
    """Each holds at most `WAITING_EVENTS_MAX` and the None that ends it."""


class Live:
    """Lives on one event loop. `peek` gives what has been published up to now."""

    def __init__(self, now: Callable[[], datetime], peek: Peek) -> None:
        self._now = now
        self._peek = peek
        # Numbers begin anew with each start; the name of the start keeps them apart.
        self._run = secrets.token_hex(4)
        self._channels: dict[MeetingNumber, _Channel] = {}
        self._is_closed = False

    def publish(self, event: Event) -> None:
        channel = self._channel(event.number)
        channel.newest += 1
        name, data = self._described(event)
        numbered = _Numbered(channel.newest, self._frame(name, data, channel.newest))
        channel.kept.append(numbered)
        for listener in list(channel.listeners):
            if listener.qsize() < WAITING_EVENTS_MAX:
                listener.put_nowait(numbered)
            else:
                # Cut off after what waits: it comes back and reads on from the last it has seen.
                channel.listeners.discard(listener)
                listener.put_nowait(None)

    def listen(self, number: MeetingNumber, last_seen: str | None) -> AsyncIterator[bytes]:
        """Frames for one client, from where it left. Raises `Unavailable` when too many listen."""
        if self._is_closed or self._count_listeners() >= LISTENERS_MAX:
            raise Unavailable("too many listeners")
        return self._frames(number, last_seen)

    def close(self) -> None:
        """End every stream; clients come back to the next start."""
        self._is_closed = True
        for channel in self._channels.values():
            for listener in channel.listeners:
                listener.put_nowait(None)
            channel.listeners.clear()

    async def _frames(self, number: MeetingNumber, last_seen: str | None) -> AsyncIterator[bytes]:
        # No pause from here to the first yield: what is published later is queued, what was
        # published before is in `missed` or in the snapshot. A stream that is never read never
        # registers.
        channel = self._channel(number)
        missed = self._missed(channel, last_seen)
        listener: asyncio.Queue[_Numbered | None] = asyncio.Queue()
        channel.listeners.add(listener)
        try:
            for numbered in [self._snapshot(number, channel)] if missed is None else missed:
                yield numbered.frame
            while True:
                try:
                    async with asyncio.timeout(CLOCK_SECONDS):
                        waiting = await listener.get()
                except TimeoutError:
                    yield self._frame("clock", {}, None)
                    continue
                if waiting is None:
                    return
                yield waiting.frame
        finally:
            channel.listeners.discard(listener)

    def _missed(self, channel: _Channel, last_seen: str | None) -> list[_Numbered] | None:
        """What came after the last seen number, or None when that cannot be told."""
        run, _, digits = (last_seen or "").partition("-")
        if run != self._run or not digits.isascii() or not digits.isdecimal():
            return None
        number = int(digits)
        oldest_resumable = channel.kept[0].number - 1 if channel.kept else channel.newest
        if not oldest_resumable <= number <= channel.newest:
            return None
        return [numbered for numbered in channel.kept if numbered.number > number]

    def _snapshot(self, number: MeetingNumber, channel: _Channel) -> _Numbered:
        meeting, stage = self._peek(number)
        data = {
            "phase": meeting.phase,
            "on_air_since": _written(meeting.on_air_since),
            "stage": stage_shape(meeting, stage).model_dump(mode="json"),
        }
        return _Numbered(channel.newest, self._frame("snapshot", data, channel.newest))

    def _described(self, event: Event) -> tuple[str, dict[str, Any]]:
        if isinstance(event, StageChanged):
            shape = stage_shape(event.meeting, event.stage)
            return "stage", {"stage": shape.model_dump(mode="json")}
        return "phase", {"phase": event.phase, "on_air_since": _written(event.on_air_since)}

    def _frame(self, name: str, data: dict[str, Any], number: int | None) -> bytes:
        data["server_time"] = _written(self._now())
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        identified = "" if number is None else f"id: {self._run}-{number}\n"
        return f"{identified}event: {name}\ndata: {body}\n\n".encode()

    def _channel(self, number: MeetingNumber) -> _Channel:
        return self._channels.setdefault(number, _Channel())

    def _count_listeners(self) -> int:
        return sum(len(channel.listeners) for channel in self._channels.values())


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
