"""Who is in a room and what flows between them: participants, publications, subscriptions.

Plain state and the questions it answers by itself. Changed by the departments of the room
(`joining`, `publishing`, `subscribing`, ...) and by nobody else.
"""

from dataclasses import dataclass, field, replace

from livekit.protocol import models, rtc

from . import limits
from .allowance import Allowance
from .negotiation import Negotiation
from .sdp import Codec
from .tokens import Claims, Grants

State = models.ParticipantInfo
Quality = models.VideoQuality


@dataclass(slots=True, eq=False)
class Participant:
    id: int
    sid: str
    claims: Claims
    client: models.ClientInfo
    settings: rtc.ConnectionSettings
    joined_wall_ms: int
    joined_at: float
    ufrag: str
    pwd: str
    name: str = ""
    metadata: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    state: State.State = State.JOINING
    version: int = 0
    has_signal: bool = True
    signal_lost_at: float = 0.0
    is_connected: bool = False
    was_announced: bool = False
    """Others have been told of this participant, so they must hear of its leaving."""
    disconnect_reason: models.DisconnectReason = models.DisconnectReason.UNKNOWN_REASON
    channels: set[str] = field(default_factory=set)
    negotiation: Negotiation = field(default_factory=Negotiation)
    pending_tracks: "list[Pending]" = field(default_factory=list)
    unclaimed_mids: list[str] = field(default_factory=list)
    """Sending sections that were offered before their `add_track` came."""
    publications: "dict[str, Publication]" = field(default_factory=dict)
    """By track sid, negotiated ones only."""
    subscriptions: "dict[str, Subscription]" = field(default_factory=dict)
    """By track sid, wished ones only."""
    refused_track_sids: set[str] = field(default_factory=set)
    """Unsubscribed by wish: automatic subscription leaves them alone."""
    allowed: "Allowed" = field(default_factory=lambda: Allowed(is_everybody=True))
    data_allowance: Allowance = field(
        default_factory=lambda: Allowance(limits.DATA_BYTES_PER_SECOND, limits.DATA_BURST_BYTES)
    )
    last_sequence: int = 0
    """Of the reliable packets that this participant has sent."""
    told_qualities: dict[str, models.ConnectionQuality] = field(default_factory=dict)
    """What this participant was told last of each line, by sid."""
    last_offer_at: float = float("-inf")
    resume_fault: str = ""
    """A failure that the client has asked for, played at its next resume."""
    _info: tuple[tuple[int, int], models.ParticipantInfo] | None = None

    @property
    def identity(self) -> str:
        return self.claims.identity

    @property
    def grants(self) -> Grants:
        return self.claims.grants

    @property
    def is_hidden(self) -> bool:
        return self.claims.grants.is_hidden

    @property
    def is_active(self) -> bool:
        return self.state == State.ACTIVE

    @property
    def is_publisher(self) -> bool:
        return bool(self.publications)

    @property
    def is_visible(self) -> bool:
        """Shown to others: connected (or already publishing), and not hidden by its grant."""
        return not self.is_hidden and (self.is_active or self.is_publisher)

    @property
    def is_firefox(self) -> bool:
        return "firefox" in self.client.browser.lower()

    def set_grants(self, grants: Grants) -> None:
        self.claims = replace(self.claims, grants=grants)

    def info(self) -> models.ParticipantInfo:
        """Public information; built once per version, because every join carries all of it."""
        key = (self.version, self.state)
        if self._info is None or self._info[0] != key:
            self._info = (key, self._build_info())
        return self._info[1]

    def _build_info(self) -> models.ParticipantInfo:
        return models.ParticipantInfo(
            sid=self.sid,
            identity=self.identity,
            state=self.state,
            tracks=[publication.info for publication in self.publications.values()],
            metadata=self.metadata,
            joined_at=self.joined_wall_ms // 1000,
            joined_at_ms=self.joined_wall_ms,
            name=self.name,
            version=self.version,
            permission=self.grants.permission(),
            is_publisher=self.is_publisher,
            kind=self.claims.kind,
            attributes=self.attributes,
            disconnect_reason=self.disconnect_reason,
            client_protocol=self.client.client_protocol,
            capabilities=self.client.capabilities,
        )


@dataclass(frozen=True, slots=True)
class Allowed:
    """Whom a publisher lets subscribe."""

    is_everybody: bool
    whole: frozenset[str] = frozenset()
    """Sids and identities that may have all tracks."""
    single: frozenset[tuple[str, str]] = frozenset()
    """(sid or identity, track sid)."""

    def permits(self, subscriber: Participant, track_sid: str) -> bool:
        return self.is_everybody or any(
            name in self.whole or (name, track_sid) in self.single
            for name in (subscriber.sid, subscriber.identity)
        )


@dataclass(slots=True, eq=False)
class Pending:
    """A track that was announced by `add_track` and has no section yet."""

    request: rtc.AddTrackRequest
    info: models.TrackInfo
    announced_at: float

    def matches(self, track_id: str) -> bool:
        cids = [self.request.cid, *(codec.cid for codec in self.request.simulcast_codecs)]
        return bool(track_id) and track_id in cids


@dataclass(slots=True, eq=False)
class Publication:
    id: int
    publisher: Participant
    cid: str
    mid: str
    codec: Codec
    info: models.TrackInfo
    subscriptions: "dict[int, Subscription]" = field(default_factory=dict)
    """By participant id, those that are bound to a section."""
    was_subscribed: bool = False
    is_held_back: bool = False
    """Its owner has not the floor of a led room."""

    @property
    def sid(self) -> str:
        return self.info.sid

    @property
    def kind(self) -> str:
        return "audio" if self.info.type == models.TrackType.AUDIO else "video"

    @property
    def layer_count(self) -> int:
        return max(1, len(self.info.layers)) if self.kind == "video" else 1

    @property
    def is_open(self) -> bool:
        return not self.info.muted and not self.is_held_back

    def layer_for_quality(self, quality: Quality) -> int:
        wanted = [i for i, layer in enumerate(self.info.layers) if layer.quality <= quality]
        return wanted[-1] if wanted else 0

    def layer_for_size(self, width: int, height: int) -> int:
        """The smallest layer that covers the element, whichever way either is turned."""
        long_side, short_side = max(width, height), min(width, height)
        for index, layer in enumerate(self.info.layers):
            if (
                max(layer.width, layer.height) >= long_side
                and min(layer.width, layer.height) >= short_side
            ):
                return index
        return self.layer_count - 1


@dataclass(slots=True, eq=False)
class Subscription:
    """One participant's wish for one track, bound to a section or waiting for one."""

    subscriber: Participant
    publication: Publication
    is_allowed: bool
    is_paused: bool = False
    """By the subscriber's own setting."""
    layer: int = 0
    priority: int = 0
    id: int | None = None
    """The engine's id, while bound."""
    mid: str | None = None
    is_impossible: bool = False
    """The subscriber has none of the track's codecs."""

    @property
    def is_waiting(self) -> bool:
        return self.is_allowed and self.mid is None and not self.is_impossible
