"""Who gets a place in the media room, and what the place may do."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.clock import Clock
from tests.support.databases import chosen_place
from tests.support.meetings import bridge_meeting
from veche.domain.errors import (
    InvitationExpired,
    InvitationRevoked,
    InvitationUnknown,
    MeetingClosed,
    MeetingNotOpen,
    MeetingUnknown,
    NotOnAir,
    TooManyAttempts,
)
from veche.domain.invitation import SECRET_LETTERS_MAX, Invitation, hash_secret, make_secret
from veche.domain.meeting import MeetingNumber, ParticipationId, Phase, SiteId
from veche.media.port import JoinPass, Permission
from veche.services.admission import TOKEN_LIFETIME, Admission
from veche.services.asking import Asking
from veche.services.attempts import FAILURES_MAX, WINDOW_SECONDS
from veche.services.planning import Planning
from veche.services.rooms import meeting_of, room_of
from veche.store import Database

NUMBER = MeetingNumber(67)


@dataclass
class NotedPasses:
    """A mint that writes down what it was asked for."""

    passes: list[JoinPass] = field(default_factory=list)

    def mint(self, content: JoinPass) -> str:
        self.passes.append(content)
        return f"token-{len(self.passes)}"


@dataclass
class House:
    clock: Clock
    database: Database
    planning: Planning
    mint: NotedPasses
    admission: Admission

    def open_meeting(self, phase: Phase) -> None:
        with self.database.write() as unit:
            unit.meetings.put(bridge_meeting(phase=phase))

    def invite(self, invitation: Invitation) -> str:
        secret = make_secret()
        self.planning.invite(replace(invitation, secret_hash=hash_secret(secret)))
        return secret


HALL = Invitation("", NUMBER, site=SiteId("minsk"))
PERSON = Invitation("", NUMBER, participation=ParticipationId("popkov"))


@pytest.fixture(name="house")
def build_house(tmp_path: Path) -> Iterator[House]:
    clock, mint = Clock(), NotedPasses()
    with chosen_place(tmp_path).open(clock.now) as database:
        yield House(
            clock,
            database,
            Planning(database, clock.now),
            mint,
            Admission(database, mint, Asking(database, clock.now, clock.monotonic), clock.now),
        )


def test_a_link_gives_its_holder_a_place_with_everything_he_may_send(house: House) -> None:
    house.open_meeting(Phase.ON_AIR)
    admitted = house.admission.join(house.invite(PERSON), "192.0.2.1")
    assert admitted.token == "token-1"
    assert house.mint.passes == [
        JoinPass(
            room="meeting-67",
            identity="person-popkov",
            permission=Permission(
                can_publish_data=True,
                sources=frozenset({"camera", "microphone", "screen_share", "screen_share_audio"}),
            ),
            lifetime=TOKEN_LIFETIME,
            name="Сергей Попков",
            attributes={
                "veche.kind": "person",
                "veche.side": "side-1",
                "veche.post": "министр связи и информатизации",
            },
        )
    ]
    assert admitted.expires_at == house.clock.now() + TOKEN_LIFETIME


def test_a_hall_is_known_by_its_site(house: House) -> None:
    house.open_meeting(Phase.ON_AIR)
    house.admission.join(house.invite(HALL), "192.0.2.1")
    assert house.mint.passes[0].identity == "hall-minsk"
    assert house.mint.passes[0].attributes["veche.site"] == "minsk"
    assert "veche.post" not in house.mint.passes[0].attributes


def test_a_token_lives_ten_minutes_at_most() -> None:
    assert timedelta() < TOKEN_LIFETIME <= timedelta(minutes=10)


def test_a_spectator_is_hidden_and_may_send_nothing(house: House) -> None:
    house.open_meeting(Phase.ON_AIR)
    first, second = house.admission.watch(NUMBER), house.admission.watch(NUMBER)
    assert first.place is None
    assert second.place is None
    assert [content.permission for content in house.mint.passes] == [Permission(is_hidden=True)] * 2
    assert house.mint.passes[0].identity != house.mint.passes[1].identity


@pytest.mark.parametrize("phase", [Phase.ANNOUNCED, Phase.ASSEMBLY, Phase.BREAK, Phase.CLOSED])
def test_off_the_air_there_is_nothing_to_watch(house: House, phase: Phase) -> None:
    house.open_meeting(phase)
    with pytest.raises(NotOnAir):
        house.admission.watch(NUMBER)
    assert house.mint.passes == []


@pytest.mark.parametrize("phase", [Phase.DRAFT, Phase.AGREED])
def test_an_unpublished_meeting_answers_like_one_that_is_not_there(
    house: House, phase: Phase
) -> None:
    house.open_meeting(phase)
    for number in (NUMBER, MeetingNumber(68)):
        with pytest.raises(MeetingUnknown):
            house.admission.watch(number)
        with pytest.raises(MeetingUnknown):
            house.planning.announcement(number)


@pytest.mark.parametrize(
    ("phase", "refusal"), [(Phase.ANNOUNCED, MeetingNotOpen), (Phase.CLOSED, MeetingClosed)]
)
def test_a_link_opens_nothing_before_and_after_the_meeting(
    house: House, phase: Phase, refusal: type[Exception]
) -> None:
    house.open_meeting(phase)
    secret = house.invite(PERSON)
    with pytest.raises(refusal):
        house.admission.join(secret, "192.0.2.1")


def test_a_revoked_link_opens_nothing_from_that_moment(house: House) -> None:
    house.open_meeting(Phase.ON_AIR)
    secret = house.invite(PERSON)
    house.admission.join(secret, "192.0.2.1")
    house.planning.revoke(hash_secret(secret))
    with pytest.raises(InvitationRevoked):
        house.admission.join(secret, "192.0.2.1")


def test_a_link_opens_nothing_after_its_hour(house: House) -> None:
    house.open_meeting(Phase.ON_AIR)
    secret = house.invite(replace(PERSON, expires_at=house.clock.now() + timedelta(seconds=1)))
    house.admission.join(secret, "192.0.2.1")
    house.clock.advance(1)
    with pytest.raises(InvitationExpired):
        house.admission.join(secret, "192.0.2.1")


@pytest.mark.parametrize("secret", ["", "x", "x" * SECRET_LETTERS_MAX, "x" * 100_000, "ы\x00"])
def test_a_guess_is_refused(house: House, secret: str) -> None:
    house.open_meeting(Phase.ON_AIR)
    with pytest.raises(InvitationUnknown):
        house.admission.join(secret, "192.0.2.1")


def test_a_guesser_is_stopped_and_nobody_else(house: House) -> None:
    house.open_meeting(Phase.ON_AIR)
    secret = house.invite(PERSON)
    for _ in range(FAILURES_MAX):
        with pytest.raises(InvitationUnknown):
            house.admission.join("guess", "192.0.2.66")
    with pytest.raises(TooManyAttempts) as refused:
        house.admission.join(secret, "192.0.2.66")
    assert refused.value.retry_after_seconds == WINDOW_SECONDS
    house.admission.join(secret, "192.0.2.1")
    house.clock.advance(WINDOW_SECONDS)
    house.admission.join(secret, "192.0.2.66")


def test_keeping_the_words_of_a_meeting_leaves_it_in_its_phase(house: House) -> None:
    house.open_meeting(Phase.ON_AIR)
    house.planning.keep(bridge_meeting(phase=Phase.ASSEMBLY))
    assert house.planning.announcement(NUMBER).phase is Phase.ON_AIR


@pytest.mark.parametrize("room", ["meeting-", "meeting-x", "lobby", "meeting-٣", "67"])
def test_a_foreign_media_room_is_no_meeting(room: str) -> None:
    assert meeting_of(room) is None
    assert meeting_of(room_of(NUMBER)) == NUMBER
