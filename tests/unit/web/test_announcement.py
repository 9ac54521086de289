"""What the page says of a meeting: who is named, what was moved, what programs read."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.support.conducting import HOST_CHAIR, KRIVOLAPOV
from tests.support.house import OpenHouse, open_house
from tests.support.meetings import MINSK_TIME, bridge_meeting
from veche.domain import commands as do
from veche.domain.meeting import (
    Correction,
    Meeting,
    Participation,
    ParticipationId,
    Phase,
    RecordPolicy,
    SideId,
    Webcast,
)
from veche.domain.roster import Answer
from veche.domain.sides import Wording
from veche.domain.text import Language, Text

OFF = Correction(datetime(2016, 3, 31, 9, tzinfo=UTC), Text.of(ru="отложено до осени"))
STARTS = datetime(2016, 4, 1, 11, tzinfo=MINSK_TIME)


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        yield opened


async def _page(opened: OpenHouse, meeting: Meeting, path: str = "/m/67/ru") -> str:
    opened.keep(meeting)
    answer = await opened.client.get(path)
    assert answer.status_code == 200
    return answer.text


class _Facts(HTMLParser):
    """Meta, links and microdata, as programs of others read them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: dict[str, list[str]] = {}
        self.links: list[dict[str, str]] = []
        self.items: list[tuple[str, str]] = []
        self._property: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name: value or "" for name, value in attrs}
        key = names.get("property") or names.get("name")
        if tag == "meta" and key:
            self.meta.setdefault(key, []).append(names["content"])
        if tag == "link" and "rel" in names:
            self.links.append(names)
        if "itemprop" in names:
            value = names.get("content") or names.get("href") or names.get("itemtype")
            if value:
                self.items.append((names["itemprop"], value))
            self._property = None if value else names["itemprop"]

    def handle_data(self, data: str) -> None:
        if self._property:
            self.items.append((self._property, data))
            self._property = None

    def item(self, name: str) -> list[str]:
        return [value for key, value in self.items if key == name]


async def test_programs_read_an_event_with_its_places_and_leaders(opened: OpenHouse) -> None:
    facts = _Facts(await _page(opened, bridge_meeting()))
    assert facts.item("startDate") == ["2016-04-01T11:00+03:00"]
    assert facts.item("endDate") == ["2016-04-01T11:12+03:00"]
    assert facts.item("eventStatus") == ["https://schema.org/EventScheduled"]
    assert facts.item("location").count("https://schema.org/Place") == 2
    assert facts.item("address") == ["Минск", "Курск"]
    assert {"Совещание двух сторон", "Сергей Попков", "Министерство связи"} <= set(
        facts.item("name")
    )
    assert facts.item("jobTitle") == ["министр связи и информатизации", "заместитель губернатора"]


async def test_every_language_names_itself_and_the_others(opened: OpenHouse) -> None:
    facts = _Facts(await _page(opened, bridge_meeting()))
    canonical = [it["href"] for it in facts.links if it["rel"] == "canonical"]
    assert canonical == ["http://veche.test/m/67/ru"]
    others = {it["hreflang"]: it["href"] for it in facts.links if "hreflang" in it}
    assert others == {
        **{it.value: f"http://veche.test/m/67/{it}" for it in Language},
        "x-default": "http://veche.test/m/67",
    }
    assert facts.meta["og:url"] == canonical
    assert facts.meta["og:locale"] == ["ru_RU"]
    assert sorted(facts.meta["og:locale:alternate"]) == ["be_BY", "en_GB"]
    assert facts.meta["og:title"] == ["Анонс: Совещание"]
    assert facts.meta["og:description"][0].startswith("1\u00a0апреля\u00a02016\u00a0года. Минск")


