"""The house: all rooms, and the one way in and out of each.

The sync core behind the edges. Every entry (a message, an engine event, an API call, a timer)
goes through `entered`: the room is told the time, changes, and its effects are carried out, engine
first, so that a description is known to the engine before the client can act on its answer.
A bug in handling one participant's message ends that participant and nothing else.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from livekit.protocol import models, rtc

from veche.engine import Command, Event

from . import (
    announcing,
    calling,
    dispatch,
    flooring,
    joining,
    limits,
    publishing,
    quality,
    relaying,
    subscribing,
)
from .people import Participant
from .refusals import JoinRefused, MessageRefused
from .room import Effect, HangUp, Happened, Moment, Order, Post, Room, Surroundings, Timer
from .tokens import Claims

_log = logging.getLogger(__name__)


class Outlet(Protocol):
    """A participant's socket as the house sees it; neither call blocks or fails."""

    def post(self, frame: bytes) -> None: ...
    def hang_up(self) -> None: ...


Listener = Callable[[Room, Happened], None]


class Rooms:
    def __init__(
        self,
        around: Surroundings,
        submit: Callable[[list[Command]], None],
        clock: Callable[[], Moment],
        listener: Listener = lambda room, happened: None,
        on_deadline: Callable[[float], None] = lambda deadline: None,
        is_led: Callable[[str], bool] = lambda name: False,
    ) -> None:
        """`is_led`: rooms in which nobody is heard until somebody is let be heard."""
        self.around = around
        self.listener = listener
        self.on_deadline = on_deadline
        """Told the monotonic time at which `run_timers` has something to do."""
        self.refused_packets = 0
        self._submit = submit
        self._clock = clock
        self._rooms: dict[str, Room] = {}
        self._room_of: dict[int, Room] = {}
        self._outlets: dict[int, Outlet] = {}
        self._is_stopping = False
        self._is_led = is_led
        self._heard: dict[str, frozenset[str]] = {}
        """Of led rooms, one for each meeting that goes on, whether anybody is in it or not."""

    # --- rooms ---------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Room]:
        return iter(list(self._rooms.values()))

    def find(self, name: str) -> Room | None:
        return self._rooms.get(name)

    def open(self, name: str) -> Room:
        """The room of that name, made now if it does not exist."""
        if name in self._rooms:
            return self._rooms[name]
        if len(self._rooms) >= limits.ROOMS:
            raise JoinRefused(503, "this server has no place for another room")
        room = Room(self.around.ids.next(), name, self.around, self._clock())
        self._rooms[name] = room
        if self._is_led(name):
            room.heard = self._heard.get(name, frozenset())
        with self.entered(room):
            room.tell("room_started")
        return room

    @contextmanager
    def entered(self, room: Room) -> Iterator[Room]:
        room.now = self._clock()
        yield room
        self._settle(room)

    def _settle(self, room: Room) -> None:
        effects = room.take_effects()
        try:
            commands = [effect.command for effect in effects if isinstance(effect, Order)]
            if commands:
                self._submit(commands)
        finally:
            self._carry_out(room, effects)
        if room.next_deadline < float("inf"):
            self.on_deadline(room.next_deadline)

    def _carry_out(self, room: Room, effects: Sequence[Effect]) -> None:
        frames: dict[int, bytes] = {}  # one message to many is encoded once
        for effect in effects:
            match effect:
                case Post(participant, message):
                    if participant in self._outlets:
                        if id(message) not in frames:
                            frames[id(message)] = message.SerializeToString()
                        self._outlets[participant].post(frames[id(message)])
                case HangUp(participant):
                    self._hang_up(participant)
                case Happened():
                    self.listener(room, effect)
                case Order():
                    pass  # submitted already
        for participant_id in room.ended_participants:
            self._room_of.pop(participant_id, None)
            self._hang_up(participant_id)
        room.ended_participants.clear()
        if room.is_closed and self._rooms.get(room.name) is room:
            del self._rooms[room.name]

    def _hang_up(self, participant_id: int) -> None:
        outlet = self._outlets.pop(participant_id, None)
        if outlet is not None:
            outlet.hang_up()

    def let_be_heard(self, name: str, identities: frozenset[str]) -> None:
        """Of a led room, whoever is in it now or comes later. Applied before what comes after."""
        if not self._is_led(name):
            raise AssertionError(f"the room {name} is not led")
        self._heard[name] = identities
        if room := self._rooms.get(name):
            with self.entered(room):
                flooring.let_be_heard(room, identities)

    # --- signal sessions -------------------------------------------------------------------

    def check(self, claims: Claims, request: rtc.JoinRequest) -> None:
        """Raise `JoinRefused` if this join would not succeed; changes nothing."""
        if self._is_stopping:
            raise JoinRefused(503, "this server is stopping")
        room = self._rooms.get(claims.grants.room)
        if room is not None:
            joining.check_admission(room, claims)
        elif len(self._rooms) >= limits.ROOMS:
            raise JoinRefused(503, "this server has no place for another room")

    def join(self, claims: Claims, request: rtc.JoinRequest, outlet: Outlet) -> int:
        """Start or resume a session; its first message is posted before this returns.

        Raises `MessageRefused` when there is nothing to resume, and `JoinRefused`.
        """
        self.check(claims, request)
        if request.reconnect:
            return self._resume(claims, request, outlet)
        is_new = claims.grants.room not in self._rooms
        room = self.open(claims.grants.room)
        room.now = self._clock()
        if is_new and claims.room_config is not None:
            room.config.adopt(claims.room_config)
        participant_id = self.around.ids.next()
        self._outlets[participant_id] = outlet
        self._room_of[participant_id] = room
        try:
            joining.admit(room, claims, request, participant_id)
        except MessageRefused as refusal:
            joining.refuse_session(room, room.participants[participant_id], refusal)
        self._settle(room)
        return participant_id

    def _resume(self, claims: Claims, request: rtc.JoinRequest, outlet: Outlet) -> int:
        room = self._rooms.get(claims.grants.room)
        participant = room.find(claims.identity) if room is not None else None
        if (
            room is None
            or participant is None
            or (request.participant_sid and request.participant_sid != participant.sid)
        ):
            raise MessageRefused("no such session to resume")
        older = self._outlets.get(participant.id)
        if older is not None:
            older.hang_up()
        self._outlets[participant.id] = outlet
        self._guarded(room, participant, lambda: joining.resume(room, participant, request))
        return participant.id

    def receive(self, participant_id: int, message: rtc.SignalRequest) -> None:
        room, participant = self._locate(participant_id)
        if room is not None and participant is not None:
            self._guarded(room, participant, lambda: dispatch.dispatch(room, participant, message))

    def refuse(self, participant_id: int, refusal: MessageRefused) -> None:
        """The session sent something that cannot be read or exceeded a limit."""
        room, participant = self._locate(participant_id)
        if room is not None and participant is not None:
            with self.entered(room):
                joining.refuse_session(room, participant, refusal)

    def signal_lost(self, participant_id: int, outlet: Outlet) -> None:
        """The socket has gone; nothing happens if a newer one has taken its place."""
        if self._outlets.get(participant_id) is not outlet:
            return
        del self._outlets[participant_id]
        room, participant = self._locate(participant_id)
        if room is not None and participant is not None:
            with self.entered(room):
                joining.signal_lost(room, participant)

    def _locate(self, participant_id: int) -> tuple[Room | None, Participant | None]:
        room = self._room_of.get(participant_id)
        return room, room.participants.get(participant_id) if room is not None else None

    def _guarded(self, room: Room, participant: Participant, act: Callable[[], None]) -> None:
        try:
            with self.entered(room):
                try:
                    act()
                except MessageRefused as refusal:
                    joining.refuse_session(room, participant, refusal)
        except Exception:
            # The bulkhead: our bug costs one participant its session, and is loud.
            _log.exception("participant %s ended by a fault in its handling", participant.sid)
            with self.entered(room):
                joining.expel(
                    room,
                    participant,
                    models.DisconnectReason.STATE_MISMATCH,
                    rtc.LeaveRequest.RECONNECT,
                )

    # --- the engine ------------------------------------------------------------------------

    def handle_events(self, events: Sequence[Event]) -> None:
        for event in events:
            try:
                self._handle(event)
            except Exception:
                _log.exception("an engine event of kind %s failed", type(event).__name__)

    def _handle(self, event: Event) -> None:
        match event:
            case Event.SpeakersChanged():
                self._speakers_changed(event.room, event.levels)
            case Event.WantedLayerChanged() | Event.VoiceHeldBack():
                for room in self:
                    if event.publication in room.publications:
                        with self.entered(room):
                            _handle_of_publication(room, event)
            case Event.StreamPaused():
                for room in self:
                    if event.subscription in room.subscriptions:
                        with self.entered(room):
                            subscribing.stream_paused(room, event.subscription, event.is_paused)
            case (
                Event.Connected()
                | Event.Disconnected()
                | Event.Gone()
                | Event.ChannelOpened()
                | Event.Data()
            ):
                self._handle_of_somebody(event.participant, event)
            case _:
                pass  # media started, gates, layers: for metrics, not for the wire

    def _handle_of_somebody(self, participant_id: int, event: Event) -> None:
        room, participant = self._locate(participant_id)
        if room is not None and participant is not None:
            self._guarded(room, participant, lambda: self._handle_of(room, participant, event))

    def _handle_of(self, room: Room, participant: Participant, event: Event) -> None:
        match event:
            case Event.Connected():
                joining.connected(room, participant)
            case Event.Disconnected():
                joining.disconnected(room, participant)
            case Event.Gone():
                joining.gone(room, participant, event.reason)
            case Event.ChannelOpened():
                relaying.channel_opened(room, participant, event.label)
            case Event.Data():
                is_affordable = participant.data_allowance.spend(
                    len(event.payload), room.now.monotonic
                )
                if not is_affordable or not relaying.receive(
                    room, participant, event.label, event.payload
                ):
                    self.refused_packets += 1

    def _speakers_changed(self, room_id: int, levels: Sequence[tuple[int, float]]) -> None:
        for room in self:
            if room.id == room_id:
                with self.entered(room):
                    announcing.speakers_changed(room, levels)

    def judge_lines(self, lines: Mapping[int, quality.Line]) -> None:
        """Connection quality, from the engine's counters of each participant."""
        judged = {number: quality.judge(line) for number, line in lines.items()}
        for room in self:
            with self.entered(room):
                announcing.qualities_changed(room, judged)

    # --- time and the end ------------------------------------------------------------------

    def run_timers(self) -> None:
        now = self._clock().monotonic
        for room in self:
            if room.next_deadline <= now:
                with self.entered(room):
                    for timer, subject in room.take_due_timers():
                        _fire(room, timer, subject)

    def close(self) -> None:
        """The server stops: everybody is told to come back by themselves, to what comes after."""
        self._is_stopping = True
        for room in self:
            with self.entered(room):
                joining.close(
                    room, models.DisconnectReason.SERVER_SHUTDOWN, rtc.LeaveRequest.RECONNECT
                )


