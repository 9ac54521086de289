"""Every message has a decision, no message breaks the house, nobody's nonsense reaches another."""

import random
from typing import Any  # protobuf reflection is untyped

import pytest
from google.protobuf.descriptor import FieldDescriptor
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from livekit.protocol import rtc

from tests.support.offers import FIRST, Media, OfferText
from tests.support.wire import Client, House, claims
from tests.unit.livekit.test_tracks import microphone
from veche.engine import Command, Event
from veche.livekit import dispatch
from veche.livekit.refusals import MessageRefused


def test_every_message_of_the_protocol_has_a_decision() -> None:
    fields = {field.name for field in rtc.SignalRequest.DESCRIPTOR.oneofs[0].fields}
    assert fields == dispatch.HANDLED | dispatch.IGNORED
    assert not dispatch.HANDLED & dispatch.IGNORED


def test_a_fault_of_ours_ends_one_participant_loudly(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House()
    anna, boris = house.join("anna"), house.join("boris")

    def fail(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(dispatch._HANDLERS, "mute", fail)
    anna.say(mute=rtc.MuteTrackRequest())
    assert anna.last("leave").action == rtc.LeaveRequest.RECONNECT
    assert "ended by a fault" in caplog.text
    assert "anna" not in boris.sees()
    boris.say(ping=1)
    assert boris.kinds()[-1] == "pong"


def test_a_command_that_the_engine_refuses_ends_its_participant(
    caplog: pytest.LogCaptureFixture,
) -> None:
    house = House()
    anna, boris = house.join("anna"), house.join("boris")
    submit = house.rooms._submit

    def refuse(commands: list[Command]) -> None:
        if any(isinstance(command, Command.Publish) for command in commands):
            raise ValueError("malformed mid")
        submit(commands)

    house.rooms._submit = refuse
    anna.add_track("mic")
    anna.make_offer(anna.offer.plus(Media("audio", "sendonly", "mic")))
    assert anna.last("leave").action == rtc.LeaveRequest.RECONNECT
    assert "malformed mid" in caplog.text
    assert not boris.is_hung_up
    assert "anna" not in boris.sees()


# --- mutation: every field of every message, for every kind of participant ---------------------


NASTY_TEXTS = ("", "x", "x" * 300, "TR_none", "PA_none", "\0", "\u2028", "🙂" * 100, "anna", "room")
NASTY_NUMBERS = (0, 1, 2, 3, 255, 2**31 - 1)


def mutate(message: Any, chance: random.Random, known: list[str], depth: int = 0) -> None:
    """Fill random fields of a message with values of their type, sensible and not."""
    for field in message.DESCRIPTOR.fields:
        if chance.random() < 0.4 or depth > 3:
            continue
        if field.message_type and field.message_type.GetOptions().map_entry:
            continue
        if field.is_repeated:
            holder = getattr(message, field.name)
            for _ in range(chance.choice((1, 1, 2, 5))):
                if field.message_type:
                    mutate(holder.add(), chance, known, depth + 1)
                else:
                    holder.append(value_of(field, chance, known))
        elif field.message_type:
            mutate(getattr(message, field.name), chance, known, depth + 1)
        else:
            setattr(message, field.name, value_of(field, chance, known))


def value_of(field: Any, chance: random.Random, known: list[str]) -> Any:
    kind = field.cpp_type
    if kind == FieldDescriptor.CPPTYPE_BOOL:
        return chance.random() < 0.5
    if kind == FieldDescriptor.CPPTYPE_ENUM:
        return chance.choice([value.number for value in field.enum_type.values])
    if field.type == FieldDescriptor.TYPE_BYTES:
        return b"\xff" * chance.choice((0, 1, 16))
    if kind == FieldDescriptor.CPPTYPE_STRING:
        return chance.choice((*NASTY_TEXTS, *known))
    if kind in (FieldDescriptor.CPPTYPE_FLOAT, FieldDescriptor.CPPTYPE_DOUBLE):
        return chance.choice((0.0, -1.0, float("inf"), float("nan")))
    return chance.choice(NASTY_NUMBERS)


ROLES: dict[str, dict[str, Any]] = {
    "speaker": {},
    "author": {"can_update_own_metadata": True},
    "listener": {"can_publish": False, "can_publish_data": False},
    "deaf": {"can_subscribe": False},
    "hidden": {"is_hidden": True},
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", sorted(dispatch.HANDLED | dispatch.IGNORED))
def test_a_mutated_message_is_survived_and_ends_at_most_its_sender(
    role: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    for seed in range(12):
        chance = random.Random(f"{role} {kind} {seed}")  # a seed decides
        house = House(simulates_faults=True)
        witness = house.join("witness")
        voice = microphone(witness)
        attacker = house.join("attacker", claim=claims("attacker", **ROLES[role]))
        known = [voice, witness.sid, attacker.sid, "witness", str(OfferText())]
        for _ in range(3):
            message = rtc.SignalRequest()
            field = message.DESCRIPTOR.fields_by_name[kind]
            if field.message_type:
                getattr(message, kind).SetInParent()
                mutate(getattr(message, kind), chance, known)
            else:
                setattr(message, kind, chance.choice(NASTY_NUMBERS))
            house.rooms.receive(attacker.id, message)
        assert not witness.is_hung_up
        assert [p.info.sid for p in house.room().publications.values() if p.sid == voice]
        assert house.room().find("witness").metadata == ""  # type: ignore[union-attr]
        assert not caplog.records, caplog.text


# --- any order ---------------------------------------------------------------------------------


class AnyOrder(RuleBasedStateMachine):
    """All that clients and the engine may say, in any order, twice, late and after the end."""

    @initialize()
    def begin(self) -> None:
        self.house = House(simulates_faults=True)
        self.clients: list[Client] = []
        self.cid = 0

    def pick(self, data: st.DataObject) -> Client | None:
        return data.draw(st.sampled_from(self.clients)) if self.clients else None

    @rule(name=st.sampled_from("abc"), hidden=st.booleans())
    def join(self, name: str, hidden: bool) -> None:
        client = self.house.join(name, connected=False, claim=claims(name, is_hidden=hidden))
        self.clients.append(client)

    @rule(data=st.data())
    def connect(self, data: st.DataObject) -> None:
        if client := self.pick(data):
            client.connect()
            client.open_channels()

    @rule(data=st.data())
    def publish(self, data: st.DataObject) -> None:
        client = self.pick(data)
        if client and len(client.offer.media) < 40:
            self.cid += 1
            kind = data.draw(st.sampled_from(("audio", "video")))
            client.add_track(str(self.cid), kind, "CAMERA" if kind == "video" else "MICROPHONE")
            offer = client.offer.plus(Media(kind, "sendonly", str(self.cid)))
            client.offer = offer
            client.say(offer=rtc.SessionDescription(type="offer", sdp=str(offer), id=2))

    @rule(data=st.data(), direction=st.sampled_from(("inactive", "recvonly", "sendonly")))
    def change_a_section(self, data: st.DataObject, direction: str) -> None:
        if client := self.pick(data):
            mid = data.draw(st.integers(0, len(client.offer.media) - 1))
            media = client.offer.media[mid]
            if media.kind != "application":
                client.offer = client.offer.changed(mid, Media(media.kind, direction))
                description = rtc.SessionDescription(type="offer", sdp=str(client.offer))
                client.say(offer=description)

    @rule(data=st.data())
    def offer_again(self, data: st.DataObject) -> None:
        if client := self.pick(data):
            client.offer = client.offer.plus(
                *data.draw(st.sampled_from(((), FIRST[:1], FIRST[3:4])))
            )
            client.say(offer=rtc.SessionDescription(type="offer", sdp=str(client.offer)))

    @rule(data=st.data(), subscribe=st.booleans())
    def choose_tracks(self, data: st.DataObject, subscribe: bool) -> None:
        client = self.pick(data)
        room = self.house.rooms.find("room")
        if client and room:
            sids = [p.sid for p in room.publications.values()]
            client.say(subscription=rtc.UpdateSubscription(track_sids=sids, subscribe=subscribe))

    @rule(data=st.data(), is_everybody=st.booleans())
    def permit(self, data: st.DataObject, is_everybody: bool) -> None:
        if client := self.pick(data):
            permission = rtc.SubscriptionPermission(all_participants=is_everybody)
            client.say(subscription_permission=permission)

    @rule(data=st.data())
    def mute(self, data: st.DataObject) -> None:
        room = self.house.rooms.find("room")
        if (client := self.pick(data)) and room:
            for publication in list(room.publications.values()):
                client.say(mute=rtc.MuteTrackRequest(sid=publication.sid, muted=True))

    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        if client := self.pick(data):
            client.say(leave=rtc.LeaveRequest())

    @rule(data=st.data())
    def lose_the_signal(self, data: st.DataObject) -> None:
        if client := self.pick(data):
            self.house.rooms.signal_lost(client.id, client)

    @rule(data=st.data())
    def resume(self, data: st.DataObject) -> None:
        if client := self.pick(data):
            again = Client(self.house, client.claims, client.offer)
            request = rtc.JoinRequest(reconnect=True)
            try:
                again.id = self.house.rooms.join(client.claims, request, again)
            except MessageRefused:
                return
            assert again.kinds()[0] == "reconnect"
            self.clients.append(again)

    @rule(data=st.data(), gone=st.sampled_from(("Disconnected", "Gone")))
    def lose_media(self, data: st.DataObject, gone: str) -> None:
        if client := self.pick(data):
            if gone == "Gone":
                client.event(Event.Gone(client.id, "timeout"))
            else:
                client.event(Event.Disconnected(client.id))

    @rule(seconds=st.sampled_from((0.01, 0.2, 6.0, 70.0)))
    def wait(self, seconds: float) -> None:
        self.house.wait(seconds)

    @invariant()
    def the_books_agree(self) -> None:
        if not hasattr(self, "house"):
            return
        room = self.house.rooms.find("room")
        if room is None:
            return
        people = room.participants
        assert len({p.identity for p in people.values()}) == len(people)
        assert set(room.publications) == {
            p.id for who in people.values() for p in who.publications.values()
        }
        bound = {s.id for who in people.values() for s in who.subscriptions.values() if s.id}
        assert set(room.subscriptions) == bound
        for subscription in room.subscriptions.values():
            assert subscription.is_allowed
            assert subscription.publication.id in room.publications
            assert subscription.publication.publisher is not subscription.subscriber
        subjects = {subject for _, subject in room._timers if subject}
        assert subjects <= set(people), "a timer of somebody who has gone"
        for who in people.values():
            mids = [s.mid for s in who.subscriptions.values() if s.mid]
            assert len(set(mids)) == len(mids), "one section carries two tracks"

    @invariant()
    def the_engine_knows_the_same(self) -> None:
        """Commands, replayed, leave what the rooms believe: nothing twice, nothing forgotten."""
        if not hasattr(self, "house"):
            return
        alive: dict[str, set[int]] = {
            "participant": set(),
            "publication": set(),
            "subscription": set(),
        }
        for command in self.house.commands:
            match command:
                case Command.AddParticipant():
                    alive["participant"].add(command.participant)
                case Command.RemoveParticipant():
                    alive["participant"].remove(command.participant)
                case Command.Publish():
                    alive["publication"].add(command.publication)
                case Command.Unpublish():
                    alive["publication"].remove(command.publication)
                case Command.Subscribe():
                    assert command.publication in alive["publication"]
                    alive["subscription"].add(command.subscription)
                case Command.Unsubscribe():
                    alive["subscription"].remove(command.subscription)
                case _:
                    pass
        room = self.house.rooms.find("room")
        assert alive["publication"] == set(room.publications if room else ())
        assert alive["subscription"] == set(room.subscriptions if room else ())
        assert alive["participant"] >= set(room.participants if room else ())


AnyOrder.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAnyOrder = AnyOrder.TestCase
