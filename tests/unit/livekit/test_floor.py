"""A led room: whatever a client sends and says, only who has the floor is forwarded."""

import random

from livekit.protocol import models

from tests.support.wire import Client, House
from tests.unit.livekit.test_tracks import camera, microphone
from veche.engine import Command, Event

LED = "room"


def led_house() -> House:
    house = House()
    house.rooms._is_led = lambda name: name == LED
    return house


def gates(house: House) -> dict[int, bool]:
    """Every gate as the engine has it: from the publication, then from each command after."""
    state: dict[int, bool] = {}
    for command in house.commands:
        if isinstance(command, (Command.Publish, Command.SetGate)):
            state[command.publication] = command.is_open
        elif isinstance(command, Command.Unpublish):
            state.pop(command.publication, None)
    return state


def heard(house: House) -> set[str]:
    room = house.room()
    return {
        room.publications[number].publisher.identity
        for number, is_open in gates(house).items()
        if is_open and room.publications[number].kind == "audio"
    }


def test_nobody_is_heard_in_a_led_room_before_somebody_is_let() -> None:
    house = led_house()
    microphone(house.join("minsk"))
    assert heard(house) == set()


def test_a_picture_needs_no_floor() -> None:
    house = led_house()
    camera(house.join("minsk"))
    assert list(gates(house).values()) == [True]


def test_sound_that_calls_itself_a_picture_is_held_back_too() -> None:
    house = led_house()
    microphone(house.join("minsk"), source=models.TrackSource.CAMERA)
    assert heard(house) == set()


def test_the_floor_goes_over_in_one_step_closing_first() -> None:
    house = led_house()
    microphone(house.join("minsk"))
    microphone(house.join("kursk"))
    house.rooms.let_be_heard(LED, frozenset({"minsk"}))
    assert heard(house) == {"minsk"}
    house.commands.clear()
    house.rooms.let_be_heard(LED, frozenset({"kursk"}))
    assert [command.is_open for command in house.take(Command.SetGate)] == [False, True]


def test_it_holds_for_whoever_comes_later() -> None:
    house = led_house()
    house.rooms.let_be_heard(LED, frozenset({"minsk"}))
    microphone(house.join("minsk"))
    microphone(house.join("kursk"))
    assert heard(house) == {"minsk"}


def test_unmuting_opens_nothing_without_the_floor() -> None:
    house = led_house()
    client = house.join("minsk")
    sid = microphone(client)
    client.say(mute={"sid": sid, "muted": True})
    client.say(mute={"sid": sid, "muted": False})
    assert heard(house) == set()
    house.rooms.let_be_heard(LED, frozenset({"minsk"}))
    client.say(mute={"sid": sid, "muted": True})
    assert heard(house) == set()


def test_speech_at_a_closed_gate_is_news_and_a_muted_speaker_with_the_floor_is_not() -> None:
    house = led_house()
    client = house.join("minsk")
    microphone(client)
    (publication,) = house.room().publications
    client.event(Event.VoiceHeldBack(publication))
    assert house.happened.count("voice_held_back") == 1
    house.rooms.let_be_heard(LED, frozenset({"minsk"}))
    client.event(Event.VoiceHeldBack(publication))
    assert house.happened.count("voice_held_back") == 1


def test_any_order_of_events_leaves_only_the_floor_open() -> None:
    """The engine's gates after every step are exactly those of the floor."""
    people = ("minsk", "kursk", "vetrova")
    for seed in range(60):
        chance, house = random.Random(seed), led_house()
        floor: frozenset[str] = frozenset()
        here: dict[str, tuple[Client, str]] = {}
        muted: set[str] = set()
        for _ in range(25):
            who = chance.choice(people)
            step = chance.choice(("floor", "come", "go", "mute", "floor"))
            if step == "floor":
                floor = frozenset(chance.sample(people, chance.randrange(3)))
                house.rooms.let_be_heard(LED, floor)
            elif step == "come":
                client = house.join(who)  # takes the place of the one before
                here[who] = (client, microphone(client))
                muted.discard(who)
            elif who in here and step == "go":
                here.pop(who)[0].say(leave={})
            elif who in here:
                client, sid = here[who]
                muted ^= {who}
                client.say(mute={"sid": sid, "muted": who in muted})
            if here:
                assert heard(house) == floor & set(here) - muted, f"seed {seed}"
