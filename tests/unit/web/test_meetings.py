"""Planning over HTTP: what the cabinet reads and saves, and what it is refused."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from veche.domain.account import GlobalRole
from veche.domain.identity import OrganisationId
from veche.domain.meeting import Meeting, MeetingNumber, Phase
from veche.domain.roster import Answer as ParticipationAnswer
from veche.domain.text import Text

Json = Any  # what an answer holds
MINISTRY = OrganisationId("ministry")


@pytest.fixture(name="opened")
async def build_house(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path, asked="https://veche.test") as opened:
        yield opened


@pytest.fixture(name="office")
async def sign_in(opened: OpenHouse) -> AsyncIterator[httpx.AsyncClient]:
    async with opened.signed_in() as client:
        yield client


def planned(number: int = 67, phase: Phase = Phase.DRAFT, **changed: Any) -> Meeting:
    meeting = bridge_meeting(number=number, phase=phase)
    return replace(meeting, organisation=MINISTRY, zone="Europe/Minsk", **changed)


async def read(client: httpx.AsyncClient, number: int = 67) -> Json:
    answer = await client.get(f"/api/v1/meetings/{number}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def save(client: httpx.AsyncClient, step: str, body: Json, number: int = 67) -> Json:
    answer = await client.put(f"/api/v1/meetings/{number}/{step}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


STEPS: dict[str, Callable[[Json], Json]] = {
    "substance": lambda plan: plan["substance"],
    "sides": lambda plan: {"sides": plan["sides"]},
    "roster": lambda plan: {"roster": plan["roster"]},
    "programme": lambda plan: {"agenda": plan["agenda"]},
    "access": lambda plan: plan["access"],
}


@pytest.mark.parametrize("step", STEPS)
async def test_a_step_sent_back_as_it_was_read_changes_nothing(
    opened: OpenHouse, office: httpx.AsyncClient, step: str
) -> None:
    opened.keep(planned())
    before = await read(office)
    after = await save(office, step, {"version": before["version"], **STEPS[step](before)})
    assert after == before
    with opened.database.read() as unit:
        assert unit.meetings.find(MeetingNumber(67)) == planned()


async def test_a_saved_step_is_a_new_version_with_the_name_of_who_saved_it(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(planned())
    substance = (await read(office))["substance"] | {"day": "2026-05-12", "starts": "10:30"}
    after = await save(office, "substance", {"version": 0, **substance})
    assert (after["version"], after["substance"]["starts"]) == (1, "10:30:00")
    [step] = [step for step in after["steps"] if step["step"] == "substance"]
    assert step["version"] == 1
    assert step["by"].startswith("organiser")
    with opened.database.read() as unit:
        record = unit.audit.last_change("meeting/67")
    assert record is not None
    assert (record.before["day"], record.after["day"]) == ("2016-04-01", "2026-05-12")


async def test_the_second_editor_of_a_step_is_shown_what_the_first_has_saved(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(planned())
    read_by_both = (await read(office))["access"]
    await save(office, "access", {"version": 0, **read_by_both, "retention_days": 365})
    answer = await office.put(
        "/api/v1/meetings/67/access", json={"version": 0, **read_by_both, "retention_days": 30}
    )
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "changed_meanwhile")
    assert problem["current"]["access"]["retention_days"] == 365
    assert problem["changed_by"].startswith("organiser")


async def test_two_editors_of_different_steps_do_not_meet(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(planned())
    plan = await read(office)
    await save(office, "access", {"version": 0, **plan["access"], "retention_days": 365})
    shorter = [item | {"seconds": 60} for item in plan["agenda"]]
    after = await save(office, "programme", {"version": 0, "agenda": shorter})
    assert after["version"] == 2
    assert after["access"]["retention_days"] == 365
    assert after["sums"]["seconds"] == 120


async def test_what_contradicts_itself_is_refused_by_field_and_nothing_is_saved(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(planned())
    roster = (await read(office))["roster"]
    for person in roster[:2]:
        person.update(role="co_chair", side="side-1", site=None, leads_side=False)
    answer = await office.put("/api/v1/meetings/67/roster", json={"version": 0, "roster": roster})
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"roster[1].role": "second_co_chair"}
    assert (await read(office))["version"] == 0


@pytest.mark.parametrize(
    ("step", "wrong", "field"),
    [
        ("substance", {"ends": "10:00"}, "ends_at"),
        ("substance", {"day": None}, "day"),
        ("substance", {"zone": "Europe/Nowhere"}, "zone"),
        ("substance", {"title": {"ru": "Имя\u202e"}}, "title"),
        ("substance", {"title": {}}, "title"),
        ("substance", {"contact": "a@b.example\r\nBcc: c@d.example"}, "contact"),
        ("substance", {"languages": ["be"]}, "languages"),
        ("access", {"retention_days": 0}, "retention_days"),
        ("sides", {"sides": [{"name": {"ru": "А"}, "id": "Не id"}]}, "sides[0].id"),
        ("sides", {"sides": [{"name": {"ru": "А"}}] * 13}, "sides"),
        ("sides", {"sides": []}, "roster[0].side"),
        ("programme", {"agenda": [{"title": {"ru": "А"}, "seconds": -1}]}, "agenda[0].seconds"),
        (
            "programme",
            {"agenda": [{"title": {"ru": "А"}, "rapporteurs": ["nobody"]}]},
            "agenda[0].rapporteurs[0]",
        ),
        ("roster", {"roster": [{"side": "side-1", "post": {"ru": "А"}}] * 10_000}, "roster"),
    ],
)
async def test_bad_input_is_refused_by_the_name_of_its_field(
    opened: OpenHouse, office: httpx.AsyncClient, step: str, wrong: Json, field: str
) -> None:
    opened.keep(planned())
    body = STEPS[step](await read(office)) | {"version": 0} | wrong
    answer = await office.put(f"/api/v1/meetings/67/{step}", json=body)
    assert answer.status_code == 422, answer.text
    assert field in answer.json()["fields"]


async def test_the_thousandth_line_is_taken_and_the_next_is_refused(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(planned())
    line = {"side": "side-1", "post": {"ru": "А"}}
    whole = {"version": 0, "roster": [line] * 1_000}
    assert len((await save(office, "roster", whole))["roster"]) == 1_000
    one_more = {"version": 1, "roster": [line] * 1_001}
    answer = await office.put("/api/v1/meetings/67/roster", json=one_more)
    assert (answer.status_code, answer.json()["fields"]) == (422, {"roster": "too_long"})


async def test_another_host_changes_every_list(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(planned())
    body = {"version": 0, "side": "side-2"}
    plan = (await office.put("/api/v1/meetings/67/host", json=body)).json()
    assert [side["id"] for side in plan["sides"]] == ["side-2", "side-1"]
    assert [it["side"] for it in plan["sums"]["by_side"]] == ["side-2", "side-1"]
    line = (await office.get("/api/v1/meetings")).json()["meetings"][0]
    assert [city["ru"] for city in line["cities"]] == ["Курск", "Минск"]
    assert line["leaders"][0]["ru"] == "Александр Криволапов"


async def test_an_agreed_meeting_is_announced_once_it_lacks_nothing(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(planned(lead=None))
    await _agree(office)
    refused = await office.post("/api/v1/meetings/67/announcement")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_ready")
    assert refused.json()["lacks"] == ["lead_missing"]
    assert (await opened.client.get("/m/67/ru")).status_code == 404
    substance = (await read(office))["substance"] | {"lead": {"ru": "Минск и Курск."}}
    version = (await read(office))["version"]
    assert (await save(office, "substance", {"version": version, **substance}))["phase"] == "draft"
    await _agree(office)
    assert (await office.post("/api/v1/meetings/67/announcement")).json()["phase"] == "announced"


async def _agree(office: httpx.AsyncClient) -> None:
    """Both sides have accepted by letter."""
    for side in ("side-1", "side-2"):
        address = "/api/v1/meetings/67/agreement"
        mark = (await office.get(address)).json()["mark"]
        body = {"by": "С. Попков", "note": "письмо", "mark": mark}
        answer = await office.post(f"{address}/{side}/acceptance", json=body)
        assert answer.status_code == 200


async def test_the_hour_of_an_announced_meeting_is_moved_with_a_dated_correction(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(planned(phase=Phase.ANNOUNCED, announced_at=opened.clock.now()))
    substance = (await read(office))["substance"] | {"starts": "12:00"}
    refused = await office.put("/api/v1/meetings/67/substance", json={"version": 0, **substance})
    assert refused.json()["fields"] == {"starts": "announced_hour"}
    moved = {"version": 0, "day": "2016-04-01", "starts": "12:00", "words": {"ru": "перенесено"}}
    plan = (await office.put("/api/v1/meetings/67/schedule", json=moved)).json()
    assert plan["substance"]["starts"] == "12:00:00"
    [correction] = plan["corrections"]
    assert correction["words"] == {"ru": "перенесено"}
    assert correction["instead_of"].startswith("2016-04-01T08:00")


@pytest.mark.parametrize(
    ("phase", "announced", "then"),
    [(Phase.DRAFT, False, "discarded"), (Phase.ANNOUNCED, True, "cancelled")],
)
async def test_what_was_announced_is_cancelled_and_what_was_not_is_discarded(
    opened: OpenHouse, office: httpx.AsyncClient, phase: Phase, announced: bool, then: str
) -> None:
    moment = opened.clock.now() if announced else None
    opened.keep(planned(phase=phase, announced_at=moment))
    answer = await office.post(
        "/api/v1/meetings/67/cancellation", json={"reason": {"ru": "по просьбе сторон"}}
    )
    assert answer.json()["phase"] == then
    listed = (await office.get("/api/v1/meetings", params={"group": then})).json()
    assert [line["number"] for line in listed["meetings"]] == [67]


async def test_a_discarded_draft_can_be_taken_back(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(planned(phase=Phase.DISCARDED))
    assert (await office.post("/api/v1/meetings/67/draft")).json()["phase"] == "draft"


async def test_words_are_frozen_from_the_air_on(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(planned(phase=Phase.ON_AIR))
    plan = await read(office)
    assert plan["is_frozen"]
    body = {"version": 0, "agenda": plan["agenda"][:1]}
    answer = await office.put("/api/v1/meetings/67/programme", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "words_frozen")


async def test_a_foreign_meeting_is_answered_like_an_unknown_one(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(replace(planned(), organisation=OrganisationId("other")))
    bodies = [(await office.get(f"/api/v1/meetings/{number}")).content for number in (67, 68)] + [
        (await office.put(f"/api/v1/meetings/{number}/access", json={"version": 0})).content
        for number in (67, 68)
    ]
    assert len(set(bodies)) == 1
    assert (await office.get("/api/v1/meetings")).json()["meetings"] == []


async def test_who_only_reads_may_not_save(opened: OpenHouse) -> None:
    opened.keep(planned())
    async with opened.signed_in(GlobalRole.VIEWER) as viewer:
        plan = await read(viewer)
        answer = await viewer.put(
            "/api/v1/meetings/67/access", json={"version": 0, **plan["access"]}
        )
    assert answer.status_code == 403


async def test_a_list_is_paged_nearest_first_and_without_a_day_last(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    days = {1: date(2026, 5, 12), 2: None, 3: date(2026, 4, 26), 4: date(2026, 4, 26)}
    for number, day in days.items():
        opened.keep(planned(number, day=day, starts_at=None))
    seen, after = [], None
    while True:
        given = {"limit": "1", **({"after": after} if after else {})}
        page = (await office.get("/api/v1/meetings", params=given)).json()
        seen += [line["number"] for line in page["meetings"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [3, 4, 1, 2]
    assert page["counts"]["preparing"] == 4


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("курск", [67]), ("КРИВОЛАПОВ", [67]), ("нарада", [67]), ("100%", []), ("связь ё", [])],
)
async def test_a_meeting_is_found_by_words_of_title_city_and_name(
    opened: OpenHouse, office: httpx.AsyncClient, wanted: str, found: list[int]
) -> None:
    opened.keep(planned())
    opened.keep(
        replace(
            planned(68),
            title=Text.of(ru="О почте"),
            short_title=Text.of(ru="О почте"),
            sides=(),
            roster=(),
        )
    )
    answer = (await office.get("/api/v1/meetings", params={"q": wanted})).json()
    assert [line["number"] for line in answer["meetings"]] == found


async def test_history_tells_who_changed_which_field_newest_first(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(planned())
    plan = await read(office)
    plan["roster"][0]["post"] = {"ru": "министр связи"}
    await save(office, "roster", {"version": 0, "roster": plan["roster"]})
    await save(office, "access", {"version": 1, **plan["access"], "retention_days": 365})
    entries = (await office.get("/api/v1/meetings/67/history")).json()["entries"]
    assert [(it["step"], it["version"]) for it in entries] == [("access", 2), ("roster", 1)]
    assert entries[1]["by"].startswith("organiser")
    assert entries[1]["changes"] == [
        {
            "field": "roster[popkov].post",
            "before": {"ru": "министр связи и информатизации"},
            "after": {"ru": "министр связи"},
        }
    ]
    older = await office.get(
        "/api/v1/meetings/67/history", params={"before": entries[0]["sequence"]}
    )
    assert older.json()["entries"] == entries[1:]


async def test_a_change_is_taken_back_and_so_is_the_taking_back(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(planned())
    before = await read(office)
    shorter = {"version": 0, "agenda": before["agenda"][:1]}
    changed = await save(office, "programme", shorter)
    undo = {"version": 1, "step": "programme"}
    undone = (await office.post("/api/v1/meetings/67/undo", json=undo)).json()
    assert (undone["agenda"], undone["version"]) == (before["agenda"], 2)
    redone = (await office.post("/api/v1/meetings/67/undo", json=undo | {"version": 2})).json()
    assert redone["agenda"] == changed["agenda"]


async def test_several_changes_are_taken_back_to_a_record_of_the_history(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    opened.keep(planned())
    first = await read(office)
    for version, days in enumerate((10, 20, 30)):
        body = {"version": version, **first["access"], "retention_days": days}
        await save(office, "access", body)
    entries = (await office.get("/api/v1/meetings/67/history")).json()["entries"]
    undo = {"version": 3, "step": "access", "since": entries[1]["sequence"]}
    plan = (await office.post("/api/v1/meetings/67/undo", json=undo)).json()
    assert plan["access"]["retention_days"] == 10


@pytest.mark.parametrize("since", [None, 999])
async def test_what_was_never_changed_is_not_taken_back(
    opened: OpenHouse, office: httpx.AsyncClient, since: int | None
) -> None:
    opened.keep(planned())
    undo = {"version": 0, "step": "roster", "since": since}
    answer = await office.post("/api/v1/meetings/67/undo", json=undo)
    assert answer.status_code == 422
    assert "nothing_to_take_back" in answer.json()["fields"].values()


async def test_a_line_of_the_list_tells_the_next_step_and_how_far_people_are(
    opened: OpenHouse, office: httpx.AsyncClient
) -> None:
    meeting = planned()
    answered = replace(meeting.roster[0], answer=ParticipationAnswer.COMING)
    opened.keep(replace(meeting, roster=(answered, *meeting.roster[1:])))
    await _agree(office)
    [line] = (await office.get("/api/v1/meetings")).json()["meetings"]
    assert (line["phase"], line["next_phase"]) == ("agreed", "announced")
    assert (line["accepted"], line["sides"]) == (2, 2)
    assert (line["answered"], line["invited"]) == (1, 2), "the veterans are a group"
