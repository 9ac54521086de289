"""The card for other sites: what it lets them do, and that no other page may be framed."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from veche.domain.meeting import Phase


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        opened.keep(bridge_meeting())
        yield opened


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def _tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = _Tags()
    reader.feed(page)
    return reader.found


def _oembed(url: str, **more: str) -> str:
    return f"/oembed?url={quote(url, safe='')}" + "".join(f"&{k}={v}" for k, v in more.items())


async def test_a_page_names_its_card_and_the_card_is_a_frame_of_ours(opened: OpenHouse) -> None:
    page = (await opened.client.get("/m/67/ru")).text
    (address,) = [
        attributes["href"]
        for tag, attributes in _tags(page)
        if attributes.get("type") == "application/json+oembed"
    ]
    assert address
    card = (await opened.client.get(address)).json()
    assert card["version"] == "1.0"
    assert card["type"] == "rich"
    assert card["title"] == "Совещание двух сторон"
    ((tag, attributes),) = _tags(card["html"])
    assert tag == "iframe"
    assert attributes["src"] == "http://veche.test/m/67/embed/ru"
    assert int(attributes["width"] or 0) == card["width"]
    assert (await opened.client.get(attributes["src"])).status_code == 200


async def test_the_frame_is_words_and_one_link_and_runs_nothing(opened: OpenHouse) -> None:
    page = (await opened.client.get("/m/67/embed/ru")).text
    assert "Совещание двух сторон" in page
    assert "Минск, начало в 11:00 (UTC+3)" in page
    tags = _tags(page)
    assert {tag for tag, _ in tags}.isdisjoint({"script", "iframe", "form", "img", "video"})
    links = [attributes for tag, attributes in tags if tag == "a"]
    assert [link["href"] for link in links] == ["http://veche.test/m/67/ru"]
    assert [link["target"] for link in links] == ["_blank"]


async def test_everybody_may_frame_the_card_and_nothing_else(opened: OpenHouse) -> None:
    headers = (await opened.client.get("/m/67/embed/ru")).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "connect-src" not in policy
    assert "x-frame-options" not in headers
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    for path in ("/", "/m/67/ru", "/m/1/embed/ru", "/oembed", "/feed.atom", "/m/67.ics"):
        refused = (await opened.client.get(path)).headers
        assert "frame-ancestors 'none'" in refused["content-security-policy"], path
        assert refused["x-frame-options"] == "DENY", path


@pytest.mark.parametrize(
    ("embedding", "policy"),
    [
        ((), "frame-ancestors 'none'"),
        (("https://ministry.example",), "frame-ancestors https://ministry.example"),
    ],
)
async def test_the_operator_says_who_may_frame_it(
    tmp_path: Path, embedding: tuple[str, ...], policy: str
) -> None:
    async with open_house(tmp_path, embedding=embedding) as opened:
        opened.keep(bridge_meeting())
        headers = (await opened.client.get("/m/67/embed/ru")).headers
        assert headers["content-security-policy"].endswith(policy)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://veche.test",
        "http://veche.test/",
        "http://veche.test/m/",
        "http://veche.test/m/067",
        "http://veche.test/m/67/de",
        "http://veche.test/m/67/be/more",
        "http://veche.test.evil/m/67",
        "https://veche.test/m/67",
        "http://veche.test@evil/m/67",
        "http://[::1/m/67",
        "javascript:alert(1)",
    ],
)
async def test_an_address_that_is_not_of_a_meeting_has_no_card(opened: OpenHouse, url: str) -> None:
    assert (await opened.client.get(_oembed(url))).status_code == 404


async def test_another_form_is_not_spoken(opened: OpenHouse) -> None:
    answer = await opened.client.get(_oembed("http://veche.test/m/67", format="xml"))
    assert answer.status_code == 501


@pytest.mark.parametrize(
    ("asked", "given"),
    [("400", 400), ("10", 280), ("5000", 640), ("-1", 640), ("many", 640), ("", 640)],
)
async def test_the_card_keeps_to_the_width_that_is_asked(
    opened: OpenHouse, asked: str, given: int
) -> None:
    answer = await opened.client.get(_oembed("http://veche.test/m/67/be", maxwidth=asked))
    assert answer.json()["width"] == given


async def test_a_draft_and_an_unknown_number_are_alike(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting(number=1, phase=Phase.DRAFT))
    for one, other in (
        ("/m/1/embed/ru", "/m/2/embed/ru"),
        (_oembed("http://veche.test/m/1"), _oembed("http://veche.test/m/2")),
        (_oembed("http://veche.test/m/1/ru"), _oembed("http://veche.test/m/2/ru")),
    ):
        unpublished, unknown = await opened.client.get(one), await opened.client.get(other)
        assert unpublished.status_code == unknown.status_code == 404
        assert unpublished.content == unknown.content
        assert dict(unpublished.headers) == dict(unknown.headers)
