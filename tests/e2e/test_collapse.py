"""A line that breaks down under a real browser: sound lives on, the picture returns.

Unmodified livekit-client at both ends; between the watcher and the server lies a line whose
capacity the test decides. Figures of speed are the simulator's (`engine/sim`), where time is
virtual: here it is seen that a browser's own estimator leads to the same.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.chromium import inbound, window
from tests.e2e.screens import VOICE_ENERGY, eventually
from tests.support.line import ADDRESS, Line
from tests.support.sfu import Sfu

CLIENT: Final = (
    Path(__file__).parents[2] / "web/node_modules/livekit-client/dist/livekit-client.umd.js"
)
WIDE_BPS: Final = 4_000_000
NARROW_BPS: Final = 230_000
"""Enough for sound (50 kbit/s with headers) and the low layer of Chromium's test picture (130),
not for sound and the high one (250)."""
LOW_LINES, HIGH_LINES = 180, 360
SETTLED_SECONDS: Final = 4
"""The picture stands at first while nothing is known of the line, and may fall once by itself."""
LISTENED_SECONDS: Final = 3
LARGEST_SHARE_CONCEALED: Final = 0.2
"""Of the sound while the line is narrow: none on a quiet machine, half without adaptation."""

_JOIN: Final = """async ([url, token]) => {
  window.room = new LivekitClient.Room();
  room.on("trackSubscribed", (track) => document.body.append(track.attach()));
  await room.connect(url, token);
}"""
_PUBLISH: Final = """async () => {
  const { resolution } = LivekitClient.VideoPresets.h360;
  await room.localParticipant.setMicrophoneEnabled(true);
  await room.localParticipant.setCameraEnabled(true, { resolution }, { simulcast: true });
}"""


@pytest.fixture(name="sfu")
def run_sfu() -> Iterator[Sfu]:
    with Sfu(announce=ADDRESS) as sfu:
        yield sfu


def join(page: Page, sfu: Sfu, identity: str) -> None:
    """A page of the server's own with nothing but the SDK on it."""
    page.goto(sfu.url.replace("ws", "http"))
    page.add_script_tag(path=CLIENT)
    page.evaluate(_JOIN, [sfu.url, sfu.token(identity)])


def lines(page: Page) -> int:
    """Of the picture that is decoded now."""
    return max((int(one.get("frameHeight", 0)) for one in inbound(page, "video")), default=0)


def wait_until_settled(page: Page) -> None:
    """Until the high layer has been seen for a while."""
    since = time.monotonic()

    def seen_for() -> int:
        nonlocal since
        if lines(page) < HIGH_LINES:
            since = time.monotonic()
        return int(time.monotonic() - since)

    eventually(page, seen_for, SETTLED_SECONDS)


def sound(page: Page) -> dict[str, Any]:
    [report] = inbound(page, "audio")
    return report


def test_a_line_that_breaks_down_keeps_the_sound_and_gets_the_picture_back(
    browser: Browser, sfu: Sfu
) -> None:
    origin = sfu.url.replace("ws", "http")
    with (
        Line(sfu.media_port) as line,
        window(browser, origin) as speaker,
        window(browser, origin) as watcher,
    ):
        join(speaker, sfu, "speaker")
        speaker.evaluate(_PUBLISH)
        others = line.clients()
        join(watcher, sfu, "watcher")
        watchers = line.clients() - others
        line.limit(watchers, WIDE_BPS)
        wait_until_settled(watcher)

        line.limit(watchers, NARROW_BPS)
        eventually(watcher, lambda: 0 < lines(watcher) <= LOW_LINES, 1)
        before = sound(watcher)
        watcher.wait_for_timeout(LISTENED_SECONDS * 1000)
        after = sound(watcher)
        played = after["totalSamplesReceived"] - before["totalSamplesReceived"]
        concealed = after["concealedSamples"] - before["concealedSamples"]
        assert after["totalAudioEnergy"] - before["totalAudioEnergy"] > VOICE_ENERGY
        assert concealed / played < LARGEST_SHARE_CONCEALED

        line.limit(watchers, WIDE_BPS)
        eventually(watcher, lambda: lines(watcher), HIGH_LINES)
