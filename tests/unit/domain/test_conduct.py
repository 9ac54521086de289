"""What follows from each command: for whom it is, what it changes, what the log says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from tests.support.conducting import (
    ALONE,
    GUEST_CHAIR,
    HALL,
    HOST_CHAIR,
    KRIVOLAPOV,
    KURSK,
    MINSK,
    OPERATOR,
    POPKOV,
    SECRETARY,
    STEPNOY,
    TECHNICIAN,
    VETROVA,
)
from tests.support.meetings import conducted_meeting
from veche.domain import commands as do
from veche.domain import conduct, watching
from veche.domain.access import TABLE
from veche.domain.actor import Asker
from veche.domain.air import Air
from veche.domain.attendance import Attendance
from veche.domain.cues import LEAD_MS, Clip, CueKind, CueNumber
from veche.domain.errors import (
    ClipsMissing,
    CueRuns,
    FloorEmpty,
    Forbidden,
    NoCheck,
    NoCue,
    NoItemThere,
    NotOnAir,
    PersonUnknown,
    Refused,
    SiteUnknown,
)
from veche.domain.floor import NOTICE_MS, EndReason, GrantNumber, MadeBy, Speech
from veche.domain.leading import REHEARSAL_BEYOND, plan_zero
from veche.domain.meeting import ParticipationId, Phase, SiteId
from veche.domain.readiness import VALID_MS, CheckState
from veche.domain.scene import Decision, Scene
from veche.domain.stage import Endpoint, Layout
from veche.domain.text import Text
from veche.domain.timeline import EntryKind, Moment

NOON = datetime(2026, 4, 1, 9, tzinfo=UTC)
CLIP = Clip("anthem.webm", "a" * 64)


class Meeting:
    """A meeting on the air, without a store: commands in, the state and its log kept here."""

    def __init__(self, phase: Phase = Phase.ON_AIR) -> None:
        self.meeting = conducted_meeting(phase=phase)
        self.air = replace(Air.before(self.meeting), record_zero_ms=0)
        self.ms = 0
        self.log: list[EntryKind] = []
        self.bodies: list[object] = []

    def scene(self, who: Asker = OPERATOR) -> Scene:
        wall = NOON + timedelta(milliseconds=self.ms)
        return Scene(self.air, self.meeting, who, Moment(self.ms, wall))

    def take_orders(self, who: Asker, *commands: do.Command) -> Air:
        for command in commands:
            self.take(conduct.decide(self.scene(who), command))
        return self.air

    def take(self, decision: Decision) -> None:
        self.air = decision.air
        self.meeting = decision.meeting or self.meeting
        self.log += [entry.kind for entry in decision.entries]
        self.bodies += [entry.body for entry in decision.entries]

    def refuses(self, who: Asker, command: do.Command, refusal: type[Refused]) -> None:
        before = self.air
        with pytest.raises(refusal):
            self.take_orders(who, command)
        assert self.air == before


@pytest.fixture(name="on_air")
def begin() -> Meeting:
    return Meeting()


def test_every_command_has_an_action_and_a_rule() -> None:
    commands = set(get_args(do.Command))
    assert set(do.ACTIONS) == commands == set(conduct._RULES)
    assert set(do.ACTIONS.values()) <= set(TABLE)


# --- the floor ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "person", "made_by"),
    [
        (ALONE, VETROVA, MadeBy.SELF),
        (HALL, POPKOV, MadeBy.HALL),
        (TECHNICIAN, KRIVOLAPOV, MadeBy.HALL),
        (HOST_CHAIR, KRIVOLAPOV, MadeBy.CHAIR),
        (OPERATOR, STEPNOY, MadeBy.CHAIR),
        (ALONE, POPKOV, None),
        (HALL, KRIVOLAPOV, None),
        (HALL, VETROVA, None),
        (TECHNICIAN, POPKOV, None),
    ],
)
def test_one_asks_for_himself_a_hall_for_its_people_a_chair_for_anybody(
    on_air: Meeting, who: Asker, person: ParticipationId, made_by: MadeBy | None
) -> None:
    if made_by is None:
        on_air.refuses(who, do.AskFloor(person, Speech.SPEECH), Forbidden)
        return
    air = on_air.take_orders(who, do.AskFloor(person, Speech.SPEECH))
    assert [(it.participation, it.made_by) for it in air.floor.requests] == [(person, made_by)]


def test_a_request_is_withdrawn_by_who_could_have_made_it(on_air: Meeting) -> None:
    on_air.take_orders(ALONE, do.AskFloor(VETROVA, Speech.SPEECH))
    number = on_air.air.floor.requests[0].number
    on_air.refuses(HALL, do.WithdrawRequest(number), Forbidden)
    assert on_air.take_orders(ALONE, do.WithdrawRequest(number)).floor.requests == ()


def test_one_who_joins_alone_is_warned_and_a_hall_is_not(on_air: Meeting) -> None:
    on_air.take_orders(HOST_CHAIR, do.GrantFloor(VETROVA))
    assert on_air.air.floor.grants[-1].began_ms == NOTICE_MS
    on_air.take_orders(ALONE, do.YieldFloor(GrantNumber(1)))
    on_air.take_orders(HOST_CHAIR, do.GrantFloor(POPKOV))
    assert on_air.air.floor.grants[-1].began_ms == 0


def test_the_floor_is_given_up_by_the_speaker_or_his_hall(on_air: Meeting) -> None:
    on_air.take_orders(HOST_CHAIR, do.GrantFloor(KRIVOLAPOV))
    for who in (ALONE, HALL):
        on_air.refuses(who, do.YieldFloor(GrantNumber(1)), Forbidden)
    on_air.take_orders(TECHNICIAN, do.YieldFloor(GrantNumber(1)))
    assert on_air.air.floor.grants[0].end_reason is EndReason.SPEAKER


def test_the_item_sets_the_limit_that_nobody_has_named(on_air: Meeting) -> None:
    item = replace(on_air.meeting.agenda[0], speech_limit=timedelta(minutes=5))
    on_air.meeting = replace(on_air.meeting, agenda=(item, *on_air.meeting.agenda[1:]))
    on_air.take_orders(OPERATOR, do.StepItem())
    on_air.take_orders(HOST_CHAIR, do.GrantFloor(POPKOV))
    assert on_air.air.floor.grants[-1].limit_ms == 300_000
    on_air.take_orders(
        HOST_CHAIR, do.EndFloor(GrantNumber(1)), do.GrantFloor(POPKOV, limit_seconds=60)
    )
    assert on_air.air.floor.grants[-1].limit_ms == 60_000


def test_one_who_does_not_speak_here_gets_no_floor(on_air: Meeting) -> None:
    roster = (replace(on_air.meeting.roster[0], may_speak=False), *on_air.meeting.roster[1:])
    on_air.meeting = replace(on_air.meeting, roster=roster)
    on_air.refuses(GUEST_CHAIR, do.GrantFloor(POPKOV), Forbidden)


def test_the_chair_goes_to_an_equal_and_to_nobody_else(on_air: Meeting) -> None:
    on_air.refuses(HOST_CHAIR, do.HandChair(VETROVA), Forbidden)
    on_air.refuses(HOST_CHAIR, do.HandChair(ParticipationId("nobody")), PersonUnknown)
    assert on_air.take_orders(HOST_CHAIR, do.HandChair(KRIVOLAPOV)).heard(on_air.meeting) == (
        Endpoint(on_air.meeting.roster[1].side, site=KURSK),
    )


def test_what_was_ended_by_mistake_goes_on(on_air: Meeting) -> None:
    on_air.take_orders(HOST_CHAIR, do.GrantFloor(POPKOV), do.EndFloor(GrantNumber(1)))
    on_air.ms = 4_000
    assert on_air.take_orders(GUEST_CHAIR, do.GiveFloorBack()).floor.heard() == (POPKOV,)
    on_air.refuses(GUEST_CHAIR, do.EndFloor(GrantNumber(7)), FloorEmpty)


@pytest.mark.parametrize("phase", [Phase.SOUND_CHECK, Phase.ASSEMBLY, Phase.BREAK])
def test_off_the_air_there_is_no_floor_to_give(phase: Phase) -> None:
    Meeting(phase).refuses(HOST_CHAIR, do.GrantFloor(POPKOV), NotOnAir)


# --- picture and programme ---------------------------------------------------------------


def test_what_was_on_the_air_is_prepared_after_a_take(on_air: Meeting) -> None:
    on_air.take_orders(OPERATOR, do.PreparePicture(do.Wish(Layout.SPEAKER_HALL, site=KURSK)))
    air = on_air.take_orders(OPERATOR, do.TakePicture())
    assert (air.programme.layout, air.preview.layout) == (Layout.SPEAKER_HALL, Layout.BRIDGE)
    back = on_air.take_orders(OPERATOR, do.TakePicture())
    assert (back.programme.layout, back.preview.layout) == (Layout.BRIDGE, Layout.SPEAKER_HALL)


def test_a_picture_features_who_is_there_and_nobody_else(on_air: Meeting) -> None:
    wish = do.Wish(Layout.SPEAKER, participation=KRIVOLAPOV)
    air = on_air.take_orders(OPERATOR, do.TakePicture(wish))
    assert air.programme.featured == Endpoint(on_air.meeting.roster[1].side, site=KURSK)
    for wrong, refusal in (
        (do.Wish(Layout.SPEAKER, site=SiteId("brest")), SiteUnknown),
        (do.Wish(Layout.SPEAKER, participation=ParticipationId("nobody")), PersonUnknown),
    ):
        on_air.refuses(OPERATOR, do.TakePicture(wrong), refusal)


def test_items_go_on_one_by_one_and_there_is_nothing_beyond_the_last(on_air: Meeting) -> None:
    on_air.take_orders(OPERATOR, do.StepItem())
    on_air.ms = 60_000
    on_air.take_orders(OPERATOR, do.StepItem())
    on_air.refuses(OPERATOR, do.StepItem(), NoItemThere)
    on_air.ms = 90_000
    on_air.take_orders(OPERATOR, do.StepItem(is_back=True))
    on_air.refuses(OPERATOR, do.StepItem(is_back=True), NoItemThere)
    on_air.ms = 100_000
    assert on_air.air.rundown.took_ms(1, on_air.ms) == 70_000  # type: ignore[arg-type]


def test_the_meeting_is_late_by_a_late_beginning_and_by_what_runs_over(on_air: Meeting) -> None:
    planned = [300_000, 420_000]
    on_air.take_orders(OPERATOR, do.StepItem())
    rundown = on_air.air.rundown
    assert rundown.drift_ms(planned, 0, 120_000) == 0
    assert rundown.drift_ms(planned, 0, 360_000) == 60_000
    on_air.ms = 240_000
    assert (
        on_air.take_orders(OPERATOR, do.StepItem()).rundown.drift_ms(planned, 0, 250_000) == -60_000
    )


@pytest.mark.parametrize(
    ("late", "zero_ms"),
    [
        (timedelta(minutes=5), -300_000),
        (timedelta(0), 0),
        (-timedelta(minutes=5), 300_000),
        (REHEARSAL_BEYOND, -21_600_000),
        (REHEARSAL_BEYOND + timedelta(seconds=1), 0),
    ],
)
def test_a_plan_is_of_its_hour_and_a_rehearsal_of_its_own(late: timedelta, zero_ms: int) -> None:
    meeting = conducted_meeting()
    assert meeting.on_air_since is not None
    assert plan_zero(replace(meeting, starts_at=meeting.on_air_since - late), 0) == zero_ms
    assert plan_zero(meeting, None) is None


# --- ceremonies --------------------------------------------------------------------------


def ceremony(is_urgent: bool = False, seconds: int | None = 60) -> do.StartCue:
    return do.StartCue(CueKind.ANTHEM, Text.of(ru="Гимн"), seconds, CLIP, is_urgent)


def test_a_ceremony_waits_for_its_clip_in_every_hall(on_air: Meeting) -> None:
    on_air.take_orders(HALL, do.ReportClip(CLIP.sha256))
    with pytest.raises(ClipsMissing) as refused:
        on_air.take_orders(OPERATOR, ceremony())
    assert refused.value.sites == (KURSK,)
    on_air.take_orders(TECHNICIAN, do.ReportClip(CLIP.sha256))
    assert on_air.take_orders(OPERATOR, ceremony()).cues.running is not None


def test_a_ceremony_closes_every_microphone_and_ends_by_itself(on_air: Meeting) -> None:
    on_air.take_orders(HOST_CHAIR, do.GrantFloor(POPKOV))
    on_air.take_orders(OPERATOR, ceremony(is_urgent=True))
    assert on_air.air.heard(on_air.meeting) == ()
    assert on_air.air.floor.grants[0].end_reason is EndReason.CEREMONY
    on_air.refuses(HOST_CHAIR, do.GrantFloor(POPKOV), CueRuns)
    on_air.refuses(OPERATOR, ceremony(is_urgent=True), CueRuns)
    on_air.ms = LEAD_MS + 59_999
    on_air.take(watching.time_passed(on_air.scene()))
    assert on_air.air.cues.running is not None
    on_air.ms += 1
    on_air.take(watching.time_passed(on_air.scene()))
    assert on_air.air.cues.running is None
    assert on_air.air.heard(on_air.meeting) != ()
    assert on_air.log[-2:] == [EntryKind.CUE_STARTED, EntryKind.CUE_ENDED]


def test_a_ceremony_is_stopped_at_once_and_the_log_has_how_far_halls_were_apart(
    on_air: Meeting,
) -> None:
    on_air.take_orders(OPERATOR, ceremony(is_urgent=True, seconds=None))
    number = CueNumber(1)
    on_air.take_orders(HALL, do.ReportSkew(number, 20))
    on_air.take_orders(TECHNICIAN, do.ReportSkew(number, -70))
    on_air.refuses(HALL, do.ReportSkew(CueNumber(9), 1), NoCue)
    on_air.take_orders(HOST_CHAIR, do.StopCue())
    assert on_air.bodies[-1]["spread_ms"] == 90  # type: ignore[index]
    on_air.refuses(HOST_CHAIR, do.StopCue(), NoCue)


# --- halls, arrivals, notes --------------------------------------------------------------


def test_a_check_is_accepted_by_the_operator_and_grows_old(on_air: Meeting) -> None:
    on_air.refuses(OPERATOR, do.AcceptCheck(MINSK), NoCheck)
    on_air.refuses(OPERATOR, do.AcceptCheck(SiteId("brest")), SiteUnknown)
    on_air.take_orders(HALL, do.ReportCheck((("echo", 0.1),)))
    on_air.take_orders(OPERATOR, do.AcceptCheck(MINSK))
    on_air.refuses(OPERATOR, do.AcceptCheck(MINSK), NoCheck)
    check = on_air.air.check_of(MINSK)
    assert check is not None
    assert check.state_at(VALID_MS) is CheckState.ACCEPTED
    assert check.state_at(VALID_MS + 1) is CheckState.STALE


def test_a_changed_device_makes_an_accepted_check_stale(on_air: Meeting) -> None:
    on_air.take_orders(HALL, do.ReportCheck(()))
    on_air.take_orders(OPERATOR, do.AcceptCheck(MINSK))
    on_air.take_orders(HALL, do.ReportDevices("другая камера"))
    check = on_air.air.check_of(MINSK)
    assert check is not None
    assert check.state is CheckState.STALE


def test_a_rejected_check_says_what_to_do_again(on_air: Meeting) -> None:
    on_air.take_orders(HALL, do.ReportCheck(()))
    on_air.take_orders(OPERATOR, do.RejectCheck(MINSK, "громче"))
    check = on_air.air.check_of(MINSK)
    assert check is not None
    assert (check.state, check.note) == (CheckState.REJECTED, "громче")


def test_valid_checks_of_required_halls_let_the_air_begin() -> None:
    gathered = Meeting(Phase.ASSEMBLY)
    gathered.take_orders(HALL, do.ReportCheck(()))
    gathered.take_orders(TECHNICIAN, do.ReportCheck(()))
    gathered.take_orders(OPERATOR, do.AcceptCheck(MINSK), do.AcceptCheck(KURSK))
    gathered.take_orders(OPERATOR, do.MovePhase(Phase.ON_AIR))
    assert EntryKind.CHECK_OVERRIDDEN not in gathered.log


def test_a_hall_calls_for_help_until_somebody_answers(on_air: Meeting) -> None:
    on_air.take_orders(HALL, do.AskHelp("нет звука"), do.AskHelp("теперь и картинки"))
    assert [it.words for it in on_air.air.helps] == ["теперь и картинки"]
    assert on_air.take_orders(OPERATOR, do.AnswerHelp(MINSK)).helps == ()


def test_arrivals_are_ticked_by_the_hall_they_came_to(on_air: Meeting) -> None:
    tick = do.TickArrival(POPKOV, Attendance.PRESENT)
    on_air.refuses(TECHNICIAN, tick, Forbidden)
    on_air.take_orders(SECRETARY, tick)
    replaced = do.TickArrival(
        KRIVOLAPOV, Attendance.REPLACED, replaced_by=Text.of(ru="И. Иванов, заместитель")
    )
    on_air.take_orders(TECHNICIAN, replaced)
    arrival = on_air.air.arrival_of(KRIVOLAPOV)
    assert arrival is not None
    assert (arrival.by, arrival.at_ms) == ("technician", 0)


def test_a_quiet_note_is_passed_and_read(on_air: Meeting) -> None:
    on_air.take_orders(SECRETARY, do.PassNote("ролик готов"))
    assert on_air.take_orders(HOST_CHAIR, do.ReadNote(1)).notes[0].is_read
    assert on_air.log == [EntryKind.NOTE_PASSED, EntryKind.NOTE_READ]
    on_air.refuses(HOST_CHAIR, do.ReadNote(2), Refused)


@pytest.mark.parametrize("who", [ALONE, OPERATOR, SECRETARY])
def test_only_a_hall_reports_of_a_hall(on_air: Meeting, who: Asker) -> None:
    reports: tuple[Callable[[], do.Command], ...] = (
        lambda: do.ReportCheck(()),
        lambda: do.ReportClip(CLIP.sha256),
        lambda: do.AskHelp(),
    )
    for report in reports:
        on_air.refuses(who, report(), Forbidden)
