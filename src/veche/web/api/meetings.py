"""Planned meetings: lists, the whole of one, its steps, and the way to the announcement.

For the staff of the organisation whose meeting it is. A step is saved with the version that
was read; a save that changes nothing makes no new version.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from veche.domain.actor import Asker
from veche.domain.identity import SideId
from veche.domain.meeting import Meeting, MeetingNumber, Step
from veche.domain.phases import Group
from veche.services.listing import PAGE_MEETINGS_MAX
from veche.web.api.common import AccountAsker, Number, Rooms
from veche.web.api.once import Once, OnceOnly
from veche.web.fields import Id, Words
from veche.web.house import House
from veche.web.plan_answers import MeetingList, meeting_list, plan_answer
from veche.web.plan_shapes import (
    PlanAnswer,
    SaveAccess,
    SaveProgramme,
    SaveRoster,
    SaveSides,
    SaveSubstance,
    StepSave,
    moment,
)

PAGE_MEETINGS: Final = 50
SEARCH_LETTERS_MAX: Final = 200

router = APIRouter(tags=["planning"])


@router.get("/meetings")
async def list_meetings(
    asker: AccountAsker,
    house: Rooms,
    group: Group = Group.PREPARING,
    after: Annotated[str | None, Query(max_length=40, examples=["2026-04-01:67"])] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MEETINGS_MAX)] = PAGE_MEETINGS,
    q: Annotated[str | None, Query(max_length=SEARCH_LETTERS_MAX)] = None,
) -> MeetingList:
    """One group of phases, a page at a time; `q`: words of a title, a city or a name."""

    def read() -> MeetingList:
        return meeting_list(house.listing.page(asker, group, after=after, limit=limit, wanted=q))

    return await asyncio.to_thread(read)


@router.get("/meetings/{number}")
async def read_meeting(number: Number, asker: AccountAsker, house: Rooms) -> PlanAnswer:
    meeting = await asyncio.to_thread(house.planning.read, asker, MeetingNumber(number))
    return plan_answer(meeting)


@router.put("/meetings/{number}/substance")
async def save_substance(
    number: Number, asked: SaveSubstance, asker: AccountAsker, house: Rooms
) -> PlanAnswer:
    """Step 1. The day and hour of an announced meeting are moved by `/schedule` instead."""
    return await _save(number, asked, asker, house, Step.SUBSTANCE, asked.fields())


@router.put("/meetings/{number}/sides")
async def save_sides(
    number: Number, asked: SaveSides, asker: AccountAsker, house: Rooms
) -> PlanAnswer:
    """Step 2. Sides with their halls, the host first."""
    return await _save(number, asked, asker, house, Step.SIDES, asked.fields())


@router.put("/meetings/{number}/roster")
async def save_roster(
    number: Number, asked: SaveRoster, asker: AccountAsker, house: Rooms
) -> PlanAnswer:
    """Step 3. All lines, by precedence within a side."""
    return await _save(number, asked, asker, house, Step.ROSTER, asked.fields())


@router.put("/meetings/{number}/programme")
async def save_programme(
    number: Number, asked: SaveProgramme, asker: AccountAsker, house: Rooms
) -> PlanAnswer:
    """Step 4. All items in their order."""
    return await _save(number, asked, asker, house, Step.PROGRAMME, asked.fields())


@router.put("/meetings/{number}/access")
async def save_access(
    number: Number, asked: SaveAccess, asker: AccountAsker, house: Rooms
) -> PlanAnswer:
    """Step 5."""
    return await _save(number, asked, asker, house, Step.ACCESS, asked.fields())


class NewHost(StepSave):
    side: Id


@router.put("/meetings/{number}/host")
async def change_host(
    number: Number, asked: NewHost, asker: AccountAsker, house: Rooms
) -> PlanAnswer:
    """Put another side first: every list of the meeting follows."""
    meeting = await asyncio.to_thread(
        house.planning.swap_host, asker, MeetingNumber(number), asked.version, SideId(asked.side)
    )
    return plan_answer(meeting)


class NewSchedule(StepSave):
    """Another day or hour. `words` stand in the list of corrections of the announcement."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    day: date
    starts: time = Field(examples=["12:00"])
    ends: time | None = None
    ends_day: date | None = None
    words: Words = Field(examples=[{"ru": "изменено время начала: 12:00 вместо 11:00"}])


@router.put("/meetings/{number}/schedule")
async def reschedule(
    number: Number, asked: NewSchedule, asker: AccountAsker, house: Rooms
) -> PlanAnswer:
    """Move the meeting; an announced one keeps its address and shows a dated correction."""

    def work() -> Meeting:
        zone = house.planning.read(asker, MeetingNumber(number)).zone
        starts_at = moment(asked.day, asked.starts, zone)
        assert starts_at is not None, "a day and an hour make a moment"
        ends_at = moment(asked.ends_day or asked.day, asked.ends, zone)
        return house.planning.reschedule(
            asker, MeetingNumber(number), asked.version, starts_at, ends_at, asked.words
        )

    return plan_answer(await asyncio.to_thread(work))


@router.post("/meetings/{number}/announcement")
async def announce(number: Number, asker: AccountAsker, house: Rooms, once: Once) -> PlanAnswer:
    """Make an agreed meeting public at its permanent address."""

    def work() -> Meeting:
        return house.planning.announce(asker, MeetingNumber(number))

    return await _once(once, asker, work)


@router.post("/meetings/{number}/draft")
async def take_back(number: Number, asker: AccountAsker, house: Rooms, once: Once) -> PlanAnswer:
    """Back to the draft: one that is agreed but not announced, or one that was discarded."""

    def work() -> Meeting:
        return house.planning.take_back(asker, MeetingNumber(number))

    return await _once(once, asker, work)


class Cancellation(BaseModel):
    reason: Words = Field(examples=[{"ru": "перенесено на осень по просьбе сторон"}])


@router.post("/meetings/{number}/cancellation")
async def cancel(
    number: Number, asked: Cancellation, asker: AccountAsker, house: Rooms, once: Once
) -> PlanAnswer:
    """Cancel an announced meeting, or discard one that nobody outside knows of."""

    def work() -> Meeting:
        return house.planning.cancel(asker, MeetingNumber(number), asked.reason)

    return await _once(once, asker, work)


async def _once(once: OnceOnly, asker: Asker, work: Callable[[], Meeting]) -> PlanAnswer:
    async def answer() -> PlanAnswer:
        return plan_answer(await asyncio.to_thread(work))

    return await once(asker.actor, PlanAnswer, answer)


async def _save(
    number: int,
    asked: StepSave,
    asker: Asker,
    house: House,
    step: Step,
    fields: Mapping[str, Any],  # Any: fields of a meeting
) -> PlanAnswer:
    meeting = await asyncio.to_thread(
        house.planning.save,
        asker,
        MeetingNumber(number),
        step,
        asked.version,
        lambda before: replace(before, **fields),
    )
    return plan_answer(meeting)
