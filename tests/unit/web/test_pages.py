"""Pages: whole without a script, in three languages, under the strictest headers."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

from tests.support.conducting import HOST_CHAIR, KRIVOLAPOV
from tests.support.front_end import build_front_end
from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from veche.domain import commands as do
from veche.domain.errors import Misconfigured
from veche.domain.meeting import Correction, Phase
from veche.domain.phases import HIDDEN
from veche.domain.text import Language, Text
from veche.web.assets import Assets

EVERY_KIND_OF_ANSWER = [
    "/",
    "/m/67",
    "/m/67/be",
    "/m/68",
    "/j/some-secret",
    "/cabinet",
    "/nothing",
    "/health/live",
    "/health/ready",
    "/assets/pages-1c.js",
    "/assets/nothing.js",
    "/api/v1/meetings/67/stage",
    "/api/v1/meetings/68/stage",
    "/api/v1/nothing",
]


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        opened.keep(bridge_meeting())
        yield opened


async def _page(opened: OpenHouse, path: str, **headers: str) -> str:
    answer = await opened.client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.text


class _Inline(HTMLParser):
    """Collects whatever the content policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        self.found += [name for name in names if name == "style" or name.startswith("on")]
        for address in (names.get("src"), names.get("href") if tag == "link" else None):
            if address and not address.startswith(("/", "http://veche.test/")):
                self.found.append(address)


@pytest.mark.parametrize("path", EVERY_KIND_OF_ANSWER)
async def test_every_answer_carries_the_headers(opened: OpenHouse, path: str) -> None:
    headers = (await opened.client.get(path)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "strict-transport-security" not in headers
    has_devices = "camera=(self)" in headers["permissions-policy"]
    assert has_devices == path.startswith("/j/")


async def test_over_tls_the_browser_is_told_to_stay_there(tmp_path: Path) -> None:
    async with open_house(tmp_path, asked="https://veche.test") as opened:
        answer = await opened.client.get("/nothing")
        assert "max-age" in answer.headers["strict-transport-security"]
        assert "wss://veche.test" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/m/67", "/m/67/en", "/m/68", "/j/some-secret"])
async def test_no_page_holds_anything_that_its_policy_refuses(opened: OpenHouse, path: str) -> None:
    checker = _Inline()
    checker.feed((await opened.client.get(path)).text)
    assert checker.found == []


async def test_everything_about_the_meeting_reads_without_a_script(opened: OpenHouse) -> None:
    page = await _page(opened, "/m/67/ru")
    for words in (
        "Совещание двух сторон",
        "1\u00a0апреля\u00a02016\u00a0года",
        "пятница",
        "начало в 11:00",
        "Республика Беларусь, Минск",
        "Курская область, Курск",
        "Сергей Попков",
        "заместитель губернатора",
        "ветераны",
        "11:05",
        "Приветствие",
        "7 минут",
        "церемония, 5 минут",
        "Сотрудничество началось в 2002 году.",
    ):
        assert words in page, words
    assert page.index("Сергей Попков") < page.index("Александр Криволапов"), "host first"


@pytest.mark.parametrize(
    ("language", "day", "weekday"),
    [
        ("be", "1 красавіка 2016 г.", "пятніца"),
        ("ru", "1 апреля 2016 года", "пятница"),
        ("en", "1 April 2016", "Friday"),
    ],
)
async def test_the_page_speaks_each_language(
    opened: OpenHouse, language: str, day: str, weekday: str
) -> None:
    answer = await opened.client.get(f"/m/67/{language}")
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in answer.text
    assert day.replace(" ", "\u00a0") in answer.text
    assert weekday in answer.text


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("be-BY, ru;q=0.8", "be"),
        ("ru;q=0.8, be;q=0.9", "be"),
        ("de, en;q=0.5, *;q=0.1", "en"),
        ("be;q=0, en", "en"),
        ("de", "be"),
        ("", "be"),
        (";;;q=,q=x;q=1e", "be"),
    ],
)
async def test_without_a_language_the_readers_own_is_taken(
    opened: OpenHouse, wanted: str, given: str
) -> None:
    answer = await opened.client.get("/m/67", headers={"Accept-Language": wanted})
    assert answer.headers["content-language"] == given
    assert "Accept-Language" in answer.headers["vary"]


