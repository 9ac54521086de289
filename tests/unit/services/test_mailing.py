"""Letters that are due leave; what the mail server says decides what becomes of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.clock import Clock
from tests.support.databases import chosen_place
from tests.support.invited import MINISTRY, invited_meeting
from veche.domain.access import Role
from veche.domain.actor import Actor, ActorKind, Asker
from veche.domain.identity import MeetingNumber, ParticipationId
from veche.domain.invitation import Recipient, RecipientKind, hash_secret
from veche.domain.letters import PAUSES, Letter, LetterKind, LetterState
from veche.domain.meeting import Phase
from veche.domain.roster import Answer
from veche.outbound.mail import LetterDelayed, LetterRefused
from veche.services.inviting import Inviting, OpenLetter
from veche.services.mailing import AT_ONCE_MAX, Mailing
from veche.store import Database

NUMBER = MeetingNumber(67)
STAFF = Asker(Actor(ActorKind.ACCOUNT, "a1", "Анна"), Role.ORGANISER, organisation=MINISTRY)
POPKOV = Recipient(RecipientKind.PERSON, "popkov")
REMOTE = Recipient(RecipientKind.PERSON, "krivolapov")
OFFICE = Recipient(RecipientKind.OFFICE, "side-1")


@dataclass
class Post:
    """Letters by their secret, and what the server is to answer next."""

    database: Database
    clock: Clock
    delivered: list[tuple[str, str]] = field(default_factory=list)
    answers: list[Exception] = field(default_factory=list)
    remind_before: timedelta | None = None

    def __post_init__(self) -> None:
        self.turned_out: list[str] = []
        self.inviting = Inviting(
            self.database,
            b"key",
            self.clock.now,
            turn_out=lambda number, who: self.turned_out.extend(who),
        )

    async def run(self) -> int:
        async def deliver(address: str, message: bytes) -> None:
            if self.answers:
                raise self.answers.pop(0)
            self.delivered.append((address, message.decode()))

        def write(opened: OpenLetter) -> bytes:
            return opened.secret.encode()

        mailing = Mailing(
            self.database, self.inviting, write, deliver, self.clock.now, self.remind_before
        )
        return await mailing.run_once()

    def letters(self) -> list[Letter]:
        return self.inviting.outbox(STAFF, NUMBER)

    def is_open(self, secret: str) -> bool:
        with self.database.read() as unit:
            link = unit.invitations.find(hash_secret(secret))
            return link is not None and link.is_open(self.clock.now())


@pytest.fixture(name="post")
def open_post(tmp_path: Path) -> Iterator[Post]:
    clock = Clock()
    with chosen_place(tmp_path).open(clock.now) as database:
        with database.write() as unit:
            meeting = invited_meeting()
            starts_at = clock.now() + timedelta(days=3)
            unit.meetings.put(replace(meeting, day=starts_at.date(), starts_at=starts_at))
        yield Post(database, clock)


async def test_a_letter_leaves_once_and_its_link_opens(post: Post) -> None:
    post.inviting.invite(STAFF, NUMBER, [POPKOV])
    assert await post.run() == 1
    assert await post.run() == 0
    ((address, secret),) = post.delivered
    assert address == "popkov@ministry.example"
    assert post.is_open(secret)
    (letter,) = post.letters()
    assert (letter.state, letter.seed) == (LetterState.SENT, None)


async def test_a_letter_without_an_address_waits_for_somebody_to_take_it(post: Post) -> None:
    post.inviting.invite(STAFF, NUMBER, [REMOTE])
    assert await post.run() == 0
    assert post.letters()[0].state is LetterState.WAITING


async def test_a_busy_server_is_asked_again_after_a_pause(post: Post) -> None:
    post.inviting.invite(STAFF, NUMBER, [POPKOV])
    post.answers = [LetterDelayed("451 later")]
    await post.run()
    (letter,) = post.letters()
    assert (letter.state, letter.failure) == (LetterState.WAITING, "451 later")
    post.clock.advance(PAUSES[0].total_seconds() - 1)
    assert await post.run() == 0
    post.clock.advance(1)
    assert await post.run() == 1
    assert len(post.delivered) == 1


async def test_a_refused_letter_stays_to_be_taken_by_hand(post: Post) -> None:
    post.inviting.invite(STAFF, NUMBER, [POPKOV])
    post.answers = [LetterRefused("550 no such mailbox")]
    await post.run()
    (letter,) = post.letters()
    assert (letter.state, letter.failure) == (LetterState.FAILED, "550 no such mailbox")
    taken = post.inviting.letter(STAFF, NUMBER, letter.id)
    assert post.is_open(taken.secret)
    assert await post.run() == 0


async def test_one_letter_that_cannot_be_written_holds_back_no_other(post: Post) -> None:
    post.inviting.invite(STAFF, NUMBER, [OFFICE, POPKOV])
    post.answers = [RuntimeError("a bug of ours")]
    await post.run()
    assert {letter.state for letter in post.letters()} == {LetterState.FAILED, LetterState.SENT}


async def test_a_withdrawn_link_does_not_leave(post: Post) -> None:
    post.inviting.invite(STAFF, NUMBER, [POPKOV])
    post.inviting.withdraw(STAFF, NUMBER, [POPKOV])
    assert await post.run() == 0
    assert post.letters()[0].state is LetterState.DROPPED


async def test_a_letter_whose_link_was_ended_elsewhere_does_not_leave(post: Post) -> None:
    post.inviting.invite(STAFF, NUMBER, [POPKOV])
    with post.database.write() as unit:
        unit.invitations.revoke_all_of(NUMBER, POPKOV, post.clock.now())
    await post.run()
    assert post.delivered == []
    assert post.letters()[0].state is LetterState.DROPPED


async def test_whose_link_is_withdrawn_leaves_the_media_room(post: Post) -> None:
    hall = Recipient(RecipientKind.HALL, "kursk")
    post.inviting.invite(STAFF, NUMBER, [POPKOV, hall, OFFICE])
    assert post.turned_out == []
    post.inviting.withdraw(STAFF, NUMBER, [POPKOV, hall, OFFICE])
    assert post.turned_out == ["person-popkov", "hall-kursk"]


async def test_what_was_cancelled_meanwhile_invites_nobody(post: Post) -> None:
    post.inviting.invite(STAFF, NUMBER, [POPKOV])
    with post.database.write() as unit:
        meeting = unit.meetings.find(NUMBER)
        assert meeting is not None
        unit.meetings.put(meeting.moved_to(Phase.CANCELLED, post.clock.now()))
    await post.run()
    assert post.delivered == []
    with post.database.read() as unit:
        assert unit.letters.of_meeting(NUMBER)[0].state is LetterState.DROPPED


async def test_sending_again_ends_the_earlier_link_and_reminding_does_not(post: Post) -> None:
    post.inviting.invite(STAFF, NUMBER, [POPKOV])
    await post.run()
    post.inviting.remind(STAFF, NUMBER, [POPKOV])
    await post.run()
    first, reminder = (secret for _, secret in post.delivered)
    assert first != reminder
    assert post.is_open(first)
    assert post.is_open(reminder)
    post.inviting.invite(STAFF, NUMBER, [POPKOV])
    await post.run()
    assert not post.is_open(first)
    assert not post.is_open(reminder)
    assert post.is_open(post.delivered[2][1])


async def test_who_has_not_answered_is_reminded_once_and_in_time(post: Post) -> None:
    post.remind_before = timedelta(days=2)
    post.inviting.invite(STAFF, NUMBER, [POPKOV])
    await post.run()
    await post.run()
    assert len(post.delivered) == 1
    post.clock.advance(timedelta(days=1).total_seconds())
    await post.run()
    await post.run()
    assert [letter.kind for letter in post.letters()] == [
        LetterKind.REMINDER,
        LetterKind.INVITATION,
    ]
    assert len(post.delivered) == 2


async def test_who_has_answered_is_left_in_peace(post: Post) -> None:
    post.remind_before = timedelta(days=5)
    with post.database.write() as unit:
        meeting = unit.meetings.find(NUMBER)
        assert meeting is not None
        known = ParticipationId("popkov")
        roster = tuple(
            replace(one, answer=Answer.COMING) if one.id == known else one for one in meeting.roster
        )
        unit.meetings.put(replace(meeting, roster=roster))
    post.inviting.invite(STAFF, NUMBER, [POPKOV])
    await post.run()
    await post.run()
    assert len(post.letters()) == 1


async def test_a_round_is_bounded(post: Post) -> None:
    post.inviting.invite(STAFF, NUMBER, [POPKOV])
    for _ in range(AT_ONCE_MAX):
        post.inviting.remind(STAFF, NUMBER, [POPKOV])
    assert await post.run() == AT_ONCE_MAX
    assert await post.run() == 1


async def test_another_key_writes_no_letter_with_a_dead_link(post: Post) -> None:
    post.inviting.invite(STAFF, NUMBER, [POPKOV])
    post.inviting = Inviting(post.database, b"another key", post.clock.now)
    await post.run()
    assert post.delivered == []
    assert post.letters()[0].state is LetterState.FAILED


async def test_what_was_done_is_recorded(post: Post) -> None:
    post.inviting.invite(STAFF, NUMBER, [POPKOV])
    await post.run()
    post.inviting.withdraw(STAFF, NUMBER, [POPKOV])
    with post.database.read() as unit:
        records = unit.audit.of_subject("meeting/67/invitations")
        assert unit.audit.verify().faults == ()
    assert [(record.action, record.actor.name) for record in records] == [
        ("withdraw_links", "Анна"),
        ("letter_sent", "veche"),
        ("invite", "Анна"),
    ]
