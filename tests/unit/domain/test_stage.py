"""Who fills the picture: it follows from the layout, the floor, and who has been lost."""

from dataclasses import replace

import pytest

from tests.support.meetings import bridge_meeting, conducted_meeting
from veche.domain.meeting import Participation, Phase, SideId, SiteId
from veche.domain.stage import (
    GRID_CELLS_MAX,
    Endpoint,
    Layout,
    Picture,
    Shown,
    Source,
    Title,
    opening_picture,
    staged,
)
from veche.domain.text import Language, Text

MEETING = conducted_meeting()
MINSK = Endpoint(SideId("side-1"), site=SiteId("minsk"))
KURSK = Endpoint(SideId("side-2"), site=SiteId("kursk"))
ALONE = Endpoint.of(MEETING.roster[3])


def cells(layout: Layout, shown: Shown | None = None, featured: Endpoint | None = None):  # type: ignore[no-untyped-def]
    stage = staged(Picture(layout, featured), MEETING, shown or Shown(), 1)
    return [(cell.role, cell.endpoint) for cell in stage.cells]


def test_two_halls_of_two_sides_are_bridged_with_the_host_on_the_left() -> None:
    assert opening_picture(MEETING).layout is Layout.BRIDGE
    assert cells(Layout.BRIDGE) == [("side-1", MINSK), ("side-2", KURSK)]


def test_another_host_changes_places() -> None:
    swapped = replace(MEETING, sides=MEETING.sides[::-1])
    stage = staged(Picture(Layout.BRIDGE), swapped, Shown(), 1)
    assert [cell.endpoint for cell in stage.cells] == [KURSK, MINSK]


def test_three_sides_make_a_grid() -> None:
    brest = replace(MEETING.sides[0].sites[0], id=SiteId("brest"))
    third = replace(MEETING.sides[0], id=SideId("side-3"), sites=(brest,))
    meeting = replace(MEETING, sides=(*MEETING.sides, third))
    assert opening_picture(meeting).layout is Layout.GRID


def test_the_speaker_is_who_has_the_floor_else_who_leads_else_the_host() -> None:
    assert cells(Layout.SPEAKER) == [("speaker", MINSK)]
    assert cells(Layout.SPEAKER, Shown(chair=KURSK)) == [("speaker", KURSK)]
    assert cells(Layout.SPEAKER, Shown(floor=(MINSK, ALONE), chair=KURSK)) == [("speaker", ALONE)]
    assert cells(Layout.SPEAKER, Shown(floor=(MINSK,)), KURSK) == [("speaker", KURSK)]


def test_beside_the_speaker_stands_a_hall_of_the_other_side() -> None:
    assert cells(Layout.SPEAKER_HALL, Shown(floor=(KURSK,))) == [
        ("speaker", KURSK),
        ("other hall", MINSK),
    ]
    assert cells(Layout.SPEAKER_HALL, Shown(floor=(ALONE,)))[1] == ("other hall", KURSK)


def test_slides_come_from_who_shows_them() -> None:
    stage = staged(Picture(Layout.SLIDES_SPEAKER), MEETING, Shown(floor=(MINSK,), slides=KURSK), 1)
    assert [(cell.endpoint, cell.source) for cell in stage.cells] == [
        (KURSK, Source.SCREEN_SHARE),
        (MINSK, Source.CAMERA),
    ]


def test_one_who_speaks_alone_has_a_place_in_a_full_grid() -> None:
    side = MEETING.sides[0]
    halls = tuple(
        replace(side.sites[0], id=SiteId("minsk" if n == 0 else f"hall-{n}"))
        for n in range(GRID_CELLS_MAX)
    )
    meeting = replace(MEETING, sides=(replace(side, sites=halls), MEETING.sides[1]))
    stage = staged(Picture(Layout.GRID), meeting, Shown(floor=(ALONE,)), 1)
    assert len(stage.cells) == GRID_CELLS_MAX
    assert stage.cells[-1].endpoint == ALONE


def test_a_lost_hall_keeps_its_place_and_who_has_the_floor_his_line() -> None:
    shown = Shown(floor=(KURSK,), lost=frozenset({KURSK}))
    stage = staged(Picture(Layout.BRIDGE), MEETING, shown, 1)
    assert [(cell.is_lost, cell.is_speaking) for cell in stage.cells] == [
        (False, False),
        (True, True),
    ]


def test_no_title_stands_over_a_card() -> None:
    title = Title.naming(MEETING.roster[0])
    shown = Shown(title=title, speaker=title)
    assert staged(Picture(Layout.BRIDGE), MEETING, shown, 1).title == title
    assert staged(Picture(Layout.HOLDING), MEETING, shown, 1).title is None


@pytest.mark.parametrize(("short", "shown"), [(None, "Заместитель"), ("Зам.", "Зам.")])
def test_a_plate_takes_the_short_post_where_there_is_one(short: str | None, shown: str) -> None:
    person = replace(
        MEETING.roster[0],
        post=Text.of(ru="Заместитель"),
        short_post=Text.of(ru=short) if short else None,
    )
    assert Title.naming(person).post.in_language(Language.RU) == shown


def test_a_group_is_named_by_its_post() -> None:
    veterans = MEETING.roster[2]
    assert Title.naming(veterans).name.in_language(Language.RU) == "ветераны"


def test_how_a_state_was_come_to_makes_no_other_state() -> None:
    stage = staged(Picture(Layout.BRIDGE), MEETING, Shown(), 1)
    assert stage.shows_same(replace(stage, sequence=9))


def test_a_meeting_with_one_hall_and_somebody_alone_is_no_bridge() -> None:
    meeting = bridge_meeting(phase=Phase.ON_AIR)
    guests: tuple[Participation, ...] = meeting.roster
    lonely = replace(
        meeting, roster=guests, sides=(meeting.sides[0], replace(meeting.sides[1], sites=()))
    )
    assert opening_picture(lonely).layout is Layout.GRID
