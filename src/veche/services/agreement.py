"""Agreeing a meeting between the offices of its sides.

An office holds one link: it reads everything that is agreed on, keeps its own delegation, says
what it thinks and accepts the text that it has read. The organiser asks, answers, and writes
down what came by letter.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from veche.domain.access import Action
from veche.domain.actor import HOUSE, Asker
from veche.domain.agreement import (
    Acceptance,
    Agreement,
    Remark,
    RemarkId,
    accepted,
    asked,
    closed,
    mark_of,
    remark_of,
    remarked,
    replied,
    settled,
    text_of,
)
from veche.domain.errors import ChangedMeanwhile, FieldsRefused, Forbidden, MeetingUnknown
from veche.domain.identity import SideId
from veche.domain.invitation import (
    Invitation,
    Recipient,
    RecipientKind,
    hash_secret,
    make_secret,
)
from veche.domain.meeting import Meeting, MeetingNumber, Participation, Phase
from veche.domain.planning import require_ready
from veche.domain.roster import Answer
from veche.services.planning import Planning, record, subject_of
from veche.store import Database, Unit

REMARK_ID_BYTES: Final = 6


@dataclass(frozen=True, slots=True)
class Agreed:
    """A meeting and where its sides are with it."""

    meeting: Meeting
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Seen:
    """As the office of a side sees it: of the others nothing that is theirs alone."""

    agreed: Agreed
    side: SideId


class Agreements:
    def __init__(self, database: Database, planning: Planning, now: Callable[[], datetime]) -> None:
        self._database = database
        self._planning = planning
        self._now = now

    # --- both ----------------------------------------------------------------------------

    def read(self, asker: Asker, number: MeetingNumber) -> Agreed:
        with self._database.read() as unit:
            return self._required(unit, asker, number, Action.READ_AGREEMENT)

    # --- the organiser -------------------------------------------------------------------

    def ask(self, asker: Asker, number: MeetingNumber) -> Agreed:
        """Put the draft before the sides. Raises `NotReady` with what it lacks for that."""

        def work(agreed: Agreed, at: datetime) -> Agreement:
            require_ready(agreed.meeting, Phase.AGREED)
            return asked(agreed.agreement, at)

        return self._change(asker, number, Action.PLAN_PHASE, "ask_agreement", work)

    def make_link(self, asker: Asker, number: MeetingNumber, side: SideId) -> str:
        """The secret of a new link for the office of a side; the earlier ones end."""
        with self._database.write() as unit:
            agreed = self._required(unit, asker, number, Action.INVITE)
            _require_side(agreed.meeting, side)
            secret, at = make_secret(), self._now()
            office = Recipient(RecipientKind.OFFICE, side)
            unit.invitations.revoke_all_of(number, office, at)
            unit.invitations.put(Invitation.to(office, number, hash_secret(secret)))
            unit.audit.append(
                asker.actor,
                "make_office_link",
                subject=f"{subject_of(number)}/invitations",
                at=at,
                after={"side": side},
                request_id=asker.request_id or None,
            )
        return secret

    def record_acceptance(
        self, asker: Asker, number: MeetingNumber, side: SideId, by: str, note: str, mark: str
    ) -> Agreed:
        """What came by letter or by telephone; the note says how."""
        return self._accept(
            asker,
            number,
            side,
            Action.PLAN_PHASE,
            mark,
            lambda meeting, at: Acceptance(
                side, by, at, meeting.version, text_of(meeting), note, asker.actor.name
            ),
        )

    def reply(self, asker: Asker, number: MeetingNumber, remark: RemarkId, words: str) -> Agreed:
        return self._change(
            asker,
            number,
            Action.PLAN_PHASE,
            "reply_to_remark",
            lambda agreed, at: replied(agreed.agreement, remark, words, at),
        )

    def close(self, asker: Asker, number: MeetingNumber, remark: RemarkId) -> Agreed:
        """Settled, as the organiser says."""
        return self._change(
            asker,
            number,
            Action.PLAN_PHASE,
            "close_remark",
            lambda agreed, at: closed(agreed.agreement, remark, at),
        )

    # --- the office of a side ------------------------------------------------------------

    def see(self, asker: Asker) -> Seen:
        number, side = _place_of(asker)
        return Seen(self.read(asker, number), side)

    def remark(self, asker: Asker, by: str, words: str, about: str | None) -> Seen:
        number, side = _place_of(asker)
        agreed = self._change(
            asker,
            number,
            Action.ANSWER_AGREEMENT,
            "remark",
            lambda agreed, at: remarked(
                agreed.agreement,
                Remark(RemarkId(secrets.token_hex(REMARK_ID_BYTES)), side, by, at, words, about),
            ),
        )
        return Seen(agreed, side)

    def close_own(self, asker: Asker, remark: RemarkId) -> Seen:
        """Settled, as the side says whose remark it is."""
        number, side = _place_of(asker)

        def work(agreed: Agreed, at: datetime) -> Agreement:
            remark_of(agreed.agreement, remark, side)
            return closed(agreed.agreement, remark, at)

        agreed = self._change(asker, number, Action.ANSWER_AGREEMENT, "close_remark", work)
        return Seen(agreed, side)

    def accept(self, asker: Asker, by: str, note: str | None, mark: str) -> Seen:
        """Accept the text that was read. Raises `ChangedMeanwhile` when it is another one."""
        number, side = _place_of(asker)
        with self._conflicts_as_seen(asker):
            agreed = self._accept(
                asker,
                number,
                side,
                Action.ANSWER_AGREEMENT,
                mark,
                lambda it, at: Acceptance(side, by, at, it.version, text_of(it), note),
            )
        return Seen(agreed, side)

    def save_delegation(
        self, asker: Asker, version: int, delegation: Sequence[Participation]
    ) -> Seen:
        """The side's own people in their order; of others not a line is changed."""
        number, side = _place_of(asker)

        def edit(meeting: Meeting) -> Meeting:
            return replace(meeting, roster=_with_delegation(meeting, side, delegation))

        with self._conflicts_as_seen(asker):
            self._planning.save_delegation(asker, number, version, edit)
        return self.see(asker)

    # -------------------------------------------------------------------------------------

    @contextmanager
    def _conflicts_as_seen(self, asker: Asker) -> Iterator[None]:
        """The newer version that a refusal shows is what the office may see of it."""
        try:
            yield
        except ChangedMeanwhile as changed:
            seen = self.see(asker)
            raise ChangedMeanwhile(seen, changed.changed_by, changed.changed_at) from None

    def _accept(
        self,
        asker: Asker,
        number: MeetingNumber,
        side: SideId,
        action: Action,
        mark: str,
        make: Callable[[Meeting, datetime], Acceptance],
    ) -> Agreed:
        def work(agreed: Agreed, at: datetime) -> Agreement:
            meeting = agreed.meeting
            _require_side(meeting, side)
            require_ready(meeting, Phase.AGREED)
            if mark != mark_of(meeting):
                last = max(meeting.changes, key=lambda it: it.version, default=None)
                by = replace(HOUSE, name=last.by) if last else HOUSE
                raise ChangedMeanwhile(meeting, by, last.at if last else at)
            return accepted(agreed.agreement, make(meeting, at))

        return self._change(asker, number, action, "accept", work)

    def _change(
        self,
        asker: Asker,
        number: MeetingNumber,
        action: Action,
        verb: str,
        work: Callable[[Agreed, datetime], Agreement],
    ) -> Agreed:
        at = self._now()
        with self._database.write() as unit:
            before = self._required(unit, asker, number, action)
            agreement = work(before, at)
            unit.agreements.put(agreement)
            unit.audit.append(
                asker.actor,
                verb,
                subject=f"{subject_of(number)}/agreement",
                at=at,
                before=_told(before.agreement),
                after=_told(agreement),
                request_id=asker.request_id or None,
            )
            meeting = settled(agreement, before.meeting, at)
            if meeting.phase is not before.meeting.phase:
                meeting = replace(meeting, version=before.meeting.version + 1)
                unit.meetings.put(meeting)
                record(unit, asker, "agree", before.meeting, meeting, at)
        return Agreed(meeting, agreement)

    def _required(self, unit: Unit, asker: Asker, number: MeetingNumber, action: Action) -> Agreed:
        meeting = unit.meetings.find(number)
        if meeting is None:
            raise MeetingUnknown
        asker.require(action, meeting)
        return Agreed(meeting, unit.agreements.of(number))


