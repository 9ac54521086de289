"""What a meeting is and what its stage shows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.support.meetings import bridge_meeting
from veche.domain.access import Role
from veche.domain.errors import (
    FieldsRefused,
    InvitationExpired,
    InvitationRevoked,
    PhaseNotReachable,
    WordsRefused,
)
from veche.domain.invitation import SECRET_BYTES, Invitation, hash_secret, make_secret
from veche.domain.meeting import MeetingNumber, ParticipationId, Phase, SiteId
from veche.domain.place import Place, site_of
from veche.domain.text import TEXT_LENGTH_MAX, Language, Text

NOON = datetime(2026, 4, 1, 9, tzinfo=UTC)


def test_words_missing_in_a_language_are_read_in_the_meetings_own() -> None:
    words = Text.of(ru="Минск", be="Мінск")
    assert words.in_language(Language.BE, Language.RU) == "Мінск"
    assert words.in_language(Language.EN, Language.RU) == "Минск"


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"de": "Minsk"},
        {"ru": "  "},
        {"ru": "Минск\x00"},
        {"ru": "abc\u202ecba"},
        {"ru": "abc\u2066cba"},
        {"ru": "\ufffe"},
        {"ru": "\ud800"},
        {"ru": "\x9b31m"},
        {"ru": "ы" * (TEXT_LENGTH_MAX + 1)},
    ],
)
def test_words_that_a_sink_could_not_print_are_refused(written: dict[str, str]) -> None:
    with pytest.raises(WordsRefused):
        Text.parse(written)


def test_words_of_the_greatest_length_are_taken() -> None:
    assert Text.of(ru="ы" * TEXT_LENGTH_MAX).in_language(Language.RU)


def test_a_meeting_moves_only_along_its_phases() -> None:
    meeting = bridge_meeting(phase=Phase.ASSEMBLY)
    on_air = meeting.moved_to(Phase.ON_AIR, NOON)
    assert on_air.on_air_since == NOON
    with pytest.raises(PhaseNotReachable):
        meeting.moved_to(Phase.PUBLISHED, NOON)


def test_a_break_does_not_restart_the_clock_of_the_air() -> None:
    meeting = bridge_meeting(phase=Phase.ASSEMBLY).moved_to(Phase.ON_AIR, NOON)
    later = NOON.replace(hour=10)
    assert meeting.moved_to(Phase.BREAK, later).moved_to(Phase.ON_AIR, later).on_air_since == NOON


def test_agenda_hours_follow_from_the_beginning_and_the_lengths() -> None:
    starts = bridge_meeting().item_starts()
    assert [f"{at:%H:%M}" for at in starts] == ["11:00", "11:05"]


def test_an_agenda_without_an_hour_has_no_hours() -> None:
    assert replace(bridge_meeting(), starts_at=None).item_starts() == ()


def test_a_person_in_a_foreign_hall_is_refused_by_field() -> None:
    meeting = bridge_meeting()
    lost = replace(meeting.roster[0], site=SiteId("kursk"))
    with pytest.raises(FieldsRefused) as refused:
        replace(meeting, roster=(lost,))
    assert refused.value.fields == {"roster[0].site": "foreign_hall"}


def test_a_link_carries_more_than_128_bits_and_only_its_hash_is_kept() -> None:
    assert SECRET_BYTES * 8 >= 128
    secret = make_secret()
    assert secret != make_secret()
    assert secret not in hash_secret(secret)


def test_a_link_ends_at_its_hour_and_at_once_when_revoked() -> None:
    link = Invitation("hash", MeetingNumber(67), site=SiteId("minsk"), expires_at=NOON)
    link.require_open(NOON.replace(hour=8))
    with pytest.raises(InvitationExpired):
        link.require_open(NOON)
    with pytest.raises(InvitationRevoked):
        replace(link, revoked_at=NOON).require_open(NOON.replace(hour=8))


def test_a_place_is_the_same_each_time_a_link_is_opened() -> None:
    meeting = bridge_meeting()
    hall = Place.opened_by(Invitation("hash", meeting.number, site=SiteId("minsk")), meeting)
    person = Place.opened_by(
        Invitation("hash", meeting.number, participation=ParticipationId("popkov")), meeting
    )
    assert (hall.identity, hall.role, hall.site) == ("hall-minsk", Role.HALL, "minsk")
    assert (person.identity, person.role, person.site) == ("person-popkov", Role.CO_CHAIR, None)
    assert site_of(hall.identity) == SiteId("minsk")
    assert site_of(person.identity) is None
