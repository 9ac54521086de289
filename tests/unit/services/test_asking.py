"""From a session or a link to who asks, and the moment when it stops."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.clock import Clock
from tests.support.databases import chosen_place
from tests.support.meetings import bridge_meeting
from veche.domain.access import Role
from veche.domain.account import (
    IDLE_MAX,
    SEEN_STEP,
    SESSION_MAX,
    Account,
    AccountId,
    Assignment,
    GlobalRole,
    MeetingRole,
    Session,
    SessionId,
)
from veche.domain.actor import ActorKind
from veche.domain.errors import (
    InvitationExpired,
    InvitationRevoked,
    InvitationUnknown,
    NotSignedIn,
    TooManyAttempts,
)
from veche.domain.invitation import Invitation, hash_secret, make_secret
from veche.domain.meeting import MeetingNumber, OrganisationId, ParticipationId, SiteId
from veche.services.asking import Asking
from veche.services.attempts import FAILURES_MAX
from veche.store import Database

NUMBER = MeetingNumber(67)
ANNA = Account(AccountId("anna"), "anna", "Анна", GlobalRole.ORGANISER, OrganisationId("ministry"))
HOME = "192.0.2.1"


@dataclass
class House:
    clock: Clock
    database: Database
    asking: Asking

    def sign_in(self, session: str = "s-1") -> str:
        token = make_secret()
        now = self.clock.now()
        with self.database.write() as unit:
            unit.sessions.add(
                Session(SessionId(session), hash_secret(token), ANNA.id, now, now, "Chromium")
            )
        return token

    def invite(self, invitation: Invitation) -> str:
        secret = make_secret()
        with self.database.write() as unit:
            unit.invitations.put(replace(invitation, secret_hash=hash_secret(secret)))
        return secret


@pytest.fixture(name="house")
def build_house(tmp_path: Path) -> Iterator[House]:
    clock = Clock()
    with chosen_place(tmp_path).open(clock.now) as database:
        with database.write() as unit:
            unit.meetings.put(bridge_meeting())
            unit.accounts.add(ANNA, None)
        yield House(clock, database, Asking(database, clock.now, clock.monotonic))


def test_a_session_is_its_account_with_all_its_assignments(house: House) -> None:
    with house.database.write() as unit:
        unit.accounts.assign(Assignment(NUMBER, ANNA.id, MeetingRole.SECRETARY))
    asker = house.asking.by_session(house.sign_in(), "request").asker
    assert asker.actor == ANNA.actor
    assert (asker.role, asker.organisation) == (Role.ORGANISER, "ministry")
    assert asker.assignments == {(NUMBER, Role.SECRETARY)}
    assert asker.request_id == "request"


def test_an_unknown_token_is_nobody(house: House) -> None:
    house.sign_in()
    with pytest.raises(NotSignedIn):
        house.asking.by_session(make_secret())


def test_a_session_ends_when_idle_and_use_prolongs_it(house: House) -> None:
    token = house.sign_in()
    house.clock.advance(IDLE_MAX.total_seconds() - 1)
    house.asking.by_session(token)
    house.clock.advance(IDLE_MAX.total_seconds() - 1)
    house.asking.by_session(token)
    house.clock.advance(IDLE_MAX.total_seconds())
    with pytest.raises(NotSignedIn):
        house.asking.by_session(token)


def test_a_session_ends_at_last_however_much_it_is_used(house: House) -> None:
    token = house.sign_in()
    step = timedelta(hours=1)
    for _ in range(SESSION_MAX // step - 1):
        house.clock.advance(step.total_seconds())
        house.asking.by_session(token)
    house.clock.advance(step.total_seconds())
    with pytest.raises(NotSignedIn):
        house.asking.by_session(token)


def test_use_is_written_down_once_a_step(house: House) -> None:
    token = house.sign_in()
    began = house.clock.now()
    for seconds, seen in ((SEEN_STEP.total_seconds() - 1, False), (1, True)):
        house.clock.advance(seconds)
        house.asking.by_session(token)
        with house.database.read() as unit:
            (session,) = unit.sessions.of_account(ANNA.id)
        assert (session.seen_at != began) is seen


def test_a_disabled_account_is_nobody_with_its_next_request(house: House) -> None:
    token = house.sign_in()
    asker = house.asking.by_session(token).asker
    assert house.asking.is_open(asker, hash_secret(token))
    with house.database.write() as unit:
        unit.accounts.save(replace(ANNA, disabled_at=house.clock.now()))
    assert not house.asking.is_open(asker, hash_secret(token))
    with pytest.raises(NotSignedIn):
        house.asking.by_session(token)


def test_a_link_is_one_place_in_one_meeting(house: House) -> None:
    secret = house.invite(Invitation("", NUMBER, participation=ParticipationId("popkov")))
    asker = house.asking.by_link(secret, HOME)
    assert asker.actor.kind is ActorKind.LINK
    assert (asker.actor.id, asker.actor.name) == ("67/person-popkov", "Сергей Попков")
    assert (asker.role, asker.meeting, asker.side) == (Role.CO_CHAIR, NUMBER, "side-1")
    assert asker.participation == "popkov"


def test_a_link_ends_at_once_when_it_is_revoked(house: House) -> None:
    secret = house.invite(Invitation("", NUMBER, site=SiteId("minsk")))
    asker = house.asking.by_link(secret, HOME)
    assert house.asking.is_open(asker, hash_secret(secret))
    with house.database.write() as unit:
        unit.invitations.revoke(hash_secret(secret), house.clock.now())
    assert not house.asking.is_open(asker, hash_secret(secret))
    with pytest.raises(InvitationRevoked):
        house.asking.by_link(secret, HOME)


def test_guesses_are_few_and_an_ended_link_is_no_guess(house: House) -> None:
    ended = house.invite(Invitation("", NUMBER, site=SiteId("minsk"), expires_at=house.clock.now()))
    for _ in range(FAILURES_MAX + 1):
        with pytest.raises(InvitationExpired):
            house.asking.by_link(ended, HOME)
    for guess in ["", *(f"guess {n}" for n in range(FAILURES_MAX - 1))]:
        with pytest.raises(InvitationUnknown):
            house.asking.by_link(guess, HOME)
    with pytest.raises(TooManyAttempts):
        house.asking.by_link(ended, HOME)
