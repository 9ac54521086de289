"""Long lives of meetings: whatever is tried in whatever order, what must hold holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.meetings import bridge_meeting
from veche.domain.errors import (
    FieldsRefused,
    PhaseNotReachable,
    WordsFrozen,
)
from veche.domain.identity import ParticipationId, SideId, SiteId
from veche.domain.meeting import Meeting, Participation, Phase, Step
from veche.domain.phases import HIDDEN, NEXT, OVER, PLANNED
from veche.domain.planning import cancelled, changed, hosted_by, rescheduled
from veche.domain.roster import Answer, ParticipationRole
from veche.domain.text import Text

NOON = datetime(2026, 4, 1, 9, tzinfo=UTC)
WORDS = Text.of(ru="по просьбе сторон")
PEOPLE = st.sampled_from([ParticipationId(f"p{number}") for number in range(6)])
SIDES = st.sampled_from([SideId("side-1"), SideId("side-2"), SideId("side-9")])
SITES = st.sampled_from([None, SiteId("minsk"), SiteId("kursk"), SiteId("nowhere")])


class LifeOfAMeeting(RuleBasedStateMachine):
    """Moves, edits, postponements and cancellations by somebody who knows no rule."""

    def __init__(self) -> None:
        super().__init__()
        self.meeting = bridge_meeting(phase=Phase.DRAFT)
        self.at = NOON
        self.seen = [Phase.DRAFT]
        self.air_began: datetime | None = None

    @rule(phase=st.sampled_from(Phase))
    def move(self, phase: Phase) -> None:
        self.at += timedelta(hours=1)
        before = self.meeting
        try:
            self.meeting = before.moved_to(phase, self.at)
        except PhaseNotReachable:
            assert phase not in NEXT[before.phase]
        else:
            self._note(self.meeting.phase)

    @rule()
    def cancel(self) -> None:
        try:
            self.meeting = cancelled(self.meeting, WORDS, self.at)
        except PhaseNotReachable:
            assert self.meeting.phase not in PLANNED
        else:
            self._note(self.meeting.phase)

    @rule(hours=st.integers(-48, 48))
    def edit_or_postpone(self, hours: int) -> None:
        assert self.meeting.starts_at is not None
        starts_at = self.meeting.starts_at + timedelta(hours=hours)
        moved = rescheduled(self.meeting, starts_at, None, WORDS, self.at)
        try:
            self.meeting = changed(self.meeting, moved, Step.SUBSTANCE, "anna", self.at)
        except WordsFrozen:
            assert self.meeting.phase not in PLANNED

    def _note(self, phase: Phase) -> None:
        self.seen.append(phase)
        if phase is Phase.ON_AIR and self.air_began is None:
            self.air_began = self.meeting.on_air_since

    @invariant()
    def what_was_public_is_never_hidden_again(self) -> None:
        first = next((n for n, phase in enumerate(self.seen) if phase not in HIDDEN), None)
        if first is not None:
            assert not HIDDEN & set(self.seen[first:])
            assert self.meeting.announced_at is not None

    @invariant()
    def what_is_over_stays_over(self) -> None:
        first = next((n for n, phase in enumerate(self.seen) if phase in OVER), None)
        if first is not None:
            assert set(self.seen[first:]) <= OVER

    @invariant()
    def the_air_begins_once(self) -> None:
        assert self.meeting.on_air_since == self.air_began

    @invariant()
    def only_what_was_announced_is_corrected_and_cancelled(self) -> None:
        if self.meeting.announced_at is None:
            assert self.meeting.corrections == ()
            assert self.meeting.cancellation is None

    @invariant()
    def versions_only_grow(self) -> None:
        assert all(change.version <= self.meeting.version for change in self.meeting.changes)


class LifeOfARoster(RuleBasedStateMachine):
    """Lines put in, changed and taken out at random; refused ones leave no trace."""

    @initialize()
    def begin(self) -> None:
        self.meeting = replace(bridge_meeting(phase=Phase.DRAFT), roster=(), agenda=())
        self.refused_fields = set[str]()

    def _try(self, roster: tuple[Participation, ...]) -> None:
        try:
            self.meeting = replace(self.meeting, roster=roster)
        except FieldsRefused as refused:
            self.refused_fields |= set(refused.fields)

    def _changed(self, who: ParticipationId, **fields: object) -> None:
        self._try(
            tuple(
                replace(line, **fields) if line.id == who else line  # type: ignore[arg-type]
                for line in self.meeting.roster
            )
        )

    @rule(who=PEOPLE, side=SIDES, site=SITES, count=st.sampled_from([1, None, 13, 0]))
    def put_in(
        self, who: ParticipationId, side: SideId, site: SiteId | None, count: int | None
    ) -> None:
        line = Participation(who, side, Text.of(ru="должность"), site=site, count=count)
        self._try((*self.meeting.roster, line))

    @rule(who=PEOPLE)
    def take_out(self, who: ParticipationId) -> None:
        self._try(tuple(line for line in self.meeting.roster if line.id != who))

    @rule(who=PEOPLE, role=st.sampled_from(ParticipationRole), leads=st.booleans())
    def give_role(self, who: ParticipationId, role: ParticipationRole, leads: bool) -> None:
        self._changed(who, role=role, leads_side=leads)

    @rule(who=PEOPLE, side=SIDES, site=SITES)
    def seat(self, who: ParticipationId, side: SideId, site: SiteId | None) -> None:
        self._changed(who, side=side, site=site)

    @rule(who=PEOPLE, by=st.none() | PEOPLE, answer=st.sampled_from(Answer))
    def answer(self, who: ParticipationId, by: ParticipationId | None, answer: Answer) -> None:
        self._changed(who, answer=answer, replaced_by=by)

    @rule(side=SIDES)
    def swap_host(self, side: SideId) -> None:
        before = self.meeting
        try:
            self.meeting = hosted_by(before, side)
        except FieldsRefused:
            assert side not in {it.id for it in before.sides}
        else:
            assert self.meeting.sides[0].id == side
            assert self.meeting.roster == before.roster

    @invariant()
    def what_is_refused_is_told_by_its_line(self) -> None:
        assert all(field.startswith("roster[") for field in self.refused_fields)

    @invariant()
    def every_side_has_one_leader_and_one_co_chair_at_most(self) -> None:
        for side in self.meeting.sides:
            present = [line for line in self._people(side.id) if line.answer is not Answer.REPLACED]
            assert sum(line.leads_side for line in present) <= 1
            assert sum(line.role is ParticipationRole.CO_CHAIR for line in present) <= 1

    @invariant()
    def everybody_is_somewhere_once(self) -> None:
        roster = self.meeting.roster
        assert len({line.id for line in roster}) == len(roster)
        halls = {site.id: side.id for side, site in self.meeting.sites_in_order()}
        for line in roster:
            assert line.site is None or halls[line.site] == line.side
        assert sum(len(self._people(side.id)) for side in self.meeting.sides) == len(roster)

    @invariant()
    def whoever_is_replaced_is_replaced_by_somebody_of_his_side_who_comes_himself(self) -> None:
        for line in self.meeting.roster:
            for _ in self.meeting.roster:
                if line.replaced_by is None:
                    break
                substitute = self.meeting.participation(line.replaced_by)
                assert substitute is not None
                assert substitute.side == line.side
                line = substitute
            assert line.answer is not Answer.REPLACED, "a chain of substitutes ends"

    def _people(self, side: SideId) -> tuple[Participation, ...]:
        meeting: Meeting = self.meeting
        return meeting.people_of(side)


TestLifeOfAMeeting = LifeOfAMeeting.TestCase
TestLifeOfAMeeting.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestLifeOfARoster = LifeOfARoster.TestCase
TestLifeOfARoster.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