async def test_unknown_and_unpublished_are_byte_for_byte_alike(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting(number=1, phase=Phase.DRAFT))
    unpublished, unknown = await opened.client.get("/m/1"), await opened.client.get("/m/2")
    assert unpublished.status_code == unknown.status_code == 404
    assert unpublished.content == unknown.content
    assert dict(unpublished.headers) == dict(unknown.headers)


@pytest.mark.parametrize(
    "path", ["/m/067", "/m/+67", "/m/٦٧", "/m/67/de", "/m/67/RU", "/m/x", "/m/99999999999999999999"]
)
async def test_a_meeting_has_no_second_address(opened: OpenHouse, path: str) -> None:
    assert (await opened.client.get(path)).status_code == 404


async def test_on_the_air_the_page_says_since_when_and_who_speaks(opened: OpenHouse) -> None:
    began = opened.clock.now()
    opened.keep(replace(bridge_meeting(phase=Phase.ON_AIR), on_air_since=began))
    opened.clock.advance(timedelta(minutes=17).total_seconds())
    await opened.house.conduct.command(
        bridge_meeting().number, HOST_CHAIR, do.GrantFloor(KRIVOLAPOV)
    )
    page = await _page(opened, "/m/67/ru")
    assert "идёт 17 минут, с 11:00" in page
    assert "сейчас 11:17" in page
    assert "Говорит, Курск" in page
    assert 'data-phase="on_air"' in page


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "началось в 11:00"),
        (1, "идёт 1 минуту, с 11:00"),
        (3, "идёт 3 минуты, с 11:00"),
        (59, "идёт 59 минут, с 11:00"),
        (60, "идёт 1 ч 0 мин, с 11:00"),
        (-5, "началось в 11:00"),
    ],
)
async def test_how_long_it_has_been_on_the_air_is_said_in_words(
    opened: OpenHouse, minutes: int, words: str
) -> None:
    opened.keep(replace(bridge_meeting(phase=Phase.ON_AIR), on_air_since=opened.clock.now()))
    opened.clock.advance(timedelta(minutes=minutes).total_seconds())
    assert words in await _page(opened, "/m/67/ru")


async def test_before_the_start_the_time_left_is_said_in_words(opened: OpenHouse) -> None:
    starts = opened.clock.now() + timedelta(days=2, hours=4, minutes=30)
    opened.keep(replace(bridge_meeting(), starts_at=starts))
    assert "2 дня 4 часа" in await _page(opened, "/m/67/ru")
    assert "2 дні 4 гадзіны" in await _page(opened, "/m/67/be")


async def test_an_open_hour_is_called_open(opened: OpenHouse) -> None:
    opened.keep(replace(bridge_meeting(), starts_at=None))
    page = await _page(opened, "/m/67/ru")
    assert "час уточняется" in page
    assert "11:00" not in page


async def test_a_correction_is_dated_and_stands_by_the_player(opened: OpenHouse) -> None:
    at = datetime(2016, 3, 30, 13, 20, tzinfo=UTC)
    correction = Correction(at, Text.of(ru="Уточнено время начала"))
    opened.keep(replace(bridge_meeting(), corrections=(correction,)))
    page = await _page(opened, "/m/67/ru")
    assert "Обновлено 30\u00a0марта, 16:20." in page
    assert page.count("Уточнено время начала") == 2


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase not in HIDDEN])
async def test_the_address_answers_in_every_public_phase(opened: OpenHouse, phase: Phase) -> None:
    opened.keep(replace(bridge_meeting(phase=phase), on_air_since=opened.clock.now()))
    for language in Language:
        assert "Попков" in await _page(opened, f"/m/67/{language}")


async def test_words_of_people_cannot_become_markup(opened: OpenHouse) -> None:
    hostile = '<script>alert(1)</script>" onload="x'
    opened.keep(
        replace(
            bridge_meeting(),
            title=Text.of(ru=hostile),
            demo_note=Text.of(ru=hostile),
            contact=hostile,
            organiser=Text.of(ru=hostile),
        )
    )
    page = await _page(opened, "/m/67/ru")
    assert "<script>alert" not in page
    assert '" onload="x' not in page


