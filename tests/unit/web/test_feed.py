"""The feed, opened by a reader that is not ours."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest

from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from veche.domain.meeting import Correction, Meeting, Phase
from veche.domain.text import Text
from veche.services.announcing import FEED_NOTICES


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        yield opened


async def _feed(opened: OpenHouse, path: str = "/feed.atom?language=ru") -> Any:  # Any: untyped
    answer = await opened.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    return parsed


def _corrected(number: int, at: datetime) -> Meeting:
    correction = Correction(at, Text.of(ru="уточнён час"))
    return replace(bridge_meeting(number=number), corrections=(correction,))


async def test_an_empty_house_has_a_whole_feed(opened: OpenHouse) -> None:
    feed = await _feed(opened)
    assert feed.entries == []
    assert feed.feed.title == "Анонсы совещаний"
    assert feed.feed.updated_parsed


async def test_what_changed_last_stands_first(opened: OpenHouse) -> None:
    opened.keep(_corrected(1, datetime(2026, 3, 3, tzinfo=UTC)))
    opened.keep(_corrected(2, datetime(2026, 3, 1, tzinfo=UTC)))
    opened.keep(_corrected(3, datetime(2026, 3, 2, tzinfo=UTC)))
    feed = await _feed(opened)
    assert [entry.link for entry in feed.entries] == [
        f"http://veche.test/m/{number}/ru" for number in (1, 3, 2)
    ]
    assert feed.feed.updated == "2026-03-03T00:00:00+00:00"


async def test_an_entry_says_when_where_and_who(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting())
    (entry,) = (await _feed(opened)).entries
    assert entry.title == "Совещание двух сторон"
    assert entry.author == "Министерство связи"
    day = "1\u00a0апреля\u00a02016\u00a0года"
    assert f"{day}, Минск, Курск, начало в 11:00." in entry.summary
    assert "Минск и Курск соединит видеоконференция." in entry.summary


async def test_names_of_entries_are_the_same_in_every_language_and_differ_from_each_other(
    opened: OpenHouse,
) -> None:
    opened.keep(bridge_meeting(number=1))
    opened.keep(bridge_meeting(number=2))
    russian = await _feed(opened)
    belarusian = await _feed(opened, "/feed.atom?language=be")
    names = [entry.id for entry in russian.entries]
    assert names == [entry.id for entry in belarusian.entries]
    assert len(set(names)) == 2
    assert all(name.startswith("urn:uuid:") for name in [*names, russian.feed.id])
    assert belarusian.entries[0].title == "Нарада двух бакоў"


async def test_what_is_not_announced_is_not_there(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting(number=1, phase=Phase.DRAFT))
    opened.keep(bridge_meeting(number=2, phase=Phase.AGREED))
    opened.keep(bridge_meeting(number=3, phase=Phase.CLOSED))
    assert [entry.link for entry in (await _feed(opened)).entries] == ["http://veche.test/m/3/ru"]


async def test_the_feed_has_an_end(opened: OpenHouse) -> None:
    for number in range(1, FEED_NOTICES + 2):
        opened.keep(bridge_meeting(number=number))
    assert len((await _feed(opened)).entries) == FEED_NOTICES


async def test_a_language_that_is_not_spoken_is_refused(opened: OpenHouse) -> None:
    assert (await opened.client.get("/feed.atom?language=de")).status_code == 404


async def test_a_feed_that_did_not_change_is_not_sent_again(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting())
    tag = (await opened.client.get("/feed.atom?language=ru")).headers["etag"]
    headers = {"If-None-Match": tag}
    assert (await opened.client.get("/feed.atom?language=ru", headers=headers)).status_code == 304
    assert (await opened.client.get("/feed.atom?language=be", headers=headers)).status_code == 200
    opened.keep(replace(bridge_meeting(), phase=Phase.CLOSED))
    assert (await opened.client.get("/feed.atom?language=ru", headers=headers)).status_code == 200
