"""The front page: what comes, soonest first, then what was, as far back as one likes."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from veche.domain.meeting import Meeting, Phase
from veche.services.announcing import PAGE_NOTICES, PAGES_MAX

TODAY = date(2026, 4, 1)


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        yield opened


def _on(number: int, day: date, phase: Phase = Phase.ANNOUNCED) -> Meeting:
    starts_at = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    return replace(bridge_meeting(number=number, phase=phase), day=day, starts_at=starts_at)


async def _numbers(opened: OpenHouse, path: str = "/") -> list[int]:
    page = (await opened.client.get(path, headers={"Accept-Language": "ru"})).text
    return [int(number) for number in re.findall(r'href="/m/(\d+)/ru"', page)]


async def test_an_empty_house_says_so(opened: OpenHouse) -> None:
    page = (await opened.client.get("/", headers={"Accept-Language": "ru"})).text
    assert "Пока ничего не объявлено." in page


async def test_what_comes_stands_first_and_the_latest_of_the_past_next(opened: OpenHouse) -> None:
    opened.keep(_on(1, TODAY - timedelta(days=2), Phase.CLOSED))
    opened.keep(_on(2, TODAY + timedelta(days=9)))
    opened.keep(_on(3, TODAY + timedelta(days=1)))
    opened.keep(_on(4, TODAY - timedelta(days=1), Phase.CLOSED))
    opened.keep(_on(5, TODAY - timedelta(days=900), Phase.ON_AIR))
    opened.keep(_on(6, TODAY, Phase.CLOSED))
    assert await _numbers(opened) == [5, 3, 2, 6, 4, 1]


async def test_what_is_not_announced_is_not_there(opened: OpenHouse) -> None:
    opened.keep(_on(1, TODAY, Phase.DRAFT))
    opened.keep(_on(2, TODAY, Phase.AGREED))
    assert await _numbers(opened) == []


async def test_every_meeting_stands_on_one_page_once(opened: OpenHouse) -> None:
    for number in range(1, PAGE_NOTICES + 6):
        opened.keep(_on(number, TODAY + timedelta(days=number)))
    for number in range(101, 101 + PAGE_NOTICES):
        opened.keep(_on(number, TODAY - timedelta(days=number), Phase.CLOSED))
    pages = [await _numbers(opened, f"/?page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [PAGE_NOTICES, PAGE_NOTICES, 5]
    everything = [number for page in pages for number in page]
    assert everything == [*range(1, PAGE_NOTICES + 6), *range(101, 101 + PAGE_NOTICES)]
    first = (await opened.client.get("/")).text
    last = (await opened.client.get("/?page=3")).text
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last


async def test_a_page_that_is_full_to_the_last_line_has_no_next(opened: OpenHouse) -> None:
    for number in range(1, PAGE_NOTICES + 1):
        opened.keep(_on(number, TODAY + timedelta(days=number)))
    assert 'rel="next"' not in (await opened.client.get("/")).text


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "٣", str(PAGES_MAX + 1), "9" * 40])
async def test_a_page_that_cannot_be_is_not_found(opened: OpenHouse, page: str) -> None:
    assert (await opened.client.get(f"/?page={page}")).status_code == 404


async def test_the_furthest_page_is_empty_and_well(opened: OpenHouse) -> None:
    assert (await opened.client.get(f"/?page={PAGES_MAX}")).status_code == 200