async def test_a_secret_in_the_address_cannot_become_markup(opened: OpenHouse) -> None:
    page = await _page(opened, '/j/"><script>alert(1)')
    assert "<script>alert" not in page


async def test_a_personal_page_is_kept_by_no_cache_and_no_search(opened: OpenHouse) -> None:
    answer = await opened.client.get("/j/some-secret")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert 'data-secret="some-secret"' in answer.text
    assert "/assets/room-1a.js" in answer.text


async def test_a_page_that_did_not_change_is_not_sent_again(opened: OpenHouse) -> None:
    first = await opened.client.get("/m/67/ru")
    headers = {"If-None-Match": first.headers["etag"]}
    assert (await opened.client.get("/m/67/ru", headers=headers)).status_code == 304
    opened.keep(replace(bridge_meeting(), contact="press@example.org"))
    opened.house.conduct._conducted.clear()
    assert (await opened.client.get("/m/67/ru", headers=headers)).status_code == 200


@pytest.mark.parametrize("path", ["/cabinet", "/cabinet/meetings/67/people", "/cabinet/nowhere"])
async def test_the_cabinet_is_one_shell_that_is_never_kept(opened: OpenHouse, path: str) -> None:
    answer = await opened.client.get(path, headers={"Accept-Language": "be"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "/assets/cabinet-1a.js" in answer.text
    assert "Каб працаваць у кабінеце" in answer.text


async def test_a_page_names_the_files_of_its_entries(opened: OpenHouse) -> None:
    page = await _page(opened, "/m/67")
    named = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    assert set(named) == {
        "/assets/pages-1c.js",
        "/assets/base-1h.css",
        "/assets/pages-1d.css",
        "/assets/watch-1b.js",
        "/assets/stage-1e.js",
        "/assets/stage-1f.css",
    }
    assert page.index("base-1h.css") < page.index("pages-1d.css"), (
        "what is written upon comes first"
    )
    for address in named:
        answer = await opened.client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "name", [".vite/manifest.json", "../veche.sqlite3", "%2e%2e/veche.sqlite3", "/etc/passwd", ""]
)
async def test_no_path_leaves_the_folder_of_built_files(opened: OpenHouse, name: str) -> None:
    assert (await opened.client.get(f"/assets/{name}")).status_code == 404


async def test_built_files_travel_compressed_to_who_asks(opened: OpenHouse) -> None:
    address = "/assets/pages-1d.css"
    zipped = await opened.client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = await opened.client.get(address, headers={"Accept-Encoding": "identity"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.content == plain.content == b"p {}"


def test_a_front_end_that_is_not_built_refuses_the_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="make build"):
        Assets.read(tmp_path)
    folder = build_front_end(tmp_path / "built")
    manifest = folder / ".vite" / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace("room.tsx", "rooms.tsx"), "utf-8")
    with pytest.raises(Misconfigured, match=r"room\.tsx"):
        Assets.read(folder)


def test_catalogues_have_the_same_keys_placeholders_and_plural_forms() -> None:
    catalogues = {
        language: json.loads(
            files("veche.web").joinpath("words", f"{language}.json").read_text("utf-8")
        )
        for language in Language
    }
    russian = catalogues[Language.RU]
    forms = {Language.EN: {"one", "other"}}
    for language, words in catalogues.items():
        assert list(words) == list(russian)
        for key, said in words.items():
            expected = russian[key]
            assert isinstance(said, dict) == isinstance(expected, dict), key
            if isinstance(said, dict):
                assert set(said) == forms.get(language, {"one", "few", "many"}), key
            sentences = said.values() if isinstance(said, dict) else [said]
            sample = next(iter(expected.values())) if isinstance(expected, dict) else expected
            for sentence in sentences:
                assert sentence.strip(), key
                assert set(re.findall(r"{\w+}", sentence)) == set(re.findall(r"{\w+}", sample)), key


def test_no_russian_letter_stands_in_the_belarusian_words() -> None:
    """The letters и, щ, ъ do not exist in Belarusian."""
    words = files("veche.web").joinpath("words", "be.json").read_text("utf-8")
    assert not set(words.lower()) & set("ищъ")
