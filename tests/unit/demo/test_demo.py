"""The demonstration tells the facts of its source, marks what is invented, and looks alive."""

import wave
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from PIL import Image

from tests.support.house import OpenHouse, open_house
from veche.demo.drawing import flatten
from veche.demo.hall_picture import HEIGHT, LOOKS, WIDTH, HallPicture
from veche.demo.meeting import NUMBER, demo_meeting
from veche.demo.opening import STALE_AFTER, open_demo
from veche.demo.speeches import read_speech
from veche.domain.meeting import Phase
from veche.domain.text import Language, Text

SPEECH_BYTES_MAX = 330_000


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        yield opened


async def _open(opened: OpenHouse, key: str = "key") -> list[str]:
    """Opens the demonstration; the secrets of its guests' links."""
    house = opened.house
    demo = await open_demo(house.planning, house.conduct, key, opened.clock.now)
    return [secret for _, secret in demo.guests]


async def test_invented_persons_are_not_on_the_public_page(opened: OpenHouse) -> None:
    opened.keep(demo_meeting())
    page = (await opened.client.get("/m/67/ru")).text
    assert "Ветрова" not in page
    assert "Степной" not in page


def test_every_word_of_the_meeting_is_there_in_three_languages() -> None:
    meeting = demo_meeting()
    assert meeting.lead is not None
    texts = [meeting.title, meeting.short_title, meeting.lead, meeting.organiser]
    texts += meeting.background
    texts += [text for side in meeting.sides for text in (side.name, side.sites[0].city)]
    texts += [text for p in meeting.roster for text in (p.name, p.post, p.office) if text]
    texts += [text for i in meeting.agenda for text in (i.title, i.note, i.short_title) if text]
    texts += [correction.words for correction in meeting.corrections]
    assert [text for text in texts if _languages(text) != set(Language)] == []


def _languages(text: Text) -> set[Language]:
    return {language for language, _ in text.words}


def test_no_russian_letter_stands_in_the_belarusian_words() -> None:
    """The letters и, щ, ъ do not exist in Belarusian."""
    meeting = demo_meeting()
    assert meeting.lead is not None
    texts = [meeting.title, meeting.lead, *meeting.background]
    texts += [text for p in meeting.roster for text in (p.name, p.post, p.office) if text]
    texts += [text for i in meeting.agenda for text in (i.title, i.note, i.short_title) if text]
    for text in texts:
        assert not set(text.in_language(Language.BE).lower()) & set("ищъ"), text


async def test_opening_again_changes_nothing_and_keeps_the_links(opened: OpenHouse) -> None:
    first = await _open(opened)
    began = opened.house.planning.announcement(NUMBER).on_air_since
    opened.clock.advance(60)
    assert await _open(opened) == first
    meeting = opened.house.planning.announcement(NUMBER)
    assert (meeting.phase, meeting.on_air_since) == (Phase.ON_AIR, began)


async def test_another_installation_has_other_links(opened: OpenHouse) -> None:
    assert await _open(opened, "one") != await _open(opened, "two")


@pytest.mark.parametrize(("extra_seconds", "is_new"), [(0, False), (1, True)])
async def test_the_air_of_another_day_begins_anew(
    tmp_path: Path, extra_seconds: int, is_new: bool
) -> None:
    async with open_house(tmp_path) as opened:
        await _open(opened)
        began = opened.clock.now()
        opened.clock.advance((STALE_AFTER + timedelta(seconds=extra_seconds)).total_seconds())
        opened.house.conduct._conducted.clear()
        await _open(opened)
        since = opened.house.planning.announcement(NUMBER).on_air_since
        assert since == (opened.clock.now() if is_new else began)


@pytest.mark.parametrize("hall", LOOKS)
def test_a_speech_is_a_small_file_that_is_heard_and_then_silent(hall: str) -> None:
    file = files("veche.demo").joinpath("speech", f"{hall}.wav")
    assert len(file.read_bytes()) <= SPEECH_BYTES_MAX
    with file.open("rb") as opened, wave.open(opened) as spoken:
        assert (spoken.getnchannels(), spoken.getsampwidth()) == (1, 2)
    speech = read_speech(hall)
    assert speech.rate_hz == 16_000
    assert max(abs(sample) for sample in speech.samples) > 10_000
    count = 320
    assert speech.piece(len(speech.samples) - 10, count)[20:] == bytes((count - 10) * 2)
    assert speech.piece(len(speech.samples), count) == bytes(count * 2)


Draw = Callable[..., Image.Image]


@pytest.fixture(name="draw", scope="module")
def prepare_picture() -> Draw:
    prepared = HallPicture(LOOKS["minsk"])

    def draw(now: datetime, seconds: float, *, is_speaking: bool = False) -> Image.Image:
        pixels = prepared.frame(now, seconds, is_speaking=is_speaking)
        return Image.frombytes("RGB", (WIDTH, HEIGHT), pixels)

    return draw


def test_the_picture_moves_and_its_clock_runs_by_tenths(draw: Draw) -> None:
    now = datetime(2026, 4, 1, 11, tzinfo=UTC)
    first = draw(now, 0)
    clock = (380, 70, 580, 180)
    people = (150, 240, 800, 410)
    tick = draw(now + timedelta(milliseconds=100), 0)
    assert first.crop(clock) != tick.crop(clock)
    assert first.crop(people) == tick.crop(people)
    later = draw(now, 2.0)
    assert first.crop(clock) == later.crop(clock)
    assert first.crop(people) != later.crop(people)


def test_who_speaks_has_a_red_light_at_his_microphone(draw: Draw) -> None:
    now = datetime(2026, 4, 1, 11, tzinfo=UTC)

    def red_pixels(picture: Image.Image) -> int:
        pixels = picture.crop((500, 340, 550, 400)).tobytes()
        return sum(
            red > 230 and green < 120 for red, green in zip(pixels[::3], pixels[1::3], strict=True)
        )

    assert red_pixels(draw(now, 0)) == 0
    assert red_pixels(draw(now, 0, is_speaking=True)) > 10


def test_a_curve_ends_where_it_was_told_to() -> None:
    points = flatten("M0 0 C0 10 10 10 10 0 Q15 -5 20 0 L30 0 Z")
    assert points[0] == (0, 0)
    assert (10.0, 0.0) in points
    assert points[-2:] == [(20.0, 0.0), (30.0, 0.0)]
    assert max(y for _, y in points) == pytest.approx(7.5, abs=0.1), "the height of this curve"
