"""The server dies and comes back: everybody is where he was, without touching anything."""

import signal
import socket
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.chromium import window
from tests.e2e.conftest import MINSK_GUEST, links
from tests.e2e.screens import Participant, Spectator, wait_until_seen
from tests.support.server import running

HALLS = 2


def _free_port(kind: socket.SocketKind) -> str:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.mark.timeout(240)
def test_after_a_killed_server_everybody_is_back_by_himself(
    browser: Browser, tmp_path: Path
) -> None:
    ports = (
        "--port",
        _free_port(socket.SOCK_STREAM),
        "--media-port",
        _free_port(socket.SOCK_DGRAM),
    )
    with running("demo", tmp_path / "data", *ports) as first:
        url, [link, *_] = first.url, links(first)
        with window(browser, url) as page, window(browser, url) as public:
            guest = Participant(page, MINSK_GUEST).open(link).enter()
            wait_until_seen(page, HALLS)
            spectator = Spectator(public).open(f"{url}/m/67/ru").watch()
            wait_until_seen(public, HALLS)

            first.stop(signal.SIGKILL)
            lost = page.get_by_role("banner").get_by_text("Связь восстанавливается")
            expect(lost).to_be_visible()
            with running("demo", tmp_path / "data", *ports):
                expect(page.get_by_text("Вас видно и слышно")).to_be_visible(timeout=60_000)
                wait_until_seen(page, HALLS)
                expect(guest.microphone).to_have_text("Микрофон открыт")
                expect(spectator.stage).to_be_visible()
                wait_until_seen(public, HALLS)
