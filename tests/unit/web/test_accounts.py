"""Signing in over HTTP, its cookies, and keeping accounts."""

from collections.abc import AsyncIterator
from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from veche.domain.account import Account, AccountId, GlobalRole
from veche.domain.identity import MeetingNumber, OrganisationId, ParticipationId
from veche.domain.invitation import Invitation
from veche.domain.meeting import Phase
from veche.web.security import OWN_HEADER, OWN_HEADER_VALUE, SESSION_COOKIE
from veche.web.sessions import DEVICE_COOKIE

PASSWORD = "a long phrase of her own"
OWN_PAGE = {OWN_HEADER: OWN_HEADER_VALUE}
HOUSE_ADMIN = None
"""An administrator of no organisation keeps the accounts of all."""


@pytest.fixture(name="opened")
async def build_house(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path, asked="https://veche.test") as opened:
        with opened.database.write() as unit:
            account = Account(AccountId("a-1"), "anna", "Ганна", GlobalRole.ORGANISER, None)
            unit.accounts.add(account, await _hash(opened))
        yield opened


async def _hash(opened: OpenHouse) -> str:
    return await opened.house.accounts._passwords.hash(PASSWORD)


async def _sign_in(opened: OpenHouse, **more: object) -> httpx.Response:
    body = {"login": "anna", "password": PASSWORD, **more}
    return await opened.client.post("/api/v1/session", json=body, headers=OWN_PAGE)


async def test_a_browser_signs_in_asks_who_it_is_and_signs_out(opened: OpenHouse) -> None:
    assert (await opened.client.get("/api/v1/session")).status_code == 401
    answer = await _sign_in(opened)
    assert answer.status_code == 200
    assert answer.json()["login"] == "anna"
    assert (answer.json()["can_plan"], answer.json()["can_keep_accounts"]) == (True, False)
    assert (await opened.client.get("/api/v1/session")).json() == answer.json()
    kept = dict(opened.client.cookies)
    assert (await opened.client.delete("/api/v1/session", headers=OWN_PAGE)).status_code == 204
    assert SESSION_COOKIE not in opened.client.cookies
    again = await opened.client.get(
        "/api/v1/session", headers={"Cookie": f"{SESSION_COOKIE}={kept[SESSION_COOKIE]}"}
    )
    assert again.status_code == 401


async def test_cookies_are_of_this_host_over_a_secure_origin_and_no_scripts(
    opened: OpenHouse,
) -> None:
    answer = await _sign_in(opened)
    written = SimpleCookie()
    for header in answer.headers.get_list("set-cookie"):
        written.load(header)
    assert set(written) == {SESSION_COOKIE, DEVICE_COOKIE}
    for name, cookie in written.items():
        assert name.startswith("__Host-")
        assert cookie["secure"]
        assert cookie["httponly"]
        assert (cookie["samesite"].lower(), cookie["path"], cookie["domain"]) == ("strict", "/", "")
    assert written[SESSION_COOKIE]["max-age"] == ""


async def test_a_session_is_new_at_each_signing_in_and_never_the_browsers_choice(
    opened: OpenHouse,
) -> None:
    chosen = "A" * 43
    headers = {**OWN_PAGE, "Cookie": f"{SESSION_COOKIE}={chosen}"}
    body = {"login": "anna", "password": PASSWORD}
    tokens = {
        (await opened.client.post("/api/v1/session", json=body, headers=headers)).cookies[
            SESSION_COOKIE
        ]
        for _ in range(3)
    }
    assert len(tokens) == 3
    assert chosen not in tokens


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("http://veche.test", 403),
        ("http://192.0.2.7:8067", 403),
        ("http://127.0.0.1.example.net", 403),
        ("https://veche.test", 200),
        ("http://127.0.0.1:8067", 200),
        ("http://localhost:8067", 200),
        ("http://[::1]:8067", 200),
    ],
)
async def test_a_password_is_taken_over_secure_origins_only(
    opened: OpenHouse, asked: str, status: int
) -> None:
    body = {"login": "anna", "password": PASSWORD}
    answer = await opened.client.post(f"{asked}/api/v1/session", json=body, headers=OWN_PAGE)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "origin_not_secure"


