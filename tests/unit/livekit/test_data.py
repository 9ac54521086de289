"""Data between people: true senders, chosen recipients, nothing twice, nothing undecoded."""

import pytest
from livekit.protocol import models, rtc

from tests.support.wire import Client, House, claims
from veche.engine import Command, Event
from veche.livekit import limits

Packet = models.DataPacket


@pytest.fixture
def house() -> House:
    return House()


def packet(text: bytes = b"hello", sequence: int = 0, **more: object) -> Packet:
    user = models.UserPacket(payload=text, topic="t")
    return Packet(user=user, sequence=sequence, **more)  # type: ignore[arg-type]


def send(client: Client, message: Packet, label: str = "_reliable") -> None:
    client.event(Event.Data(client.id, label, message.SerializeToString()))


def meeting(house: House, *names: str) -> list[Client]:
    clients = [house.join(name) for name in names]
    for client in clients:
        client.open_channels()
    return clients


def sent(house: House) -> list[tuple[list[int], str, Packet]]:
    return [
        (command.participants, command.label, Packet.FromString(command.payload))
        for command in house.take(Command.SendData)
    ]


def test_a_packet_goes_to_everybody_else_with_its_true_sender(house: House) -> None:
    anna, boris, clara = meeting(house, "anna", "boris", "clara")
    forged = packet(participant_identity="boris", participant_sid=boris.sid)
    forged.user.participant_identity = "boris"
    send(anna, forged)
    ((recipients, label, relayed),) = sent(house)
    assert (sorted(recipients), label) == ([boris.id, clara.id], "_reliable")
    assert (relayed.participant_identity, relayed.participant_sid) == ("anna", anna.sid)
    assert relayed.user.participant_identity == "anna"
    assert relayed.user.payload == b"hello"


def test_the_channel_says_the_kind(house: House) -> None:
    anna, _ = meeting(house, "anna", "boris")
    send(anna, packet(kind=Packet.LOSSY), "_reliable")
    send(anna, packet(kind=Packet.RELIABLE), "_lossy")
    kinds = [(label, relayed.kind) for _, label, relayed in sent(house)]
    assert kinds == [("_reliable", Packet.RELIABLE), ("_lossy", Packet.LOSSY)]


@pytest.mark.parametrize("where", ["packet", "identities", "sids"])
def test_named_recipients_alone_get_it(house: House, where: str) -> None:
    anna, boris, _ = meeting(house, "anna", "boris", "clara")
    message = packet()
    if where == "packet":
        message.destination_identities.append("boris")
    elif where == "identities":
        message.user.destination_identities.append("boris")
    else:
        message.user.destination_sids.append(boris.sid)
    send(anna, message)
    ((recipients, _, _),) = sent(house)
    assert recipients == [boris.id]


def test_a_packet_for_nobody_here_reaches_nobody(house: House) -> None:
    anna, _ = meeting(house, "anna", "boris")
    send(anna, packet(destination_identities=["nobody"]))
    assert sent(house) == []


def test_a_hidden_sender_stays_unnamed(house: House) -> None:
    meeting(house, "anna")
    ghost = house.join("ghost", claim=claims("ghost", is_hidden=True))
    send(ghost, packet(participant_identity="anna"))
    ((_, _, relayed),) = sent(house)
    assert (relayed.participant_identity, relayed.participant_sid) == ("", "")


def test_without_the_right_nothing_is_relayed(house: House) -> None:
    meeting(house, "anna")
    mute = house.join("mute", claim=claims("mute", can_publish_data=False))
    send(mute, packet())
    assert sent(house) == []
    assert house.rooms.refused_packets == 1


@pytest.mark.parametrize(
    ("label", "payload"),
    [
        ("_reliable", b"\xff\xff\xff"),
        ("_reliable", b""),
        ("_reliable", Packet(speaker=models.ActiveSpeakerUpdate()).SerializeToString()),
        ("other", packet().SerializeToString()),
        ("_data_track", packet().SerializeToString()),
    ],
)
def test_what_cannot_be_understood_is_not_relayed(house: House, label: str, payload: bytes) -> None:
    anna, _ = meeting(house, "anna", "boris")
    anna.event(Event.Data(anna.id, label, payload))
    assert sent(house) == []
    assert house.rooms.refused_packets == 1
    assert not anna.is_hung_up


@pytest.mark.parametrize(("extra", "is_relayed"), [(-1, True), (0, True), (1, False)])
def test_a_packet_has_a_limit(house: House, extra: int, is_relayed: bool) -> None:
    anna, _ = meeting(house, "anna", "boris")
    overhead = len(packet(b"x" * 60_000).SerializeToString()) - 60_000
    send(anna, packet(b"x" * (limits.DATA_PACKET_BYTES - overhead + extra)))
    assert bool(sent(house)) == is_relayed


def test_a_repeated_reliable_packet_is_dropped(house: House) -> None:
    anna, _ = meeting(house, "anna", "boris")
    for sequence in (1, 2, 2, 1, 3):
        send(anna, packet(sequence=sequence))
    assert [relayed.sequence for _, _, relayed in sent(house)] == [1, 2, 3]


def test_who_is_still_connecting_gets_what_was_said_meanwhile(house: House) -> None:
    anna, _ = meeting(house, "anna", "boris")
    send(anna, packet(b"before"))
    late = house.join("late")
    send(anna, packet(b"meanwhile"))
    house.take(Command.SendData)
    late.open_channels()
    assert [(to, m.user.payload) for to, _, m in sent(house)] == [([late.id], b"meanwhile")]


def test_old_words_are_not_replayed(house: House) -> None:
    anna, _ = meeting(house, "anna", "boris")
    late = house.join("late")
    send(anna, packet(b"meanwhile"))
    house.take(Command.SendData)
    house.wait(limits.REPLAY_S + 0.1)
    late.open_channels()
    assert sent(house) == []


def test_kept_words_are_bounded(house: House) -> None:
    anna, _ = meeting(house, "anna", "boris")
    for _ in range(100):
        send(anna, packet(b"x" * 60_000))
    kept = sum(len(kept.payload) for kept in house.room().kept_packets)
    assert kept == house.room().kept_bytes <= limits.REPLAY_BYTES


def test_after_a_resume_the_unseen_packets_come_again(house: House) -> None:
    anna, boris = meeting(house, "anna", "boris")
    for sequence in (1, 2, 3):
        send(anna, packet(sequence=sequence))
    house.take(Command.SendData)
    seen = rtc.DataChannelReceiveState(publisher_sid=anna.sid, last_seq=1)
    boris.say(sync_state=rtc.SyncState(datachannel_receive_states=[seen]))
    assert [relayed.sequence for _, _, relayed in sent(house)] == [2, 3]


def test_the_reconnect_tells_the_last_sequence(house: House) -> None:
    (anna,) = meeting(house, "anna")
    send(anna, packet(sequence=41))
    house.rooms.join(
        anna.claims, rtc.JoinRequest(reconnect=True), Client(house, anna.claims, anna.offer)
    )
    client = Client(house, anna.claims, anna.offer)
    house.rooms.join(anna.claims, rtc.JoinRequest(reconnect=True), client)
    assert client.last("reconnect").last_message_seq == 41


def test_a_flood_of_data_is_dropped_beyond_the_allowance(house: House) -> None:
    anna, _ = meeting(house, "anna", "boris")
    for _ in range(200):
        send(anna, packet(b"x" * 60_000))
    assert len(sent(house)) == int(limits.DATA_BURST_BYTES // 60_020)
    house.wait(1)
    send(anna, packet())
    assert len(sent(house)) == 1
