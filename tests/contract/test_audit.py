"""Every change has its record, and so has every attempt that a known asker was refused.

The house of the tests watches each request it is asked (`tests/support/recorded.py`); here the
watch itself is tried, and what it cannot see: refusals, and that the whole house fits its record.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from veche.domain.account import GlobalRole
from veche.domain.actor import HOUSE, ActorKind
from veche.domain.audit import AuditRecord
from veche.domain.meeting import MeetingNumber, Phase
from veche.services.refusals import RECORDED_MAX
from veche.store import Database


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        yield opened


def _records(opened: OpenHouse, subject: str) -> list[AuditRecord]:
    with opened.database.read() as unit:
        return unit.audit.of_subject(subject)


def _add_door(opened: OpenHouse, *, is_recorded: bool) -> None:
    """A door that changes a phase, with or without telling the record."""

    def change(database: Database) -> None:
        with database.write() as unit:
            unit.meetings.set_phase(MeetingNumber(67), Phase.SOUND_CHECK, None)
            if is_recorded:
                unit.audit.append(HOUSE, "change", subject="meeting/67", at=opened.clock.now())

    async def door() -> None:
        await asyncio.to_thread(change, opened.database)

    app = opened.client._transport.app  # type: ignore[attr-defined]
    while not isinstance(app, FastAPI):
        app = app._app
    app.add_api_route("/door", door, methods=["POST"])


async def test_a_door_that_changes_without_a_record_is_seen(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting())
    _add_door(opened, is_recorded=False)
    assert (await opened.client.post("/door")).status_code == 200
    assert opened.watch.unrecorded == ["POST /door changes meetings"]
    opened.watch.unrecorded.clear()


async def test_a_door_that_records_its_change_is_not(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting())
    _add_door(opened, is_recorded=True)
    await opened.client.post("/door")
    assert opened.watch.unrecorded == []
    assert opened.watch.recorded == {"POST /door"}


async def test_an_attempt_of_a_known_asker_is_recorded_with_his_request(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting())
    viewer = opened.signed_in(GlobalRole.VIEWER)
    answer = await viewer.delete("/api/v1/meetings/67/staff/somebody/operator")
    assert answer.status_code in (403, 404)
    (record,) = _records(opened, "meeting/67")
    assert record.refusal == answer.json()["code"]
    assert record.action == "DELETE /meetings/{number}/staff/{account}/{role}"
    assert record.actor.kind is ActorKind.ACCOUNT
    assert record.request_id == answer.headers["x-request-id"]


async def test_a_stranger_fills_no_table(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting())
    await opened.client.post("/api/v1/meetings/67/staff", json={"account": "a", "role": "operator"})
    await opened.client.post("/api/v1/join", json={"secret": "guess"})
    assert _records(opened, "meeting/67") == []


async def test_a_form_that_was_mistyped_is_no_attempt(opened: OpenHouse) -> None:
    admin = opened.signed_in(GlobalRole.ADMIN)
    answer = await admin.post("/api/v1/accounts", json={"login": "a" * 500})
    assert answer.status_code == 422
    assert _records(opened, "door/accounts") == []


@pytest.mark.parametrize("count", [RECORDED_MAX - 1, RECORDED_MAX, RECORDED_MAX + 1])
async def test_whoever_is_refused_without_end_is_recorded_up_to_a_limit(
    opened: OpenHouse, count: int
) -> None:
    viewer = opened.signed_in(GlobalRole.VIEWER)
    for _ in range(count):
        refused = await viewer.get("/api/v1/accounts")
        assert refused.status_code == 403
    assert len(_records(opened, "door/accounts")) == min(count, RECORDED_MAX)


async def test_a_refusal_stands_while_nothing_can_be_recorded(
    opened: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = opened.signed_in(GlobalRole.VIEWER)
    monkeypatch.setattr("veche.store.session.TURN_SECONDS", 0.05)
    with opened.database._turns.one(1.0):
        assert (await viewer.get("/api/v1/accounts")).status_code == 403
