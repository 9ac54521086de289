"""What every answer of every door carries, and what no request of another site gets past."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp

from tests.support.databases import place_for
from tests.support.doors import UNSAFE, Answer, Door, doors_of, knock, layers_of, nothing_kept
from tests.support.house import open_house
from tests.support.knockers import (
    MINISTRY,
    STRANGER,
    Knocker,
    body_of,
    keep_both,
    path_of,
    staff_of,
)
from veche.domain.account import GlobalRole
from veche.domain.phases import Phase
from veche.web.security import OWN_HEADER

EXACTLY: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
FRAMED: Final = "/embed/"
"""The one page that other sites may show in a frame."""
USE_DEVICES: Final = ("/j/", "/kiosk")
STRANGE: Final = (
    ("GET", "/no/such/page"),
    ("GET", "/api/v1/no/such/door"),
    ("GET", "/m/0"),
    ("GET", "/m/999999"),
    ("GET", "/m/../etc/passwd"),
    ("GET", "/assets/../secret"),
    ("GET", "/i/nobodys"),
    ("PATCH", "/api/v1/session"),
    ("TRACE", "/"),
    ("OPTIONS", "/api/v1/session"),
    ("POST", "/api/v1/join"),
    ("DELETE", "/m/67"),
)


def _faults_of(path: str, answer: Answer) -> Iterator[str]:
    policy = answer.header("content-security-policy") or ""
    is_framed = FRAMED in path and answer.status == 200
    if "default-src 'none'" not in policy or "unsafe" in policy or "*" in _beyond_frames(policy):
        yield f"policy {policy!r}"
    if not is_framed and "frame-ancestors 'none'" not in policy:
        yield "may be framed"
    for name, value in EXACTLY.items():
        if answer.header(name) != value:
            yield f"{name}: {answer.header(name)}"
    expected = ("same-origin", "cross-origin") if is_framed else ("same-origin",)
    if answer.header("cross-origin-resource-policy") not in expected:
        yield f"resource policy {answer.header('cross-origin-resource-policy')}"
    if not (answer.header("strict-transport-security") or "").startswith("max-age="):
        yield "no strict transport"
    permissions = answer.header("permissions-policy") or ""
    if ("camera=()" not in permissions) and not path.startswith(USE_DEVICES):
        yield f"permissions {permissions!r}"
    for name in ("server", "x-powered-by"):
        if answer.header(name) is not None:
            yield f"says what it is: {answer.header(name)}"


def _beyond_frames(policy: str) -> str:
    return ";".join(part for part in policy.split(";") if "frame-ancestors" not in part)


async def test_every_answer_carries_its_headers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = []
    async with open_house(tmp_path, place=place_for("sqlite", tmp_path)) as opened:
        edge, app = layers_of(opened)
        keep_both(opened, Phase.ON_AIR)
        admin = staff_of(opened, MINISTRY, GlobalRole.ADMIN)
        with nothing_kept(opened.database, monkeypatch):
            for door in doors_of(app):
                for knocker in (STRANGER, admin):
                    answer = await _ask(edge, app, door, knocker)
                    faults += [f"{door.name}: {it}" for it in _faults_of(door.path, answer)]
            for method, path in STRANGE:
                answer = await knock(edge, method, path, {})
                assert answer.status >= 400, (method, path)
                faults += [f"{method} {path}: {it}" for it in _faults_of(path, answer)]
            app.state.house = None
            answer = await knock(edge, "GET", "/api/v1/meetings", {"cookie": "__Host-veche=x"})
            assert answer.status == 500
            faults += [f"a fault of ours: {it}" for it in _faults_of("/api", answer)]
    assert not faults, "\n".join(faults)


def _attacks(knocker: Knocker, media_type: str) -> dict[str, dict[str, str]]:
    """What another site can make a signed-in browser send, had the cookie gone along."""
    good = {**knocker.headers, "content-type": media_type or "application/json"}
    simple = {name: value for name, value in good.items() if name != OWN_HEADER}
    return {
        "without our header": simple,
        "from a foreign origin": {**good, "origin": "https://evil.example"},
        "from a sandboxed page": {**good, "origin": "null"},
        "from a neighbour": {**good, "sec-fetch-site": "same-site"},
        "from elsewhere": {**good, "sec-fetch-site": "cross-site"},
        "as a form": {**simple, "content-type": "application/x-www-form-urlencoded"},
        "as a file": {**simple, "content-type": "multipart/form-data; boundary=x"},
        "as text": {**simple, "content-type": "text/plain"},
    }


async def test_no_other_site_commands_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = []
    async with open_house(tmp_path, place=place_for("sqlite", tmp_path)) as opened:
        edge, app = layers_of(opened)
        keep_both(opened, Phase.DRAFT)
        admin = staff_of(opened, MINISTRY, GlobalRole.ADMIN)
        unsafe = [door for door in doors_of(app) if door.method in UNSAFE]
        assert len(unsafe) > 20
        with nothing_kept(opened.database, monkeypatch) as changes:
            for door in unsafe:
                if door.path.startswith("/i/"):
                    continue  # its right is the secret in its address, and no cookie's
                body, media_type = body_of(app, door, MINISTRY, "")
                path = path_of(door, MINISTRY)
                for attack, headers in _attacks(admin, media_type).items():
                    changes.clear()
                    answer = await knock(edge, door.method, path, headers, body or b"{}")
                    if answer.status not in (403, 415) or changes:
                        faults.append(f"{door.name} {attack}: {answer.status} {answer.code}")
    assert not faults, "\n".join(faults)


async def test_reading_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_house(tmp_path, place=place_for("sqlite", tmp_path)) as opened:
        edge, app = layers_of(opened)
        keep_both(opened, Phase.ON_AIR)
        admin = staff_of(opened, MINISTRY, GlobalRole.ADMIN)
        with nothing_kept(opened.database, monkeypatch) as changes:
            for door in doors_of(app):
                if door.method == "GET":
                    changes.clear()
                    answer = await _ask(edge, app, door, admin)
                    # A refusal to one who is known is recorded, and nothing else.
                    is_recorded = answer.status >= 400 and changes == [2]
                    assert not any(changes) or is_recorded, door.name


async def _ask(edge: ASGIApp, app: FastAPI, door: Door, knocker: Knocker) -> Answer:
    body, media_type = body_of(app, door, MINISTRY, "nobodys")
    headers = {**knocker.headers, **({"content-type": media_type} if media_type else {})}
    return await knock(edge, door.method, _path(door), headers, body)


def _path(door: Door) -> str:
    """Doors outside the interface have parameters of their own."""
    return path_of(door, MINISTRY, secret="nobodys")
