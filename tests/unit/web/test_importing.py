"""A list of people is read over HTTP: by those who keep the roster, as a preview and no more."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.bombs import bombs
from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from tests.support.rosters import DOCX_TYPE, XLSX_TYPE, docx_of, xlsx_of
from veche.domain.account import GlobalRole
from veche.domain.identity import OrganisationId
from veche.domain.meeting import Phase
from veche.web.security import BODY_BYTES_MAX, ROSTER_BYTES_MAX

READINGS = "/api/v1/meetings/67/roster/readings"
LIST = "Курская область:\n1. Попков С. И., министр связи\nветераны, 12 человек\n@@@"


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        opened.keep(
            replace(bridge_meeting(phase=Phase.DRAFT), organisation=OrganisationId("ministry"))
        )
        yield opened


async def _read(
    client: httpx.AsyncClient, document: bytes, media_type: str = "application/octet-stream"
) -> Any:
    answer = await client.post(READINGS, content=document, headers={"Content-Type": media_type})
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


async def test_every_line_comes_back_with_what_was_made_of_it(opened: OpenHouse) -> None:
    rows = await _read(opened.signed_in(), LIST.encode(), "text/plain")
    assert [row["kind"] for row in rows] == ["heading", "person", "group", "unclear"]
    person = rows[1]
    assert person["source"] == "1. Попков С. И., министр связи"
    assert person["post"] == {"ru": "министр связи"}
    assert person["side"] == "side-2"
    assert person["name"]["forms"] == {
        "ru": {"surname": "Попков", "given": "С.", "patronymic": "И."},
        "be": {"surname": "Папкоў", "given": "С.", "patronymic": "І."},
        "en": {"surname": "Popkov", "given": "S.", "patronymic": "I."},
    }
    assert person["name"]["doubtful"] == ["be", "en"]
    assert rows[2]["count"] == 12
    assert rows[3]["doubts"] == ["not_understood"]
    name = next(piece for piece in person["pieces"] if piece["field"] == "name")
    assert person["source"][name["start"] : name["end"]] == "Попков С. И."


async def test_files_are_read_whatever_type_they_claim(opened: OpenHouse) -> None:
    staff = opened.signed_in()
    for document in (
        docx_of([], [["Попков С. И.", "министр"]]),
        xlsx_of({"Л": [["Попков С. И."]]}),
    ):
        for media_type in (DOCX_TYPE, XLSX_TYPE, "text/plain"):
            rows = await _read(staff, document, media_type)
            assert rows[0]["name"]["forms"]["ru"]["surname"] == "Попков"


async def test_people_who_are_there_already_are_told(opened: OpenHouse) -> None:
    text = "Папкоў Сяргей, міністр\nПопков С., министр\nЖданович Н., председатель"
    rows = await _read(opened.signed_in(), text.encode())
    assert rows[0]["twins"] == [
        {"likeness": "spelling", "row": None, "participation": "popkov"},
        {"likeness": "initials", "row": 1, "participation": None},
    ]
    assert rows[2]["twins"] == []


async def test_nothing_is_saved(opened: OpenHouse) -> None:
    with opened.database.read() as unit:
        before = unit.meetings.find(bridge_meeting().number)
    await _read(opened.signed_in(), LIST.encode())
    with opened.database.read() as unit:
        assert unit.meetings.find(bridge_meeting().number) == before


@pytest.mark.parametrize("name", ["billion laughs in text", "10 000 rows of a sheet", "encrypted"])
async def test_a_refused_file_is_a_problem_and_the_next_one_is_read(
    opened: OpenHouse, name: str
) -> None:
    staff = opened.signed_in()
    document = dict(bombs())[name]
    answer = await staff.post(
        READINGS, content=document, headers={"Content-Type": "application/octet-stream"}
    )
    assert answer.status_code == 422
    assert answer.json()["code"] in ("document_too_large", "too_many_rows", "document_locked")
    await _read(staff, LIST.encode())


async def test_only_who_keeps_the_roster_may_bring_a_list(opened: OpenHouse) -> None:
    headers = {"Content-Type": "text/plain"}
    for client, status in (
        (opened.client, 404),
        (opened.signed_in(organisation="other"), 404),
        (opened.signed_in(GlobalRole.VIEWER), 403),
        (opened.signed_in(), 200),
    ):
        answer = await client.post(READINGS, content=LIST.encode(), headers=headers)
        assert answer.status_code == status


async def test_a_file_is_bounded_on_its_path_and_nowhere_else(opened: OpenHouse) -> None:
    staff = opened.signed_in()
    headers = {"Content-Type": "application/octet-stream"}
    too_large = b"PK" + bytes(ROSTER_BYTES_MAX - 1)
    answer = await staff.post(READINGS, content=too_large, headers=headers)
    assert answer.status_code == 413
    for path, method in ((READINGS, "PUT"), ("/api/v1/join", "POST"), (READINGS + "x", "POST")):
        answer = await staff.request(method, path, content=b"x", headers=headers)
        assert answer.status_code == 415
        json = {"Content-Type": "application/json"}
        answer = await staff.request(
            method, path, content=b" " * (BODY_BYTES_MAX + 1), headers=json
        )
        assert answer.status_code == 413


async def test_a_name_is_spelt_in_three_languages(opened: OpenHouse) -> None:
    body = {
        "name": {"surname": "Криволапов", "given": "Александр"},
        "language": "ru",
        "country": "ru",
    }
    answer = await opened.client.post("/api/v1/names/forms", json=body)
    assert answer.json()["forms"]["be"]["surname"] == "Крывалапаў"
    assert answer.json()["forms"]["en"]["given"] == "Aleksandr"
    body["name"] = {"surname": "x" * 201, "given": ""}
    answer = await opened.client.post("/api/v1/names/forms", json=body)
    assert answer.status_code == 422
