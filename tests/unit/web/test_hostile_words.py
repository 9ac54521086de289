"""Words of people stay words in everything that strangers read.

The measure is the same answer with harmless words: the same tags, attributes, properties and
elements in the same order, and the words whole where they belong.
"""

import json
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from urllib.parse import quote
from xml.etree import ElementTree

import feedparser  # type: ignore[import-untyped]
import pytest
import pytest_asyncio
import vobject  # type: ignore[import-untyped]

from tests.support.hostile_meeting import hostile_meeting
from tests.support.hostile_words import HOSTILE_WORDS
from tests.support.house import OpenHouse, open_house

pytestmark = pytest.mark.asyncio(loop_scope="module")

HARMLESS = "Словы"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest_asyncio.fixture(name="opened", scope="module", loop_scope="module")
async def open_for_test(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OpenHouse]:
    """Number 1 is harmless; each other one has one hostile word everywhere."""
    async with open_house(tmp_path_factory.mktemp("hostile")) as opened:
        with opened.database.write() as unit:
            for number, words in enumerate((HARMLESS, *HOSTILE_WORDS), start=1):
                unit.meetings.put(hostile_meeting(number, words=words))
        yield opened


class _Shape(HTMLParser):
    """Tags with the names of their attributes, in order; values and words apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shape: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append(f"<{tag} {' '.join(name for name, _ in attrs)}>")
        self.words += [value for _, value in attrs if value]

    def handle_endtag(self, tag: str) -> None:
        self.shape.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


async def _text(opened: OpenHouse, path: str) -> str:
    answer = await opened.client.get(path)
    assert answer.status_code == 200, path
    return answer.text


@pytest.mark.parametrize("path", ["/m/{}/ru", "/m/{}/embed/ru"])
async def test_no_word_becomes_markup_on_a_page(opened: OpenHouse, path: str) -> None:
    expected = _Shape(await _text(opened, path.format(1)))
    for number, words in enumerate(HOSTILE_WORDS, start=2):
        seen = _Shape(await _text(opened, path.format(number)))
        assert seen.shape == expected.shape, words
        assert words.strip() in seen.words, words


async def test_no_word_becomes_markup_in_the_list(opened: OpenHouse) -> None:
    for page in range(1, 9):
        seen = _Shape(await _text(opened, f"/?page={page}"))
        assert not {"<img", "<svg", "<iframe", "<object"} & {it.split()[0] for it in seen.shape}
        assert sum(it.startswith("<script") for it in seen.shape) == 1


async def test_no_word_becomes_a_property_of_a_calendar(opened: OpenHouse) -> None:
    def names(calendar: str) -> list[str]:
        (event,) = vobject.readOne(calendar).vevent_list
        return sorted(line.name for line in event.lines())

    expected = names(await _text(opened, "/m/1.ics?language=ru"))
    for number, words in enumerate(HOSTILE_WORDS, start=2):
        written = await _text(opened, f"/m/{number}.ics?language=ru")
        assert names(written) == expected, words
        event = vobject.readOne(written).vevent
        assert event.summary.value == words.replace("\\N", "\\n"), words
        assert all(len(line.encode()) <= 75 for line in written.split("\r\n")), words


async def test_no_word_becomes_an_element_of_the_feed(opened: OpenHouse) -> None:
    written = (await opened.client.get("/feed.atom?language=ru")).content
    assert not feedparser.parse(written).bozo
    entries = ElementTree.fromstring(written).findall(f"{ATOM}entry")  # noqa: S314 - our own
    shapes = {tuple(part.tag for part in entry.iter()) for entry in entries}
    assert len(shapes) == 1
    titles = {entry.findtext(f"{ATOM}title") for entry in entries}
    assert titles <= {HARMLESS, *HOSTILE_WORDS}


async def test_no_word_leaves_the_card(opened: OpenHouse) -> None:
    for number, words in enumerate(HOSTILE_WORDS, start=2):
        address = quote(f"http://veche.test/m/{number}/ru", safe="")
        card = json.loads(await _text(opened, f"/oembed?url={address}"))
        assert card["title"] == words
        frame = _Shape(card["html"])
        assert len(frame.shape) == 2, words
        assert frame.shape[0].startswith("<iframe src title width height"), words
        assert words in frame.words