async def test_each_city_has_its_own_hour_zone_and_day(opened: OpenHouse) -> None:
    meeting = bridge_meeting()
    host, guest = meeting.sides
    far = replace(guest, sites=(replace(guest.sites[0], zone="Asia/Kolkata"),))
    late = datetime(2016, 4, 1, 23, tzinfo=STARTS.tzinfo)
    page = await _page(opened, replace(meeting, sides=(host, far), starts_at=late, agenda=()))
    assert "начало в 23:00 <span" in page
    assert "UTC+3<" in page
    assert "2\u00a0апреля, начало в 01:30" in page
    assert "UTC+5:30<" in page


async def test_a_moved_meeting_names_the_hour_that_was(opened: OpenHouse) -> None:
    moved = Correction(
        datetime(2016, 3, 30, 13, 20, tzinfo=UTC),
        Text.of(ru="перенесён час начала"),
        STARTS - timedelta(hours=1),
    )
    page = await _page(opened, replace(bridge_meeting(), corrections=(moved,)))
    assert "Обновлено 30\u00a0марта, 16:20." in page
    assert "Перенесён час начала. Ранее было объявлено: 1\u00a0апреля, 10:00." in page
    facts = _Facts(page)
    assert facts.item("eventStatus") == ["https://schema.org/EventRescheduled"]
    assert facts.item("previousStartDate") == ["2016-04-01T10:00+03:00"]


async def test_a_cancelled_meeting_stays_and_says_so_everywhere(opened: OpenHouse) -> None:
    meeting = replace(bridge_meeting(), phase=Phase.CANCELLED, cancellation=OFF)
    page = await _page(opened, meeting)
    assert '<span class="lamp" data-state="off">Отменено</span>' in page
    assert "<title>Отменено: Совещание</title>" in page
    assert "Отложено до осени." in page
    assert "планировалось на 11:00" in page
    assert "Совещание не состоится." in page
    assert _Facts(page).item("eventStatus") == ["https://schema.org/EventCancelled"]
    calendar = (await opened.client.get("/m/67.ics")).text
    assert "STATUS:CANCELLED" in calendar
    assert "SEQUENCE:1" in calendar
    feed = (await opened.client.get("/feed.atom?language=ru")).text
    assert "Отменено." in feed
    assert "2016-03-31T09:00:00+00:00" in feed
    assert "Отменено" in (await opened.client.get("/m/67/embed/ru")).text


def _named(person: str) -> Participation:
    return Participation(
        id=ParticipationId(person),
        side=SideId("side-2"),
        name=Text.of(ru=f"Имя {person}"),
        post=Text.of(ru="директор"),
    )


async def test_whoever_is_not_to_be_published_is_nowhere(opened: OpenHouse) -> None:
    shy = replace(_named("shy"), allows_publication=False)
    unchosen = replace(_named("unchosen"), is_announced=False)
    replaced = replace(
        _named("replaced"), answer=Answer.REPLACED, replaced_by=ParticipationId("open")
    )
    meeting = bridge_meeting()
    item = replace(meeting.agenda[1], note=None, rapporteurs=(shy.id, unchosen.id))
    meeting = replace(
        meeting,
        roster=(*meeting.roster, _named("open"), shy, unchosen, replaced),
        agenda=(meeting.agenda[0], item),
    )
    page = await _page(opened, meeting)
    assert "Имя open, директор" in page
    for path in ("/m/67/ru", "/m/67.ics", "/m/67/embed/ru", "/feed.atom", "/"):
        seen = (await opened.client.get(path)).text
        for hidden in ("shy", "unchosen", "replaced"):
            assert f"Имя {hidden}" not in seen, path


async def test_a_leader_who_is_not_to_be_published_is_not_the_leader_of_the_page(
    opened: OpenHouse,
) -> None:
    meeting = bridge_meeting()
    leader, *others = meeting.roster
    page = await _page(
        opened, replace(meeting, roster=(replace(leader, allows_publication=False), *others))
    )
    assert "Попков" not in page
    assert "Криволапов" in page


