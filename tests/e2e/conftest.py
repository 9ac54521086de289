"""One living demonstration and one browser for all tests of the pages."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.chromium import launch, window
from tests.e2e.screens import Participant, Spectator
from tests.support.server import Server, running

MINSK_GUEST = "Ольга Ветрова"
KURSK_GUEST = "Дмитрий Степной"


def links(server: Server) -> list[str]:
    """The participants' links that the demonstration printed, host side first."""
    return re.findall(r"(http\S+/j/\S+)", "".join(server.lines))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running("demo", tmp_path_factory.mktemp("demo")) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launch(playwright.chromium)
        yield opened
        opened.close()


@pytest.fixture
def new_page(browser: Browser, demo: Server) -> Iterator[Callable[..., Page]]:
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(window(browser, demo.url, **options))


@pytest.fixture
def minsk(new_page: Callable[..., Page], demo: Server) -> Participant:
    """A participant of the host side, at the check of devices."""
    return Participant(new_page(), MINSK_GUEST).open(links(demo)[0])


@pytest.fixture
def kursk(new_page: Callable[..., Page], demo: Server) -> Participant:
    """A participant of the other side, at the check of devices."""
    return Participant(new_page(), KURSK_GUEST).open(links(demo)[1])


@pytest.fixture
def spectator(new_page: Callable[..., Page], demo: Server) -> Spectator:
    return Spectator(new_page()).open(f"{demo.url}/m/67/ru")
