"""The calendar file, opened by a parser that is not the one that wrote it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import vobject  # type: ignore[import-untyped]

from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from veche.domain.meeting import Correction, Phase
from veche.domain.text import Text


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        opened.keep(bridge_meeting())
        yield opened


async def _event(opened: OpenHouse, path: str = "/m/67.ics") -> Any:  # Any: vobject is untyped
    answer = await opened.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (calendar,) = vobject.readComponents(answer.text, validate=True)
    return calendar.vevent


async def test_the_hour_is_in_utc_and_the_end_is_that_of_the_programme(opened: OpenHouse) -> None:
    event = await _event(opened)
    assert event.dtstart.value == datetime(2016, 4, 1, 8, tzinfo=UTC)
    assert event.dtend.value == datetime(2016, 4, 1, 8, 12, tzinfo=UTC)
    assert event.status.value == "CONFIRMED"
    assert event.url.value == "http://veche.test/m/67"


async def test_words_are_in_the_language_that_is_asked_for(opened: OpenHouse) -> None:
    belarusian = await _event(opened, "/m/67.ics?language=be")
    assert belarusian.summary.value == "Нарада двух бакоў"
    assert "Старонка нарады: http://veche.test/m/67" in belarusian.description.value
    assert (await _event(opened, "/m/67.ics?language=en")).summary.value == "Meeting of two sides"
    assert (await opened.client.get("/m/67.ics?language=de")).status_code == 404


async def test_without_an_hour_it_is_the_whole_day_and_blocks_nobody(opened: OpenHouse) -> None:
    opened.keep(replace(bridge_meeting(), starts_at=None))
    event = await _event(opened, "/m/67.ics?language=ru")
    assert event.dtstart.value == date(2016, 4, 1)
    assert event.dtend.value == date(2016, 4, 2)
    assert event.transp.value == "TRANSPARENT"
    assert "Час начала уточняется." in event.description.value


async def test_a_change_has_the_same_name_and_a_later_revision(opened: OpenHouse) -> None:
    before = await _event(opened)
    opened.keep(
        replace(
            bridge_meeting(),
            corrections=(Correction(datetime(2026, 4, 2, tzinfo=UTC), Text.of(ru="перенесено")),),
        )
    )
    opened.house.conduct._conducted.clear()
    after = await _event(opened)
    assert UUID(before.uid.value) == UUID(after.uid.value)
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.dtstamp.value == datetime(2026, 4, 2, tzinfo=UTC)


async def test_two_meetings_have_two_names(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting(number=68))
    other = await _event(opened, "/m/68.ics")
    assert other.uid.value != (await _event(opened)).uid.value


async def test_the_name_stays_when_the_house_is_opened_again(
    opened: OpenHouse, tmp_path: Path
) -> None:
    name = (await _event(opened)).uid.value
    async with open_house(tmp_path, front_end=tmp_path / "static", asked="http://other") as again:
        assert (await _event(again)).uid.value == name


async def test_a_draft_and_an_unknown_number_are_alike(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting(number=1, phase=Phase.DRAFT))
    unpublished = await opened.client.get("/m/1.ics")
    unknown = await opened.client.get("/m/2.ics")
    assert unpublished.status_code == unknown.status_code == 404
    assert unpublished.content == unknown.content
    assert dict(unpublished.headers) == dict(unknown.headers)
