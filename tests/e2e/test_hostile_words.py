"""Hostile words in a real browser: nothing runs, with our content policy and without it.

Without it, because a policy is the second lock: the first one is that words stay words.
"""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser

from tests.support.announced import Announced, announced
from tests.support.hostile_meeting import hostile_meeting
from tests.support.hostile_words import HOSTILE_WORDS
from veche.domain.meeting import BACKGROUND_MAX

TURNS: Final = -(-len(HOSTILE_WORDS) // BACKGROUND_MAX)
"""So many meetings, until each word has stood in each place that a page has once."""
WATCHED: Final = """
window.hits = 0;
window.vecheHit = () => { window.hits += 1; };
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Announced]:
    with announced(tmp_path_factory.mktemp("hostile")) as opened:
        for turn in range(TURNS):
            opened.keep(hostile_meeting(turn + 1, turn))
        yield opened


@pytest.mark.parametrize("bypass", [False, True], ids=["policy", "no policy"])
def test_no_word_runs(browser: Browser, pages: Announced, bypass: bool) -> None:
    context = browser.new_context(bypass_csp=bypass)
    context.add_init_script(WATCHED)
    page = context.new_page()
    addresses = [f"/m/{n}/{rest}" for n in range(1, TURNS + 1) for rest in ("ru", "embed/ru")]
    for address in ("/", *addresses):
        page.goto(pages.url + address)
        page.mouse.move(300, 300)
        page.keyboard.press("Tab")
        assert page.url == pages.url + address, "nothing leads away"
        assert page.evaluate("window.hits") == 0, address
        assert page.evaluate("document.querySelectorAll('base, iframe, object').length") == 0
    context.close()


def test_the_watch_itself_sees_what_runs(browser: Browser) -> None:
    context = browser.new_context()
    context.add_init_script(WATCHED)
    page = context.new_page()
    page.goto("about:blank")
    page.set_content("".join(HOSTILE_WORDS[:20]))
    page.wait_for_function("window.hits > 0")
    context.close()
