"""The version for weak sight: by a link, remembered, and never in anybody else's way."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        opened.keep(bridge_meeting())
        yield opened


async def _root(opened: OpenHouse, path: str) -> str:
    page = (await opened.client.get(path)).text
    return page[page.index("<html") : page.index("<head>")]


async def test_a_link_gives_it_and_the_next_page_remembers(opened: OpenHouse) -> None:
    asked = await _root(opened, "/m/67/ru?sight=largest-dark")
    assert 'data-text="largest"' in asked
    assert 'data-contrast="inverse"' in asked
    assert await _root(opened, "/m/67/ru") == asked
    assert 'data-text="largest"' in await _root(opened, "/")
    assert 'data-text="largest"' in await _root(opened, "/nothing")


async def test_going_back_to_the_usual_one_forgets(opened: OpenHouse) -> None:
    await opened.client.get("/m/67/ru?sight=large-light")
    assert "data-text" not in await _root(opened, "/m/67/ru?sight=usual-usual")
    assert "data-text" not in await _root(opened, "/m/67/ru")
    assert not opened.client.cookies


async def test_who_refuses_cookies_has_the_page_all_the_same(opened: OpenHouse) -> None:
    await opened.client.get("/m/67/ru?sight=large-light")
    opened.client.cookies.clear()
    assert 'data-contrast="more"' in await _root(opened, "/m/67/ru?sight=large-light")
    opened.client.cookies.clear()
    assert "data-contrast" not in await _root(opened, "/m/67/ru")


@pytest.mark.parametrize(
    "asked", ["", "large", "large-", "-", "huge-dark", '"><script>', "x" * 999]
)
async def test_nonsense_is_the_usual_page(opened: OpenHouse, asked: str) -> None:
    answer = await opened.client.get("/m/67/ru", params={"sight": asked})
    assert answer.status_code == 200
    assert "data-contrast" not in answer.text
    assert "<script>" not in answer.text


async def test_one_reader_s_choice_is_not_another_s_page(opened: OpenHouse) -> None:
    usual = await opened.client.get("/m/67/ru")
    large = await opened.client.get("/m/67/ru?sight=large-light")
    opened.client.cookies.clear()
    assert usual.headers["etag"] != large.headers["etag"]
    assert "Cookie" in usual.headers["vary"]
    assert (await opened.client.get("/m/67/ru")).headers["etag"] == usual.headers["etag"]


async def test_the_cookie_is_the_servers_alone(opened: OpenHouse) -> None:
    given = (await opened.client.get("/m/67/ru?sight=large-light")).headers["set-cookie"]
    assert "HttpOnly" in given
    assert "SameSite=lax" in given
    assert "set-cookie" not in (await opened.client.get("/m/67/ru")).headers
