"""Every public page in Belarusian holds no word of another language but what people wrote."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser  # type: ignore[import-untyped]
import pytest

from tests.support.belarusian import foreign_words, words_of_page
from tests.support.house import OpenHouse, open_house
from veche.demo.meeting import demo_meeting
from veche.domain.meeting import Correction, Meeting, MeetingNumber, Phase, RecordPolicy, Webcast
from veche.domain.phases import HIDDEN
from veche.domain.sides import Wording
from veche.domain.text import Language, Text

BELARUSIAN = {"Accept-Language": "be"}
MOVED = Correction(
    datetime(2026, 3, 31, 9, tzinfo=UTC),
    Text.of(be="перанесены час пачатку", ru="перенесён час начала", en="the hour has moved"),
    datetime(2026, 4, 3, 8, tzinfo=UTC),
)


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        yield opened


def _states(now: datetime) -> Iterator[Meeting]:
    soon = replace(
        demo_meeting(),
        day=now.date() + timedelta(days=2),
        starts_at=now + timedelta(days=2, hours=3),
        ends_at=None,
        phase=Phase.ANNOUNCED,
    )
    for phase in sorted(set(Phase) - HIDDEN):
        yield replace(soon, phase=phase, on_air_since=now - timedelta(minutes=83))
    yield replace(soon, corrections=(MOVED,))
    yield replace(soon, phase=Phase.CANCELLED, cancellation=MOVED)
    yield replace(soon, starts_at=None, webcast=Webcast.NONE)
    yield replace(soon, webcast=Webcast.BY_LINK)
    groups = tuple(replace(it, wording=Wording.GROUPS, has_others=True) for it in soon.sides)
    yield replace(soon, sides=groups)
    yield replace(soon, phase=Phase.CLOSED, record=RecordPolicy.PROGRAMME, on_air_since=now)


def _written_by_people(value: object) -> Iterator[str]:
    if isinstance(value, Text):
        yield value.in_language(Language.BE)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _written_by_people(inner)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _written_by_people(getattr(value, field.name))


async def test_no_public_page_holds_a_word_of_another_language(opened: OpenHouse) -> None:
    states = list(_states(opened.clock.now()))
    data = list(_written_by_people(states[0]))
    assert foreign_words(data) == [], "the demonstration itself is in Belarusian"
    paths = ["/", "/nothing", "/m/9999", "/?page=2", "/j/some-secret", "/cabinet"]
    for number, meeting in enumerate(states, start=1):
        opened.keep(replace(meeting, number=MeetingNumber(number)))
        paths += [f"/m/{number}/be", f"/m/{number}/embed/be"]
    for path in [*paths, "/m/1/be?sight=large-dark", "/?sight=largest-light"]:
        answer = await opened.client.get(path, headers=BELARUSIAN)
        assert answer.headers["content-language"] == "be"
        assert foreign_words(words_of_page(answer.text), data=data) == [], path


async def test_neither_does_a_calendar_or_the_feed(opened: OpenHouse) -> None:
    for number, meeting in enumerate(_states(opened.clock.now()), start=1):
        opened.keep(replace(meeting, number=MeetingNumber(number)))
        calendar = (await opened.client.get(f"/m/{number}.ics?language=be")).text
        unfolded = calendar.replace("\r\n ", "")
        told = [line.partition(":")[2] for line in unfolded.split("\r\n") if "LANGUAGE=be" in line]
        assert told
        assert foreign_words(it.replace("\\n", " ") for it in told) == []
    feed = feedparser.parse((await opened.client.get("/feed.atom?language=be")).content)
    told = [words for it in feed.entries for words in (it.title, it.summary, it.author)]
    assert foreign_words([feed.feed.title, *told]) == []


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("Бакі ищут", ["ищут"]),
        ("Add to calendar", ["Add", "to", "calendar", "Add to calendar"]),
        ("Состав", []),
        ("Скоро", ["Скоро"]),
        ("Состоится 3 апреля", ["Состоится", "Состоится 3 апреля"]),
        ("1 красавік 2026 г.", ["1 красавік"]),
        ("1 красавіка 2026 г.", []),
        ("пачатак у 11:00 UTC+3, https://veche.example/m/67", []),
    ],
)
def test_the_measure_sees_what_is_foreign(told: str, found: list[str]) -> None:
    assert foreign_words([told]) == found


def test_data_and_other_languages_are_left_out() -> None:
    page = '<html lang="be"><p title="Бак">Бакі <b lang="ru">ищут</b> Popkov</p></html>'
    assert foreign_words(words_of_page(page)) == ["Popkov"]
    assert foreign_words(words_of_page(page), data=["Popkov"]) == []
