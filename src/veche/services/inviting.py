"""Inviting people, halls and offices: links are made, sent again and withdrawn; answers come back.

Each recipient's links live and die together: sending again ends every earlier one, a reminder
adds one, withdrawing ends them all at once. Who sends, withdraws or answers is recorded.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from veche.domain.access import Action
from veche.domain.actor import Asker
from veche.domain.agreement import settled
from veche.domain.answering import Substitute, answered
from veche.domain.errors import FieldsRefused, LetterUnknown, MeetingUnknown, OutOfTurn
from veche.domain.identity import ParticipationId, SiteId
from veche.domain.invitation import (
    Invitation,
    Recipient,
    RecipientKind,
    hash_secret,
    make_seed,
    secret_of,
)
from veche.domain.letters import Letter, LetterId, LetterKind, LetterState, is_address
from veche.domain.meeting import Meeting, MeetingNumber, Participation, Phase, Step
from veche.domain.place import hall_identity, person_identity
from veche.domain.planning import changed
from veche.domain.roster import Answer
from veche.domain.text import Language, Text
from veche.services.planning import record
from veche.store import Database, Unit

_TOO_EARLY = frozenset({Phase.DRAFT, Phase.DISCARDED})
"""Offices are asked about a draft; people are invited to what is agreed."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who can be invited, and how far that has come."""

    recipient: Recipient
    name: Text
    post: Text | None
    address: str | None
    has_link: bool
    """A link of his opens something now."""
    letter: Letter | None
    """The newest one."""
    answer: Answer | None
    """Of a person."""


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A letter that has not left, with what it is to be written of."""

    letter: Letter
    meeting: Meeting
    secret: str


class Inviting:
    """`key` is what secrets of links are made of; see `domain.invitation`.

    `turn_out` is told which identities of the media room have lost their links.
    """

    def __init__(
        self,
        database: Database,
        key: bytes,
        now: Callable[[], datetime],
        turn_out: Callable[[MeetingNumber, Sequence[str]], None] = lambda number, who: None,
    ) -> None:
        self._database = database
        self._key = key
        self._now = now
        self._turn_out = turn_out

    def overview(self, asker: Asker, number: MeetingNumber) -> list[Invited]:
        """Everybody who can be invited: offices, halls, then persons as the roster lists them."""
        with self._database.read() as unit:
            meeting = _required(unit, number)
            asker.require(Action.INVITE, meeting)
            return _invited(unit, meeting, self._now())

    def invite(
        self,
        asker: Asker,
        number: MeetingNumber,
        recipients: Sequence[Recipient],
        language: Language | None = None,
    ) -> list[Invited]:
        """A letter with a new link to each; whatever was sent before opens nothing any more.

        Raises `FieldsRefused` for who is not there to be invited, `OutOfTurn` for a draft.
        """
        with self._database.write() as unit:
            meeting = _required(unit, number)
            asker.require(Action.INVITE, meeting)
            _require_invitable(meeting, recipients)
            self._withdraw(unit, number, recipients)
            letters = self._write_to(
                unit, meeting, recipients, LetterKind.INVITATION, language or meeting.language
            )
            self._record(unit, asker, "invite", letters)
            return _invited(unit, meeting, self._now())

    def remind(
        self,
        asker: Asker,
        number: MeetingNumber,
        recipients: Sequence[Recipient],
        language: Language | None = None,
    ) -> list[Invited]:
        """One more letter; the links of the earlier ones go on opening."""
        with self._database.write() as unit:
            meeting = _required(unit, number)
            asker.require(Action.INVITE, meeting)
            _require_invitable(meeting, recipients)
            has_link = {
                one.recipient for one in _invited(unit, meeting, self._now()) if one.has_link
            }
            if missing := [one for one in recipients if one not in has_link]:
                raise FieldsRefused({f"recipients.{_name(one)}": "not_invited" for one in missing})
            letters = self._write_to(
                unit, meeting, recipients, LetterKind.REMINDER, language or meeting.language
            )
            self._record(unit, asker, "remind", letters)
            return _invited(unit, meeting, self._now())

    def remind_unanswered(self, asker: Asker, until: datetime) -> int:
        """A reminder to each who was invited to what begins before `until` and said nothing."""
        with self._database.write() as unit:
            count = 0
            for sent in unit.letters.without_reminder(self._now(), until):
                meeting = _required(unit, sent.meeting)
                person = meeting.participation(ParticipationId(sent.recipient.id))
                if person is None or person.answer is not Answer.AWAITED:
                    continue
                letters = self._write_to(
                    unit, meeting, [sent.recipient], LetterKind.REMINDER, sent.language
                )
                self._record(unit, asker, "remind", letters)
                count += 1
            return count

    def withdraw(
        self, asker: Asker, number: MeetingNumber, recipients: Sequence[Recipient]
    ) -> list[Invited]:
        """From this moment none of their links opens anything."""
        with self._database.write() as unit:
            meeting = _required(unit, number)
            asker.require(Action.INVITE, meeting)
            self._withdraw(unit, number, recipients)
            unit.audit.append(
                asker.actor,
                "withdraw_links",
                subject=_subject(number),
                at=self._now(),
                after={"recipients": [_name(one) for one in recipients]},
                request_id=asker.request_id or None,
            )
            invited = _invited(unit, meeting, self._now())
        self._turn_out(number, [who for one in recipients if (who := _identity(one))])
        return invited

    def outbox(self, asker: Asker, number: MeetingNumber) -> list[Letter]:
        """What waits and what has left, newest first."""
        with self._database.read() as unit:
            asker.require(Action.INVITE, _required(unit, number))
            return unit.letters.of_meeting(number)

    def letter(self, asker: Asker, number: MeetingNumber, known: LetterId) -> OpenLetter:
        """A letter to be taken by hand. Raises `LetterUnknown` once it has left."""
        with self._database.read() as unit:
            meeting = _required(unit, number)
            asker.require(Action.INVITE, meeting)
            letter = _required_letter(unit, number, known)
        return self.opened(letter, meeting)

    def hand_over(self, asker: Asker, number: MeetingNumber, known: LetterId) -> Letter:
        """Somebody has taken it by hand: its link is made for the last time."""
        with self._database.write() as unit:
            asker.require(Action.INVITE, _required(unit, number))
            handed = _required_letter(unit, number, known).left(LetterState.HANDED, self._now())
            unit.letters.put(handed)
            self._record(unit, asker, "hand_over_letter", [handed])
            return handed

    def opened(self, letter: Letter, meeting: Meeting) -> OpenLetter:
        assert letter.seed is not None, "a letter that has not left"
        secret = secret_of(self._key, letter.seed)
        if hash_secret(secret) != letter.link_hash:
            # Another installation's key, after a restore without it: the link would open nothing.
            raise LetterUnknown
        return OpenLetter(letter, meeting, secret)

    def answer(self, asker: Asker, answer: Answer, substitute: Substitute | None = None) -> Meeting:
        """What an invited person says. Raises `FieldsRefused`, `OutOfTurn` from the air on."""
        assert asker.meeting is not None, "the holder of a link"
        with self._database.write() as unit:
            before = _required(unit, asker.meeting)
            asker.require(Action.ANSWER_INVITATION, before)
            if asker.participation is None:
                raise OutOfTurn
            at = self._now()
            edited = answered(before, asker.participation, answer, substitute)
            if edited == before:
                return before
            after = changed(before, edited, Step.ROSTER, asker.actor.name, at)
            # An answer is his own affair; another name in the list is for the sides to accept.
            after = settled(unit.agreements.of(before.number), after, at)
            unit.meetings.put(after)
            record(unit, asker, "answer_invitation", before, after, at, Step.ROSTER)
        return after

    def _withdraw(self, unit: Unit, number: MeetingNumber, recipients: Sequence[Recipient]) -> None:
        for recipient in recipients:
            unit.invitations.revoke_all_of(number, recipient, self._now())
        unit.letters.drop(number, recipients, self._now())

    def _write_to(
        self,
        unit: Unit,
        meeting: Meeting,
        recipients: Sequence[Recipient],
        kind: LetterKind,
        language: Language,
    ) -> list[Letter]:
        letters = []
        for recipient in recipients:
            seed = make_seed()
            link_hash = hash_secret(secret_of(self._key, seed))
            unit.invitations.put(Invitation.to(recipient, meeting.number, link_hash))
            letters.append(
                Letter(
                    id=LetterId(secrets.token_hex(8)),
                    meeting=meeting.number,
                    recipient=recipient,
                    kind=kind,
                    language=language,
                    address=_address(meeting, recipient),
                    link_hash=link_hash,
                    seed=seed,
                    made_at=self._now(),
                    due_at=self._now(),
                )
            )
        unit.letters.add(letters)
        return letters

    def _record(self, unit: Unit, asker: Asker, action: str, letters: Sequence[Letter]) -> None:
        for letter in letters:
            unit.audit.append(
                asker.actor,
                action,
                subject=_subject(letter.meeting),
                at=self._now(),
                after={"recipient": _name(letter.recipient), "letter": letter.id},
                request_id=asker.request_id or None,
            )


def new_participation_id(of: Participation) -> ParticipationId:
    """For a substitute; never one that a link was ever tied to."""
    return ParticipationId(f"{of.id[:20]}-{secrets.token_hex(4)}")


def _subject(number: MeetingNumber) -> str:
    return f"meeting/{number}/invitations"


def _name(recipient: Recipient) -> str:
    return f"{recipient.kind}/{recipient.id}"


def _identity(recipient: Recipient) -> str:
    """In the media room; an office has none there."""
    if recipient.kind is RecipientKind.HALL:
        return hall_identity(SiteId(recipient.id))
    if recipient.kind is RecipientKind.PERSON:
        return person_identity(ParticipationId(recipient.id))
    return ""


def _required(unit: Unit, number: MeetingNumber) -> Meeting:
    meeting = unit.meetings.find(number)
    if meeting is None:
        raise MeetingUnknown
    return meeting


def _required_letter(unit: Unit, number: MeetingNumber, known: LetterId) -> Letter:
    letter = unit.letters.find(known)
    if letter is None or letter.meeting != number or letter.seed is None:
        raise LetterUnknown
    return letter


def _require_invitable(meeting: Meeting, recipients: Sequence[Recipient]) -> None:
    known = {one.recipient for one in _recipients(meeting)}
    if strangers := [one for one in recipients if one not in known]:
        raise FieldsRefused({f"recipients.{_name(one)}": "unknown" for one in strangers})
    is_for_offices = all(one.kind is RecipientKind.OFFICE for one in recipients)
    if not is_for_offices and (meeting.phase in _TOO_EARLY or meeting.day is None):
        raise OutOfTurn


def _recipients(meeting: Meeting) -> list[Invited]:
    """Equal sides in their order; groups are invited through their office."""
    offices = [
        _nobody_yet(meeting, Recipient(RecipientKind.OFFICE, side.id), side.name, None)
        for side in meeting.sides
    ]
    halls = [
        _nobody_yet(meeting, Recipient(RecipientKind.HALL, site.id), site.name, side.name)
        for side, site in meeting.sites_in_order()
    ]
    people = [
        _nobody_yet(
            meeting,
            Recipient(RecipientKind.PERSON, person.id),
            person.name or person.post,
            person.post,
            person.answer,
        )
        for side in meeting.sides
        for person in meeting.people_of(side.id)
        if not person.is_group
    ]
    return [*offices, *halls, *people]


def _nobody_yet(
    meeting: Meeting,
    recipient: Recipient,
    name: Text,
    post: Text | None,
    answer: Answer | None = None,
) -> Invited:
    address = _address(meeting, recipient)
    return Invited(recipient, name, post, address, has_link=False, letter=None, answer=answer)


def _address(meeting: Meeting, recipient: Recipient) -> str | None:
    """None where there is none that a letter could safely go to."""
    written: str | None = None
    if recipient.kind is RecipientKind.PERSON:
        person = meeting.participation(ParticipationId(recipient.id))
        written = person.email if person else None
    elif recipient.kind is RecipientKind.OFFICE:
        written = next(side.office_contact for side in meeting.sides if side.id == recipient.id)
    return written if written is not None and is_address(written) else None


def _invited(unit: Unit, meeting: Meeting, now: datetime) -> list[Invited]:
    open_links = {
        link.recipient for link in unit.invitations.of_meeting(meeting.number) if link.is_open(now)
    }
    newest: dict[Recipient, Letter] = {}
    for letter in unit.letters.of_meeting(meeting.number):
        newest.setdefault(letter.recipient, letter)
    return [
        Invited(
            one.recipient,
            one.name,
            one.post,
            one.address,
            has_link=one.recipient in open_links,
            letter=newest.get(one.recipient),
            answer=one.answer,
        )
        for one in _recipients(meeting)
    ]
