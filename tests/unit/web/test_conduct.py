"""The doors of a meeting on the air: for whom they open, what they answer, what they refuse."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.conducting import KRIVOLAPOV, NUMBER, POPKOV, VETROVA
from tests.support.house import OpenHouse, open_house
from tests.support.meetings import conducted_meeting
from veche.domain.access import Action
from veche.domain.account import GlobalRole
from veche.domain.invitation import Invitation, hash_secret
from veche.domain.meeting import OrganisationId, Phase, SiteId
from veche.web import live as live_module

COMMANDS = "/api/v1/meetings/67/commands"


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        meeting = conducted_meeting(phase=Phase.ON_AIR)
        opened.keep(replace(meeting, organisation=OrganisationId("ministry")))
        yield opened


def operator(opened: OpenHouse) -> httpx.AsyncClient:
    return opened.signed_in(GlobalRole.OPERATOR)


def place(opened: OpenHouse, **place: Any) -> httpx.AsyncClient:  # Any: fields of a link
    return opened.with_link(opened.invite(Invitation("", NUMBER, **place)))


async def command(client: httpx.AsyncClient, name: str, **body: Any) -> httpx.Response:  # Any: JSON
    return await client.post(COMMANDS, json={"command": name, **body})


async def test_a_command_answers_with_what_it_has_made(opened: OpenHouse) -> None:
    answer = await command(operator(opened), "grant_floor", participation=KRIVOLAPOV)
    assert answer.status_code == 200
    assert answer.json() == {"clock_ms": 0, "stage_sequence": 2, "floor_version": 1}
    assert opened.rooms.heard["meeting-67"] == {"hall-kursk"}


async def test_a_command_that_is_sent_again_is_carried_out_once(opened: OpenHouse) -> None:
    client = operator(opened)
    answers = [
        await client.post(
            COMMANDS,
            json={"command": "grant_floor", "participation": KRIVOLAPOV},
            headers={"Idempotency-Key": "one-and-the-same"},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert len(opened.house.conduct.peek(NUMBER).air.floor.grants) == 1


async def test_a_refused_command_may_be_sent_again_under_its_key(opened: OpenHouse) -> None:
    client = operator(opened)
    await command(client, "grant_floor", participation=POPKOV)
    headers = {"Idempotency-Key": "tried-too-early"}
    body = {"command": "grant_floor", "participation": KRIVOLAPOV}
    refused = await client.post(COMMANDS, json=body, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "floor_taken")
    await command(client, "end_floor", grant=1)
    assert (await client.post(COMMANDS, json=body, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"command": "grant_floor"}, "participation"),
        ({"command": "grant_floor", "participation": "popkov", "limit_seconds": 29}, "limit"),
        ({"command": "extend_floor", "grant": 0}, "grant"),
        ({"command": "start_cue", "kind": "anthem", "title": {}}, "title"),
        ({"command": "report_clip", "sha256": "A" * 64}, "sha256"),
        ({"command": "report_check", "findings": {"echo": "loud"}}, "findings"),
        ({"command": "take_picture", "picture": {"layout": "mosaic"}}, "layout"),
        ({"command": "next_item", "position": 3}, "position"),
        ({"command": "fly"}, "body"),
    ],
)
async def test_a_wrong_field_is_named(opened: OpenHouse, body: dict[str, Any], field: str) -> None:
    refused = await operator(opened).post(COMMANDS, json=body)
    assert refused.status_code == 422
    assert field in refused.json()["detail"]


async def test_halls_that_lack_a_clip_are_named(opened: OpenHouse) -> None:
    clip = {"name": "anthem.webm", "sha256": "a" * 64}
    hall = place(opened, site=SiteId("minsk"))
    assert (await command(hall, "report_clip", sha256=clip["sha256"])).status_code == 200
    refused = await command(
        operator(opened), "start_cue", kind="anthem", title={"ru": "Гимн"}, clip=clip
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "clips_missing")
    assert refused.json()["sites"] == ["kursk"]


async def test_one_who_joins_alone_asks_for_himself_by_his_link(opened: OpenHouse) -> None:
    alone = place(opened, participation=VETROVA)
    assert (await command(alone, "ask_floor", participation=VETROVA)).status_code == 200
    assert (await command(alone, "ask_floor", participation=POPKOV)).status_code == 403
    assert (await command(alone, "grant_floor", participation=VETROVA)).status_code == 403


async def test_who_leads_a_side_leads_the_meeting_by_his_link(opened: OpenHouse) -> None:
    chair = place(opened, participation=KRIVOLAPOV)
    assert (await command(chair, "grant_floor", participation=VETROVA)).status_code == 200
    assert (await command(chair, "take_picture")).status_code == 403


async def test_a_stranger_and_a_foreign_house_learn_nothing(opened: OpenHouse) -> None:
    foreign = opened.signed_in(GlobalRole.OPERATOR, "another ministry")
    for client in (opened.client, foreign):
        answer = await command(client, "grant_floor", participation=KRIVOLAPOV)
        unknown = await client.post(
            COMMANDS.replace("67", "68"),
            json={"command": "grant_floor", "participation": KRIVOLAPOV},
        )
        assert answer.status_code == unknown.status_code == 404 or answer.status_code == 403
        assert answer.content == unknown.content or client is opened.client


@pytest.mark.parametrize(
    ("path", "who", "status"),
    [
        ("live/desk", "hall", 403),
        ("live/desk", "alone", 403),
        ("live/desk", "stranger", 404),
        ("live/place", "operator", 403),
        ("live/place", "stranger", 404),
        ("log", "alone", 403),
        ("log", "operator", 200),
    ],
)
async def test_each_stream_is_for_its_audience(
    opened: OpenHouse, path: str, who: str, status: int
) -> None:
    client = {
        "hall": lambda: place(opened, site=SiteId("minsk")),
        "alone": lambda: place(opened, participation=VETROVA),
        "operator": lambda: operator(opened),
        "stranger": lambda: opened.client,
    }[who]()
    assert (await client.get(f"/api/v1/meetings/67/{path}")).status_code == status


async def test_a_revoked_link_ends_its_stream(
    opened: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a second, as the stream judges itself."""
    monkeypatch.setattr(live_module, "JUDGED_SECONDS", 0.02)
    secret = opened.invite(Invitation("", NUMBER, participation=VETROVA))
    house = opened.house

    async def judge() -> None:
        asker = await asyncio.to_thread(house.asking.by_link, secret, "192.0.2.1")
        await house.conduct.standing(NUMBER, asker, Action.FOLLOW_PLACE)

    await house.conduct.current(NUMBER)
    frames = house.live.listen(NUMBER, None, judge=judge)
    assert b"snapshot" in await anext(frames)
    house.planning.revoke(hash_secret(secret))
    with pytest.raises(StopAsyncIteration):
        await anext(frames)


