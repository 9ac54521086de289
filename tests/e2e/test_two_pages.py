"""Two browsers with the unmodified livekit-client see and hear each other through our engine.

No meeting is above them, so no floor is either: who may speak is another matter than who can.
"""

from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.chromium import window
from tests.e2e.screens import eventually, frames_decoded, wait_until_heard, wait_until_seen
from tests.e2e.test_collapse import join
from tests.support.sfu import Sfu

_PUBLISH = """async () => {
  await room.localParticipant.setMicrophoneEnabled(true);
  await room.localParticipant.setCameraEnabled(true);
}"""
_MICROPHONE_IS_CLOSED = """() => [...room.remoteParticipants.values()]
  .filter((one) => !one.isMicrophoneEnabled).length"""


@pytest.fixture(name="pages")
def open_pages(browser: Browser) -> Iterator[tuple[Page, Page]]:
    with Sfu() as sfu:
        origin = sfu.url.replace("ws", "http")
        with window(browser, origin) as minsk, window(browser, origin) as kursk:
            for page, identity in ((minsk, "minsk"), (kursk, "kursk")):
                join(page, sfu, identity)
                page.evaluate(_PUBLISH)
            yield minsk, kursk


def test_two_pages_see_and_hear_each_other(pages: tuple[Page, Page]) -> None:
    for page in pages:
        wait_until_seen(page, 1)
        wait_until_heard(page, 1)
        before = frames_decoded(page)
        eventually(page, partial(frames_decoded, page), before + 30)


def test_a_closed_microphone_is_known_to_the_other_page(pages: tuple[Page, Page]) -> None:
    minsk, kursk = pages
    wait_until_heard(kursk, 1)
    minsk.evaluate("room.localParticipant.setMicrophoneEnabled(false)")
    eventually(kursk, lambda: int(kursk.evaluate(_MICROPHONE_IS_CLOSED)), 1)
