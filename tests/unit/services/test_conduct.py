"""A conducted meeting: one truth, in order, kept in a log, enforced where sound is forwarded."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.conducting import (
    ALONE,
    GUEST_CHAIR,
    HALL,
    HOST_CHAIR,
    KRIVOLAPOV,
    KURSK,
    MINSK,
    NUMBER,
    OPERATOR,
    POPKOV,
    SECRETARY,
    VETROVA,
    Air,
    air_in,
)
from tests.support.meetings import conducted_meeting
from tests.support.rooms import present
from veche.domain import commands as do
from veche.domain.access import Action
from veche.domain.actor import Asker
from veche.domain.errors import (
    FloorTaken,
    Forbidden,
    MeetingUnknown,
    NotOnAir,
    PhaseNotReachable,
    SitesNotReady,
    Unavailable,
)
from veche.domain.events import Part
from veche.domain.floor import Speech
from veche.domain.lines import LOST_AFTER_MS
from veche.domain.meeting import MeetingNumber, Phase
from veche.domain.stage import TITLE_MS, Layout
from veche.domain.text import Language, Text
from veche.domain.timeline import EntryKind
from veche.services.conducted import REFUSAL_MS
from veche.services.rooms import room_of, talkback_of
from veche.store import Database


@pytest.fixture(name="air")
def open_air(tmp_path: Path) -> Iterator[Air]:
    with air_in(tmp_path) as air:
        yield air


# --- phases ------------------------------------------------------------------------------


async def test_programme_record_and_rundown_begin_at_one_moment(air: Air) -> None:
    air.clock.advance(100)
    standing = await air.go_on_air()
    assert standing.meeting.on_air_since == air.clock.now()
    assert standing.stage.layout is Layout.BRIDGE
    assert standing.stage.item == 1
    with air.database.read() as unit:
        entries = unit.timeline.page(NUMBER)
    assert {entry.at_ms for entry in entries} == {standing.air.record_zero_ms}
    assert [entry.entry.kind for entry in entries] == [
        EntryKind.PHASE_CHANGED,
        EntryKind.CHECK_OVERRIDDEN,
        EntryKind.RECORD_BEGUN,
        EntryKind.PICTURE_TAKEN,
        EntryKind.ITEM_BEGUN,
    ]


async def test_the_air_is_refused_without_checks_or_a_written_reason(air: Air) -> None:
    with pytest.raises(SitesNotReady) as refused:
        await air.command(OPERATOR, do.MovePhase(Phase.ON_AIR))
    assert refused.value.sites == (MINSK, KURSK)
    assert air.standing.meeting.phase is Phase.ASSEMBLY


async def test_a_step_off_the_graph_changes_nothing(air: Air) -> None:
    with pytest.raises(PhaseNotReachable):
        await air.command(OPERATOR, do.MovePhase(Phase.PUBLISHED))
    assert air.said == [] or Part.PHASE not in air.parts()


async def test_a_break_ends_what_goes_on_and_the_item_goes_on_after_it(air: Air) -> None:
    await air.go_on_air()
    await air.command(OPERATOR, do.StepItem())
    await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    paused = await air.command(OPERATOR, do.MovePhase(Phase.BREAK))
    assert paused.stage.layout is Layout.HOLDING
    assert paused.air.floor.open_grants == ()
    assert paused.air.rundown.current is None
    assert air.heard == frozenset()
    again = await air.command(OPERATOR, do.MovePhase(Phase.ON_AIR))
    assert again.air.rundown.current == 2
    assert again.air.record_zero_ms == paused.air.record_zero_ms
    assert air.log().count(EntryKind.RECORD_BEGUN) == 1


# --- who is heard ------------------------------------------------------------------------


async def test_only_who_has_the_floor_is_heard(air: Air) -> None:
    await air.go_on_air()
    assert air.heard == {"hall-minsk"}  # its leader leads
    await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    assert air.heard == {"hall-kursk"}
    await air.command(HOST_CHAIR, do.GrantFloor(VETROVA, Speech.ANSWER))
    assert air.heard == {"hall-kursk", "person-vetrova"}


async def test_nobody_is_told_before_the_forwarder_has_done_it(air: Air) -> None:
    await air.go_on_air()
    told = []

    class Watching(type(air.rooms)):  # type: ignore[misc]
        async def let_be_heard(self, room: str, identities: frozenset[str]) -> None:
            told.append(Part.FLOOR in air.parts())
            await super().let_be_heard(room, identities)

    air.conduct._room = Watching()
    air.said.clear()
    await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    assert told == [False]
    assert Part.FLOOR in air.parts()


async def test_a_forwarder_that_did_not_answer_is_asked_again(air: Air) -> None:
    await air.go_on_air()
    air.rooms.is_broken = True
    await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    assert air.heard == {"hall-minsk"}
    air.rooms.is_broken = False
    await air.wait(0.25)
    assert air.heard == {"hall-kursk"}


async def test_before_the_air_nobody_is_heard_and_at_the_check_the_halls_are(
    tmp_path: Path,
) -> None:
    with air_in(tmp_path, Phase.SOUND_CHECK) as air:
        await air.conduct.resume()
        assert air.heard == {"hall-minsk", "hall-kursk"}
        await air.command(OPERATOR, do.MovePhase(Phase.ASSEMBLY))
        assert air.heard == frozenset()


async def test_a_restart_brings_everything_back(air: Air) -> None:
    await air.go_on_air()
    await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV, limit_seconds=420))
    await air.command(ALONE, do.AskFloor(VETROVA, Speech.REMARK))
    await air.command(OPERATOR, do.TakePicture(do.Wish(Layout.SPEAKER_HALL)))
    before = air.standing
    air.clock.advance(30)
    air.rooms.heard.clear()
    air.conduct = air.new_conduct()
    await air.conduct.resume()
    assert air.standing.air == before.air
    assert air.heard == {"hall-kursk"}
    assert air.standing.stage.shows_same(before.stage)
    assert air.standing.stage.sequence > before.stage.sequence
    # The speech went on meanwhile: half a minute more.
    assert air.conduct.clock_ms(NUMBER) - before.clock_ms == 30_000


# --- commands ----------------------------------------------------------------------------


async def test_a_command_is_judged(air: Air) -> None:
    await air.go_on_air()
    with pytest.raises(Forbidden):
        await air.command(ALONE, do.GrantFloor(VETROVA))
    with pytest.raises(Forbidden):
        await air.command(ALONE, do.AskFloor(POPKOV, Speech.SPEECH))
    with pytest.raises(MeetingUnknown):
        await air.command(replace(OPERATOR, meeting=MeetingNumber(68)), do.StepItem())
    assert EntryKind.COMMAND_REFUSED not in air.log()


async def test_of_two_chairs_at_once_one_wins_and_both_are_in_the_log(air: Air) -> None:
    await air.go_on_air()
    results = await asyncio.gather(
        air.command(HOST_CHAIR, do.GrantFloor(VETROVA)),
        air.command(GUEST_CHAIR, do.GrantFloor(KRIVOLAPOV)),
        return_exceptions=True,
    )
    assert [type(result) for result in results].count(FloorTaken) == 1
    assert [it.participation for it in air.standing.air.floor.open_grants] == [VETROVA]
    assert air.log()[-2:] == [EntryKind.FLOOR_GRANTED, EntryKind.COMMAND_REFUSED]
    assert air.standing.log[-1].by == GUEST_CHAIR.actor


async def test_a_stuck_key_fills_no_log(air: Air) -> None:
    await air.go_on_air()
    await air.command(HOST_CHAIR, do.GrantFloor(VETROVA))
    for _ in range(20):
        with pytest.raises(FloorTaken):
            await air.command(GUEST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    assert air.log().count(EntryKind.COMMAND_REFUSED) == 1
    air.clock.advance(REFUSAL_MS / 1000)
    with pytest.raises(FloorTaken):
        await air.command(GUEST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    assert air.log().count(EntryKind.COMMAND_REFUSED) == 2


async def test_every_change_is_one_record_with_its_actor(air: Air) -> None:
    await air.go_on_air()
    await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    with air.database.read() as unit:
        records = unit.audit.of_subject("meeting/67/air") + unit.audit.of_subject("meeting/67")
        assert unit.audit.verify().is_whole
    assert [(record.action, record.actor.name) for record in records] == [
        ("grant_floor", "popkov"),
        ("move_phase", "operator"),
    ]


async def test_a_command_that_cannot_be_kept_changes_nothing(
    air: Air, monkeypatch: pytest.MonkeyPatch
) -> None:
    await air.go_on_air()
    air.said.clear()
    with monkeypatch.context() as patched:
        patched.setattr(Database, "write", _refuse)
        with pytest.raises(Unavailable):
            await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    assert air.said == []
    assert air.heard == {"hall-minsk"}
    await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    assert air.heard == {"hall-kursk"}


async def test_a_command_is_finished_when_its_request_is_gone(air: Air) -> None:
    await air.go_on_air()
    asking = asyncio.create_task(air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV)))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await air.command(HOST_CHAIR, do.GrantFloor(VETROVA, Speech.ANSWER))
    assert air.heard == {"hall-kursk", "person-vetrova"}


# --- what the house sees -----------------------------------------------------------------


async def test_a_title_stands_for_its_seconds_and_the_speaker_for_his_speech(air: Air) -> None:
    await air.go_on_air()
    standing = await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    assert standing.stage.title == standing.stage.speaker
    await air.wait(TITLE_MS / 1000 - 0.5)
    assert air.standing.stage.title is not None
    await air.wait(1)
    assert air.standing.stage.title is None
    assert air.standing.stage.speaker is not None


async def test_a_corrected_post_changes_the_title(air: Air) -> None:
    await air.go_on_air()
    await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    meeting = conducted_meeting(phase=Phase.ON_AIR)
    corrected = replace(meeting.roster[1], post=Text.of(ru="первый заместитель"))
    with air.database.write() as unit:
        roster = (meeting.roster[0], corrected, *meeting.roster[2:])
        unit.meetings.put(replace(meeting, roster=roster, version=meeting.version + 1))
    await air.wait(1)
    title = air.standing.stage.title
    assert title is not None
    assert title.post.in_language(Language.RU) == "первый заместитель"


async def test_a_lost_hall_is_a_card_within_three_seconds_and_returns_with_its_floor(
    air: Air,
) -> None:
    await air.go_on_air()
    await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    await air.wait(2)
    air.rooms.present[room_of(NUMBER)] = [present("hall-minsk", sources=("camera",))]
    cut_at = air.clock.monotonic()
    while not any(cell.is_lost for cell in air.standing.stage.cells):
        await air.wait(0.25)
        assert air.clock.monotonic() - cut_at <= 3
    await air.wait(40)
    assert [cell.is_lost for cell in air.standing.stage.cells] == [False, True]
    air.be_there("hall-minsk", "hall-kursk")
    await air.wait(1)
    assert not any(cell.is_lost for cell in air.standing.stage.cells)
    assert [it.participation for it in air.standing.air.floor.open_grants] == [KRIVOLAPOV]
    assert air.heard == {"hall-kursk"}
    log = [logged for logged in air.standing.log if logged.entry.kind is EntryKind.SITE_RETURNED]
    assert log[0].entry.body["lasted_ms"] >= 40_000 - LOST_AFTER_MS


async def test_the_list_is_the_media_servers_own_with_hidden_ones(air: Air) -> None:
    await air.go_on_air()
    room = room_of(NUMBER)
    air.rooms.present[room] += [
        present("spectator-1", is_hidden=True),
        present("staff-account-1", is_hidden=True),
        present("recorder-1", is_hidden=True),
    ]
    air.rooms.present[talkback_of(NUMBER)] = [present("staff-account-1")]
    air.conduct.take_note(NUMBER)
    await air.wait(0.25)
    everybody = [it.identity for it in air.standing.present]
    assert sorted(everybody) == sorted(
        it.identity for people in air.rooms.present.values() for it in people
    )
    joined = [it for it in air.standing.log if it.entry.kind is EntryKind.JOINED]
    assert "spectator-1" not in [it.entry.body["identity"] for it in joined]


async def test_who_shows_a_document_fills_the_cell_of_slides(air: Air) -> None:
    await air.go_on_air()
    await air.command(OPERATOR, do.TakePicture(do.Wish(Layout.SLIDES_SPEAKER)))
    air.be_there("hall-minsk", "hall-kursk", sources=("camera", "screen_share"))
    air.rooms.present[room_of(NUMBER)][0] = present("hall-minsk", sources=("camera",))
    await air.wait(0.25)
    assert air.standing.stage.cells[0].endpoint.site == KURSK


async def test_the_air_goes_on_when_its_log_cannot_be_written(
    air: Air, monkeypatch: pytest.MonkeyPatch
) -> None:
    await air.go_on_air()
    await air.wait(1)
    with monkeypatch.context() as patched:
        patched.setattr(Database, "write", _refuse)
        air.rooms.present[room_of(NUMBER)] = []
        await air.wait(3)
        assert all(cell.is_lost for cell in air.standing.stage.cells)
    assert EntryKind.SITE_LOST not in air.log()
    await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    assert air.log().count(EntryKind.SITE_LOST) == 2
    with air.database.read() as unit:
        numbers = [logged.number for logged in unit.timeline.page(NUMBER)]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_sound_without_the_floor_is_in_the_log(air: Air) -> None:
    await air.go_on_air()
    air.conduct.note_held_back(NUMBER, "person-vetrova")
    await air.wait(0.25)
    last = air.standing.log[-1]
    assert last.entry.kind is EntryKind.VOICE_HELD_BACK
    assert last.entry.body["identity"] == "person-vetrova"


async def test_a_step_of_the_wall_clock_makes_no_speech_longer(
    air: Air, monkeypatch: pytest.MonkeyPatch
) -> None:
    await air.go_on_air()
    await air.command(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    real_now = air.clock.now
    monkeypatch.setattr(air.conduct, "_now", lambda: real_now().replace(year=2025))
    air.clock.advance(10)
    await air.command(HOST_CHAIR, do.EndFloor(air.standing.air.floor.grants[0].number))
    assert air.standing.air.floor.spoken_by_person(0) == {KRIVOLAPOV: 10_000}
    times = [logged.at_ms for logged in air.standing.log]
    assert times == sorted(times)


# --- who may know ------------------------------------------------------------------------


async def test_an_unknown_and_an_unpublished_meeting_stand_nowhere(air: Air) -> None:
    with air.database.write() as unit:
        unit.meetings.put(conducted_meeting(number=1, phase=Phase.DRAFT))
    for number in (MeetingNumber(1), MeetingNumber(2)):
        with pytest.raises(MeetingUnknown):
            await air.conduct.current(number)


async def test_consoles_are_not_for_those_who_take_part(air: Air) -> None:
    for who in (ALONE, HALL, Asker.stranger()):
        with pytest.raises((Forbidden, MeetingUnknown)):
            await air.conduct.standing(NUMBER, who, Action.FOLLOW_CONDUCT)
    for who in (OPERATOR, HOST_CHAIR, SECRETARY):
        await air.conduct.standing(NUMBER, who, Action.FOLLOW_CONDUCT)


async def test_off_the_air_no_picture_is_taken(air: Air) -> None:
    with pytest.raises(NotOnAir):
        await air.command(OPERATOR, do.TakePicture(do.Wish(Layout.SPEAKER)))


def _refuse(*_: object) -> None:
    raise Unavailable("disk full")
