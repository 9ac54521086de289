"""The floor: one voice at a time, everybody's time counted, nothing lost by a mistake."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from veche.domain.errors import (
    AlreadyAsked,
    FloorEmpty,
    FloorTaken,
    NothingToGiveBack,
    OutOfTurn,
    RequestUnknown,
    TooMany,
)
from veche.domain.floor import (
    GIVE_BACK_MS,
    GRANTS_MAX,
    LIMIT_MS_MAX,
    REQUESTS_MAX,
    EndReason,
    Floor,
    GrantNumber,
    MadeBy,
    RequestNumber,
    Speech,
)
from veche.domain.meeting import ParticipationId, SideId

HOST, GUEST = SideId("side-1"), SideId("side-2")
SIDES = {"popkov": HOST, "vetrova": HOST, "krivolapov": GUEST, "stepnoy": GUEST}
POPKOV, KRIVOLAPOV, VETROVA = map(ParticipationId, ("popkov", "krivolapov", "vetrova"))


def ask(floor: Floor, person: str, kind: Speech = Speech.SPEECH, at_ms: int = 0) -> Floor:
    return floor.asked(ParticipationId(person), SIDES[person], kind, MadeBy.SELF, at_ms)


def grant(
    floor: Floor, person: str, kind: Speech = Speech.SPEECH, at_ms: int = 0, notice_ms: int = 0
) -> Floor:
    return floor.granted(
        ParticipationId(person), SIDES[person], kind, at_ms, by="Попков", notice_ms=notice_ms
    )


def end(floor: Floor, at_ms: int) -> Floor:
    return floor.ended(floor.open_grants[-1].number, at_ms, EndReason.CHAIR)


def test_nobody_gets_a_floor_that_is_taken() -> None:
    floor = grant(Floor(), "popkov")
    for person in ("krivolapov", "popkov"):
        with pytest.raises(FloorTaken):
            grant(floor, person)


def test_an_answer_stands_beside_one_speech_and_a_third_beside_nothing() -> None:
    dialogue = grant(grant(Floor(), "popkov"), "krivolapov", Speech.ANSWER)
    assert dialogue.heard() == (POPKOV, KRIVOLAPOV)
    with pytest.raises(FloorTaken):
        grant(dialogue, "vetrova", Speech.ANSWER)


def test_a_point_of_order_interrupts_and_the_speech_goes_on_after_it() -> None:
    interrupted = grant(grant(Floor(), "popkov"), "krivolapov", Speech.ORDER, at_ms=10_000)
    assert interrupted.heard() == (KRIVOLAPOV,)
    with pytest.raises(FloorTaken):
        interrupted.resumed(GrantNumber(1), 12_000)
    after = end(interrupted, 15_000)
    assert after.heard() == (POPKOV,)
    assert after.spoken_by_person(20_000) == {POPKOV: 15_000, KRIVOLAPOV: 5_000}


def test_who_leads_is_heard_while_nobody_has_the_floor() -> None:
    floor = Floor(chair=POPKOV)
    assert floor.heard() == (POPKOV,)
    speaking = grant(floor, "krivolapov")
    assert speaking.heard() == (KRIVOLAPOV,)
    assert speaking.paused(GrantNumber(1), 5).heard() == (POPKOV,)
    assert end(speaking, 5).led_by(KRIVOLAPOV).heard() == (KRIVOLAPOV,)


def test_points_of_order_come_first_and_the_rest_as_it_was_asked() -> None:
    floor = ask(ask(Floor(), "vetrova"), "stepnoy", Speech.REMARK)
    floor = ask(floor, "krivolapov", Speech.ORDER)
    assert [it.participation for it in floor.requests] == ["krivolapov", "vetrova", "stepnoy"]
    called = floor.called(RequestNumber(2))
    assert next((it.participation, it.is_called) for it in called.requests) == ("stepnoy", True)
    assert sum(it.is_called for it in called.called(RequestNumber(1)).requests) == 1


def test_a_grant_answers_the_request() -> None:
    assert grant(ask(Floor(), "vetrova"), "vetrova").requests == ()


def test_one_asks_once_and_may_take_it_back() -> None:
    floor = ask(Floor(), "vetrova")
    with pytest.raises(AlreadyAsked):
        ask(floor, "vetrova", Speech.ORDER)
    assert floor.withdrawn(RequestNumber(1)).requests == ()
    with pytest.raises(RequestUnknown):
        floor.withdrawn(RequestNumber(2))


def test_a_pause_counts_for_nobody() -> None:
    floor = grant(Floor(), "popkov").paused(GrantNumber(1), 10_000)
    assert floor.spoken_by_person(60_000) == {POPKOV: 10_000}
    assert floor.resumed(GrantNumber(1), 60_000).spoken_by_person(61_000) == {POPKOV: 11_000}


def test_the_time_of_a_warning_is_not_spoken() -> None:
    floor = grant(Floor(), "vetrova", at_ms=1_000, notice_ms=3_000)
    assert floor.grants[0].spoken_ms(2_000) == 0
    assert floor.grants[0].spoken_ms(5_000) == 1_000
    assert end(floor, 2_000).grants[0].spoken_ms(9_000) == 0


@pytest.mark.parametrize(
    ("waited_ms", "is_late"), [(GIVE_BACK_MS, False), (GIVE_BACK_MS + 1, True)]
)
def test_what_was_ended_by_mistake_is_given_back_for_ten_seconds(
    waited_ms: int, is_late: bool
) -> None:
    floor = end(grant(Floor(), "popkov"), 20_000)
    at_ms = 20_000 + waited_ms
    if is_late:
        with pytest.raises(NothingToGiveBack):
            floor.given_back(at_ms)
    else:
        again = floor.given_back(at_ms)
        assert again.heard() == (POPKOV,)
        assert again.spoken_by_person(at_ms + 1_000) == {POPKOV: 21_000}


def test_nothing_is_given_back_over_somebody_who_speaks() -> None:
    floor = grant(end(grant(Floor(), "popkov"), 20_000), "krivolapov", at_ms=21_000)
    with pytest.raises(NothingToGiveBack):
        floor.given_back(22_000)


def test_a_limit_grows_to_its_bound_and_what_has_none_stays_without() -> None:
    floor = Floor().granted(POPKOV, HOST, Speech.SPEECH, 0, by="x", limit_ms=60_000)
    assert floor.extended(GrantNumber(1), 60_000).grants[0].limit_ms == 120_000
    assert floor.extended(GrantNumber(1), LIMIT_MS_MAX).grants[0].limit_ms == LIMIT_MS_MAX
    free = grant(Floor(), "popkov")
    assert free.extended(GrantNumber(1), 60_000) == free


def test_what_is_over_cannot_be_ended_paused_or_made_longer() -> None:
    floor = end(grant(Floor(), "popkov"), 10)
    changes: tuple[Callable[[], Floor], ...] = (
        lambda: floor.ended(GrantNumber(1), 20, EndReason.CHAIR),
        lambda: floor.paused(GrantNumber(1), 20),
        lambda: floor.extended(GrantNumber(1), 20),
    )
    for change in changes:
        with pytest.raises(FloorEmpty):
            change()


@pytest.mark.parametrize("extra", [-1, 0])
def test_queue_and_log_are_bounded(extra: int) -> None:
    asked = Floor()
    for number in range(REQUESTS_MAX + extra):
        asked = asked.asked(ParticipationId(str(number)), HOST, Speech.SPEECH, MadeBy.SELF, 0)
    one = replace(grant(Floor(), "popkov").grants[0], ended_ms=1)
    full = Floor(grants=(one,) * (GRANTS_MAX + extra))
    if extra < 0:
        ask(asked, "popkov")
        grant(full, "popkov")
        return
    with pytest.raises(TooMany):
        ask(asked, "popkov")
    with pytest.raises(TooMany):
        grant(full, "popkov")


class FloorMachine(RuleBasedStateMachine):
    """Any order of commands at any times, beside a second count of who has spoken."""

    def __init__(self) -> None:
        super().__init__()
        self.floor = Floor(chair=POPKOV)
        self.now_ms = 0
        self.heard_ms: Counter[str] = Counter()
        """Counted a step of time at a time, from who is heard by a grant."""

    @rule(step_ms=st.integers(0, 12_000))
    def wait(self, step_ms: int) -> None:
        for it in self.floor.open_grants:
            if it.is_heard:
                self.heard_ms[it.participation] += step_ms
        self.now_ms += step_ms

    @rule(person=st.sampled_from(sorted(SIDES)), kind=st.sampled_from(Speech))
    def ask(self, person: str, kind: Speech) -> None:
        self.attempt(lambda: ask(self.floor, person, kind, self.now_ms))

    @rule(person=st.sampled_from(sorted(SIDES)), kind=st.sampled_from(Speech))
    def grant(self, person: str, kind: Speech) -> None:
        self.attempt(lambda: grant(self.floor, person, kind, self.now_ms))

    @precondition(lambda self: self.floor.grants)
    @rule(data=st.data(), what=st.sampled_from(["end", "pause", "resume", "extend"]))
    def change(self, data: st.DataObject, what: str) -> None:
        number = GrantNumber(data.draw(st.integers(1, len(self.floor.grants))))
        floor, now_ms = self.floor, self.now_ms
        self.attempt(
            {
                "end": lambda: floor.ended(number, now_ms, EndReason.CHAIR),
                "pause": lambda: floor.paused(number, now_ms),
                "resume": lambda: floor.resumed(number, now_ms),
                "extend": lambda: floor.extended(number, 60_000),
            }[what]
        )

    @rule()
    def give_back(self) -> None:
        self.attempt(lambda: self.floor.given_back(self.now_ms))

    @rule()
    def clear(self) -> None:
        self.floor = self.floor.cleared(self.now_ms, EndReason.PHASE)

    def attempt(self, change: Callable[[], Floor]) -> None:
        before = self.floor
        try:
            self.floor = change()
        except (OutOfTurn, RequestUnknown):
            assert self.floor is before
        else:
            assert self.floor == before or self.floor.version > before.version

    @invariant()
    def one_speaks_or_two_answer(self) -> None:
        open_grants = self.floor.open_grants
        heard = [it for it in open_grants if it.is_heard]
        assert len(open_grants) <= 2
        assert len({it.participation for it in open_grants}) == len(open_grants)
        if len(open_grants) == 2:
            assert open_grants[1].kind in (Speech.ANSWER, Speech.ORDER)
        if any(it.kind is Speech.ORDER for it in open_grants[1:]):
            assert len(heard) <= 1

    @invariant()
    def times_add_up(self) -> None:
        by_person = self.floor.spoken_by_person(self.now_ms)
        by_side = self.floor.spoken_by_side(self.now_ms)
        assert {who: ms for who, ms in by_person.items() if ms} == dict(+self.heard_ms)
        for side in (HOST, GUEST):
            assert by_side.get(side, 0) == sum(
                ms for person, ms in by_person.items() if SIDES[person] == side
            )

    @invariant()
    def nobody_waits_twice_or_while_speaking_alone(self) -> None:
        waiting = [it.participation for it in self.floor.requests]
        assert len(set(waiting)) == len(waiting)


FloorMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestFloorMachine = FloorMachine.TestCase