async def test_staff_get_silent_places_and_a_room_of_their_own(opened: OpenHouse) -> None:
    client = operator(opened)
    for path in ("monitor", "talkback"):
        answer = await client.post(f"/api/v1/meetings/67/{path}")
        assert answer.json()["media"]["token"].startswith("token of staff-account-")
    alone = place(opened, participation=VETROVA)
    assert (await alone.post("/api/v1/meetings/67/talkback")).status_code == 403
    assert (await alone.post("/api/v1/meetings/67/monitor")).status_code == 403


# --- the secretary -----------------------------------------------------------------------


async def test_fields_are_written_by_version_and_the_second_sees_the_first(
    opened: OpenHouse,
) -> None:
    secretary = await _secretary(opened)
    path = "/api/v1/meetings/67/notes/1/decided"
    first = await secretary.put(path, json={"version": 0, "words": "Принять к сведению."})
    assert (first.status_code, first.json()["version"]) == (200, 1)
    late = await secretary.put(path, json={"version": 0, "words": "Отклонить."})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    assert late.json()["current"]["words"] == "Принять к сведению."
    second = await secretary.put(path, json={"version": 1, "words": "", "is_settled": True})
    assert second.json()["is_settled"]
    other = await secretary.put(
        "/api/v1/meetings/67/notes/2/assignments",
        json={"version": 0, "assignments": [{"words": "Провести встречу", "due": "2016-09-01"}]},
    )
    assert other.json()["assignments"][0]["due"] == "2016-09-01"
    read = (await secretary.get("/api/v1/meetings/67/notes")).json()["notes"]
    assert [(note["position"], note["field"], note["version"]) for note in read] == [
        (1, "decided", 2),
        (2, "assignments", 1),
    ]
    with opened.database.read() as unit:
        assert unit.audit.verify().is_whole


async def test_only_the_secretary_writes_and_only_to_items_there_are(opened: OpenHouse) -> None:
    body = {"version": 0, "words": "x"}
    refused = await operator(opened).put("/api/v1/meetings/67/notes/1/heard", json=body)
    assert refused.status_code == 403
    secretary = await _secretary(opened)
    beyond = await secretary.put("/api/v1/meetings/67/notes/3/heard", json=body)
    assert (beyond.status_code, beyond.json()["code"]) == (404, "item_unknown")


async def _secretary(opened: OpenHouse) -> httpx.AsyncClient:
    """A viewer of the house, made secretary of this meeting."""
    client = opened.signed_in(GlobalRole.VIEWER, login="secretary")
    answer = await opened.signed_in(GlobalRole.ORGANISER).post(
        "/api/v1/meetings/67/staff", json={"login": "secretary", "role": "secretary"}
    )
    assert answer.status_code == 201
    return client
