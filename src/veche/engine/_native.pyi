"""The compiled media engine: two verbs, `submit` and `drain`.

Commands are facts that Python decided, applied in order; events are facts that Python
must know. Both are plain values: ids are integers given by Python and never used again,
times are the engine's own. Nothing here blocks on media and no media thread ever takes
the GIL. The stub is compared with the binary by the tests.
"""

from typing import final

from typing_extensions import disjoint_base

SOURCE_DIGEST: str
"""SHA-256 of the Rust sources this binary was built from; Python refuses a stale one."""

@final
class Layer:
    """One encoding of a publication, lowest quality first.

    `rid` for simulcast by RID (RFC 8852), `ssrc` and `rtx_ssrc` where the offer names them.
    """

    rid: str | None
    ssrc: int | None
    rtx_ssrc: int | None
    def __new__(
        cls, rid: str | None = None, ssrc: int | None = None, rtx_ssrc: int | None = None
    ) -> Layer: ...

@disjoint_base
class Command:
    """Something Python decided."""

    @final
    class AddParticipant(Command):
        """Open a transport with our ICE credentials (RFC 8445: ufrag >= 4, pwd >= 22 letters)."""

        participant: int
        room: int
        ufrag: str
        pwd: str
        def __new__(
            cls, participant: int, room: int, ufrag: str, pwd: str
        ) -> Command.AddParticipant: ...

    @final
    class RemoveParticipant(Command):
        participant: int
        def __new__(cls, participant: int) -> Command.RemoveParticipant: ...

    @final
    class SetRemote(Command):
        """ICE credentials and DTLS fingerprint of the peer ("sha-256 AB:CD:..."): starts DTLS."""

        participant: int
        ufrag: str
        pwd: str
        fingerprint: str
        def __new__(
            cls, participant: int, ufrag: str, pwd: str, fingerprint: str
        ) -> Command.SetRemote: ...

    @final
    class RestartIce(Command):
        """New credentials on both sides, same DTLS association (RFC 8445 section 9)."""

        participant: int
        ufrag: str
        pwd: str
        remote_ufrag: str
        remote_pwd: str
        def __new__(
            cls, participant: int, ufrag: str, pwd: str, remote_ufrag: str, remote_pwd: str
        ) -> Command.RestartIce: ...

    @final
    class SetExtensions(Command):
        """RTP header extension ids of the whole bundle, by URI; unknown URIs are ignored."""

        participant: int
        extensions: list[tuple[str, int]]
        def __new__(
            cls, participant: int, extensions: list[tuple[str, int]]
        ) -> Command.SetExtensions: ...

    @final
    class Publish(Command):
        """A negotiated sending section of the peer. `codec`: "opus", "vp8" or "h264"."""

        participant: int
        publication: int
        mid: str
        codec: str
        payload_type: int
        rtx_payload_type: int | None
        has_nack: bool
        has_twcc: bool
        layers: list[Layer]
        is_open: bool
        def __new__(
            cls,
            participant: int,
            publication: int,
            mid: str,
            codec: str,
            payload_type: int,
            rtx_payload_type: int | None,
            has_nack: bool,
            has_twcc: bool,
            layers: list[Layer],
            is_open: bool,
        ) -> Command.Publish: ...

    @final
    class Unpublish(Command):
        publication: int
        def __new__(cls, publication: int) -> Command.Unpublish: ...

    @final
    class SetGate(Command):
        """Open or close a publication in the forwarder; answered by `Event.GateApplied`."""

        publication: int
        is_open: bool
        def __new__(cls, publication: int, is_open: bool) -> Command.SetGate: ...

    @final
    class Subscribe(Command):
        """Forward a publication into a receiving section of the peer."""

        participant: int
        subscription: int
        publication: int
        mid: str
        ssrc: int
        rtx_ssrc: int | None
        payload_type: int
        rtx_payload_type: int | None
        def __new__(
            cls,
            participant: int,
            subscription: int,
            publication: int,
            mid: str,
            ssrc: int,
            rtx_ssrc: int | None,
            payload_type: int,
            rtx_payload_type: int | None,
        ) -> Command.Subscribe: ...

    @final
    class Unsubscribe(Command):
        subscription: int
        def __new__(cls, subscription: int) -> Command.Unsubscribe: ...

    @final
    class SetSubscription(Command):
        """Nothing, or at most this layer (0..2) and temporal layer (0..3)."""

        subscription: int
        is_paused: bool
        layer: int
        temporal_layer: int
        priority: int
        def __new__(
            cls,
            subscription: int,
            is_paused: bool,
            layer: int,
            temporal_layer: int = 3,
            priority: int = 1,
        ) -> Command.SetSubscription: ...

    @final
    class SendData(Command):
        """One message to the channel of that label of each participant."""

        participants: list[int]
        label: str
        payload: bytes
        def __new__(
            cls, participants: list[int], label: str, payload: bytes
        ) -> Command.SendData: ...

    @final
    class LimitBandwidth(Command):
        """Upper bound of what is sent to a participant, bits per second; None lifts it."""

        participant: int
        limit_bps: int | None
        def __new__(cls, participant: int, limit_bps: int | None) -> Command.LimitBandwidth: ...

    @final
    class Echo(Command):
        """Comes back as `Event.Echo` through the media thread: a round trip for health checks."""

        token: int
        def __new__(cls, token: int) -> Command.Echo: ...

    @final
    class Inject(Command):
        """Fault injection for the bulkhead tests; refused unless the engine allows faults.

        `point`: where in a participant's turn; `fault`: "panic" or "loop".
        """

        participant: int
        point: str
        fault: str
        def __new__(cls, participant: int, point: str, fault: str) -> Command.Inject: ...

