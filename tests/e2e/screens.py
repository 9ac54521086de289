"""The pages as people use them: by the words and roles that are on the screen."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.e2e.chromium import PATIENCE_MS, inbound

POLL_MS: Final = 200
MOVING_FRAMES: Final = 10
VOICE_ENERGY: Final = 1e-4
"""Between silence (0) and one beep of Chromium's own test tone (above 1e-2)."""

_MICROPHONE = re.compile("^Микрофон")
_CAMERA = re.compile("^Камера")


@dataclass(frozen=True, slots=True)
class Participant:
    """The personal page."""

    page: Page
    name: str

    def open(self, link: str) -> "Participant":
        self.page.goto(link)
        return self

    def enter(self) -> "Participant":
        self.page.get_by_role("button", name="Войти в совещание").click()
        self.is_inside()
        return self

    def is_inside(self) -> None:
        expect(self.controls).to_be_visible(timeout=PATIENCE_MS)

    @property
    def controls(self) -> Locator:
        return self.page.get_by_role("navigation", name="Управление")

    @property
    def microphone(self) -> Locator:
        return self.controls.get_by_role("button", name=_MICROPHONE)

    @property
    def camera(self) -> Locator:
        return self.controls.get_by_role("button", name=_CAMERA)

    @property
    def people(self) -> Locator:
        return self.page.get_by_role("complementary", name="На связи")

    def person(self, name: str) -> Locator:
        """By the name the row begins with: posts name cities too."""
        begins = re.compile(rf"^\s*{re.escape(name)}")
        return self.people.get_by_role("listitem").filter(has_text=begins)

    def tile(self, name: str) -> Locator:
        tiles = self.page.get_by_role("list", name="Участники")
        return tiles.get_by_role("listitem").filter(has_text=name)

    def leave(self) -> None:
        self.controls.get_by_role("button", name="Выйти").click()


@dataclass(frozen=True, slots=True)
class Spectator:
    """The public page."""

    page: Page

    def open(self, address: str) -> "Spectator":
        self.page.goto(address)
        return self

    def watch(self) -> "Spectator":
        self.page.get_by_role("button", name="Смотреть со звуком").click()
        return self

    @property
    def stage(self) -> Locator:
        return self.page.get_by_role("group", name="Эфир")


def wait_until_seen(page: Page, pictures: int) -> None:
    """Until so many pictures are moving."""

    def seen() -> int:
        return sum(one.get("framesDecoded", 0) > MOVING_FRAMES for one in inbound(page, "video"))

    eventually(page, seen, pictures)


def wait_until_heard(page: Page, voices: int) -> None:
    """Until so many voices have carried energy, which silence does not."""

    def heard() -> int:
        return sum(one.get("totalAudioEnergy", 0) > VOICE_ENERGY for one in inbound(page, "audio"))

    eventually(page, heard, voices)


def frames_decoded(page: Page) -> int:
    return sum(one.get("framesDecoded", 0) for one in inbound(page, "video"))


def eventually(page: Page, measure: Callable[[], int], at_least: int) -> None:
    """Asks again and again until the measure is reached; says what it was when it is not."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while (measured := measure()) < at_least:
        assert time.monotonic() < deadline, f"{measured} of {at_least}"
        page.wait_for_timeout(POLL_MS)
