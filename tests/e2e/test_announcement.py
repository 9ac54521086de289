"""The public pages in a browser: every state, in three languages, with the largest letters."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.chromium import barriers, sideways_px, window
from tests.support.announced import Announced, announced
from veche.demo.meeting import demo_meeting
from veche.domain.meeting import (
    Correction,
    Meeting,
    MeetingNumber,
    Phase,
    RecordPolicy,
    SiteId,
    Webcast,
)
from veche.domain.sides import Wording
from veche.domain.text import Text

NOW: Final = datetime(2026, 4, 1, 8, tzinfo=UTC)
STARTS: Final = NOW + timedelta(days=2, hours=4)
MOVED: Final = Correction(
    NOW - timedelta(hours=3),
    Text.of(be="перанесены час пачатку", ru="перенесён час начала", en="the hour has moved"),
    STARTS - timedelta(hours=1),
)
OFF: Final = Correction(
    NOW - timedelta(hours=1),
    Text.of(
        be="нарада адкладзена на няпэўны час",
        ru="совещание отложено на неопределённое время",
        en="the meeting is put off until further notice",
    ),
)
LANGUAGES: Final = ("be", "ru", "en")
PHONE: Final = {"width": 390, "height": 844}
DESK: Final = {"width": 1280, "height": 800}


def _states() -> dict[str, Meeting]:
    demo = replace(
        demo_meeting(),
        phase=Phase.ANNOUNCED,
        day=date(2026, 4, 3),
        starts_at=STARTS,
        ends_at=None,
        corrections=(),
    )
    held = replace(demo, on_air_since=NOW - timedelta(minutes=17))
    host, guest = demo.sides
    far = [
        replace(
            guest.sites[0],
            id=SiteId(en.lower()),
            city=Text.of(be=be, ru=ru, en=en),
            zone=zone,
        )
        for zone, be, ru, en in (
            ("Asia/Vladivostok", "Уладзівасток", "Владивосток", "Vladivostok"),
            ("Asia/Kolkata", "Дэлі", "Дели", "Delhi"),
        )
    ]
    groups = tuple(replace(it, wording=Wording.GROUPS, has_others=True) for it in demo.sides)
    return {
        "announced": demo,
        "no hour, groups": replace(demo, starts_at=None, sides=groups),
        "moved": replace(demo, corrections=(MOVED,)),
        "cancelled": replace(demo, phase=Phase.CANCELLED, cancellation=OFF),
        "assembly": replace(demo, phase=Phase.ASSEMBLY),
        "break": replace(held, phase=Phase.BREAK),
        "closed": replace(held, phase=Phase.CLOSED, record=RecordPolicy.PROGRAMME),
        "four cities": replace(
            demo,
            sides=(host, replace(guest, sites=(*guest.sites, *far))),
            webcast=Webcast.BY_LINK,
        ),
    }


STATES: Final = _states()
NUMBERS: Final = {state: number for number, state in enumerate(STATES, start=1)}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Announced]:
    with announced(tmp_path_factory.mktemp("announced")) as opened:
        for state, meeting in STATES.items():
            opened.keep(replace(meeting, number=MeetingNumber(NUMBERS[state])))
        yield opened


@pytest.fixture
def visit(browser: Browser, pages: Announced) -> Iterator[Callable[..., Page]]:
    with ExitStack() as stack:

        def go(path: str, **options: object) -> Page:
            page = stack.enter_context(window(browser, pages.url, **options))
            page.goto(pages.url + path)
            return page

        yield go


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_readable_by_everybody(visit: Callable[..., Page], state: str) -> None:
    for language in LANGUAGES:
        page = visit(f"/m/{NUMBERS[state]}/{language}")
        assert barriers(page) == [], language
        assert sideways_px(page) <= 0, language


@pytest.mark.parametrize("path", ["/", "/nothing"])
def test_the_front_page_and_the_page_of_nothing_are_too(
    visit: Callable[..., Page], path: str
) -> None:
    page = visit(path)
    assert barriers(page) == []


@pytest.mark.parametrize("sight", ["usual-usual", "largest-light", "largest-dark"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_letters_of_any_size_stay_within_the_window(
    visit: Callable[..., Page], pages: Announced, sight: str, screen: dict[str, int]
) -> None:
    page = visit(f"/?sight={sight}", viewport=screen)
    assert sideways_px(page) <= 0
    for state, number in NUMBERS.items():
        page.goto(f"{pages.url}/m/{number}/be")
        assert sideways_px(page) <= 0, state


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_version_for_weak_sight_needs_no_script_and_has_no_barriers(
    visit: Callable[..., Page], colours: str
) -> None:
    page = visit("/m/1/ru", java_script_enabled=False)
    page.get_by_role("link", name="Версия для слабовидящих").click()
    expect(page.locator("html")).to_have_attribute("data-contrast", "more")
    names = {"light": "чёрным по белому", "dark": "белым по чёрному"}
    page.get_by_role("link", name=names[colours]).click()
    page.goto(page.url.split("?")[0])
    expect(page.get_by_role("link", name=names[colours])).to_have_attribute("aria-current", "true")
    seen = visit(f"/m/1/ru?sight=large-{colours}")
    assert barriers(seen) == []


def test_a_cancelled_meeting_says_so_first_and_keeps_its_page(visit: Callable[..., Page]) -> None:
    page = visit(f"/m/{NUMBERS['cancelled']}/ru")
    expect(page.locator(".lede .lamp")).to_have_text("Отменено")
    expect(page.locator(".aside .note")).to_contain_text("Совещание отложено на неопределённое")
    expect(page.get_by_text("До начала")).to_have_count(0)
    expect(page.get_by_role("link", name="Добавить в календарь")).to_have_count(0)


@contextmanager
def _site_that_shows(*addresses: str) -> Iterator[str]:
    """Another origin of this machine, with each address in a frame."""
    body = "".join(f'<iframe title="{n}" src="{it}"></iframe>' for n, it in enumerate(addresses))

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_site_of_another_origin_shows_the_card_and_no_page(
    browser: Browser, pages: Announced
) -> None:
    with (
        _site_that_shows(f"{pages.url}/m/1/embed/ru", f"{pages.url}/m/1/ru") as site,
        browser.new_page() as page,
    ):
        page.goto(site)
        card = page.frame_locator("iframe[title='0']")
        expect(card.get_by_role("link")).to_contain_text("Дню единения народов")
        color = card.get_by_text("Открыть анонс").evaluate("it => getComputedStyle(it).color")
        assert color == "rgb(36, 71, 168)", "the card has its style"
        refused = page.frame_locator("iframe[title='1']")
        expect(refused.get_by_text("Программа")).to_have_count(0)


def test_on_paper_the_page_is_the_document_alone(visit: Callable[..., Page]) -> None:
    page = visit("/m/1/ru")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Приветствие заместителя губернатора")).to_be_visible()
    for left_out in (".player", ".top__tools", ".when .button", ".aside .big"):
        expect(page.locator(left_out)).to_be_hidden()