def _place_of(asker: Asker) -> tuple[MeetingNumber, SideId]:
    if asker.meeting is None or asker.side is None:
        raise Forbidden("an office is of one side of one meeting")
    return asker.meeting, asker.side


def _require_side(meeting: Meeting, side: SideId) -> None:
    if side not in {it.id for it in meeting.sides}:
        raise FieldsRefused({"side": "unknown_side"})


def _with_delegation(
    meeting: Meeting, side: SideId, delegation: Sequence[Participation]
) -> tuple[Participation, ...]:
    """The roster with the side's lines replaced; what is not the office's to say stays."""
    own = {person.id: person for person in meeting.people_of(side)}
    others = tuple(person for person in meeting.roster if person.side != side)
    lines = []
    for number, line in enumerate(delegation):
        if line.side != side:
            raise FieldsRefused({f"roster[{number}].side": "not_your_side"})
        before = own.get(line.id)
        if before is None and any(it.id == line.id for it in others):
            raise FieldsRefused({f"roster[{number}].id": "twice"})
        lines.append(
            replace(
                line,
                person=before.person if before else None,
                answer=before.answer if before else Answer.AWAITED,
                replaced_by=before.replaced_by if before else None,
            )
        )
    at = next((n for n, it in enumerate(meeting.roster) if it.side == side), len(others))
    before_own = sum(1 for it in meeting.roster[:at] if it.side != side)
    return (*others[:before_own], *lines, *others[before_own:])


def _told(agreement: Agreement) -> dict[str, object]:
    """Without the accepted texts: the record of the meeting has them, change by change."""
    return {
        "asked_at": agreement.asked_at,
        "acceptances": [
            {
                "side": it.side,
                "by": it.by,
                "version": it.version,
                "note": it.note,
                "recorded_by": it.recorded_by,
            }
            for it in agreement.acceptances
        ],
        "remarks": agreement.remarks,
    }
