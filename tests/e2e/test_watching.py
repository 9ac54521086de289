"""The public page: a spectator sees and hears, is asked for nothing, and reads without script."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.chromium import captures, stats
from tests.e2e.screens import (
    Participant,
    Spectator,
    eventually,
    wait_until_heard,
    wait_until_seen,
)
from tests.support.server import Server

HALLS = 2


def test_nothing_is_connected_until_play_is_pressed(spectator: Spectator) -> None:
    expect(spectator.page.get_by_role("button", name="Смотреть со звуком")).to_be_visible()
    assert stats(spectator.page, "transport") == []


def test_both_halls_are_seen_and_heard_and_no_device_is_asked_for(spectator: Spectator) -> None:
    spectator.watch()
    wait_until_seen(spectator.page, HALLS)
    wait_until_heard(spectator.page, HALLS)
    expect(spectator.stage).to_contain_text("Минск")
    expect(spectator.stage).to_contain_text("Курск")
    assert captures(spectator.page) == []
    assert stats(spectator.page, "outbound-rtp") == []


def test_the_title_follows_the_hall_that_speaks_in_the_reader_s_language(
    new_page: Callable[..., Page], demo: Server
) -> None:
    page = new_page()
    page.goto(f"{demo.url}/m/67/be")
    beside = page.locator("#now b")
    expect(beside).not_to_have_text("", timeout=60_000)  # between two speeches it says nothing
    first = beside.inner_text()
    expect(beside).not_to_have_text(first, timeout=60_000)
    assert {first, beside.inner_text()} == {"Сяргей Папкоў", "Аляксандр Крывалапаў"}
    expect(page.get_by_role("group", name="Эфір")).to_contain_text(beside.inner_text())


def test_stopping_leaves_the_media_server_and_playing_comes_back(spectator: Spectator) -> None:
    spectator.watch()
    wait_until_seen(spectator.page, HALLS)
    spectator.page.get_by_role("button", name="Остановить").click()
    expect(spectator.page.get_by_role("button", name="Смотреть со звуком")).to_be_visible()
    eventually(spectator.page, lambda: int(stats(spectator.page, "transport") == []), 1)
    spectator.watch()
    wait_until_seen(spectator.page, HALLS)


def test_a_spectator_is_seen_by_nobody(spectator: Spectator, minsk: Participant) -> None:
    minsk.enter()
    wait_until_seen(minsk.page, HALLS)
    before = minsk.people.get_by_role("listitem").count()
    spectator.watch()
    wait_until_seen(spectator.page, HALLS)
    expect(minsk.people.get_by_role("listitem")).to_have_count(before)


def test_the_page_is_whole_without_a_script(new_page: Callable[..., Page], demo: Server) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{demo.url}/m/67/ru")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Дню единения")
    expect(page.get_by_text("Сергей Попков").first).to_be_visible()
    expect(page.locator(".stage__card")).to_be_visible()
    expect(page.get_by_role("button", name="Скопировать адрес")).to_have_count(0)
