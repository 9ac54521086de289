"""The directory and the beginnings of meetings over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from veche.domain.account import GlobalRole
from veche.domain.directory import Organisation
from veche.domain.identity import OrganisationId
from veche.domain.meeting import Phase
from veche.domain.roster import Answer
from veche.domain.text import Text

Json = Any  # what an answer holds
MINISTRY = OrganisationId("ministry")
SURNAME = {"be": "Папкоў", "ru": "Попков", "en": "Popkov"}


@pytest.fixture(name="opened")
async def build_house(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path, asked="https://veche.test") as opened:
        with opened.database.write() as unit:
            unit.directory.organisations.put(
                Organisation(id=MINISTRY, name=Text.of(ru="Министерство связи"), version=1)
            )
        yield opened


@pytest.fixture(name="office")
async def sign_in(opened: OpenHouse) -> AsyncIterator[httpx.AsyncClient]:
    async with opened.signed_in() as client:
        yield client


async def post(client: httpx.AsyncClient, path: str, body: Json, expected: int = 201) -> Json:
    answer = await client.post(f"/api/v1/{path}", json=body)
    assert answer.status_code == expected, answer.text
    return answer.json()


async def add_person(client: httpx.AsyncClient, **more: Json) -> Json:
    body = {"name": {"surname": SURNAME, "given": {"ru": "Сергей"}}, **more}
    return await post(client, "directory/people", body)


async def test_a_person_is_kept_with_posts_and_found_in_any_language(
    office: httpx.AsyncClient,
) -> None:
    made = await add_person(office, posts=[{"title": {"ru": "министр"}, "since": "2014-12-01"}])
    assert made["version"] == 1
    for wanted in ("папкоў", "POPKOV", "Сергей министр"):
        found = (await office.get("/api/v1/directory/people", params={"q": wanted})).json()
        assert found["people"] == [made], wanted
    nobody = (await office.get("/api/v1/directory/people", params={"q": "Иванов"})).json()
    assert nobody["people"] == []


async def test_the_second_editor_of_an_entry_is_shown_the_newer_one(
    office: httpx.AsyncClient,
) -> None:
    made = await add_person(office)
    address = f"/api/v1/directory/people/{made['id']}"
    first = await office.put(address, json=made | {"email": "a@b.example"})
    assert first.json()["version"] == 2
    second = await office.put(address, json=made | {"email": "c@d.example"})
    assert second.status_code == 409
    assert second.json()["current"]["email"] == "a@b.example"


async def test_a_post_that_ends_before_it_begins_is_refused_by_field(
    office: httpx.AsyncClient,
) -> None:
    post = {"title": {"ru": "министр"}, "since": "2016-01-01", "until": "2015-01-01"}
    answer = await office.post(
        "/api/v1/directory/people", json={"name": {"surname": SURNAME}, "posts": [post]}
    )
    assert answer.json()["fields"] == {"posts[0].until": "end_before_start"}


@pytest.mark.parametrize(
    ("written", "likeness"),
    [
        ({"surname": {"ru": "Попков"}, "given": {"ru": "Сергей"}}, "same"),
        ({"surname": {"ru": "Попков"}, "given": {"ru": "С."}}, "initials"),
        ({"surname": {"ru": "Криволапов"}, "given": {"ru": "Сергей"}}, None),
    ],
)
async def test_a_person_who_is_there_already_is_pointed_out(
    office: httpx.AsyncClient, written: Json, likeness: str | None
) -> None:
    made = await add_person(office)
    found = await post(office, "directory/people/alike", {"name": written}, 200)
    expected = [{"person": made, "likeness": likeness}] if likeness else []
    assert found["alike"] == expected


async def test_the_post_of_another_day_is_told_as_advice(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    person = await add_person(
        office,
        posts=[
            {"title": {"ru": "министр"}, "since": "2014-12-01", "until": "2018-08-18"},
            {"title": {"ru": "советник"}, "since": "2018-08-19"},
        ],
    )
    meeting = replace(bridge_meeting(phase=Phase.DRAFT), organisation=MINISTRY)
    opened.keep(meeting)
    plan = (await office.get("/api/v1/meetings/67")).json()
    plan["roster"][0] |= {"person": person["id"], "post": {"ru": "советник"}}
    answer = await office.put("/api/v1/meetings/67/roster", json=plan)
    assert answer.status_code == 200, answer.text
    told = [it["field"] for it in answer.json()["findings"] if it["code"] == "post_of_another_day"]
    assert told == ["roster[0].post"], "the meeting is of 2016"


async def test_entries_of_another_organisation_are_answered_like_unknown_ones(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    made = await add_person(office)
    async with opened.signed_in(organisation="other") as foreign:
        address = "/api/v1/directory/people"
        answers = [await foreign.get(f"{address}/{it}") for it in (made["id"], "nobody")]
        answers += [
            await foreign.put(f"{address}/{it}", json=made) for it in (made["id"], "nobody")
        ]
        answers += [await foreign.delete(f"{address}/{it}") for it in (made["id"], "nobody")]
        assert len({answer.content for answer in answers}) == 1
        assert answers[0].status_code == 404
        assert (await foreign.get(address)).json()["people"] == []
        roster = [{"side": "side-1", "post": {"ru": "министр"}, "person": made["id"]}]
        own = replace(bridge_meeting(number=68, phase=Phase.DRAFT))
        opened.keep(replace(own, organisation=OrganisationId("other")))
        saved = await foreign.put(
            "/api/v1/meetings/68/roster", json={"version": 0, "roster": roster}
        )
        assert saved.json()["fields"] == {"roster[0].person": "unknown_person"}


async def test_only_an_administrator_of_the_house_makes_organisations(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    body = {"id": "region", "name": {"ru": "Администрация области"}}
    assert (await office.post("/api/v1/directory/organisations", json=body)).status_code == 404
    async with opened.signed_in(GlobalRole.ADMIN, None) as keeper:
        await post(keeper, "directory/organisations", body)
        listed = (await keeper.get("/api/v1/directory/organisations")).json()["organisations"]
        assert sorted(it["id"] for it in listed) == ["ministry", "region"]
    own = (await office.get("/api/v1/directory/organisations")).json()["organisations"]
    assert [it["id"] for it in own] == ["ministry"]


async def test_a_meeting_begins_from_nothing_under_a_new_number(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(replace(bridge_meeting(), organisation=MINISTRY))
    plan = await post(office, "meetings", {"title": {"ru": "О почтовой связи"}})
    assert (plan["number"], plan["phase"], plan["version"]) == (68, "draft", 0)
    assert plan["organiser"] == {"ru": "Министерство связи"}
    missing = {it["code"] for it in plan["findings"]}
    assert {"day_missing", "second_side_missing", "programme_missing"} <= missing


async def test_a_number_is_not_given_again(opened: OpenHouse, office: httpx.AsyncClient) -> None:
    body = {"title": {"ru": "О почтовой связи"}}
    first = await post(office, "meetings", body)
    await office.post(
        f"/api/v1/meetings/{first['number']}/cancellation", json={"reason": {"ru": "ошибка"}}
    )
    assert (await post(office, "meetings", body))["number"] == first["number"] + 1


async def test_a_copy_takes_the_plan_and_nothing_of_what_happened(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    held = replace(bridge_meeting(phase=Phase.PUBLISHED), organisation=MINISTRY, version=9)
    answered = replace(held.roster[0], answer=Answer.DECLINED)
    opened.keep(replace(held, roster=(answered, *held.roster[1:])))
    plan = await post(office, "meetings", {"copy_of": 67, "title": None})
    assert (plan["number"], plan["phase"], plan["version"]) == (68, "draft", 0)
    assert plan["substance"]["day"] is None
    assert plan["roster"][0]["answer"] == "awaited"
    assert plan["agenda"] == (await office.get("/api/v1/meetings/67")).json()["agenda"]


@pytest.mark.parametrize("field", ["copy_of", "template", "series"])
async def test_a_pattern_that_is_not_ones_own_is_refused_by_field(
    opened: OpenHouse, office: httpx.AsyncClient, field: str
) -> None:
    opened.keep(replace(bridge_meeting(), organisation=OrganisationId("other")))
    wanted = 67 if field == "copy_of" else "some-id"
    answer = await office.post("/api/v1/meetings", json={"title": {"ru": "Копия"}, field: wanted})
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


async def test_a_template_makes_meetings(opened: OpenHouse, office: httpx.AsyncClient) -> None:
    opened.keep(replace(bridge_meeting(), organisation=MINISTRY))
    kept = await post(office, "templates", {"number": 67, "name": {"ru": "Мост двух залов"}})
    assert kept["items"] == 2
    plan = await post(office, "meetings", {"template": kept["id"], "title": {"ru": "Весна"}})
    assert (plan["number"], len(plan["agenda"])) == (68, 2)
    assert (await office.delete(f"/api/v1/templates/{kept['id']}")).status_code == 204
    assert (await office.get("/api/v1/templates")).json() == {"templates": []}


async def test_the_next_meeting_of_a_series_has_its_number_and_its_sides(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    body = await post(
        office,
        "directory/bodies",
        {
            "name": {"ru": "Совместная рабочая группа"},
            "sides": [{"ru": "Республика Беларусь"}, {"ru": "Курская область"}],
        },
    )
    series = await post(
        office,
        "directory/series",
        {"body": body["id"], "name": {"ru": "Заседания"}, "first_ordinal": 12},
    )
    for ordinal in (12, 13):
        proposed = await office.get(f"/api/v1/directory/series/{series['id']}/next")
        assert proposed.json() == {"ordinal": ordinal}
        plan = await post(
            office, "meetings", {"title": {"ru": "Заседание"}, "series": series["id"]}
        )
        assert plan["substance"]["ordinal"] == ordinal
    assert [side["name"]["ru"] for side in plan["sides"]] == [
        "Республика Беларусь",
        "Курская область",
    ]
    in_use = await office.delete(f"/api/v1/directory/bodies/{body['id']}")
    assert in_use.json()["fields"] == {"id": "in_use"}


async def test_numbers_within_a_year_begin_again(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    body = await post(office, "directory/bodies", {"name": {"ru": "Коллегия"}})
    series = await post(
        office,
        "directory/series",
        {"body": body["id"], "name": {"ru": "Заседания"}, "numbering": "within_year"},
    )
    for day, ordinal in ((date(2026, 3, 1), 1), (date(2026, 6, 1), 2), (date(2027, 1, 5), 1)):
        plan = await post(
            office,
            "meetings",
            {"title": {"ru": "Заседание"}, "series": series["id"], "day": day.isoformat()},
        )
        assert (plan["substance"]["ordinal"], plan["substance"]["day"]) == (ordinal, str(day))
