"""A room: who is in it, what has been decided, and the outbox of what must now be done.

Sans-I/O. Whoever enters a room sets `now` first, calls a department's function and then takes the
effects; the room opens no socket, reads no clock and calls no engine. The departments (`joining`,
`publishing`, `subscribing`, `describing`, `relaying`, `announcing`) are modules of functions over
this state; each part of it is written by one of them.
"""

import itertools
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from livekit.protocol import models, room, rtc

from veche.engine import Command

from . import limits
from .answer import Local
from .people import Participant, Publication, Subscription
from .sids import room_sid
from .tokens import Claims

if TYPE_CHECKING:
    from .calling import ServerCall


@dataclass(frozen=True, slots=True)
class Moment:
    """Monotonic seconds for durations, wall milliseconds for stamps."""

    monotonic: float
    wall_ms: int


@dataclass(frozen=True, slots=True)
class Post:
    participant: int
    message: rtc.SignalResponse


@dataclass(frozen=True, slots=True)
class HangUp:
    """Close the participant's socket after what is already posted."""

    participant: int


@dataclass(frozen=True, slots=True)
class Order:
    command: Command


@dataclass(frozen=True, slots=True)
class Happened:
    """News for the application, in the words of LiveKit's webhooks."""

    event: str
    participant: models.ParticipantInfo | None = None
    track: models.TrackInfo | None = None


Effect = Post | HangUp | Order | Happened


class Timer(Enum):
    NEGOTIATE = auto()
    """Ask a participant for an offer, for all its waiting subscriptions together."""
    CONNECT = auto()
    SIGNAL_LOST = auto()
    ICE_FAILED = auto()
    CLEAN_UP = auto()
    REFRESH_TOKEN = auto()
    UPDATES = auto()
    ROOM_UPDATE = auto()
    CLOSE_ROOM = auto()
    CALL_ACKNOWLEDGED = auto()
    CALL_ANSWERED = auto()


class Ids:
    """Numbers for the engine, given once in the life of the process."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def next(self) -> int:
        return next(self._numbers)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a room needs to know of the house: the same for all rooms."""

    ids: Ids
    fingerprint: str
    candidates: tuple[tuple[str, int], ...]
    node_id: str
    refresh_token: Callable[[Claims, float], str]
    """Mints the same rights again, at a wall time in seconds."""
    simulates_faults: bool = False
    """Whether clients may ask for the failures of `simulate`."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A reliable packet kept for those who are still connecting."""

    at: float
    sender: int
    sequence: int
    recipients: frozenset[int]
    payload: bytes


@dataclass(frozen=True, slots=True)
class Departed:
    """Someone who left, for those whose signal was away when it was told."""

    at: float
    info: models.ParticipantInfo


@dataclass(slots=True)
class Config:
    empty_timeout_s: int = limits.EMPTY_TIMEOUT_S
    departure_timeout_s: int = limits.DEPARTURE_TIMEOUT_S
    max_participants: int = 0
    """0: as many as the house allows."""
    metadata: str = ""
    is_stream_synced: bool = False
    """Audio and video of one source share a stream, so that lips and voice stay together."""

    def adopt(self, wanted: room.RoomConfiguration | room.CreateRoomRequest) -> None:
        self.empty_timeout_s = wanted.empty_timeout or self.empty_timeout_s
        self.departure_timeout_s = wanted.departure_timeout or self.departure_timeout_s
        self.max_participants = wanted.max_participants or self.max_participants
        self.metadata = wanted.metadata or self.metadata
        self.is_stream_synced = wanted.sync_streams or self.is_stream_synced


