"""Planning a meeting from its first draft to the announcement, and reading what is announced.

Whoever saves sends the version that he has read: what somebody else saved in the same step
meanwhile is not written over. Every change is one record of who changed what, and a higher
version: whoever shows the meeting looks at that.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from veche.domain.access import Action, Role
from veche.domain.actor import HOUSE, Actor, Asker
from veche.domain.agreement import settled, withdrawn
from veche.domain.difference import delta
from veche.domain.directory import posts_of_another_day
from veche.domain.errors import ChangedMeanwhile, FieldsRefused, MeetingUnknown, PhaseNotReachable
from veche.domain.identity import SideId
from veche.domain.invitation import Invitation
from veche.domain.meeting import Meeting, MeetingNumber, Phase, Step
from veche.domain.plain import plain
from veche.domain.planning import (
    FIELDS,
    Finding,
    cancelled,
    changed,
    hosted_by,
    require_ready,
    require_same_schedule,
    rescheduled,
)
from veche.domain.text import Text
from veche.store import Database, Unit

Edit = Callable[[Meeting], Meeting]


class Planning:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def announcement(self, number: MeetingNumber) -> Meeting:
        """What the public page says. Unknown and unpublished numbers are refused alike."""
        with self._database.read() as unit:
            meeting = _required(unit, number)
        Asker.stranger().require(Action.READ_ANNOUNCEMENT, meeting)
        return meeting

    def read(self, asker: Asker, number: MeetingNumber) -> Meeting:
        """All of it. Foreign and unknown numbers are refused alike."""
        with self._database.read() as unit:
            meeting = _required(unit, number)
        asker.require(Action.READ_MEETING, meeting)
        return meeting

    def advice(self, meeting: Meeting) -> list[Finding]:
        """What the directory says of the roster: posts of another day than the meeting's."""
        named = [line.person for line in meeting.roster if line.person]
        if not named:
            return []
        with self._database.read() as unit:
            people = unit.directory.people.of_ids(named)
        return [
            Finding(Step.ROSTER, f"roster[{number}].post", "post_of_another_day")
            for number, _ in posts_of_another_day(meeting, people)
        ]

    def save(
        self, asker: Asker, number: MeetingNumber, step: Step, version: int, edit: Edit
    ) -> Meeting:
        """Keep one step. Raises `ChangedMeanwhile`, `FieldsRefused`, `WordsFrozen`."""

        def edit_in_place(meeting: Meeting) -> Meeting:
            edited = edit(meeting)
            require_same_schedule(meeting, edited)
            return edited

        return self._change(asker, number, step, version, edit_in_place, Action.EDIT_MEETING)

    def save_delegation(
        self, asker: Asker, number: MeetingNumber, version: int, edit: Edit
    ) -> Meeting:
        """As `save`, of a side's own people by its own office."""
        return self._change(asker, number, Step.ROSTER, version, edit, Action.ANSWER_AGREEMENT)

    def swap_host(self, asker: Asker, number: MeetingNumber, version: int, host: SideId) -> Meeting:
        """Put another side first, in every list at once."""
        return self.save(
            asker, number, Step.SIDES, version, lambda meeting: hosted_by(meeting, host)
        )

    def reschedule(
        self,
        asker: Asker,
        number: MeetingNumber,
        version: int,
        starts_at: datetime,
        ends_at: datetime | None,
        words: Text,
    ) -> Meeting:
        """Another day or hour; who has read the announcement is told by a dated correction."""
        return self._change(
            asker,
            number,
            Step.SUBSTANCE,
            version,
            lambda meeting: rescheduled(meeting, starts_at, ends_at, words, self._now()),
            Action.PLAN_PHASE,
        )

    def announce(self, asker: Asker, number: MeetingNumber) -> Meeting:
        """Make it public. Raises `NotReady` with what is lacking."""
        return self._move(asker, number, "announce", _announced)

    def take_back(self, asker: Asker, number: MeetingNumber) -> Meeting:
        """Back to the draft, before anybody outside knows; also one that was discarded."""

        def back(meeting: Meeting, at: datetime) -> Meeting:
            if meeting.announced_at is not None:
                raise PhaseNotReachable("an announced meeting is cancelled, not taken back")
            return meeting.moved_to(Phase.DRAFT, at)

        return self._move(asker, number, "take_back", back)

    def cancel(self, asker: Asker, number: MeetingNumber, reason: Text) -> Meeting:
        """It will not take place. What was announced keeps its address and says so."""
        return self._move(asker, number, "cancel", lambda it, at: cancelled(it, reason, at))

    def keep(self, meeting: Meeting, *, afresh: bool = False) -> None:
        """Keep a demonstration; what people have changed in it stays, unless `afresh`.

        One that is there goes on in the phase that it has come to.
        """
        with self._database.write() as unit:
            before = unit.meetings.find(meeting.number)
            if before is not None and not afresh:
                if before.changes:
                    return
                meeting = replace(meeting, phase=before.phase, on_air_since=before.on_air_since)
            if meeting != before:
                unit.meetings.put(meeting)
                record(unit, Asker(HOUSE, Role.ADMIN), "keep", before, meeting, self._now())

    def invite(self, invitation: Invitation) -> None:
        with self._database.write() as unit:
            unit.invitations.put(invitation)

    def revoke(self, secret_hash: str) -> None:
        with self._database.write() as unit:
            unit.invitations.revoke(secret_hash, self._now())

    def _change(
        self,
        asker: Asker,
        number: MeetingNumber,
        step: Step,
        version: int,
        edit: Edit,
        action: Action,
    ) -> Meeting:
        with self._database.write() as unit:
            before = _required(unit, number)
            asker.require(action, before)
            require_unchanged(unit, before, step, version)
            edited = edit(before)
            if told(before, step) == told(edited, step):
                return before
            _require_known(unit, before, edited)
            at = self._now()
            after = changed(before, edited, step, asker.actor.name, at)
            after = settled(unit.agreements.of(number), after, at)
            unit.meetings.put(after)
            record(unit, asker, f"save_{step}", before, after, at, step)
        return after

    def _move(
        self,
        asker: Asker,
        number: MeetingNumber,
        action: str,
        move: Callable[[Meeting, datetime], Meeting],
    ) -> Meeting:
        with self._database.write() as unit:
            before = _required(unit, number)
            asker.require(Action.PLAN_PHASE, before)
            at = self._now()
            after = replace(move(before, at), version=before.version + 1)
            if after.phase is Phase.DRAFT:
                _ask_anew(unit, asker, number, at)
            unit.meetings.put(after)
            record(unit, asker, action, before, after, at)
        return after


