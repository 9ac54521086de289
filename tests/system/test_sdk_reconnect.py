"""Lost lines and restarts: the unmodified SDK comes back, with its media and its data."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from livekit import rtc

from tests.support.sdk import Person, people, until
from tests.support.sfu import Sfu

Scenario = rtc.SimulateScenarioKind


@pytest.fixture(scope="module")
def sfu() -> Iterator[Sfu]:
    with Sfu() as sfu:
        yield sfu


@pytest.fixture
async def pair(sfu: Sfu) -> AsyncIterator[tuple[Person, Person]]:
    """Two who hear each other."""
    async with people(sfu, "anna", "boris") as (anna, boris):
        await anna.speak(440)
        await boris.speak(700)
        await until(lambda: anna.hears("boris", 700), "anna hears boris")
        await until(lambda: boris.hears("anna", 440), "boris hears anna")
        yield anna, boris


async def hear_each_other_again(anna: Person, boris: Person) -> None:
    anna.pitches.clear()
    boris.pitches.clear()
    await until(lambda: anna.hears("boris", 700), "anna hears boris again", 30)
    await until(lambda: boris.hears("anna", 440), "boris hears anna again", 30)
    boris.events.clear()
    await anna.room.local_participant.publish_data(b"again", reliable=True)
    await until(lambda: bool(boris.heard_of("data_received")), "data flows again")


async def test_a_lost_signal_is_resumed_and_nobody_else_notices(
    pair: tuple[Person, Person],
) -> None:
    anna, boris = pair
    sid = anna.room.local_participant.sid
    await anna.room.simulate_scenario(Scenario.SIMULATE_SIGNAL_RECONNECT)
    await until(lambda: bool(anna.heard_of("reconnected")), "anna is back")
    assert anna.room.local_participant.sid == sid, "the same session"
    assert not boris.heard_of("participant_disconnected")
    await hear_each_other_again(anna, boris)


@pytest.mark.parametrize(
    "scenario", [Scenario.SIMULATE_NODE_FAILURE, Scenario.SIMULATE_FULL_RECONNECT]
)
async def test_a_lost_session_is_joined_afresh(
    pair: tuple[Person, Person], scenario: Scenario.ValueType
) -> None:
    anna, boris = pair
    await anna.room.simulate_scenario(scenario)
    await until(lambda: bool(anna.heard_of("reconnected")), "anna is back", 30)
    await hear_each_other_again(anna, boris)


async def test_a_signal_that_breaks_again_during_the_resume_is_resumed_again(
    pair: tuple[Person, Person],
) -> None:
    anna, boris = pair
    await anna.room.simulate_scenario(Scenario.SIMULATE_DISCONNECT_SIGNAL_ON_RESUME)
    await until(lambda: bool(anna.heard_of("reconnected")), "anna is back", 30)
    await hear_each_other_again(anna, boris)


async def test_a_goodbye_of_the_server_is_final(pair: tuple[Person, Person]) -> None:
    anna, boris = pair
    await anna.room.simulate_scenario(Scenario.SIMULATE_SERVER_LEAVE)
    await until(lambda: bool(anna.heard_of("disconnected")), "anna is out")
    await until(lambda: bool(boris.heard_of("participant_disconnected")), "boris sees it")


async def test_a_restarted_server_gets_its_people_back() -> None:
    with Sfu() as sfu:
        async with people(sfu, "anna", "boris") as (anna, boris):
            await anna.speak(440)
            await boris.speak(700)
            await until(lambda: boris.hears("anna", 440), "boris hears anna")
            assert sfu.stop() == 0
            sfu.start()
            for person in (anna, boris):
                await until(lambda p=person: bool(p.heard_of("reconnected")), "back", 30)  # type: ignore[misc]
            await hear_each_other_again(anna, boris)


_CHILD = """
import asyncio, sys
from livekit import rtc
async def main():
    room = rtc.Room()
    await room.connect(sys.argv[1], sys.argv[2])
    print("connected", flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""


async def test_a_killed_client_is_gone_within_half_a_minute(sfu: Sfu) -> None:
    """10 s of silence, 5 s until ICE has failed, 5 s for a resume that does not come."""
    async with people(sfu, "boris") as (boris,):
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _CHILD, sfu.url, sfu.token("victim"), stdout=subprocess.PIPE
        )
        assert child.stdout is not None
        try:
            assert await asyncio.wait_for(child.stdout.readline(), 30) == b"connected\n"
            await until(lambda: "victim" in boris.room.remote_participants, "the victim is here")
        finally:
            child.kill()
            await child.wait()
        started = time.monotonic()
        await until(lambda: "victim" not in boris.room.remote_participants, "it is gone", 30)
        assert time.monotonic() - started > 10, "a short break of the line is survived"
