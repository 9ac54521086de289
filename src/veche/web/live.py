"""The numbered event stream of each meeting, with resume, for every audience.

Every change gets the next number, whoever may see it; a client that comes back with the last
one it saw gets the rest that is for it, in order and once, or a snapshot when that is too long
ago. Bounded everywhere: what is kept for resuming, what waits for a slow reader (who is then
cut off and comes back), and how many listen. A listener whose right has ended is told no more.
"""

import asyncio
import json
import logging
import secrets
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel

from veche.domain.errors import Refused, Unavailable
from veche.domain.events import Changed, Event, Part, Standing
from veche.domain.lines import Line
from veche.domain.meeting import MeetingNumber
from veche.web.onair import (
    PUBLIC,
    Audience,
    Viewer,
    entry_shape,
    line_shapes,
    part_for,
    parts_of,
)

KEPT_EVENTS_MAX: Final = 1_024
"""About half an hour of a lively meeting: a command makes three events, one comes every 5 s."""
WAITING_EVENTS_MAX: Final = 128
LISTENERS_MAX: Final = 2_000
CLOCK_SECONDS: Final = 15.0
JUDGED_SECONDS: Final = 0.8
"""A right that is taken away ends a stream within a second."""

_log = logging.getLogger(__name__)

Peek = Callable[[MeetingNumber], Standing]
ClockMs = Callable[[MeetingNumber], int]
Judge = Callable[[], Awaitable[object]]
"""Raises the refusal of who may not listen any more."""


@dataclass(frozen=True, slots=True)
class _Numbered:
    number: int
    change: Changed
    at: datetime
    frames: dict[Viewer, bytes | None] = field(default_factory=dict)
    """Written when first asked for; one for the public is read a thousand times."""


@dataclass(slots=True, eq=False)
class _Listener:
    viewer: Viewer
    queue: "asyncio.Queue[_Numbered | bytes | None]" = field(default_factory=asyncio.Queue)
    """Holds at most `WAITING_EVENTS_MAX` and the None that ends it. Bytes have no number."""


@dataclass(slots=True)
class _Channel:
    newest: int = 0
    kept: deque[_Numbered] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS_MAX))
    listeners: set[_Listener] = field(default_factory=set)
    levels: dict[str, float] = field(default_factory=dict)
    """Of voices, by identity."""


