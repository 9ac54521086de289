"""The way in: what is said when something is missing, by keyboard, in any language and size."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.chromium import barriers, captures, launch, sideways_px, window
from tests.e2e.conftest import MINSK_GUEST, links
from tests.e2e.screens import Participant, wait_until_seen
from tests.support.server import Server

HALLS = 2
PHONE = {"viewport": {"width": 390, "height": 844}}
DOUBLE_TEXT = "document.documentElement.style.fontSize = '200%'"


@pytest.fixture
def refusing_browser(browser: Browser) -> Iterator[Browser]:
    """One that gives no device and plays no sound before a touch, as in the world."""
    opened = launch(browser.browser_type, has_devices=False, plays_freely=False)
    yield opened
    opened.close()


def test_a_link_that_does_not_exist_says_so_and_offers_nothing_in_vain(
    new_page: Callable[..., Page], demo: Server
) -> None:
    page = new_page()
    page.goto(f"{demo.url}/j/{'x' * 27}")
    expect(page.get_by_role("heading", name="Такой ссылки нет")).to_be_visible()
    expect(page.get_by_role("heading", name="Такой ссылки нет")).to_be_focused()
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    assert captures(page) == [], "a stranger is asked for nothing"


def test_one_whose_devices_are_refused_reads_why_and_may_come_in_to_listen(
    refusing_browser: Browser, demo: Server
) -> None:
    with window(refusing_browser, demo.url, permissions=[]) as page:
        page.goto(links(demo)[0])
        check = page.get_by_role("list", name="Проверка")
        expect(check).to_contain_text(re.compile("Браузер не даёт микрофон|Микрофон не найден"))
        again = page.get_by_role("main").get_by_role("button", name="Попробовать ещё раз")
        expect(again.first).to_be_visible()
        page.get_by_role("button", name="Войти и слушать").click()
        guest = Participant(page, MINSK_GUEST)
        guest.is_inside()
        expect(page.get_by_text("Вас не видно и не слышно")).to_be_visible()
        wait_until_seen(page, HALLS)


def test_name_and_post_are_read_only_and_a_mistake_can_be_reported(minsk: Participant) -> None:
    page = minsk.page
    expect(page.get_by_role("heading", name=MINSK_GUEST)).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)
    report = page.get_by_role("link", name="Сообщить об ошибке")
    if report.count():
        address = report.get_attribute("href") or ""
        assert address.startswith("mailto:")
        assert "+" not in address


def test_the_language_changes_while_the_page_runs(minsk: Participant) -> None:
    page = minsk.page
    page.get_by_role("button", name="Бел").click()
    expect(page.get_by_role("button", name="Увайсці ў нараду")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "be")
    expect(page.get_by_role("banner")).to_contain_text("красавіка")
    page.get_by_role("button", name="Eng").click()
    expect(page.get_by_role("button", name="Enter the meeting")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Olga Vetrova")


def test_the_keyboard_alone_leads_in_and_works_on_any_layout(minsk: Participant) -> None:
    page = minsk.page
    enter = page.get_by_role("button", name="Войти в совещание")
    expect(enter).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        if enter.evaluate("one => one === document.activeElement"):
            break
    expect(enter).to_be_focused()
    page.keyboard.press("Enter")
    minsk.is_inside()

    _press(page, "KeyM", "ь")
    expect(minsk.microphone).to_have_text("Микрофон закрыт")
    _press(page, "KeyV", "м")
    expect(minsk.camera).to_have_text("Камера выключена")

    page.keyboard.press("F2")
    expect(minsk.microphone).to_be_focused()
    page.keyboard.type("?")
    keys = page.get_by_role("dialog", name="Клавиши")
    expect(keys).to_be_visible()
    keys.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)
    expect(minsk.microphone).to_be_focused()
    _press(page, "KeyM", "m")
    expect(minsk.microphone).to_have_text("Микрофон закрыт")


def test_every_screen_is_free_of_barriers_that_axe_can_find(
    minsk: Participant, new_page: Callable[..., Page], demo: Server
) -> None:
    page = minsk.page
    expect(page.get_by_role("button", name="Войти в совещание")).to_be_visible()
    assert barriers(page) == []
    minsk.enter()
    wait_until_seen(page, HALLS)
    assert barriers(page) == []
    for name in ("Мои устройства", "Клавиши"):
        minsk.controls.get_by_role("button", name=name).click()
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        assert barriers(page) == []
        page.keyboard.press("Escape")
    minsk.leave()
    expect(page.get_by_role("heading", name="Вы вышли из совещания")).to_be_visible()
    assert barriers(page) == []
    refused = new_page()
    refused.goto(f"{demo.url}/j/{'x' * 27}")
    expect(refused.get_by_role("heading", level=1)).to_be_visible()
    assert barriers(refused) == []


@pytest.mark.parametrize("language", ["be", "ru", "en"])
def test_the_public_page_is_free_of_barriers_and_fits_any_width(
    new_page: Callable[..., Page], demo: Server, language: str
) -> None:
    page = new_page(**PHONE)
    page.goto(f"{demo.url}/m/67/{language}")
    expect(page.locator(".player__bar")).to_be_visible()
    assert barriers(page) == []
    assert sideways_px(page) <= 0
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate(DOUBLE_TEXT)
    assert sideways_px(page) <= 0


def test_the_room_fits_a_phone_and_text_of_double_size(minsk: Participant) -> None:
    page = minsk.page
    page.set_viewport_size(PHONE["viewport"])  # type: ignore[arg-type]
    expect(page.get_by_role("button", name="Войти в совещание")).to_be_visible()
    assert sideways_px(page) <= 0
    minsk.enter()
    assert sideways_px(page) <= 0
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate(DOUBLE_TEXT)
    assert sideways_px(page) <= 0


def _press(page: Page, code: str, key: str) -> None:
    """A key as a layout gives it: the place says `code`, the letter is another."""
    page.evaluate(
        """([code, key]) => document.activeElement.dispatchEvent(
             new KeyboardEvent("keydown", { code, key, bubbles: true, cancelable: true }))""",
        [code, key],
    )
