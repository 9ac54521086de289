"""The demonstration leads itself, and stands back when a person leads it."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.conducting import (
    HOST_CHAIR,
    KRIVOLAPOV,
    KURSK,
    MINSK,
    NUMBER,
    POPKOV,
    Air,
    air_in,
)
from tests.support.rooms import present
from veche.demo.autopilot import SILENCE_MS, SPEECHES_PER_ITEM, STAND_DOWN_MS, Autopilot
from veche.demo.heard_floor import events
from veche.demo.opening import DEMO
from veche.domain import commands as do
from veche.domain.meeting import Phase
from veche.services.rooms import room_of

SPEECH_MS = {MINSK: 20_000, KURSK: 15_000}


@pytest.fixture(name="air")
def open_air(tmp_path: Path) -> Iterator[Air]:
    with air_in(tmp_path) as air:
        yield air


async def begin(air: Air) -> Autopilot:
    air.be_there("hall-minsk", "hall-kursk")
    await air.command(DEMO, do.MovePhase(Phase.ON_AIR, "robots"))
    return Autopilot(air.conduct, DEMO, NUMBER, SPEECH_MS)


async def lead(air: Air, pilot: Autopilot, seconds: float) -> None:
    for _ in range(round(seconds)):
        await air.wait(1, step=1)
        await pilot.look()


def speakers(air: Air) -> list[str]:
    return [grant.participation for grant in air.standing.air.floor.grants]


async def test_the_halls_speak_in_turn_with_silence_between_and_items_go_on(air: Air) -> None:
    pilot = await begin(air)
    await lead(air, pilot, 90)
    assert speakers(air)[:4] == [POPKOV, KRIVOLAPOV, POPKOV, KRIVOLAPOV]
    grants = air.standing.air.floor.grants
    for before, after in itertools.pairwise(grants):
        assert before.ended_ms is not None
        assert after.began_ms - before.ended_ms >= SILENCE_MS
    visits = [visit.position for visit in air.standing.air.rundown.visits]
    assert len(visits) == 1 + (len(grants) - 1) // SPEECHES_PER_ITEM
    assert visits == [1, 2, 1], "after the last item the first again"


async def test_it_stands_down_for_a_person_and_leads_again_when_he_is_gone(air: Air) -> None:
    pilot = await begin(air)
    await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    await lead(air, pilot, 60)
    assert speakers(air) == [KRIVOLAPOV]
    assert air.standing.air.floor.open_grants != ()
    air.clock.advance(STAND_DOWN_MS / 1000)
    await lead(air, pilot, 10)
    assert speakers(air) == [KRIVOLAPOV, POPKOV]


async def test_a_hall_that_is_not_there_gets_no_floor(air: Air) -> None:
    pilot = await begin(air)
    air.rooms.present[room_of(NUMBER)] = [present("hall-kursk", sources=("camera",))]
    await air.wait(3)
    await lead(air, pilot, 5)
    assert speakers(air) == [KRIVOLAPOV]


def test_a_robot_reads_the_data_of_a_stream() -> None:
    lines = [b"id: a-1\n", b"event: floor\n", b'data: {"floor": {"speaking": []}}\n', b"\n"]
    assert list(events(lines)) == [{"floor": {"speaking": []}}]
