"""The public page of the demonstration against the announcement it is made of, fact by fact."""

import html
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.house import OpenHouse, open_house
from veche.demo.meeting import demo_meeting
from veche.domain.text import Language

Listed = dict[str, Any]  # lines of the list
_LIST: Final[Listed] = json.loads(
    (Path(__file__).parents[2] / "corpus" / "source_facts.json").read_text("utf-8")
)


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        opened.keep(demo_meeting())
        yield opened


async def _words_of_page(opened: OpenHouse, language: Language) -> str:
    """What a reader reads, without marks and with plain spaces."""
    page = (await opened.client.get(f"/m/67/{language}")).text
    body = page.partition("<body")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("language", Language)
async def test_the_page_carries_each_fact_of_the_announcement(
    opened: OpenHouse, language: Language
) -> None:
    page = await _words_of_page(opened, language)
    missing = [fact["fact"] for fact in _LIST["facts"] if fact[language] not in page]
    assert missing == []


@pytest.mark.parametrize("language", Language)
async def test_everything_that_is_invented_is_said_to_be(
    opened: OpenHouse, language: Language
) -> None:
    note = demo_meeting().demo_note
    assert note is not None
    said = note.in_language(language)
    assert [it["what"] for it in _LIST["invented"] if it[language] not in said] == []
    assert said.replace("\u00a0", " ") in await _words_of_page(opened, language)


def test_no_sentence_of_the_source_is_copied_into_the_list() -> None:
    """Facts are names, dates and subjects: none is longer than the name of an organisation."""
    longest = max(len(fact["ru"].split()) for fact in _LIST["facts"])
    assert longest <= 10
