"""The seam between the application and any media server that speaks LiveKit.

Four things only, which LiveKit offers to anybody: join tokens, RoomService calls, news in the
words of webhooks, unmodified SDKs. What the application asks for here must work with the
embedded engine and with a cluster alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol

from veche.domain.lines import Line

SourceName = Literal["camera", "microphone", "screen_share", "screen_share_audio"]


class MediaRefused(Exception):
    """The media server did not do what was asked. `code` is Twirp's word, as `not_found`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Permission:
    """What a participant may do in its room."""

    can_subscribe: bool = True
    can_publish_data: bool = False
    sources: frozenset[SourceName] = frozenset()
    """What it may publish; empty: nothing."""
    can_update_own_metadata: bool = False
    is_hidden: bool = False
    is_recorder: bool = False


@dataclass(frozen=True, slots=True)
class RoomWishes:
    """Settings of a room that the first join makes; zero leaves the server's default."""

    empty_timeout_s: int = 0
    departure_timeout_s: int = 0
    max_participants: int = 0
    metadata: str = ""
    is_stream_synced: bool = True
    """Voice and picture of one source share a stream, so that browsers keep lips in time."""


@dataclass(frozen=True, slots=True)
class JoinPass:
    """What a join token says."""

    room: str
    identity: str
    permission: Permission
    lifetime: timedelta
    name: str = ""
    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    room_wishes: RoomWishes = RoomWishes()


@dataclass(frozen=True, slots=True)
class Track:
    sid: str
    source: SourceName | Literal["unknown"]
    is_muted: bool


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody in a room."""

    identity: str
    name: str
    is_connected: bool
    """Media stands; false while joining."""
    is_hidden: bool
    tracks: tuple[Track, ...]


# --- news --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RoomStarted:
    room: str


@dataclass(frozen=True, slots=True)
class RoomFinished:
    room: str


@dataclass(frozen=True, slots=True)
class ParticipantJoined:
    """Its media stands."""

    room: str
    identity: str
    sid: str


@dataclass(frozen=True, slots=True)
class ParticipantLeft:
    """`sid` tells a replaced session from its successor of the same identity."""

    room: str
    identity: str
    sid: str


@dataclass(frozen=True, slots=True)
class TrackPublished:
    room: str
    identity: str
    track: Track


@dataclass(frozen=True, slots=True)
class TrackUnpublished:
    room: str
    identity: str
    track: Track


@dataclass(frozen=True, slots=True)
class VoiceHeldBack:
    """Speech has come from one who may not be heard: told once until that changes."""

    room: str
    identity: str


@dataclass(frozen=True, slots=True)
class SpeakersChanged:
    """Levels 0..1 by identity of those whose level changed; 0 is silence."""

    room: str
    levels: Mapping[str, float]


News = (
    RoomStarted
    | RoomFinished
    | ParticipantJoined
    | ParticipantLeft
    | TrackPublished
    | TrackUnpublished
    | VoiceHeldBack
    | SpeakersChanged
)

Listener = Callable[[News], None]


class MediaPort(Protocol):
    """What the application may ask. Calls raise `MediaRefused`."""

    def mint(self, content: JoinPass) -> str:
        """A signed join token."""
        ...

    def listen(self, listener: Listener) -> None:
        """Hear all news from now on, on the event loop's thread, in order per room."""
        ...

    async def participants(self, room: str) -> list[Present]: ...

    async def remove(self, room: str, identity: str, *, revoke: bool = False) -> None:
        """End a participant's session; `revoke` also voids the tokens it holds."""
        ...

    async def mute(self, room: str, identity: str, track_sid: str) -> None: ...

    async def permit(self, room: str, identity: str, permission: Permission) -> None:
        """Replace a participant's permission; forbidden tracks end at once."""
        ...

    async def send_data(
        self, room: str, topic: str, payload: bytes, to: frozenset[str] = frozenset()
    ) -> None:
        """Reliable data to these identities, or to everybody."""
        ...

    async def set_room_metadata(self, room: str, metadata: str) -> None: ...

    async def close_room(self, room: str) -> None: ...

    async def let_be_heard(self, room: str, identities: frozenset[str]) -> None:
        """When this returns nobody else's sound is forwarded, whatever they send.

        A room need not have anybody in it yet: it holds for whoever comes.
        """
        ...

    async def lines(self, room: str) -> dict[str, Line]:
        """What the connections carry, by identity; empty where that is not measured."""
        ...