def _handle_of_publication(
    room: Room, event: Event.WantedLayerChanged | Event.VoiceHeldBack
) -> None:
    match event:
        case Event.WantedLayerChanged():
            publishing.wanted_layer_changed(room, event.publication, event.layer)
        case Event.VoiceHeldBack():
            flooring.voice_held_back(room, event.publication)


def _fire(room: Room, timer: Timer, subject: int) -> None:
    participant = room.participants.get(subject)
    match timer:
        case Timer.UPDATES:
            announcing.send_news(room)
        case Timer.ROOM_UPDATE:
            announcing.send_room(room)
        case Timer.CLOSE_ROOM if not room.participants:
            joining.close(room, models.DisconnectReason.ROOM_CLOSED, rtc.LeaveRequest.DISCONNECT)
        case Timer.CALL_ACKNOWLEDGED | Timer.CALL_ANSWERED:
            calling.ran_out(room, subject)
        case _ if participant is not None:
            _fire_of(room, timer, participant)


def _fire_of(room: Room, timer: Timer, participant: Participant) -> None:
    match timer:
        case Timer.NEGOTIATE:
            subscribing.ask(room, participant)
        case Timer.REFRESH_TOKEN:
            joining.refresh_token(room, participant)
        case Timer.ICE_FAILED:
            joining.ice_failed(room, participant)
        case Timer.CONNECT:
            joining.expel(
                room,
                participant,
                models.DisconnectReason.JOIN_FAILURE,
                rtc.LeaveRequest.DISCONNECT,
            )
        case Timer.SIGNAL_LOST | Timer.CLEAN_UP:
            joining.remove(room, participant, models.DisconnectReason.CONNECTION_TIMEOUT)
        case _:
            pass