@dataclass(slots=True, eq=False)
class Room:
    id: int
    name: str
    around: Surroundings
    now: Moment
    sid: str = field(default_factory=room_sid)
    config: Config = field(default_factory=Config)
    created_wall_ms: int = 0
    participants: dict[int, Participant] = field(default_factory=dict)
    publications: dict[int, Publication] = field(default_factory=dict)
    subscriptions: dict[int, Subscription] = field(default_factory=dict)
    """Bound ones, by the engine's id."""
    revoked_before: dict[str, float] = field(default_factory=dict)
    """Identity to the wall second: its tokens of that time and earlier are void."""
    kept_packets: deque[Kept] = field(default_factory=deque)
    kept_bytes: int = 0
    calls: "dict[str, ServerCall]" = field(default_factory=dict)
    seen_nonces: deque[bytes] = field(default_factory=lambda: deque(maxlen=100))
    news: dict[int, Participant] = field(default_factory=dict)
    """Participants whose changes have not been sent yet."""
    ended_participants: list[int] = field(default_factory=list)
    """Ids that the house may forget; emptied by it."""
    departed: deque[Departed] = field(default_factory=lambda: deque(maxlen=1000))
    heard: frozenset[str] | None = None
    """Whose sound is forwarded, by identity; None: everybody's. See `flooring`."""
    version: int = 0
    is_closed: bool = False
    _timers: dict[tuple[Timer, int], float] = field(default_factory=dict)
    _soonest: float = float("inf")
    _outbox: list[Effect] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.created_wall_ms = self.now.wall_ms
        self.set_timer(Timer.CLOSE_ROOM, 0, self.config.empty_timeout_s)

    # --- who is here ---------------------------------------------------------------------

    def find(self, identity: str) -> Participant | None:
        return next((p for p in self.participants.values() if p.identity == identity), None)

    def others(self, participant: Participant) -> Iterator[Participant]:
        return (p for p in self.participants.values() if p is not participant)

    def find_publication(self, track_sid: str) -> Publication | None:
        return next((p for p in self.publications.values() if p.sid == track_sid), None)

    @property
    def is_full(self) -> bool:
        limit = self.config.max_participants or limits.PARTICIPANTS_IN_A_ROOM
        return len(self.participants) >= min(limit, limits.PARTICIPANTS_IN_A_ROOM)

    def local(self, participant: Participant) -> Local:
        return Local(
            participant.ufrag,
            participant.pwd,
            self.around.fingerprint,
            self.around.candidates,
        )

    def fresh_ssrc(self) -> int:
        # One in 2^32 per pair: RFC 3550 section 8.1 leaves the rest to the receiver.
        return secrets.randbelow(0xFFFF_FFFF) + 1

    def info(self) -> models.Room:
        visible = [p for p in self.participants.values() if not p.is_hidden]
        return models.Room(
            sid=self.sid,
            name=self.name,
            empty_timeout=self.config.empty_timeout_s,
            departure_timeout=self.config.departure_timeout_s,
            max_participants=self.config.max_participants,
            creation_time=self.created_wall_ms // 1000,
            creation_time_ms=self.created_wall_ms,
            metadata=self.config.metadata,
            num_participants=len(visible),
            num_publishers=sum(p.is_publisher for p in visible),
            active_recording=any(p.grants.is_recorder for p in self.participants.values()),
            version=models.TimedVersion(unix_micro=self.created_wall_ms * 1000 + self.version),
        )

    # --- what must be done ---------------------------------------------------------------

    def post(self, participant: Participant, message: rtc.SignalResponse) -> None:
        """A participant without a signal hears everything again when it resumes."""
        if participant.has_signal:
            self._outbox.append(Post(participant.id, message))

    def hang_up(self, participant: Participant) -> None:
        if participant.has_signal:
            self._outbox.append(HangUp(participant.id))
            participant.has_signal = False

    def order(self, command: Command) -> None:
        self._outbox.append(Order(command))

    def tell(
        self,
        event: str,
        participant: Participant | None = None,
        track: models.TrackInfo | None = None,
    ) -> None:
        info = participant.info() if participant is not None else None
        self._outbox.append(Happened(event, info, track))

    def take_effects(self) -> list[Effect]:
        effects, self._outbox = self._outbox, []
        return effects

    # --- time ----------------------------------------------------------------------------

    def set_timer(self, timer: Timer, subject: int, delay_s: float, *, keep: bool = False) -> None:
        """`keep`: a timer that already runs stays as it is."""
        key = (timer, subject)
        if not (keep and key in self._timers):
            self._timers[key] = self.now.monotonic + delay_s
            self._soonest = min(self._soonest, self._timers[key])

    def stop_timer(self, timer: Timer, subject: int) -> None:
        self._timers.pop((timer, subject), None)

    def stop_timers_of(self, subject: int) -> None:
        for key in [key for key in self._timers if key[1] == subject]:
            del self._timers[key]

    @property
    def next_deadline(self) -> float:
        """Never later than the next timer; earlier after one was stopped."""
        return self._soonest

    def take_due_timers(self) -> list[tuple[Timer, int]]:
        due = [key for key, at in self._timers.items() if at <= self.now.monotonic]
        due.sort(key=self._timers.__getitem__)
        for key in due:
            del self._timers[key]
        self._soonest = min(self._timers.values(), default=float("inf"))
        return due