class Live:
    """Lives on one event loop. `peek` gives what has been published up to now."""

    def __init__(self, now: Callable[[], datetime], peek: Peek, clock_ms: ClockMs) -> None:
        self._now = now
        self._peek = peek
        self._clock_ms = clock_ms
        # Numbers begin anew with each start; the name of the start keeps them apart.
        self._run = secrets.token_hex(4)
        self._channels: dict[MeetingNumber, _Channel] = {}
        self._is_closed = False

    # --- telling -----------------------------------------------------------------------------

    def publish(self, event: Event) -> None:
        channel = self._channel(event.number)
        channel.newest += 1
        numbered = _Numbered(channel.newest, event, self._now())
        channel.kept.append(numbered)
        for listener in list(channel.listeners):
            self._give(channel, listener, numbered)

    def hear(self, number: MeetingNumber, levels: Mapping[str, float]) -> None:
        """Loudness of those whose voice changed; told with the lines."""
        if number in self._channels:
            self._channels[number].levels.update(levels)

    def tell_lines(self, number: MeetingNumber, lines: Mapping[str, Line]) -> None:
        """What the lines carry now: for consoles, without a number, the newest is what counts."""
        channel = self._channel(number)
        channel.levels = {who: channel.levels.get(who, 0.0) for who in lines}
        desks = [it for it in channel.listeners if it.viewer.audience is Audience.DESK]
        if not desks:
            return
        shapes = [shape.model_dump(mode="json") for shape in line_shapes(lines, channel.levels)]
        frame = self._frame("lines", {"lines": shapes}, self._clock_ms(number), self._now())
        for listener in desks:
            self._give(channel, listener, frame)

    def _give(self, channel: _Channel, listener: _Listener, what: _Numbered | bytes) -> None:
        if listener.queue.qsize() < WAITING_EVENTS_MAX:
            listener.queue.put_nowait(what)
        else:
            # Cut off after what waits: it comes back and reads on from the last it has seen.
            channel.listeners.discard(listener)
            listener.queue.put_nowait(None)

    def close(self) -> None:
        """End every stream; clients come back to the next start."""
        self._is_closed = True
        for channel in self._channels.values():
            for listener in channel.listeners:
                listener.queue.put_nowait(None)
            channel.listeners.clear()

    # --- listening ---------------------------------------------------------------------------

    def listen(
        self,
        number: MeetingNumber,
        last_seen: str | None,
        viewer: Viewer = PUBLIC,
        judge: Judge | None = None,
    ) -> AsyncIterator[bytes]:
        """Frames for one client, from where it left. Raises `Unavailable` when too many listen."""
        if self._is_closed or self._count_listeners() >= LISTENERS_MAX:
            raise Unavailable("too many listeners")
        return self._frames(number, last_seen, viewer, judge)

    async def _frames(
        self, number: MeetingNumber, last_seen: str | None, viewer: Viewer, judge: Judge | None
    ) -> AsyncIterator[bytes]:
        # No pause from here to the first yield: what is published later is queued, what was
        # published before is in `missed` or in the snapshot. A stream that is never read never
        # registers.
        channel = self._channel(number)
        missed = self._missed(channel, last_seen)
        listener = _Listener(viewer)
        channel.listeners.add(listener)
        try:
            if missed is None:
                yield self._snapshot(number, channel, viewer)
            for numbered in missed or []:
                if frame := self._frame_for(viewer, numbered):
                    yield frame
            async for frame in self._coming(number, listener, judge):
                yield frame
        finally:
            channel.listeners.discard(listener)

    async def _coming(
        self, number: MeetingNumber, listener: _Listener, judge: Judge | None
    ) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        pause = CLOCK_SECONDS if judge is None else min(JUDGED_SECONDS, CLOCK_SECONDS)
        judged_at = spoke_at = loop.time()
        while True:
            try:
                async with asyncio.timeout(pause):
                    waiting = await listener.queue.get()
            except TimeoutError:
                waiting = b""
            if judge is not None and loop.time() - judged_at >= JUDGED_SECONDS:
                judged_at = loop.time()
                if not await _is_allowed(judge):
                    return
            if waiting is None:
                return
            frame = waiting
            if isinstance(waiting, _Numbered):
                frame = self._frame_for(listener.viewer, waiting) or b""
            if not frame and loop.time() - spoke_at >= CLOCK_SECONDS:
                frame = self._frame("clock", {}, self._clock_ms(number), self._now())
            if isinstance(frame, bytes) and frame:
                spoke_at = loop.time()
                yield frame

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

    # --- writing -----------------------------------------------------------------------------

    def _snapshot(self, number: MeetingNumber, channel: _Channel, viewer: Viewer) -> bytes:
        standing = self._peek(number)
        data: dict[str, Any] = {}  # Any: JSON
        for part in parts_of(viewer):
            data |= _written(viewer, part, standing)
        return self._frame("snapshot", data, self._clock_ms(number), self._now(), channel.newest)

    def _frame_for(self, viewer: Viewer, numbered: _Numbered) -> bytes | None:
        if viewer not in numbered.frames:
            numbered.frames[viewer] = self._change_frame(viewer, numbered)
        return numbered.frames[viewer]

    def _change_frame(self, viewer: Viewer, numbered: _Numbered) -> bytes | None:
        change = numbered.change
        if change.part not in parts_of(viewer):
            return None
        if change.part is Part.LOG:
            added = [entry_shape(it).model_dump(mode="json") for it in change.added]
            data: dict[str, Any] = {"added": added}
        else:
            data = _written(viewer, change.part, change.standing)
        clock_ms = change.standing.clock_ms
        return self._frame(change.part, data, clock_ms, numbered.at, numbered.number)

    def _frame(
        self,
        name: str,
        data: dict[str, Any],
        clock_ms: int,
        at: datetime,
        number: int | None = None,
    ) -> bytes:
        data |= {"server_time": at.isoformat(), "clock_ms": clock_ms}
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        identified = "" if number is None else f"id: {self._run}-{number}\n"
        return f"{identified}event: {name}\ndata: {body}\n\n".encode()

    def _channel(self, number: MeetingNumber) -> _Channel:
        return self._channels.setdefault(number, _Channel())

    def _count_listeners(self) -> int:
        return sum(len(channel.listeners) for channel in self._channels.values())


async def _is_allowed(judge: Judge) -> bool:
    try:
        await judge()
    except Refused:
        return False
    except Unavailable as error:
        # Who was allowed a second ago is believed while the store does not answer.
        _log.warning("a listener is not judged: %s", error)
    return True


def _written(viewer: Viewer, part: Part, standing: Standing) -> dict[str, Any]:  # Any: JSON
    """A part as it lies in the data; the phase lies flat, as it always has."""
    form = part_for(viewer, part, standing)
    if not isinstance(form, BaseModel):
        return {part.value: [it.model_dump(mode="json") for it in form]}
    written = form.model_dump(mode="json")
    return written if part is Part.PHASE else {part.value: written}
