"""Agreement over HTTP: the organiser asks, two offices answer by their links."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from veche.domain.identity import OrganisationId
from veche.domain.meeting import Phase

Json = Any  # what an answer holds
MEETING = "/api/v1/meetings/67"
SIDES = ("side-1", "side-2")


@pytest.fixture(name="opened")
async def build_house(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path, asked="https://veche.test") as opened:
        meeting = replace(bridge_meeting(phase=Phase.DRAFT), zone="Europe/Minsk")
        people = [replace(it, email=f"{it.id}@mail.example") for it in meeting.roster]
        host, guest = meeting.sides
        guest = replace(guest, sites=(replace(guest.sites[0], phone="+7 000 000"),))
        opened.keep(
            replace(
                meeting,
                organisation=OrganisationId("ministry"),
                roster=tuple(people),
                sides=(host, guest),
            )
        )
        yield opened


@pytest.fixture(name="office")
async def sign_in(opened: OpenHouse) -> AsyncIterator[httpx.AsyncClient]:
    async with opened.signed_in() as client:
        yield client


class Side:
    """The office of a side at its page."""

    def __init__(self, opened: OpenHouse, secret: str) -> None:
        self._client = opened.client
        self._headers = {"Authorization": f"Link {secret}"}

    async def read(self) -> Json:
        answer = await self._client.get("/api/v1/office", headers=self._headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send(self, method: str, path: str, body: Json = None) -> httpx.Response:
        return await self._client.request(
            method, f"/api/v1/office/{path}", json=body, headers=self._headers
        )

    async def accept(self, mark: str | None = None) -> httpx.Response:
        mark = mark or (await self.read())["agreement"]["mark"]
        body = {"by": "А. Криволапов, заместитель губернатора", "mark": mark}
        return await self.send("POST", "acceptance", body)


@pytest.fixture(name="sides")
async def give_links(opened: OpenHouse, office: httpx.AsyncClient) -> tuple[Side, Side]:
    made = []
    for side in SIDES:
        answer = await office.post(f"{MEETING}/agreement/{side}/link")
        assert answer.status_code == 201
        made.append(Side(opened, answer.json()["secret"]))
    return made[0], made[1]


async def standings(office: httpx.AsyncClient) -> list[str]:
    answer = (await office.get(f"{MEETING}/agreement")).json()
    return [side["standing"] for side in answer["sides"]]


async def test_the_meeting_is_agreed_when_both_sides_have_accepted_one_text(
    office: httpx.AsyncClient, sides: tuple[Side, Side]
) -> None:
    assert await standings(office) == ["not_asked", "not_asked"]
    await office.post(f"{MEETING}/agreement")
    assert await standings(office) == ["awaited", "awaited"]
    assert (await sides[0].accept()).json()["phase"] == "draft"
    assert (await sides[1].accept()).json()["phase"] == "agreed"
    assert await standings(office) == ["accepted", "accepted"]
    announced = await office.post(f"{MEETING}/announcement")
    assert announced.json()["phase"] == "announced"


async def test_a_later_change_asks_again_and_shows_the_difference(
    office: httpx.AsyncClient, sides: tuple[Side, Side]
) -> None:
    for side in sides:
        await side.accept()
    plan = (await office.get(MEETING)).json()
    plan["agenda"][1]["title"] = {"ru": "Приветствие гостей"}
    changed = await office.put(f"{MEETING}/programme", json=plan)
    assert changed.json()["phase"] == "draft"
    assert await standings(office) == ["asked_again", "asked_again"]
    [change] = (await sides[1].read())["agreement"]["sides"][1]["changes"]
    assert change == {
        "field": "agenda[greeting].title",
        "before": {"ru": "Приветствие"},
        "after": {"ru": "Приветствие гостей"},
    }
    undo = {"version": changed.json()["version"], "step": "programme"}
    assert (await office.post(f"{MEETING}/undo", json=undo)).json()["phase"] == "agreed"


async def test_what_is_each_sides_own_business_asks_nobody_again(
    office: httpx.AsyncClient, sides: tuple[Side, Side]
) -> None:
    for side in sides:
        await side.accept()
    plan = (await office.get(MEETING)).json()
    plan["sides"][0]["sites"][0]["phone"] = "+375 17 000-00-00"
    assert (await office.put(f"{MEETING}/sides", json=plan)).json()["phase"] == "agreed"


async def test_another_text_than_was_read_is_not_accepted_but_shown(
    office: httpx.AsyncClient, sides: tuple[Side, Side]
) -> None:
    read = await sides[1].read()
    plan = (await office.get(MEETING)).json()
    plan["agenda"][0]["seconds"] = 60
    await office.put(f"{MEETING}/programme", json=plan)
    answer = await sides[1].accept(read["agreement"]["mark"])
    assert (answer.status_code, answer.json()["code"]) == (409, "changed_meanwhile")
    current = answer.json()["current"]
    assert current["agenda"][0]["seconds"] == 60
    assert current["roster"][0]["email"] is None, "of the other side"


async def test_what_lacks_the_essential_is_not_put_before_the_sides(
    opened: OpenHouse, office: httpx.AsyncClient, sides: tuple[Side, Side]
) -> None:
    meeting = replace(bridge_meeting(phase=Phase.DRAFT), day=None, starts_at=None)
    opened.keep(replace(meeting, organisation=OrganisationId("ministry")))
    assert (await office.post(f"{MEETING}/agreement")).json()["lacks"] == ["day_missing"]
    assert (await sides[0].accept()).status_code == 409


async def test_an_office_sees_no_contacts_of_the_other_side(sides: tuple[Side, Side]) -> None:
    seen = await sides[0].read()
    assert [line["email"] for line in seen["roster"]] == [
        "popkov@mail.example",
        None,
        "veterans@mail.example",
    ]
    assert seen["sides"][1]["sites"][0]["phone"] is None
    assert (await sides[1].read())["sides"][1]["sites"][0]["phone"] == "+7 000 000"


async def test_an_office_keeps_its_own_delegation_and_no_other(
    office: httpx.AsyncClient, sides: tuple[Side, Side]
) -> None:
    seen = await sides[1].read()
    own = [line for line in seen["roster"] if line["side"] == "side-2"]
    new = {
        "side": "side-2",
        "post": {"ru": "председатель комитета"},
        "full_name": {"surname": {"ru": "Орехова"}, "given": {"ru": "Марина"}},
        "site": "kursk",
    }
    body = {"version": seen["version"], "roster": [*own, new]}
    answer = await sides[1].send("PUT", "delegation", body)
    assert answer.status_code == 200, answer.text
    roster = (await office.get(MEETING)).json()["roster"]
    assert [line["side"] for line in roster] == ["side-1", "side-2", "side-2", "side-1"]
    assert roster[2]["name"] == {"ru": "Марина Орехова"}
    assert roster[0]["email"] == "popkov@mail.example", "the other side's lines are untouched"
    history = (await office.get(f"{MEETING}/history")).json()["entries"]
    assert history[0]["by"] == "Курская область"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"side": "side-1", "post": {"ru": "министр"}}, "roster[0].side"),
        ({"side": "side-2", "post": {"ru": "министр"}, "id": "popkov"}, "roster[0].id"),
        ({"side": "side-2", "post": {"ru": "министр"}, "site": "minsk"}, "roster[1].site"),
    ],
)
async def test_an_office_cannot_touch_the_other_side(
    office: httpx.AsyncClient, sides: tuple[Side, Side], line: Json, field: str
) -> None:
    before = (await office.get(MEETING)).json()
    answer = await sides[1].send("PUT", "delegation", {"version": 0, "roster": [line]})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert (await office.get(MEETING)).json() == before


async def test_a_remark_is_answered_and_settled_by_whose_it_is(
    office: httpx.AsyncClient, sides: tuple[Side, Side]
) -> None:
    said = {"by": "Аппарат", "words": "Просим дать слово и курским ветеранам.", "about": "agenda"}
    seen = (await sides[1].send("POST", "remarks", said)).json()
    [remark] = seen["agreement"]["sides"][1]["remarks"]
    assert await standings(office) == ["not_asked", "remarks"]
    reply = await office.post(
        f"{MEETING}/agreement/remarks/{remark['id']}/reply", json={"words": "Внесли."}
    )
    assert reply.json()["sides"][1]["remarks"][0]["reply"] == "Внесли."
    foreign = await sides[0].send("POST", f"remarks/{remark['id']}/closing")
    assert foreign.status_code == 404
    await sides[1].send("POST", f"remarks/{remark['id']}/closing")
    assert await standings(office) == ["not_asked", "not_asked"]


async def test_an_acceptance_that_came_by_letter_is_written_down_as_such(
    office: httpx.AsyncClient, sides: tuple[Side, Side]
) -> None:
    mark = (await office.get(f"{MEETING}/agreement")).json()["mark"]
    body = {"by": "А. Криволапов", "mark": mark, "note": "письмо № 15-08/112"}
    answer = await office.post(f"{MEETING}/agreement/side-2/acceptance", json=body)
    side = answer.json()["sides"][1]
    assert (side["standing"], side["acceptance"]["note"]) == ("accepted", "письмо № 15-08/112")
    assert side["acceptance"]["recorded_by"].startswith("organiser")


async def test_a_new_link_ends_the_one_before_it(
    office: httpx.AsyncClient, sides: tuple[Side, Side], opened: OpenHouse
) -> None:
    answer = await office.post(f"{MEETING}/agreement/side-2/link")
    assert len(answer.json()["secret"]) >= 22, "128 bits in letters of six"
    old = await opened.client.get("/api/v1/office", headers=sides[1]._headers)
    assert old.status_code == 410
    assert (await Side(opened, answer.json()["secret"]).read())["side"] == "side-2"


async def test_a_draft_that_is_taken_back_is_asked_about_anew(
    office: httpx.AsyncClient, sides: tuple[Side, Side]
) -> None:
    for side in sides:
        await side.accept()
    assert (await office.post(f"{MEETING}/draft")).json()["phase"] == "draft"
    assert await standings(office) == ["not_asked", "not_asked"]


async def test_an_announced_meeting_stays_announced_while_the_sides_are_asked_again(
    office: httpx.AsyncClient, sides: tuple[Side, Side]
) -> None:
    for side in sides:
        await side.accept()
    await office.post(f"{MEETING}/announcement")
    plan = (await office.get(MEETING)).json()
    plan["agenda"][0]["seconds"] = 60
    changed = await office.put(f"{MEETING}/programme", json=plan)
    assert changed.json()["phase"] == "announced"
    assert await standings(office) == ["asked_again", "asked_again"]


async def test_who_holds_no_link_is_no_office(opened: OpenHouse) -> None:
    assert (await opened.client.get("/api/v1/office")).status_code == 401
    wrong = {"Authorization": "Link nothing-of-ours"}
    assert (await opened.client.get("/api/v1/office", headers=wrong)).status_code == 404