@disjoint_base
class Event:
    """Something the engine saw or did."""

    @final
    class Connected(Event):
        """ICE, DTLS and SRTP keys stand: media may flow."""

        participant: int
        def __new__(cls, participant: int) -> Event.Connected: ...

    @final
    class Disconnected(Event):
        """No authenticated STUN for 10 s; a later one brings `Connected` again."""

        participant: int
        def __new__(cls, participant: int) -> Event.Disconnected: ...

    @final
    class Gone(Event):
        """The engine ended the participant.

        `reason`: "timeout" and "dtls" (the network, the handshake), "closed" (the peer left),
        "slow" and "flood" (it reads too little, sends too much), "panic" and "stalled" (our fault).
        """

        participant: int
        reason: str
        def __new__(cls, participant: int, reason: str) -> Event.Gone: ...

    @final
    class ChannelOpened(Event):
        participant: int
        label: str
        def __new__(cls, participant: int, label: str) -> Event.ChannelOpened: ...

    @final
    class Data(Event):
        participant: int
        label: str
        payload: bytes
        def __new__(cls, participant: int, label: str, payload: bytes) -> Event.Data: ...

    @final
    class MediaStarted(Event):
        """First authenticated packet of a publication's layer."""

        publication: int
        layer: int
        def __new__(cls, publication: int, layer: int) -> Event.MediaStarted: ...

    @final
    class GateApplied(Event):
        """The gate holds from here on, after the publisher's packet `last_sequence`, if any."""

        publication: int
        is_open: bool
        last_sequence: int | None
        def __new__(
            cls, publication: int, is_open: bool, last_sequence: int | None
        ) -> Event.GateApplied: ...

    @final
    class VoiceHeldBack(Event):
        """Speech comes from a publication whose gate is closed; told once for each closing."""

        publication: int
        def __new__(cls, publication: int) -> Event.VoiceHeldBack: ...

    @final
    class SpeakersChanged(Event):
        """Participants whose level changed: (participant, level 0..1), 0 for silent."""

        room: int
        levels: list[tuple[int, float]]
        def __new__(cls, room: int, levels: list[tuple[int, float]]) -> Event.SpeakersChanged: ...

    @final
    class WantedLayerChanged(Event):
        """Highest layer any subscriber wants; None when nobody does (dynacast)."""

        publication: int
        layer: int | None
        def __new__(cls, publication: int, layer: int | None) -> Event.WantedLayerChanged: ...

    @final
    class StreamPaused(Event):
        """The allocator paused or resumed a subscription for want of bandwidth."""

        subscription: int
        is_paused: bool
        def __new__(cls, subscription: int, is_paused: bool) -> Event.StreamPaused: ...

    @final
    class LayerSwitched(Event):
        subscription: int
        layer: int
        def __new__(cls, subscription: int, layer: int) -> Event.LayerSwitched: ...

    @final
    class Echo(Event):
        token: int
        def __new__(cls, token: int) -> Event.Echo: ...

    @final
    class Dropped(Event):
        """The bounded queue overflowed and `count` events are missing: take a snapshot."""

        count: int
        def __new__(cls, count: int) -> Event.Dropped: ...

@final
class ParticipantStats:
    """Counters of one participant since it was added; losses of the last report interval, 0..1."""

    participant: int
    is_connected: bool
    address: str | None
    round_trip_ms: float | None
    packets_in: int
    packets_out: int
    bytes_in: int
    bytes_out: int
    lost_in: float
    lost_out: float
    estimate_bps: int | None
    bitrate_in_bps: int
    bitrate_out_bps: int

@final
class EngineStats:
    """Counters of the engine since its start; CPU in nanoseconds of its two working threads."""

    packets_in: int
    packets_out: int
    packets_unsent: int
    datagrams_refused: int
    authentication_failures: int
    commands_refused: int
    events_dropped: int
    participants_ended_by_fault: int
    media_stalls: int
    workers_abandoned: int
    media_cpu_ns: int
    transport_cpu_ns: int
    residence_p50_us: float
    residence_p99_us: float
    participants: list[ParticipantStats]

@final
class Engine:
    """Sockets, threads and state of one media engine. A context manager; `close` joins all threads.

    `listen`: (address, port) of each UDP socket; one port for all, 0 lets the system choose.
    Raises `OSError` naming the address when a socket cannot be bound.
    """

    def __new__(cls, listen: list[tuple[str, int]], *, allows_faults: bool = False) -> Engine: ...
    @property
    def addresses(self) -> list[tuple[str, int]]:
        """What is really bound."""
    @property
    def fingerprint(self) -> str:
        """ "sha-256 AB:CD:..." of our DTLS certificate (RFC 8122)."""
    def submit(self, commands: list[Command]) -> None:
        """Queue commands, applied in order and together.

        Raises `ValueError` for a malformed value (naming it) and `BufferError` when the command
        queue is full; in both cases none of the list is applied.
        """
    def drain(self, limit: int = 256) -> list[Event]: ...
    def fileno(self) -> int:
        """An eventfd, readable while events wait."""
    def snapshot(self) -> EngineStats: ...
    def close(self) -> None: ...
    def __enter__(self) -> Engine: ...
    def __exit__(self, *exception: object) -> None: ...
