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
from veche.domain.identity import SeriesId, SideId, TemplateId
from veche.domain.meeting import Meeting, MeetingNumber, Step
from veche.domain.phases import Group
from veche.services.drafts import NewMeeting
from veche.services.listing import PAGE_MEETINGS_MAX
from veche.web.api.common import NUMBER_MAX, AccountAsker, Number, Rooms
from veche.web.api.once import Once, OnceOnly
from veche.web.fields import Id, Words
from veche.web.house import House
from veche.web.plan_answers import EntryShape, HistoryAnswer, MeetingList, meeting_list, plan_answer
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

PAGE_MEETINGS: Final = 30
"""More than an office prepares at once; a page is made in about 70 ms of one core."""
SEARCH_LETTERS_MAX: Final = 200
MAX_SEQUENCE: Final = 2**31 - 1

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


class NewMeetingShape(BaseModel):
    """What the new meeting is made of: nothing, an earlier meeting, or a template.

    With `series` it is the next one of a series: numbered, with the sides of its body.
    """

    title: Words | None = Field(None, description="Null: of the pattern.")
    copy_of: Annotated[int, Field(ge=1, le=NUMBER_MAX)] | None = None
    template: Id | None = None
    series: Id | None = None
    day: date | None = None


@router.post("/meetings", status_code=201)
async def begin_meeting(
    asked: NewMeetingShape, asker: AccountAsker, house: Rooms, once: Once
) -> PlanAnswer:
    """A draft under a new number, which it keeps for ever."""
    new = NewMeeting(
        title=asked.title,
        copy_of=None if asked.copy_of is None else MeetingNumber(asked.copy_of),
        template=None if asked.template is None else TemplateId(asked.template),
        series=None if asked.series is None else SeriesId(asked.series),
        day=asked.day,
    )
    return await _once(once, asker, house, lambda: house.drafts.begin(asker, new))


@router.get("/meetings/{number}")
async def read_meeting(number: Number, asker: AccountAsker, house: Rooms) -> PlanAnswer:
    return await _answer(house, lambda: house.planning.read(asker, MeetingNumber(number)))


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
    host = SideId(asked.side)
    return await _answer(
        house,
        lambda: house.planning.swap_host(asker, MeetingNumber(number), asked.version, host),
    )


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

    return await _answer(house, work)


@router.post("/meetings/{number}/announcement")
async def announce(number: Number, asker: AccountAsker, house: Rooms, once: Once) -> PlanAnswer:
    """Make an agreed meeting public at its permanent address."""

    def work() -> Meeting:
        return house.planning.announce(asker, MeetingNumber(number))

    return await _once(once, asker, house, work)


@router.post("/meetings/{number}/draft")
async def take_back(number: Number, asker: AccountAsker, house: Rooms, once: Once) -> PlanAnswer:
    """Back to the draft: one that is agreed but not announced, or one that was discarded."""

    def work() -> Meeting:
        return house.planning.take_back(asker, MeetingNumber(number))

    return await _once(once, asker, house, work)


class Cancellation(BaseModel):
    reason: Words = Field(examples=[{"ru": "перенесено на осень по просьбе сторон"}])


@router.post("/meetings/{number}/cancellation")
async def cancel(
    number: Number, asked: Cancellation, asker: AccountAsker, house: Rooms, once: Once
) -> PlanAnswer:
    """Cancel an announced meeting, or discard one that nobody outside knows of."""

    def work() -> Meeting:
        return house.planning.cancel(asker, MeetingNumber(number), asked.reason)

    return await _once(once, asker, house, work)


class Undo(StepSave):
    step: Step
    since: Annotated[int, Field(ge=1, le=MAX_SEQUENCE)] | None = None
    """Sequence of a record of the history; null: the last change of the step."""


@router.post("/meetings/{number}/undo")
async def undo(
    number: Number, asked: Undo, asker: AccountAsker, house: Rooms, once: Once
) -> PlanAnswer:
    """Save a step as it was before its last change, or before a record of the history."""

    def work() -> Meeting:
        return house.history.take_back(
            asker, MeetingNumber(number), asked.step, asked.version, asked.since
        )

    return await _once(once, asker, house, work)


@router.get("/meetings/{number}/history")
async def read_history(
    number: Number,
    asker: AccountAsker,
    house: Rooms,
    before: Annotated[int | None, Query(ge=1, le=MAX_SEQUENCE)] = None,
) -> HistoryAnswer:
    """Who changed what, newest first; the next page is `before` the last sequence."""
    found = await asyncio.to_thread(house.history.page, asker, MeetingNumber(number), before)
    return HistoryAnswer(entries=[EntryShape.model_validate(it) for it in found])


async def _answer(house: House, work: Callable[[], Meeting]) -> PlanAnswer:
    def done() -> PlanAnswer:
        meeting = work()
        return plan_answer(meeting, house.planning.advice(meeting))

    return await asyncio.to_thread(done)


async def _once(
    once: OnceOnly, asker: Asker, house: House, work: Callable[[], Meeting]
) -> PlanAnswer:
    return await once(asker.actor, PlanAnswer, lambda: _answer(house, work))


async def _save(
    number: int,
    asked: StepSave,
    asker: Asker,
    house: House,
    step: Step,
    fields: Mapping[str, Any],  # Any: fields of a meeting
) -> PlanAnswer:
    def edit(before: Meeting) -> Meeting:
        return replace(before, **fields)

    return await _answer(
        house,
        lambda: house.planning.save(asker, MeetingNumber(number), step, asked.version, edit),
    )
