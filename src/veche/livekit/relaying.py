"""Data between people: one packet in from a channel, stamped with its true sender, out to others.

Nothing is relayed undecoded: a packet is parsed, its sender, kind and recipients are written by
us, and it is encoded again. Reliable packets are numbered by their sender; a repeated one (after
a resume) is dropped here, and those of the last two seconds are kept for people still connecting.
"""

from collections.abc import Iterable

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from veche.engine import Command

from . import calling, limits
from .people import Participant
from .room import Kept, Room

RELIABLE = "_reliable"
LOSSY = "_lossy"
_KINDS = {RELIABLE: models.DataPacket.RELIABLE, LOSSY: models.DataPacket.LOSSY}
_RELAYED = frozenset(
    (
        "user",
        "chat_message",
        "sip_dtmf",
        "transcription",
        "metrics",
        "rpc_request",
        "rpc_ack",
        "rpc_response",
        "stream_header",
        "stream_chunk",
        "stream_trailer",
        "encrypted_packet",
    )
)


def receive(room: Room, sender: Participant, label: str, payload: bytes) -> bool:
    """Relay a packet; False when it was refused (no right, no sense, or seen before)."""
    if label not in _KINDS or not sender.grants.can_publish_data:
        return False
    if len(payload) > limits.DATA_PACKET_BYTES:
        return False
    try:
        packet = models.DataPacket.FromString(payload)
    except DecodeError:
        return False
    kind = packet.WhichOneof("value")
    if kind not in _RELAYED or (kind == "transcription" and not sender.grants.is_agent):
        return False
    if label == RELIABLE and packet.sequence:
        if packet.sequence <= sender.last_sequence:
            return False
        sender.last_sequence = packet.sequence
    if calling.take(room, sender, packet):
        return True
    wanted = _recipients(packet)
    if len(wanted) > limits.DESTINATIONS:
        return False
    _stamp(packet, sender, label)
    chosen = [
        p
        for p in room.others(sender)
        if (not wanted or p.identity in wanted or p.sid in wanted)
        and (kind != "metrics" or p.grants.can_subscribe_metrics)
    ]
    _send(room, packet, label, chosen, sender)
    return True


def send_from_server(room: Room, packet: models.DataPacket, nonce: bytes) -> None:
    """What the application says; a call repeated with the same nonce says nothing twice."""
    if nonce:
        if nonce in room.seen_nonces:
            return
        room.seen_nonces.append(nonce)
    wanted = _recipients(packet)
    label = LOSSY if packet.kind == models.DataPacket.LOSSY else RELIABLE
    chosen = [
        p
        for p in room.participants.values()
        if not wanted or p.identity in wanted or p.sid in wanted
    ]
    _send(room, packet, label, chosen, None)


def _recipients(packet: models.DataPacket) -> set[str]:
    wanted = set(packet.destination_identities)
    if packet.WhichOneof("value") == "user":
        wanted.update(packet.user.destination_identities, packet.user.destination_sids)
    return wanted


def _stamp(packet: models.DataPacket, sender: Participant, label: str) -> None:
    """The channel says the kind; in the packet it may lie (Python writes LOSSY for all)."""
    packet.kind = _KINDS[label]
    sid, identity = ("", "") if sender.is_hidden else (sender.sid, sender.identity)
    packet.participant_sid, packet.participant_identity = sid, identity
    if packet.WhichOneof("value") == "user":
        packet.user.participant_sid, packet.user.participant_identity = sid, identity


def _send(
    room: Room,
    packet: models.DataPacket,
    label: str,
    recipients: Iterable[Participant],
    sender: Participant | None,
) -> None:
    payload = packet.SerializeToString()
    chosen = list(recipients)
    ready = [p.id for p in chosen if p.is_active and label in p.channels]
    if ready:
        room.order(Command.SendData(ready, label, payload))
    if label == RELIABLE:
        _keep(
            room,
            Kept(
                room.now.monotonic,
                sender.id if sender is not None else 0,
                packet.sequence,
                frozenset(p.id for p in chosen),
                payload,
            ),
        )


def _keep(room: Room, kept: Kept) -> None:
    room.kept_packets.append(kept)
    room.kept_bytes += len(kept.payload)
    oldest = room.now.monotonic - limits.REPLAY_S
    while room.kept_packets and (
        room.kept_packets[0].at < oldest or room.kept_bytes > limits.REPLAY_BYTES
    ):
        room.kept_bytes -= len(room.kept_packets.popleft().payload)


def channel_opened(room: Room, participant: Participant, label: str) -> None:
    """What was said to this participant while its channel was not there yet."""
    participant.channels.add(label)
    if label != RELIABLE:
        return
    oldest = room.now.monotonic - limits.REPLAY_S
    for kept in room.kept_packets:
        if kept.at >= oldest and participant.id in kept.recipients:
            room.order(Command.SendData([participant.id], RELIABLE, kept.payload))


def replay_after(
    room: Room, participant: Participant, states: Iterable[rtc.DataChannelReceiveState]
) -> None:
    """After a resume: what the client says it has not seen, as far as it is still kept."""
    by_sid = {p.sid: p.id for p in room.participants.values()}
    seen = {by_sid[s.publisher_sid]: s.last_seq for s in states if s.publisher_sid in by_sid}
    for kept in room.kept_packets:
        if participant.id in kept.recipients and kept.sequence > seen.get(
            kept.sender, kept.sequence
        ):
            room.order(Command.SendData([participant.id], RELIABLE, kept.payload))
