"""The event stream loses nothing, doubles nothing and keeps nobody waiting for a slow reader."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.conducting import HOST_CHAIR, KRIVOLAPOV, OPERATOR
from tests.support.house import OpenHouse, open_house
from tests.support.meetings import conducted_meeting
from veche.domain import commands as do
from veche.domain.errors import Forbidden, Unavailable
from veche.domain.events import Changed, Part
from veche.domain.floor import Speech
from veche.domain.lines import Line
from veche.domain.meeting import MeetingNumber, ParticipationId, Phase, SiteId
from veche.web import live as module
from veche.web.live import KEPT_EVENTS_MAX, WAITING_EVENTS_MAX
from veche.web.onair import DESK, PUBLIC, Audience, Viewer

NUMBER = MeetingNumber(67)
MEETING = conducted_meeting(phase=Phase.ON_AIR)


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        opened.keep(MEETING)
        await opened.house.conduct.current(NUMBER)
        yield opened


def _change(opened: OpenHouse, sequence: int) -> None:
    standing = opened.house.conduct.peek(NUMBER)
    stage = replace(standing.stage, sequence=sequence)
    opened.house.live.publish(Changed(NUMBER, Part.STAGE, replace(standing, stage=stage)))


class Reader:
    """One client of the stream and the number it has seen last."""

    def __init__(
        self, opened: OpenHouse, last_seen: str | None = None, viewer: Viewer = PUBLIC
    ) -> None:
        self._frames = opened.house.live.listen(NUMBER, last_seen, viewer)
        self.last_seen = last_seen

    async def next(self) -> tuple[str, dict[str, Any]]:
        frame = (await anext(self._frames)).decode()
        fields = dict(line.split(": ", 1) for line in frame.strip().split("\n"))
        self.last_seen = fields.get("id", self.last_seen)
        return fields["event"], json.loads(fields["data"])

    async def cut(self) -> None:
        await self._frames.aclose()  # type: ignore[attr-defined]

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
    assert data == {"server_time": opened.clock.now().isoformat(), "clock_ms": 0}


async def test_a_change_during_a_snapshot_is_neither_lost_nor_doubled(opened: OpenHouse) -> None:
    """Commands and a new listener at the same moment, many times over."""
    conduct = opened.house.conduct
    for phase in (Phase.BREAK, Phase.ON_AIR) * 10:
        reader = Reader(opened)
        moving = asyncio.create_task(conduct.command(NUMBER, OPERATOR, do.MovePhase(phase)))
        _, snapshot = await reader.next()
        await moving
        seen = snapshot["stage"]["sequence"]
        newest = conduct.peek(NUMBER).stage.sequence
        while seen < newest:
            event, data = await reader.next()
            if event == "stage":
                assert data["stage"]["sequence"] == seen + 1
                seen += 1


async def test_ten_thousand_cuts_lose_nothing_and_double_nothing(opened: OpenHouse) -> None:
    """A stream is cut after any number of events and resumed, with changes before and after."""
    chance = random.Random(7)
    written = 1
    read: list[int] = []
    reader = Reader(opened)
    await reader.next()
    for _ in range(10_000):
        for _ in range(chance.randrange(3)):
            written += 1
            _change(opened, written)
        wanted = chance.randrange(written - len(read)) if written - 1 > len(read) else 0
        read += await reader.sequences(wanted)
        await reader.cut()
        reader = Reader(opened, reader.last_seen)
    read += await reader.sequences(written - 1 - len(read))
    assert read == list(range(2, written + 1))


# --- who is told what --------------------------------------------------------------------

HALL = Viewer(Audience.PLACE, site=SiteId("minsk"))
PERSON = Viewer(Audience.PLACE, participation=ParticipationId("vetrova"))


async def test_each_audience_is_told_its_parts_and_no_others(opened: OpenHouse) -> None:
    told = {}
    for viewer in (PUBLIC, HALL, DESK):
        _, snapshot = await Reader(opened, viewer=viewer).next()
        told[viewer.audience] = set(snapshot) - {"server_time", "clock_ms"}
    public = {"phase", "on_air_since", "record_zero_ms", "stage"}
    place = public | {"floor", "rundown", "cues", "sites", "roster", "arrivals"}
    assert told == {
        Audience.PUBLIC: public,
        Audience.PLACE: place,
        Audience.DESK: place | {"preview", "notes", "presence", "log"},
    }


async def test_a_place_is_told_of_itself(opened: OpenHouse) -> None:
    _, hall = await Reader(opened, viewer=HALL).next()
    assert [site["id"] for site in hall["sites"]] == ["minsk"]
    assert {person["participation"] for person in hall["roster"]} == {"popkov", "veterans"}
    _, person = await Reader(opened, viewer=PERSON).next()
    assert person["sites"] == []
    assert [it["participation"] for it in person["roster"]] == ["vetrova"]


async def test_requests_are_told_to_consoles_and_to_who_made_them(opened: OpenHouse) -> None:
    conduct = opened.house.conduct
    await conduct.command(NUMBER, HOST_CHAIR, do.AskFloor(KRIVOLAPOV, Speech.REMARK))
    await conduct.command(
        NUMBER, HOST_CHAIR, do.AskFloor(ParticipationId("vetrova"), Speech.SPEECH)
    )
    told = {
        viewer: [
            it["participation"]
            for it in (await Reader(opened, viewer=viewer).next())[1]["floor"]["requests"]
        ]
        for viewer in (DESK, HALL, PERSON)
    }
    assert told == {DESK: ["krivolapov", "vetrova"], HALL: [], PERSON: ["vetrova"]}


async def test_events_that_are_not_for_one_are_passed_over_in_his_numbers(
    opened: OpenHouse,
) -> None:
    public, desk = Reader(opened), Reader(opened, viewer=DESK)
    await public.next()
    await desk.next()
    await opened.house.conduct.command(NUMBER, HOST_CHAIR, do.AskFloor(KRIVOLAPOV, Speech.REMARK))
    assert [(await desk.next())[0] for _ in range(2)] == ["floor", "log"]
    _change(opened, 50)
    event, data = await public.next()
    assert (event, data["stage"]["sequence"]) == ("stage", 50)
    assert public.last_seen is not None
    assert public.last_seen.endswith("-3")


async def test_the_log_is_told_as_what_was_added(opened: OpenHouse) -> None:
    desk = Reader(opened, viewer=DESK)
    _, snapshot = await desk.next()
    assert snapshot["log"] == []
    await opened.house.conduct.command(NUMBER, HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    told = {}
    for _ in range(3):
        event, data = await desk.next()
        told[event] = data
    assert list(told) == ["stage", "floor", "log"]
    (entry,) = told["log"]["added"]
    assert (entry["kind"], entry["by"], entry["number"]) == ("floor_granted", "popkov", 1)
    assert entry["body"]["name"] == {"ru": "Александр Криволапов"}


async def test_lines_go_to_consoles_only_and_have_no_number(opened: OpenHouse) -> None:
    public, desk = Reader(opened), Reader(opened, viewer=DESK)
    await public.next()
    await desk.next()
    seen = desk.last_seen
    line = Line(5, 12.0, 0.01, 0.0, 1_000, 2_000)
    opened.house.live.hear(NUMBER, {"hall-minsk": 0.5})
    opened.house.live.tell_lines(NUMBER, {"hall-minsk": line})
    event, data = await desk.next()
    assert (event, desk.last_seen) == ("lines", seen)
    assert (data["lines"][0]["identity"], data["lines"][0]["level"]) == ("hall-minsk", 0.5)
    _change(opened, 9)
    assert (await public.next())[0] == "stage"


async def test_a_right_that_is_taken_away_ends_the_stream(
    opened: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "JUDGED_SECONDS", 0.01)
    is_allowed = True

    async def judge() -> None:
        if not is_allowed:
            raise Forbidden

    frames = opened.house.live.listen(NUMBER, None, DESK, judge)
    assert b"snapshot" in await anext(frames)
    is_allowed = False
    with pytest.raises(StopAsyncIteration):
        await anext(frames)
