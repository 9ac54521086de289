"""`Idempotency-Key` over HTTP: one command, one effect, one answer."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from tests.support.clock import Clock
from tests.support.house import open_house
from tests.support.meetings import bridge_meeting
from veche.domain.actor import Actor, ActorKind
from veche.domain.errors import AlreadyDone, ChangedMeanwhile, PhaseNotReachable, Refused
from veche.store import Database
from veche.web.api.once import KEY_LETTERS_MAX, KEY_LETTERS_MIN, Once
from veche.web.problems import problem_of

CLERK = Actor(ActorKind.ACCOUNT, "clerk", "Анна Петровна")


class Asked(BaseModel):
    title: str


class Made(BaseModel):
    number: int
    title: str


@dataclass
class Desk:
    """One door of an interface over a real store; `made` counts what was carried out."""

    client: httpx.AsyncClient
    database: Database
    made: list[str] = field(default_factory=list)
    refusal: Refused | None = None
    pause: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, key: str | None, title: str = "Нарада") -> httpx.Response:
        headers = {} if key is None else {"Idempotency-Key": key}
        return await self.client.post("/things", json={"title": title}, headers=headers)


@pytest.fixture(name="desk")
async def open_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_house(tmp_path) as opened:
        app = FastAPI()
        app.state.house = opened.house

        @app.post("/things", status_code=201)
        async def make(asked: Asked, once: Once) -> Made:
            async def make() -> Made:
                await desk.pause.wait()
                if desk.refusal is not None:
                    raise desk.refusal
                await asyncio.to_thread(_keep_meeting, opened.database)
                desk.made.append(asked.title)
                return Made(number=len(desk.made), title=asked.title)

            return await once(CLERK, Made, make)

        @app.exception_handler(Refused)
        async def refuse(_: object, error: Refused) -> object:
            return problem_of(error)

        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
            desk = Desk(client, opened.database)
            desk.pause.set()
            yield desk


def _keep_meeting(database: Database) -> None:
    with database.write() as unit:
        unit.meetings.put(bridge_meeting())


async def test_a_repeat_gets_the_answer_of_the_first_time(desk: Desk) -> None:
    first, second = await desk.ask("key-0001"), await desk.ask("key-0001")
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json() == {"number": 1, "title": "Нарада"}
    assert desk.made == ["Нарада"]


async def test_without_a_key_each_asking_is_its_own(desk: Desk) -> None:
    await desk.ask(None)
    await desk.ask(None)
    assert len(desk.made) == 2


async def test_repeats_that_come_together_are_carried_out_once(desk: Desk) -> None:
    desk.pause.clear()
    waiting = [asyncio.create_task(desk.ask("key-0001")) for _ in range(8)]
    other = asyncio.create_task(desk.ask("key-0002"))
    await asyncio.sleep(0)
    desk.pause.set()
    answers = [await it for it in waiting]
    assert len({answer.text for answer in answers}) == 1
    assert (await other).status_code == 201
    assert len(desk.made) == 2


async def test_another_body_under_the_key_is_refused_and_does_nothing(desk: Desk) -> None:
    await desk.ask("key-0001")
    refused = await desk.ask("key-0001", title="Іншая")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert len(desk.made) == 1


async def test_a_refusal_is_not_remembered(desk: Desk) -> None:
    desk.refusal = PhaseNotReachable()
    assert (await desk.ask("key-0001")).status_code == 409
    desk.refusal = None
    assert (await desk.ask("key-0001")).status_code == 201


async def test_a_lost_answer_is_told_and_the_command_not_repeated(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.services.repeats.Repeats._keep", lambda *_: None)
    assert (await desk.ask("key-0001")).status_code == 201
    repeat = await desk.ask("key-0001")
    assert (repeat.status_code, repeat.json()["code"]) == (409, AlreadyDone.code)
    assert len(desk.made) == 1


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("k" * (KEY_LETTERS_MIN - 1), 422),
        ("k" * KEY_LETTERS_MIN, 201),
        ("k" * KEY_LETTERS_MAX, 201),
        ("k" * (KEY_LETTERS_MAX + 1), 422),
        ("two words", 422),
    ],
)
async def test_a_key_is_bounded(desk: Desk, key: str, status: int) -> None:
    assert (await desk.ask(key)).status_code == status


async def test_a_conflict_shows_the_whole_newer_version_and_whose_it_is() -> None:
    refusal = ChangedMeanwhile(bridge_meeting(), CLERK, Clock().now())
    answer = problem_of(refusal)
    assert answer.status_code == 409
    told = httpx.Response(409, content=bytes(answer.body)).json()
    assert told["code"] == "changed_meanwhile"
    assert told["current"]["number"] == 67
    assert (told["changed_by"], told["changed_at"]) == (CLERK.name, Clock().now().isoformat())
