"""The embedded server, assembled: engine, rooms and HTTP edge with one life.

    async with Wire(driver, keys, candidates) as wire:
        ...  # serve wire.app

Starting drains the engine and runs timers; leaving tells everybody to come back and closes rooms
(not the engine, which belongs to whoever made it).
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from google.protobuf.message import Message

from veche.domain.lines import Line
from veche.engine import Command, Event, ParticipantStats
from veche.media import port
from veche.media.embedded import EmbeddedMedia, EngineDriver
from veche.media.port import MediaRefused
from veche.media.service import Answer, track_of

from . import limits, quality, service
from .refusals import CallRefused
from .room import Happened, Ids, Moment, Room, Surroundings
from .rooms import Rooms
from .server import create_wire_app
from .sids import random_letters
from .tokens import Keys, mint_refresh

_log = logging.getLogger(__name__)

_GOODBYE_S = 0.5
"""Long enough to write a `leave` to a thousand sockets (measured: 40 ms), short for a restart."""


def now() -> Moment:
    return Moment(time.monotonic(), time.time_ns() // 1_000_000)


class Wire:
    def __init__(
        self,
        driver: EngineDriver,
        keys: Keys,
        candidates: tuple[tuple[str, int], ...],
        *,
        simulates_faults: bool = False,
        is_led: Callable[[str], bool] = lambda name: False,
    ) -> None:
        """`candidates`: announced media addresses and ports, best first. `is_led`: see `Rooms`."""
        around = Surroundings(
            ids=Ids(),
            fingerprint=driver.engine.fingerprint,
            candidates=candidates,
            node_id="ND_" + random_letters(8),
            refresh_token=lambda claims, wall: mint_refresh(claims, keys, wall),
            simulates_faults=simulates_faults,
        )
        self._driver = driver
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = float("inf")
        self._quality: asyncio.Task[None] | None = None
        self._echoes: dict[int, asyncio.Future[None]] = {}
        self.rooms = Rooms(around, driver.submit, now, self._heard, self._arm, is_led)
        self.media = EmbeddedMedia(*keys.first(), _InProcess(self.rooms), self)
        """The media port for the application."""
        self.app = create_wire_app(self.rooms, keys)

    async def __aenter__(self) -> Self:
        self._driver.start(self._take_events)
        self._quality = asyncio.create_task(self._judge_lines(), name="line quality")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.say_goodbye()
        self._driver.stop()
        if self._quality is not None:
            self._quality.cancel()
            with suppress(asyncio.CancelledError):
                await self._quality
        if self._timer is not None:
            self._timer.cancel()

    async def say_goodbye(self) -> None:
        """Tell everybody to come back; sessions get a moment to write it. May be called twice."""
        has_people = any(room.participants for room in self.rooms)
        self.rooms.close()
        if has_people:
            await asyncio.sleep(_GOODBYE_S)

    # --- time ------------------------------------------------------------------------------

    def _arm(self, deadline: float) -> None:
        """One timer for all rooms: the soonest. The loop's clock is `time.monotonic`."""
        if self._timer is not None:
            if self._timer_at <= deadline:
                return
            self._timer.cancel()
        # Kept by ourselves: a handle of uvloop does not tell its time.
        self._timer_at = deadline
        self._timer = asyncio.get_running_loop().call_at(deadline, self._run_timers)

    def _run_timers(self) -> None:
        self._timer = None
        self.rooms.run_timers()
        deadline = min((room.next_deadline for room in self.rooms), default=float("inf"))
        if deadline < float("inf"):
            self._arm(deadline)

    async def _judge_lines(self) -> None:
        while True:
            await asyncio.sleep(limits.QUALITY_S)
            if not any(room.participants for room in self.rooms):
                continue
            try:
                stats = await self._driver.snapshot()
            except Exception:
                _log.exception("the engine gave no snapshot")
                continue
            self.rooms.judge_lines(
                {
                    one.participant: quality.Line(
                        one.is_connected, one.lost_in, one.lost_out, one.round_trip_ms
                    )
                    for one in stats.participants
                }
            )

    # --- what the embedded engine does besides LiveKit's calls ---------------------------

    async def let_be_heard(self, room: str, identities: frozenset[str]) -> None:
        """Returns when the engine has applied it: an echo comes back behind the gates."""
        self.rooms.let_be_heard(room, identities)
        token = self.rooms.around.ids.next()
        came_back = asyncio.get_running_loop().create_future()
        self._echoes[token] = came_back
        try:
            self._driver.submit([Command.Echo(token)])
            await came_back
        finally:
            del self._echoes[token]

    async def lines(self, room: str) -> dict[str, Line]:
        found = self.rooms.find(room)
        if found is None or not found.participants:
            return {}
        measured = {one.participant: one for one in (await self._driver.snapshot()).participants}
        return {
            participant.identity: _line(measured[participant.id])
            for participant in found.participants.values()
            if participant.id in measured
        }

    # --- news ------------------------------------------------------------------------------

    def _take_events(self, events: Sequence[Event]) -> None:
        self.rooms.handle_events(events)
        for event in events:
            if isinstance(event, Event.SpeakersChanged):
                self._tell_speakers(event.room, event.levels)
            elif isinstance(event, Event.Echo) and event.token in self._echoes:
                came_back = self._echoes[event.token]
                if not came_back.done():
                    came_back.set_result(None)

    def _tell_speakers(self, room_id: int, levels: list[tuple[int, float]]) -> None:
        for room in self.rooms:
            if room.id == room_id:
                named = {
                    room.participants[number].identity: level
                    for number, level in levels
                    if number in room.participants
                }
                if named:
                    self.media.publish(port.SpeakersChanged(room.name, named))

    def _heard(self, room: Room, happened: Happened) -> None:
        news = _news(room.name, happened)
        if news is not None:
            self.media.publish(news)


def _news(room: str, happened: Happened) -> port.News | None:
    who, what = happened.participant, happened.track
    match happened.event:
        case "room_started":
            return port.RoomStarted(room)
        case "room_finished":
            return port.RoomFinished(room)
        case "participant_joined" if who is not None:
            return port.ParticipantJoined(room, who.identity, who.sid)
        case "participant_left" if who is not None:
            return port.ParticipantLeft(room, who.identity, who.sid)
        case "track_published" if who is not None and what is not None:
            return port.TrackPublished(room, who.identity, track_of(what))
        case "track_unpublished" if who is not None and what is not None:
            return port.TrackUnpublished(room, who.identity, track_of(what))
        case "voice_held_back" if who is not None:
            return port.VoiceHeldBack(room, who.identity)
        case _:
            return None


def _line(measured: ParticipantStats) -> Line:
    return Line(
        packets_in=measured.packets_in,
        round_trip_ms=measured.round_trip_ms,
        lost_in=measured.lost_in,
        lost_out=measured.lost_out,
        bitrate_in_bps=measured.bitrate_in_bps,
        bitrate_out_bps=measured.bitrate_out_bps,
    )


class _InProcess:
    """RoomService calls without HTTP and without a token: the caller is this process."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def call(self, method: str, request: Message, answer: type[Answer]) -> Answer:
        try:
            response = await service.CALLS[method].perform(self._rooms, request)
        except CallRefused as refusal:
            raise MediaRefused(refusal.code, refusal.text) from None
        if not isinstance(response, answer):
            raise AssertionError(f"{method} answered with {type(response).__name__}")
        return response
