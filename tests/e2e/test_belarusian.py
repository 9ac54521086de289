"""Screens that a script makes hold no word but Belarusian ones in a browser set to it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.chromium import window
from tests.support.announced import Announced, announced
from tests.support.belarusian import foreign_words, words_of_screen
from veche.demo.meeting import demo_meeting
from veche.domain.meeting import Phase

DATA: Final = ("press@ministry.example",)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Announced]:
    with announced(tmp_path_factory.mktemp("belarusian")) as opened:
        began = datetime(2026, 4, 1, 7, 43, tzinfo=UTC)
        opened.keep(replace(demo_meeting(), phase=Phase.ON_AIR, on_air_since=began))
        yield opened


@pytest.mark.parametrize(
    ("path", "sign"),
    [
        ("/m/67/be", "Глядзець з гукам"),
        ("/j/a-link-that-nobody-was-given", "Такой спасылкі няма"),
        ("/cabinet", "Увайсці"),
    ],
)
def test_a_screen_in_belarusian_is_belarusian(
    browser: Browser, pages: Announced, path: str, sign: str
) -> None:
    with window(browser, pages.url, locale="be-BY") as page:
        page.goto(pages.url + path)
        expect(page.get_by_text(sign).first).to_be_visible()
        assert page.locator("html").get_attribute("lang") == "be"
        told = words_of_screen(page)
        assert sign in " ".join(told), "the measure sees what is on the screen"
        assert foreign_words(told, data=DATA) == []