async def test_who_speaks_is_not_named_if_he_is_not_to_be_published(opened: OpenHouse) -> None:
    meeting = replace(bridge_meeting(phase=Phase.ON_AIR), on_air_since=opened.clock.now())
    hidden = [replace(person, allows_publication=False) for person in meeting.roster]
    opened.keep(replace(meeting, roster=tuple(hidden)))
    grant = do.GrantFloor(KRIVOLAPOV)
    await opened.house.conduct.command(meeting.number, HOST_CHAIR, grant)
    page = (await opened.client.get("/m/67/ru")).text
    assert '<div class="now" id="now" data-side="" hidden>' in page
    assert "Криволапов" not in page


async def test_a_side_may_be_told_by_groups_and_end_with_others(opened: OpenHouse) -> None:
    meeting = bridge_meeting()
    host, guest = meeting.sides
    sides = (host, replace(guest, wording=Wording.GROUPS, has_others=True))
    roster = (*meeting.roster, _named("one"), _named("two"))
    page = await _page(opened, replace(meeting, sides=sides, roster=roster))
    assert "Имя one" not in page
    assert page.count("<li>директор</li>") == 1
    assert "<li>и другие</li>" in page
    assert "Александр Криволапов" in page, "the leader is named"
    assert page.index("директор") < page.index("и другие")


@pytest.mark.parametrize(
    ("webcast", "words", "is_watched"),
    [
        (Webcast.OPEN, "Трансляция откроется на этой странице", True),
        (Webcast.BY_LINK, "по ссылке из приглашения", False),
        (Webcast.NONE, "Открытой трансляции не будет.", False),
    ],
)
async def test_the_page_promises_only_what_will_be_shown(
    opened: OpenHouse, webcast: Webcast, words: str, is_watched: bool
) -> None:
    page = await _page(opened, replace(bridge_meeting(), webcast=webcast))
    assert words in page
    assert ("/assets/watch-1b.js" in page) == is_watched


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (RecordPolicy.NONE, "Трансляция завершена."),
        (RecordPolicy.PROGRAMME, "Запись готовится."),
    ],
)
async def test_afterwards_a_record_is_promised_only_if_there_is_one(
    opened: OpenHouse, record: RecordPolicy, words: str
) -> None:
    meeting = replace(
        bridge_meeting(phase=Phase.CLOSED), record=record, on_air_since=opened.clock.now()
    )
    page = await _page(opened, meeting)
    assert words in page
    assert "началось в 11:00" in page
    assert "Добавить в календарь" not in page
    assert "/assets/watch-1b.js" not in page


async def test_what_the_clock_does_not_change_is_not_made_again(opened: OpenHouse) -> None:
    starts = opened.clock.now() + timedelta(days=2, hours=4, minutes=30)
    meeting = replace(bridge_meeting(), day=starts.date(), starts_at=starts)
    await _page(opened, meeting)
    tag = (await opened.client.get("/m/67/ru")).headers["etag"]
    opened.clock.advance(29 * 60)
    headers = {"If-None-Match": tag}
    assert (await opened.client.get("/m/67/ru", headers=headers)).status_code == 304
    opened.clock.advance(2 * 60)
    changed = await opened.client.get("/m/67/ru", headers=headers)
    assert changed.status_code == 200
    assert "2 дня 3 часа" in changed.text


async def test_a_tag_that_a_proxy_has_weakened_is_known_again(opened: OpenHouse) -> None:
    await _page(opened, bridge_meeting())
    tag = (await opened.client.get("/m/67/ru")).headers["etag"]
    bare = re.sub("^W/", "", tag)
    for written in (bare, f"W/{bare}", f'"other", {bare}', f'W/"x" , W/{bare}'):
        answer = await opened.client.get("/m/67/ru", headers={"If-None-Match": written})
        assert answer.status_code == 304, written
        assert answer.content == b""


async def test_a_page_travels_compressed_unless_it_holds_a_secret(opened: OpenHouse) -> None:
    await _page(opened, bridge_meeting())
    page = await opened.client.get("/m/67/ru", headers={"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["vary"]
    secret = await opened.client.get("/j/some-secret", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in secret.headers
