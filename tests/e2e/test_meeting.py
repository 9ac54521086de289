"""A meeting in two real browsers: seen, heard, closed, switched, lost and come back to."""

import re
from collections.abc import Callable
from functools import partial

from playwright.sync_api import Page, expect

from tests.e2e.chromium import stats
from tests.e2e.conftest import KURSK_GUEST, MINSK_GUEST, links
from tests.e2e.screens import (
    VOICE_ENERGY,
    Participant,
    eventually,
    frames_decoded,
    wait_until_heard,
    wait_until_seen,
)
from tests.support.server import Server

HALLS = 2


def test_all_see_each_other_and_hear_those_who_have_the_floor(
    minsk: Participant, kursk: Participant
) -> None:
    minsk.enter()
    kursk.enter()
    for here, other in ((minsk, KURSK_GUEST), (kursk, MINSK_GUEST)):
        expect(here.person("Минск")).to_be_visible()
        expect(here.person("Курск")).to_be_visible()
        expect(here.person(other)).to_be_visible()
        wait_until_seen(here.page, HALLS + 1)
        wait_until_heard(here.page, HALLS)  # they have the floor in turn, the guest has not
        before = frames_decoded(here.page)
        eventually(here.page, partial(frames_decoded, here.page), before + 30)


def test_a_closed_microphone_is_seen_closed_by_the_others(
    minsk: Participant, kursk: Participant
) -> None:
    minsk.enter()
    kursk.enter()
    at_kursk = kursk.person(MINSK_GUEST)
    expect(at_kursk).not_to_contain_text("микрофон закрыт")
    minsk.microphone.click()
    expect(minsk.microphone).to_have_text("Микрофон закрыт")
    expect(at_kursk).to_contain_text("микрофон закрыт")
    minsk.microphone.click()
    expect(at_kursk).not_to_contain_text("микрофон закрыт")


def test_a_closed_camera_gives_its_picture_back_when_it_is_opened(
    minsk: Participant, kursk: Participant
) -> None:
    minsk.enter()
    kursk.enter()
    tile = kursk.tile(MINSK_GUEST)
    expect(tile.locator("video")).to_be_visible()
    minsk.camera.click()
    expect(tile.locator("video")).to_have_count(0)
    minsk.camera.click()
    expect(tile.locator("video")).to_be_visible()
    wait_until_seen(kursk.page, HALLS + 1)


def test_a_larger_tile_gets_a_larger_layer(minsk: Participant, kursk: Participant) -> None:
    """Three layers are sent while somebody wants them; each who watches gets the one he needs."""
    minsk.enter()
    kursk.enter()
    wait_until_seen(kursk.page, HALLS + 1)

    def width() -> int:
        pixels: int = kursk.tile(MINSK_GUEST).locator("video").evaluate("one => one.videoWidth")
        return pixels

    layers = [one for one in stats(minsk.page, "outbound-rtp") if one["kind"] == "video"]
    assert len(layers) > 1, "the camera is sent in layers"
    eventually(kursk.page, lambda: int(0 < width() <= 640), 1)
    kursk.tile(MINSK_GUEST).evaluate("tile => { tile.style.cssText = 'position:fixed;inset:0'; }")
    eventually(kursk.page, width, 1280)


def test_a_reload_comes_straight_back_with_the_microphone_as_it_was(
    minsk: Participant, kursk: Participant
) -> None:
    minsk.enter()
    kursk.enter()
    minsk.microphone.click()
    expect(minsk.microphone).to_have_text("Микрофон закрыт")
    minsk.page.reload()
    minsk.is_inside()
    expect(minsk.microphone).to_have_text("Микрофон закрыт")
    expect(kursk.person(MINSK_GUEST)).to_contain_text("микрофон закрыт")
    wait_until_seen(minsk.page, HALLS + 1)
    wait_until_seen(kursk.page, HALLS + 1)


def test_one_who_leaves_is_gone_and_may_come_back(minsk: Participant, kursk: Participant) -> None:
    minsk.enter()
    kursk.enter()
    expect(kursk.person(MINSK_GUEST)).to_be_visible()
    minsk.leave()
    expect(minsk.page.get_by_role("heading", name="Вы вышли из совещания")).to_be_visible()
    expect(kursk.person(MINSK_GUEST)).to_have_count(0)
    minsk.page.get_by_role("button", name="Вернуться").click()
    minsk.enter()
    expect(kursk.person(MINSK_GUEST)).to_be_visible()


def test_a_second_window_of_one_link_takes_the_place_of_the_first(
    minsk: Participant, new_page: Callable[..., Page], demo: Server
) -> None:
    minsk.enter()
    second = Participant(new_page(), MINSK_GUEST).open(links(demo)[0]).enter()
    expect(minsk.page.get_by_role("heading", name="Вы вошли с другого устройства")).to_be_visible()
    wait_until_seen(second.page, HALLS)


def test_a_device_is_changed_while_the_meeting_runs(minsk: Participant, kursk: Participant) -> None:
    minsk.enter()
    kursk.enter()
    eventually(minsk.page, lambda: int(_voice_sent(minsk.page) > VOICE_ENERGY), 1)
    minsk.controls.get_by_role("button", name="Мои устройства").click()
    dialog = minsk.page.get_by_role("dialog", name="Мои устройства")
    chooser = dialog.get_by_role("combobox", name="Микрофон")
    expect(chooser).to_be_visible()
    offered = chooser.locator("option").all_inner_texts()
    assert len(offered) > 1
    chooser.select_option(label=offered[-1])
    dialog.get_by_role("button", name="Готово").click()
    expect(minsk.microphone).to_have_text("Микрофон открыт")
    # The guest has not the floor, so that what is sent is asked where it is sent.
    before = _bytes_sent(minsk.page)
    eventually(minsk.page, lambda: int(_voice_sent(minsk.page) > VOICE_ENERGY), 1)
    eventually(minsk.page, lambda: _bytes_sent(minsk.page), before + 1_000)
    expect(kursk.person(MINSK_GUEST)).not_to_contain_text("микрофон закрыт")


def test_a_shared_screen_is_seen_by_the_others_until_it_is_not(
    minsk: Participant, kursk: Participant
) -> None:
    minsk.enter()
    kursk.enter()
    shown = kursk.page.get_by_role("figure", name=re.compile("Экран показывает"))
    minsk.page.keyboard.press("F2")
    minsk.controls.get_by_role("button", name="Показать экран").click()
    expect(minsk.page.get_by_text("Все видят ваш экран")).to_be_visible()
    expect(shown).to_contain_text(MINSK_GUEST)
    wait_until_seen(kursk.page, HALLS + 2)
    minsk.controls.get_by_role("button", name="Закончить показ").click()
    expect(shown).to_have_count(0)


def _voice_sent(page: Page) -> float:
    """Of the microphone that is open now: another one begins at nothing."""
    sources = (one for one in stats(page, "media-source") if one["kind"] == "audio")
    return float(sum(one.get("totalAudioEnergy", 0.0) for one in sources))


def _bytes_sent(page: Page) -> int:
    sent = (one for one in stats(page, "outbound-rtp") if one["kind"] == "audio")
    return int(sum(one.get("bytesSent", 0) for one in sent))
