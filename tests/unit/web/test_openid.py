"""Through the organisation's provider and back: a real one, in a process of its own."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.support.doors import layers_of
from tests.support.house import OpenHouse, open_house
from tests.support.provider import consent, provider
from veche.domain.account import GlobalRole, OpenIdSubject
from veche.domain.identity import OrganisationId
from veche.outbound.openid import Client, OpenIdProvider
from veche.services.openid import AWAY_SECONDS_MAX, WAITING_MAX, EntryRules, OpenIdDoor
from veche.web.security import SESSION_COOKIE

PEOPLE: list[dict[str, object]] = [
    {"sub": "anna", "name": "Ганна Кавалёва", "groups": ["everybody", "veche-planners"]},
    {"sub": "boris", "name": "Барыс", "groups": ["everybody"]},
    {"sub": "clara", "email": "clara@example.net", "groups": ["veche-readers"]},
    {"sub": "nobody"},
]


@pytest.fixture(name="issuer", scope="module")
def run_provider() -> Iterator[str]:
    with provider(PEOPLE) as issuer:
        yield issuer


@asynccontextmanager
async def _with_provider(
    folder: Path, issuer: str, *, allowed: frozenset[str] = frozenset()
) -> AsyncIterator[OpenHouse]:
    async with open_house(folder, asked="https://veche.test") as opened:
        rules = EntryRules(
            issuer=issuer,
            claim="groups",
            roles={"veche-planners": GlobalRole.ORGANISER, "veche-readers": GlobalRole.VIEWER},
            organisations={"veche-planners": OrganisationId("ministry")},
            allowed=allowed,
        )
        door = OpenIdDoor(
            opened.database,
            OpenIdProvider(Client(issuer, "veche", "a secret of ours"), opened.clock.monotonic),
            rules,
            opened.house.signing_in,
            opened.clock.now,
            opened.clock.monotonic,
        )
        _, app = layers_of(opened)
        app.state.house = replace(opened.house, openid=door, openid_name="Партал")
        yield opened


async def _go_round(opened: OpenHouse, subject: str) -> httpx.Response:
    """The whole dance of redirects, as a browser makes it."""
    away = await opened.client.get("/openid/start")
    assert away.status_code == 303
    back = consent(away.headers["location"], subject)
    assert back.startswith("https://veche.test/openid/back?")
    return await opened.client.get(back)


async def test_a_person_of_a_known_group_comes_back_signed_in(tmp_path: Path, issuer: str) -> None:
    async with _with_provider(tmp_path, issuer) as opened:
        answer = await _go_round(opened, "anna")
        assert (answer.status_code, answer.headers["location"]) == (303, "/cabinet")
        own = (await opened.client.get("/api/v1/session")).json()
        assert (own["name"], own["role"]) == ("Ганна Кавалёва", "organiser")
        assert (own["organisation"], own["has_openid"]) == ("ministry", True)
        with opened.database.read() as unit:
            account = unit.accounts.find_by_subject(OpenIdSubject(issuer, "anna"))
            assert account is not None
            assert unit.accounts.password_hash_of(account.id) is None


async def test_the_second_coming_finds_the_same_account(tmp_path: Path, issuer: str) -> None:
    async with _with_provider(tmp_path, issuer) as opened:
        ids = []
        for _ in range(2):
            await _go_round(opened, "anna")
            ids.append((await opened.client.get("/api/v1/session")).json()["id"])
        assert ids[0] == ids[1]
        with opened.database.read() as unit:
            assert len(unit.accounts.all()) == 1


@pytest.mark.parametrize("subject", ["boris", "nobody"])
async def test_who_is_in_no_known_group_stays_outside(
    tmp_path: Path, issuer: str, subject: str
) -> None:
    async with _with_provider(tmp_path, issuer) as opened:
        answer = await _go_round(opened, subject)
        assert answer.status_code == 401
        assert SESSION_COOKIE not in opened.client.cookies
        with opened.database.read() as unit:
            assert unit.accounts.all() == []


async def test_a_list_of_the_allowed_shuts_out_the_others(tmp_path: Path, issuer: str) -> None:
    # An address that the provider has not proved is anybody's word.
    allowed = frozenset({"anna", "clara@example.net"})
    async with _with_provider(tmp_path, issuer, allowed=allowed) as opened:
        assert (await _go_round(opened, "clara")).status_code == 401
        assert (await _go_round(opened, "anna")).status_code == 303


async def test_a_disabled_account_stays_outside_whatever_the_provider_says(
    tmp_path: Path, issuer: str
) -> None:
    async with _with_provider(tmp_path, issuer) as opened:
        await _go_round(opened, "anna")
        with opened.database.write() as unit:
            (account,) = unit.accounts.all()
            unit.accounts.save(replace(account, disabled_at=opened.clock.now()))
        opened.client.cookies.clear()
        assert (await _go_round(opened, "anna")).status_code == 401


async def test_what_is_sent_away_is_bound_to_the_browser_and_used_once(
    tmp_path: Path, issuer: str
) -> None:
    async with _with_provider(tmp_path, issuer) as opened:
        away = (await opened.client.get("/openid/start")).headers["location"]
        asked = parse_qs(urlsplit(away).query)
        assert asked["response_type"] == ["code"]
        assert asked["code_challenge_method"] == ["S256"]
        assert {"state", "nonce", "code_challenge"} <= set(asked)
        back = consent(away, "anna")
        kept = dict(opened.client.cookies)
        # The link sent to another browser signs nobody in as the sender.
        opened.client.cookies.clear()
        assert (await opened.client.get(back)).status_code == 401
        opened.client.cookies.update(kept)
        # It was shown once, and that is all.
        assert (await opened.client.get(back)).status_code == 401
        assert SESSION_COOKIE not in opened.client.cookies


async def test_who_stays_away_too_long_begins_anew(tmp_path: Path, issuer: str) -> None:
    async with _with_provider(tmp_path, issuer) as opened:
        away = (await opened.client.get("/openid/start")).headers["location"]
        back = consent(away, "anna")
        opened.clock.advance(AWAY_SECONDS_MAX + 1)
        assert (await opened.client.get(back)).status_code == 401


@pytest.mark.parametrize("query", ["", "?state=a&code=b", "?state=&code=", "?error=access_denied"])
async def test_coming_back_with_nothing_of_ours_is_refused(
    tmp_path: Path, issuer: str, query: str
) -> None:
    async with _with_provider(tmp_path, issuer) as opened:
        assert (await opened.client.get(f"/openid/back{query}")).status_code == 401


async def test_browsers_that_are_away_are_bounded(tmp_path: Path, issuer: str) -> None:
    async with _with_provider(tmp_path, issuer) as opened:
        _, app = layers_of(opened)
        door = app.state.house.openid
        for _ in range(WAITING_MAX + 1):
            await door.leave("browser", "https://veche.test/openid/back")
        assert len(door._away) == WAITING_MAX


async def test_without_a_provider_there_is_nothing(tmp_path: Path) -> None:
    async with open_house(tmp_path, asked="https://veche.test") as opened:
        assert (await opened.client.get("/openid/start")).status_code == 404
        assert (await opened.client.get("/api/v1/session/ways")).json() == {"openid": None}


async def test_a_provider_that_does_not_answer_is_told_as_such(tmp_path: Path) -> None:
    async with _with_provider(tmp_path, "http://127.0.0.1:9") as opened:
        assert (await opened.client.get("/openid/start")).status_code == 503
