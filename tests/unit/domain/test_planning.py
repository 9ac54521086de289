"""What a plan lacks, what its sums say, and what may not contradict itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.support.meetings import bridge_meeting
from veche.demo.meeting import demo_meeting
from veche.domain.agenda import AGENDA_MAX, AgendaItem, ItemKind
from veche.domain.agreement import (
    Acceptance,
    Agreement,
    Remark,
    RemarkId,
    Standing,
    accepted,
    mark_of,
    remarked,
    standing_of,
    text_of,
)
from veche.domain.directory import (
    Held,
    Numbering,
    Person,
    Post,
    Series,
    next_ordinal,
    posts_of_another_day,
)
from veche.domain.errors import FieldsRefused, NotReady
from veche.domain.identity import (
    BodyId,
    ItemId,
    OrganisationId,
    ParticipationId,
    PersonId,
    PostId,
    SeriesId,
    SideId,
    SiteId,
)
from veche.domain.meeting import Meeting, Participation, Phase, RecordPolicy, Webcast
from veche.domain.plain import from_plain, plain
from veche.domain.planning import findings, require_ready, sums
from veche.domain.roster import ROSTER_MAX, PersonName
from veche.domain.sides import SIDES_MAX, Side
from veche.domain.text import Language, Text

NOON = datetime(2026, 4, 1, 9, tzinfo=UTC)
OWNER = OrganisationId("ministry")


def codes(meeting: Meeting) -> set[str]:
    return {finding.code for finding in findings(meeting)}


@pytest.mark.parametrize(
    ("change", "code", "before"),
    [
        ({"day": None, "starts_at": None}, "day_missing", Phase.AGREED),
        ({"sides": bridge_meeting().sides[:1], "roster": ()}, "second_side_missing", Phase.AGREED),
        ({"lead": None}, "lead_missing", Phase.ANNOUNCED),
        ({"roster": bridge_meeting().roster[:1]}, "leader_missing", Phase.ANNOUNCED),
        ({"starts_at": None}, "hour_missing", Phase.SOUND_CHECK),
        ({"legal_ground": None}, "legal_ground_missing", Phase.SOUND_CHECK),
        ({"record": RecordPolicy.PROGRAMME}, "retention_missing", Phase.SOUND_CHECK),
        ({"agenda": ()}, "programme_missing", Phase.ASSEMBLY),
        ({"background": ()}, "background_missing", None),
    ],
)
def test_what_is_lacking_keeps_from_the_first_phase_that_needs_it(
    change: dict[str, Any], code: str, before: Phase | None
) -> None:
    whole = replace(bridge_meeting(phase=Phase.DRAFT), legal_ground="закон")
    assert code not in codes(whole)
    lacking = replace(whole, **change)
    [finding] = [it for it in findings(lacking) if it.code == code]
    assert finding.before is before
    if before is None:
        require_ready(lacking, Phase.ON_AIR)
        return
    with pytest.raises(NotReady) as refused:
        require_ready(lacking, before)
    assert code in refused.value.lacks
    earlier = list(Phase)[: list(Phase).index(before)]
    assert not any(finding.blocks(phase) for phase in earlier)


def test_a_meeting_that_is_neither_shown_nor_recorded_needs_no_legal_ground() -> None:
    meeting = replace(bridge_meeting(phase=Phase.DRAFT), webcast=Webcast.NONE)
    assert "legal_ground_missing" not in codes(meeting)


def test_the_sums_tell_the_end_and_the_time_of_each_side() -> None:
    meeting = bridge_meeting()
    assert meeting.starts_at is not None
    opening, greeting = meeting.agenda
    rest = AgendaItem(ItemId("rest"), ItemKind.BREAK, Text.of(ru="Перерыв"), timedelta(minutes=10))
    meeting = replace(
        meeting,
        agenda=(opening, rest, replace(greeting, side=SideId("side-1"))),
        ends_at=meeting.starts_at + timedelta(minutes=20),
    )
    total = sums(meeting)
    assert total.length == timedelta(minutes=22)
    assert total.over == timedelta(minutes=2)
    assert total.by_side == (("side-1", timedelta(minutes=7)), ("side-2", timedelta()))
    assert total.together == timedelta(minutes=5), "a break is nobody's time"
    assert "ends_late" in codes(meeting)
    assert "ends_late" not in codes(replace(meeting, agenda=meeting.agenda[:2]))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"ends_at": NOON}, ("ends_at", "end_before_start")),
        ({"ends_at": NOON + timedelta(days=8)}, ("ends_at", "too_long")),
        ({"starts_at": None, "ends_at": NOON}, ("ends_at", "end_without_start")),
        ({"day": None}, ("day", "hour_without_day")),
        ({"ordinal": 0}, ("ordinal", "out_of_range")),
    ],
)
def test_times_that_contradict_are_refused_by_field(
    change: dict[str, Any], fault: tuple[str, str]
) -> None:
    meeting = replace(bridge_meeting(phase=Phase.DRAFT), starts_at=NOON)
    with pytest.raises(FieldsRefused) as refused:
        replace(meeting, **change)
    assert refused.value.fields == dict([fault])


def test_every_fault_is_told_at_once() -> None:
    meeting = bridge_meeting(phase=Phase.DRAFT)
    first = replace(meeting.roster[0], site=SiteId("kursk"))
    second = replace(meeting.roster[1], side=SideId("side-9"), count=0, leads_side=False)
    with pytest.raises(FieldsRefused) as refused:
        replace(meeting, roster=(first, second, replace(first, leads_side=False)))
    assert refused.value.fields == {
        "roster[0].site": "foreign_hall",
        "roster[1].side": "unknown_side",
        "roster[1].count": "out_of_range",
        "roster[1].name": "group_with_name",
        "roster[2].id": "twice",
        "roster[2].site": "foreign_hall",
    }


@pytest.mark.parametrize(
    ("field", "limit"), [("sides", SIDES_MAX), ("roster", ROSTER_MAX), ("agenda", AGENDA_MAX)]
)
def test_limits_hold_at_the_limit_and_not_beyond(field: str, limit: int) -> None:
    def with_many(count: int) -> Meeting:
        makers: dict[str, Callable[[int], object]] = {
            "sides": lambda n: Side(SideId(f"side-{n + 1}"), Text.of(ru="Сторона"), ()),
            "roster": lambda n: Participation(
                ParticipationId(f"p{n}"), SideId("side-1"), Text.of(ru="участник")
            ),
            "agenda": lambda n: AgendaItem(
                ItemId(f"i{n}"), ItemKind.SPEECH, Text.of(ru="Речь"), timedelta(minutes=1)
            ),
        }
        meeting = replace(bridge_meeting(phase=Phase.DRAFT), roster=(), agenda=())
        values: dict[str, Any] = {field: tuple(makers[field](number) for number in range(count))}
        return replace(meeting, **values)

    for count in (limit - 1, limit):
        assert len(getattr(with_many(count), field)) == count
    with pytest.raises(FieldsRefused) as refused:
        with_many(limit + 1)
    assert refused.value.fields == {field: "too_many"}


def test_a_name_is_written_as_each_place_needs_it() -> None:
    name = PersonName(
        surname=Text.of(be="Папкоў", ru="Попков", en="Popkov"),
        given=Text.of(be="Сяргей", ru="Сергей"),
        patronymic=Text.of(ru="Петрович"),
    )
    assert name.spoken().as_mapping() == {
        "be": "Сяргей Папкоў",
        "ru": "Сергей Попков",
        "en": "Popkov",
    }
    assert name.listed().in_language(Language.RU) == "Попков Сергей Петрович"
    assert name.with_initials().in_language(Language.RU) == "С.\u00a0П.\u00a0Попков"
    assert name.with_initials().in_language(Language.BE) == "С.\u00a0Папкоў"


@pytest.mark.parametrize("meeting", [demo_meeting(), bridge_meeting(phase=Phase.ON_AIR)])
def test_a_meeting_as_plain_data_is_the_same_meeting_again(meeting: Meeting) -> None:
    assert from_plain(Meeting, plain(meeting)) == meeting


def test_an_acceptance_holds_while_the_text_is_the_one_that_was_accepted() -> None:
    meeting = bridge_meeting(phase=Phase.DRAFT)
    side = SideId("side-1")
    agreement = accepted(
        Agreement(meeting.number), Acceptance(side, "С. Попков", NOON, 1, text_of(meeting))
    )
    shorter = replace(meeting, agenda=meeting.agenda[:1])
    assert standing_of(agreement, meeting, side) is Standing.ACCEPTED
    assert standing_of(agreement, shorter, side) is Standing.ASKED_AGAIN
    assert mark_of(shorter) != mark_of(meeting)
    seated = replace(meeting, roster=(replace(meeting.roster[0], seat="1"), *meeting.roster[1:]))
    assert standing_of(agreement, seated, side) is Standing.ACCEPTED


def test_an_acceptance_settles_what_the_side_has_said_and_no_other_side() -> None:
    meeting = bridge_meeting(phase=Phase.DRAFT)
    agreement = Agreement(meeting.number)
    for side in ("side-1", "side-2"):
        remark = Remark(RemarkId(side), SideId(side), "Аппарат", NOON, "Просим слова.")
        agreement = remarked(agreement, remark)
    agreement = accepted(
        agreement, Acceptance(SideId("side-1"), "С. Попков", NOON, 1, text_of(meeting))
    )
    assert [remark.closed_at for remark in agreement.remarks] == [NOON, None]


@pytest.mark.parametrize(
    ("numbering", "day", "expected"),
    [
        (Numbering.ALL, date(2026, 1, 1), 14),
        (Numbering.ALL, None, 14),
        (Numbering.WITHIN_YEAR, date(2025, 6, 1), 14),
        (Numbering.WITHIN_YEAR, date(2026, 6, 1), 1),
    ],
)
def test_the_next_number_of_a_series_is_proposed(
    numbering: Numbering, day: date | None, expected: int
) -> None:
    series = Series(
        SeriesId("s"), OWNER, BodyId("b"), Text.of(ru="Заседания"), numbering, first_ordinal=12
    )
    held = [Held(13, date(2025, 3, 1)), Held(None, None), Held(12, date(2025, 1, 1))]
    assert next_ordinal(series, held, day) == expected


def test_the_first_number_of_a_series_follows_those_held_on_paper() -> None:
    series = Series(SeriesId("s"), OWNER, BodyId("b"), Text.of(ru="Заседания"), first_ordinal=12)
    assert next_ordinal(series, [], None) == 12


@pytest.mark.parametrize(
    ("day", "is_doubtful"),
    [(date(2016, 4, 1), False), (date(2018, 8, 18), False), (date(2018, 8, 19), True)],
)
def test_a_post_is_doubtful_from_the_day_after_its_last(day: date, is_doubtful: bool) -> None:
    meeting = bridge_meeting(phase=Phase.DRAFT)
    minister = replace(meeting.roster[0], person=PersonId("popkov"))
    person = Person(
        PersonId("popkov"),
        OWNER,
        PersonName(Text.of(ru="Попков")),
        (
            Post(PostId("1"), minister.post, until=date(2018, 8, 18)),
            Post(PostId("2"), Text.of(ru="советник"), since=date(2018, 8, 19)),
        ),
    )
    meeting = replace(meeting, day=day, starts_at=None, roster=(minister,))
    told = list(posts_of_another_day(meeting, [person]))
    assert told == ([(0, Text.of(ru="советник"))] if is_doubtful else [])