def _announced(meeting: Meeting, at: datetime) -> Meeting:
    after = meeting.moved_to(Phase.ANNOUNCED, at)
    require_ready(meeting, after.phase)
    return after


def _ask_anew(unit: Unit, asker: Asker, number: MeetingNumber, at: datetime) -> None:
    """A draft that was taken back is put before the sides again when it is ready again."""
    agreement = unit.agreements.of(number)
    if agreement == withdrawn(agreement):
        return
    unit.agreements.put(withdrawn(agreement))
    unit.audit.append(
        asker.actor,
        "withdraw_agreement",
        subject=f"{subject_of(number)}/agreement",
        at=at,
        before={"accepted_by": [it.side for it in agreement.acceptances]},
        after={"accepted_by": []},
        request_id=asker.request_id or None,
    )


def _require_known(unit: Unit, before: Meeting, after: Meeting) -> None:
    """Raises `FieldsRefused` for entries of the directory that are not this organisation's.

    One that was taken out of the directory since stays where it was named.
    """
    faults = {}
    if after.series is not None and after.series != before.series:
        series = unit.directory.series.find(after.series)
        if series is None or series.owner != after.organisation:
            faults["series"] = "unknown_series"
    known = {line.person for line in before.roster}
    wanted = [line.person for line in after.roster if line.person and line.person not in known]
    own = {it.id for it in unit.directory.people.of_ids(wanted) if it.owner == after.organisation}
    for number, line in enumerate(after.roster):
        if line.person and line.person not in known and line.person not in own:
            faults[f"roster[{number}].person"] = "unknown_person"
    if faults:
        raise FieldsRefused(faults)


def _required(unit: Unit, number: MeetingNumber) -> Meeting:
    meeting = unit.meetings.find(number)
    if meeting is None:
        raise MeetingUnknown
    return meeting


def subject_of(number: MeetingNumber) -> str:
    """A meeting in the record of changes."""
    return f"meeting/{number}"


def told(meeting: Meeting, step: Step) -> dict[str, Any]:  # Any: JSON
    """A step as the record of changes keeps it, and as it is taken back from there."""
    return {name: plain(getattr(meeting, name)) for name in FIELDS[step]}


def record(
    unit: Unit,
    asker: Asker,
    action: str,
    before: Meeting | None,
    after: Meeting,
    at: datetime,
    step: Step | None = None,
) -> None:
    """One line of who changed what; of a saved step with what differs in it."""

    def state(meeting: Meeting) -> dict[str, Any]:  # Any: JSON
        return {"version": meeting.version, "phase": meeting.phase.value}

    was: dict[str, Any] = {}
    now: dict[str, Any] = {}
    if step is not None and before is not None:
        was, now = delta(told(before, step), told(after, step))
        was["step"] = now["step"] = step.value
    unit.audit.append(
        asker.actor,
        action,
        subject=subject_of(after.number),
        at=at,
        before=state(before) | was if before else None,
        after=state(after) | now,
        request_id=asker.request_id or None,
    )


def require_unchanged(unit: Unit, meeting: Meeting, step: Step, version: int) -> None:
    """Raises `ChangedMeanwhile` when somebody saved this step after `version` was read."""
    if version > meeting.version:
        raise FieldsRefused({"version": "not_there_yet"})
    change = meeting.last_change_of(step)
    if change is not None and change.version > version:
        raise ChangedMeanwhile(meeting, _who_saved(unit, meeting, change.version), change.at)


def _who_saved(unit: Unit, meeting: Meeting, version: int) -> Actor:
    records = unit.audit.of_subject(subject_of(meeting.number))
    return next(
        (
            record.actor
            for record in records
            if record.refusal is None and record.after and record.after.get("version") == version
        ),
        HOUSE,
    )