async def test_wrong_credentials_are_told_in_one_way(opened: OpenHouse) -> None:
    answers = [
        await _sign_in(opened, **wrong)
        for wrong in ({"password": "wrong"}, {"login": "bella"}, {"login": ""})
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "sign_in_refused"
    assert not any("set-cookie" in answer.headers for answer in answers)


async def test_too_many_guesses_are_told_when_to_come_back(opened: OpenHouse) -> None:
    statuses = [(await _sign_in(opened, password="wrong")).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    answer = await _sign_in(opened)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 60


async def test_an_administrator_makes_an_account_that_signs_in(opened: OpenHouse) -> None:
    async with opened.signed_in(GlobalRole.ADMIN) as admin:
        made = await admin.post(
            "/api/v1/accounts",
            json={
                "login": "Bella",
                "name": " Бэла  Кавалёва ",
                "role": "operator",
                "organisation": "ministry",
            },
        )
        assert made.status_code == 201
        account = made.json()["account"]
        assert (account["login"], account["name"]) == ("bella", "Бэла Кавалёва")
        assert [it["login"] for it in (await admin.get("/api/v1/accounts")).json()].count(
            "bella"
        ) == 1
    signed = await _sign_in(opened, login="bella", password=made.json()["password"])
    assert signed.status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"login": "two words"}, "login"),
        ({"login": "anna"}, "login"),
        ({"name": "   "}, "name"),
        ({"name": "a\u202eb"}, "name"),
    ],
)
async def test_what_is_wrong_with_a_new_account_is_told_by_its_field(
    opened: OpenHouse, wrong: dict[str, str], field: str
) -> None:
    body = {"login": "bella", "name": "Бэла", "role": "viewer", "organisation": "ministry"}
    async with opened.signed_in(GlobalRole.ADMIN) as admin:
        answer = await admin.post("/api/v1/accounts", json={**body, **wrong})
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


async def test_a_disabled_account_is_out_with_its_next_request(opened: OpenHouse) -> None:
    async with (
        opened.signed_in(GlobalRole.ADMIN) as admin,
        opened.signed_in(GlobalRole.VIEWER, login="victim") as victim,
    ):
        account = (await victim.get("/api/v1/session")).json()
        changed = {**_changeable(account), "is_disabled": True}
        answer = await admin.put(f"/api/v1/accounts/{account['id']}", json=changed)
        assert answer.status_code == 200
        assert (await victim.get("/api/v1/session")).status_code == 401


