"""The event stream loses nothing, doubles nothing and keeps nobody waiting for a slow reader."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from veche.domain.errors import Unavailable
from veche.domain.events import StageChanged
from veche.domain.meeting import MeetingNumber, Phase
from veche.domain.stage import opening_stage
from veche.web import live as module
from veche.web.live import KEPT_EVENTS_MAX, WAITING_EVENTS_MAX

NUMBER = MeetingNumber(67)
MEETING = bridge_meeting(phase=Phase.ON_AIR)


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        opened.keep(MEETING)
        await opened.house.conduct.current(NUMBER)
        yield opened


def _change(opened: OpenHouse, sequence: int) -> None:
    stage = replace(opening_stage(MEETING), sequence=sequence)
    opened.house.live.publish(StageChanged(NUMBER, MEETING, stage))


class Reader:
    """One client of the stream and the number it has seen last."""

    def __init__(self, opened: OpenHouse, last_seen: str | None = None) -> None:
        self._frames = opened.house.live.listen(NUMBER, last_seen)
        self.last_seen = last_seen

    async def next(self) -> tuple[str, dict[str, Any]]:
        frame = (await anext(self._frames)).decode()
        fields = dict(line.split(": ", 1) for line in frame.strip().split("\n"))
        self.last_seen = fields.get("id", self.last_seen)
        return fields["event"], json.loads(fields["data"])

    async def sequences(self, count: int) -> list[int]:
        return [(await self.next())[1]["stage"]["sequence"] for _ in range(count)]


async def test_a_new_stream_begins_with_a_snapshot(opened: OpenHouse) -> None:
    event, data = await Reader(opened).next()
    assert event == "snapshot"
    assert data["phase"] == "on_air"
    assert data["stage"]["layout"] == "bridge"
    assert data["server_time"] == opened.clock.now().isoformat()


async def test_who_comes_back_gets_what_he_missed_in_order_and_once(opened: OpenHouse) -> None:
    first = Reader(opened)
    await first.next()
    _change(opened, 2)
    await first.next()
    for sequence in (3, 4, 5):
        _change(opened, sequence)
    back = Reader(opened, first.last_seen)
    assert await back.sequences(3) == [3, 4, 5]
    _change(opened, 6)
    assert await back.sequences(1) == [6]


@pytest.mark.parametrize("missed", [KEPT_EVENTS_MAX - 1, KEPT_EVENTS_MAX, KEPT_EVENTS_MAX + 1])
async def test_who_was_away_too_long_gets_a_snapshot(opened: OpenHouse, missed: int) -> None:
    first = Reader(opened)
    await first.next()
    for sequence in range(2, 2 + missed):
        _change(opened, sequence)
    event, _ = await Reader(opened, first.last_seen).next()
    assert event == ("snapshot" if missed > KEPT_EVENTS_MAX else "stage")


@pytest.mark.parametrize("last_seen", ["", "x", "-", "another-1", "-5", "٣", "1e5"])
async def test_a_number_of_another_run_or_of_nobody_gets_a_snapshot(
    opened: OpenHouse, last_seen: str
) -> None:
    _change(opened, 2)
    assert (await Reader(opened, last_seen).next())[0] == "snapshot"
    future = f"{opened.house.live._run}-99"
    assert (await Reader(opened, future).next())[0] == "snapshot"


async def test_a_slow_reader_is_cut_off_and_misses_nothing(opened: OpenHouse) -> None:
    slow, quick = Reader(opened), Reader(opened)
    await slow.next()
    await quick.next()
    for sequence in range(2, WAITING_EVENTS_MAX + 3):
        _change(opened, sequence)
        assert await quick.sequences(1) == [sequence]
    read = await slow.sequences(WAITING_EVENTS_MAX)
    with pytest.raises(StopAsyncIteration):
        await slow.next()
    rest = await Reader(opened, slow.last_seen).sequences(1)
    assert read + rest == list(range(2, WAITING_EVENTS_MAX + 3))


async def test_a_closed_house_ends_every_stream_and_opens_none(opened: OpenHouse) -> None:
    reader = Reader(opened)
    await reader.next()
    opened.house.live.close()
    with pytest.raises(StopAsyncIteration):
        await reader.next()
    with pytest.raises(Unavailable):
        Reader(opened)


async def test_too_many_listeners_are_refused(
    opened: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LISTENERS_MAX", 1)
    reader = Reader(opened)
    await reader.next()
    with pytest.raises(Unavailable):
        Reader(opened)
    await reader._frames.aclose()  # type: ignore[attr-defined]
    assert (await Reader(opened).next())[0] == "snapshot"


async def test_a_quiet_stream_tells_the_time(
    opened: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLOCK_SECONDS", 0.0)
    reader = Reader(opened)
    await reader.next()
    seen = reader.last_seen
    event, data = await reader.next()
    assert (event, reader.last_seen) == ("clock", seen)
    assert data == {"server_time": opened.clock.now().isoformat()}


async def test_a_change_during_a_snapshot_is_neither_lost_nor_doubled(opened: OpenHouse) -> None:
    """Commands and a new listener at the same moment, many times over."""
    conduct = opened.house.conduct
    for phase in (Phase.BREAK, Phase.ON_AIR) * 10:
        reader = Reader(opened)
        moving = asyncio.create_task(conduct.move(NUMBER, phase))
        _, snapshot = await reader.next()
        await moving
        seen = snapshot["stage"]["sequence"]
        newest = conduct.peek(NUMBER)[1].sequence
        while seen < newest:
            event, data = await reader.next()
            if event == "stage":
                assert data["stage"]["sequence"] == seen + 1
                seen += 1
