"""A meeting on the air as the store keeps it: whole, in order, one speech at a time."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from tests.support.clock import Clock
from tests.support.conducting import (
    KRIVOLAPOV,
    MINSK,
    NUMBER,
    OPERATOR,
    POPKOV,
    VETROVA,
    Air,
    conducted,
)
from tests.support.meetings import conducted_meeting
from tests.support.races import race_and_look
from veche.domain import commands as do
from veche.domain.actor import HOUSE
from veche.domain.air import Air as AirState
from veche.domain.air import Help, LostSite, Note, ShownTitle
from veche.domain.attendance import Arrival, Attendance
from veche.domain.cues import Clip, Cue, CueKind, CueNumber, Cues
from veche.domain.errors import OutOfTurn
from veche.domain.floor import EndReason, Floor, GrantNumber, MadeBy, Speech
from veche.domain.meeting import Phase, SideId
from veche.domain.readiness import CheckState, SoundCheck
from veche.domain.rundown import Position, Rundown
from veche.domain.stage import Endpoint, Layout, Picture, Transition
from veche.domain.text import Text
from veche.domain.timeline import Entry, EntryKind, Logged
from veche.store import Database
from veche.store.airs import AirOvertaken, KeptAir

NOON = datetime(2026, 4, 1, 9, tzinfo=UTC)
HOST, GUEST = SideId("side-1"), SideId("side-2")
RACES = 40
"""Of two chairs, here; thousands by `python -m tests.campaigns.races`."""


def full_air() -> AirState:
    """One of everything."""
    floor = Floor(chair=POPKOV).asked(VETROVA, HOST, Speech.REMARK, MadeBy.HALL, 5, "к пункту 6")
    floor = floor.granted(KRIVOLAPOV, GUEST, Speech.SPEECH, 10, by="Попков", limit_ms=60_000)
    floor = floor.ended(GrantNumber(1), 5_000, EndReason.CHAIR)
    floor = floor.granted(POPKOV, HOST, Speech.SPEECH, 6_000, by="Попков")
    hall = Endpoint(HOST, site=MINSK)
    cue = Cue(
        number=CueNumber(1),
        kind=CueKind.ANTHEM,
        title=Text.of(ru="Гимн"),
        starts_ms=7,
        seconds=60,
        clip=Clip("anthem.webm", "a" * 64),
        item=Position(1),
        skews_ms=((MINSK, 40),),
    )
    return AirState(
        floor=floor,
        rundown=Rundown().begun(Position(1), 2, 0).begun(Position(2), 2, 9),
        cues=Cues(running=cue, last=1, ready=((MINSK, "a" * 64),)),
        programme=Picture(Layout.SPEAKER_HALL, hall),
        preview=Picture(Layout.GRID),
        transition=Transition.DISSOLVE,
        title=ShownTitle(POPKOV, 14_000),
        slides=hall,
        lost=(LostSite(MINSK, 3),),
        checks=(SoundCheck(MINSK, CheckState.REPORTED, 1, "зал", (("echo", 0.5),)),),
        arrivals=(
            Arrival(POPKOV, Attendance.REPLACED, 4, "техник", None, Text.of(ru="И. Иванов")),
        ),
        helps=(Help(MINSK, "нет звука", 2),),
        notes=(Note(1, "ролик готов", "секретарь", 8),),
        record_zero_ms=0,
    )


def keep(database: Database, kept: KeptAir, before: Floor | None = None) -> None:
    with database.write() as unit:
        if unit.meetings.find(NUMBER) is None:
            unit.meetings.put(conducted_meeting())
        unit.airs.save(NUMBER, kept, before or Floor())


def test_an_air_is_kept_whole(database: Database) -> None:
    kept = KeptAir(full_air(), 1, NOON, 12_345)
    keep(database, kept)
    with database.read() as unit:
        assert unit.airs.find(NUMBER) == kept


def test_what_was_changed_by_another_is_not_overwritten(database: Database) -> None:
    air = AirState.before(conducted_meeting())
    keep(database, KeptAir(air, 1, NOON, 0))
    keep(database, KeptAir(air, 2, NOON, 0))
    with pytest.raises(AirOvertaken):
        keep(database, KeptAir(air, 2, NOON, 0))


@pytest.mark.parametrize("kind", Speech)
def test_the_table_itself_refuses_a_second_speech(database: Database, kind: Speech) -> None:
    """A bug in the rules must not put two on the air."""
    one = Floor().granted(POPKOV, HOST, Speech.SPEECH, 0, by="x")
    second = replace(one.grants[0], number=GrantNumber(2), participation=KRIVOLAPOV, kind=kind)
    floor = replace(one, grants=(*one.grants, second))
    kept = KeptAir(AirState(floor=floor), 1, NOON, 0)
    if kind in (Speech.ANSWER, Speech.ORDER):
        keep(database, kept)
        return
    with pytest.raises(IntegrityError):
        keep(database, kept)


def test_a_place_is_free_again_when_a_speech_is_over(database: Database) -> None:
    first = Floor().granted(POPKOV, HOST, Speech.SPEECH, 0, by="x")
    keep(database, KeptAir(AirState(floor=first), 1, NOON, 0))
    second = first.ended(GrantNumber(1), 9, EndReason.CHAIR)
    second = second.granted(KRIVOLAPOV, GUEST, Speech.SPEECH, 9, by="x")
    keep(database, KeptAir(AirState(floor=second), 2, NOON, 9), first)
    with database.read() as unit:
        found = unit.airs.find(NUMBER)
    assert found is not None
    assert found.air.floor == second


def test_the_log_is_read_in_pages_and_knows_its_end(database: Database) -> None:
    logged = tuple(
        Logged(number, number * 10, NOON, HOUSE, Entry(EntryKind.JOINED, {"identity": "h"}))
        for number in range(1, 8)
    )
    with database.write() as unit:
        unit.meetings.put(conducted_meeting())
        unit.timeline.append(NUMBER, logged)
    with database.read() as unit:
        assert unit.timeline.page(NUMBER) == logged
        assert unit.timeline.page(NUMBER, after=4, limit=2) == logged[4:6]
        assert unit.timeline.last_number(NUMBER) == 7
    with pytest.raises(IntegrityError), database.write() as unit:
        unit.timeline.append(NUMBER, logged[:1])


@pytest.fixture(name="air")
def open_air(database: Database, clock: Clock) -> Air:
    with conducted(database, clock, Phase.ASSEMBLY) as air:
        return air


async def test_two_chairs_racing_have_one_winner_and_both_are_in_the_log(air: Air) -> None:
    await race_and_look(air, RACES, random.Random(5))


async def test_of_two_who_move_the_phase_one_does(air: Air) -> None:
    await air.go_on_air()
    results = await asyncio.gather(
        *(air.command(OPERATOR, do.MovePhase(Phase.BREAK)) for _ in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, OutOfTurn) for result in results) == 3