async def test_the_second_of_two_administrators_is_shown_what_the_first_has_saved(
    opened: OpenHouse,
) -> None:
    async with (
        opened.signed_in(GlobalRole.ADMIN, HOUSE_ADMIN) as first,
        opened.signed_in(GlobalRole.ADMIN) as second,
        opened.signed_in(GlobalRole.VIEWER) as viewer,
    ):
        account = (await viewer.get("/api/v1/session")).json()
        path = f"/api/v1/accounts/{account['id']}"
        await first.put(path, json={**_changeable(account), "name": "Першая"})
        answer = await second.put(path, json={**_changeable(account), "name": "Другая"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "changed_meanwhile"
    assert answer.json()["current"]["name"] == "Першая"


async def test_nobody_takes_his_own_rights_away_and_locks_the_house(opened: OpenHouse) -> None:
    async with opened.signed_in(GlobalRole.ADMIN) as admin:
        account = (await admin.get("/api/v1/session")).json()
        for change in ({"is_disabled": True}, {"role": "viewer"}):
            changed = {**_changeable(account), **change}
            answer = await admin.put(f"/api/v1/accounts/{account['id']}", json=changed)
            assert answer.status_code == 403


async def test_an_administrator_neither_sees_nor_makes_accounts_of_other_organisations(
    opened: OpenHouse,
) -> None:
    async with (
        opened.signed_in(GlobalRole.ADMIN, "region") as admin,
        opened.signed_in(GlobalRole.VIEWER, "ministry") as viewer,
    ):
        foreign = (await viewer.get("/api/v1/session")).json()
        seen = (await admin.get("/api/v1/accounts")).json()
        assert {account["organisation"] for account in seen} == {"region"}
        for organisation in ("ministry", None):
            made = await admin.post(
                "/api/v1/accounts",
                json={
                    "login": "spy",
                    "name": "Spy",
                    "role": "admin",
                    "organisation": organisation,
                },
            )
            assert made.status_code == 404
        taken = await admin.put(
            f"/api/v1/accounts/{foreign['id']}",
            json={**_changeable(foreign), "organisation": "region"},
        )
        unknown = await admin.put(
            "/api/v1/accounts/nobody", json={**_changeable(foreign), "organisation": "region"}
        )
        assert taken.status_code == unknown.status_code == 404
        assert taken.content == unknown.content


async def test_a_reset_password_ends_the_sessions_and_opens_the_next(opened: OpenHouse) -> None:
    await _sign_in(opened)
    async with opened.signed_in(GlobalRole.ADMIN, HOUSE_ADMIN) as admin:
        answer = await admin.post("/api/v1/accounts/a-1/password")
    assert answer.status_code == 200
    assert (await opened.client.get("/api/v1/session")).status_code == 401
    assert (await _sign_in(opened)).status_code == 401
    assert (await _sign_in(opened, password=answer.json()["password"])).status_code == 200


@pytest.mark.parametrize("loss", ["disabled", "reset", "withdrawn"])
async def test_who_loses_a_right_is_turned_out_of_the_media_rooms(
    opened: OpenHouse, loss: str
) -> None:
    turned_out: list[AccountId] = []
    opened.house.accounts._turn_out = turned_out.append
    opened.keep(replace(bridge_meeting(), organisation=OrganisationId("ministry")))
    async with (
        opened.signed_in(GlobalRole.ADMIN) as admin,
        opened.signed_in(GlobalRole.OPERATOR, login="operator") as operator,
    ):
        account = (await operator.get("/api/v1/session")).json()
        path = f"/api/v1/accounts/{account['id']}"
        changed = {**_changeable(account), "name": "Новае імя"}
        assert (await admin.put(path, json=changed)).status_code == 200
        given = {"login": "operator", "role": "operator"}
        await admin.post("/api/v1/meetings/67/staff", json=given)
        assert turned_out == []
        if loss == "disabled":
            await admin.put(path, json={**changed, "version": 2, "is_disabled": True})
        elif loss == "reset":
            await admin.post(f"{path}/password")
        else:
            await admin.delete(f"/api/v1/meetings/67/staff/{account['id']}/operator")
    assert turned_out == [account["id"]]


async def test_ones_own_sessions_are_listed_and_the_others_ended(opened: OpenHouse) -> None:
    await _sign_in(opened)
    other = opened.browser_of(
        Account(AccountId("a-1"), "anna", "Ганна", GlobalRole.ORGANISER, None)
    )
    listed = (await opened.client.get("/api/v1/sessions")).json()
    assert [it["is_current"] for it in listed].count(True) == 1
    assert len(listed) == 2
    ended = await opened.client.delete("/api/v1/sessions", headers=OWN_PAGE)
    assert ended.json() == {"ended": 1}
    assert (await other.get("/api/v1/session")).status_code == 401
    assert (await opened.client.get("/api/v1/session")).status_code == 200
    await other.aclose()


async def test_staff_of_a_meeting_is_given_and_withdrawn_by_its_planners(
    opened: OpenHouse,
) -> None:
    opened.keep(replace(bridge_meeting(phase=Phase.DRAFT), organisation=OrganisationId("ministry")))
    given = {"login": "guest", "role": "co_chair"}
    async with (
        opened.signed_in() as organiser,
        opened.signed_in(GlobalRole.VIEWER, "region", login="guest") as guest,
    ):
        path = "/api/v1/meetings/67/staff"
        assert (await guest.get(path)).status_code == 404
        assert (await organiser.post(path, json=given)).status_code == 201
        assert (await organiser.post(path, json=given)).status_code == 201
        (listed,) = (await organiser.get(path)).json()
        assert (listed["login"], listed["role"]) == ("guest", "co_chair")
        own = (await guest.get("/api/v1/session")).json()
        assert own["assignments"] == [{"meeting": 67, "role": "co_chair"}]
        gone = f"{path}/{listed['account']}/co_chair"
        assert (await organiser.delete(gone)).status_code == 204
        assert (await organiser.delete(gone)).status_code == 404
        assert (await guest.get("/api/v1/session")).json()["assignments"] == []


async def test_staff_answers_its_own_invitation_by_the_form_in_the_same_browser(
    opened: OpenHouse,
) -> None:
    opened.keep(bridge_meeting())
    secret = opened.invite(
        Invitation("", MeetingNumber(67), participation=ParticipationId("popkov"))
    )
    async with opened.signed_in() as organiser:
        del organiser.headers[OWN_HEADER]
        answer = await organiser.post(f"/i/{secret}", data={"answer": "coming"})
        assert answer.status_code == 303
        # Anything else with the session's cookie needs a page of ours.
        assert (await organiser.delete("/api/v1/session")).status_code == 403


def _changeable(account: dict[str, object]) -> dict[str, object]:
    return {name: account[name] for name in ("version", "name", "role", "organisation", "language")}
