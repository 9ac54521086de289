"""Knocking at every door of the HTTP edge: requests made from its own description.

A body is the least that the schema asks for, so that a request gets past the shape and meets
the judge. Nothing is kept: every write is carried out and then taken back, so that requests may
come in any order and the house is the same for each.
"""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Message

from tests.support.house import OpenHouse
from veche.domain import actor
from veche.domain.access import Action, Relation, Role, require
from veche.domain.errors import Refused
from veche.domain.meeting import Meeting
from veche.domain.phases import Phase
from veche.store import Database, Unit
from veche.web.security import RequestGuard, SecurityHeaders

Json = Any  # what JSON can hold

UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
STREAM: Final = "text/event-stream"


@dataclass(frozen=True)
class Door:
    method: str
    path: str
    """With its parameters in braces."""
    operation: Mapping[str, Json]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def takes(self) -> frozenset[str]:
        """What it lets people show: "session", "link" or nothing."""
        return frozenset(scheme for one in self.operation.get("security", ()) for scheme in one)

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"\{(\w+)\}", self.path)


@dataclass
class Answer:
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    @property
    def code(self) -> str | None:
        """Of a problem document."""
        try:
            told = json.loads(self.body)
        except ValueError:
            return None
        return told.get("code") if isinstance(told, dict) else None

    def header(self, name: str) -> str | None:
        values = [value for key, value in self.headers if key.decode().lower() == name.lower()]
        return values[0].decode() if values else None


def layers_of(opened: OpenHouse) -> tuple[ASGIApp, FastAPI]:
    """The whole edge as the world meets it, and the application with the routes inside."""
    edge: ASGIApp = opened.client._transport.app  # type: ignore[attr-defined]
    assert isinstance(edge, SecurityHeaders)
    assert isinstance(edge._app, RequestGuard)
    app = edge._app._app
    assert isinstance(app, FastAPI)
    return edge, app


def doors_of(app: FastAPI) -> list[Door]:
    return [
        Door(method.upper(), path, operation)
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    ]


async def knock(
    app: ASGIApp,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes = b"",
    *,
    scheme: str = "https",
) -> Answer:
    """One request without a client in between; of a stream the beginning only."""
    answer = Answer()
    begun = asyncio.Event()
    raw_path, _, query = path.partition("?")
    sent = {"host": "veche.test", **{name.lower(): value for name, value in headers.items()}}
    if body:
        sent |= {"content-length": str(len(body))}
        sent.setdefault("content-type", "application/json")

    to_come: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        # Who waits for the client to go away waits for ever: it stays.
        return to_come.pop() if to_come else await asyncio.Future()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = list(message["headers"])
            if (answer.header("content-type") or "").startswith(STREAM):
                begun.set()
        else:
            answer.body += message.get("body", b"")

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "path": raw_path,
        "raw_path": raw_path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": ("192.0.2.10", 40_000),
        "server": ("veche.test", 443),
        "state": {},
    }
    asking = asyncio.ensure_future(app(scope, receive, send))
    streaming = asyncio.ensure_future(begun.wait())
    await asyncio.wait({asking, streaming}, return_when=asyncio.FIRST_COMPLETED)
    streaming.cancel()
    if not asking.done():
        asking.cancel()
        await asyncio.wait({asking})
    elif (error := asking.exception()) is not None and answer.status == 0:
        raise error
    return answer


def sample_body(app: FastAPI, door: Door, kind: str | None = None) -> Json:
    """The least body that the shape of the door lets pass; None where it takes none.

    `kind` is one of `kinds_of`.
    """
    schema = _schema(door)
    if schema is None:
        return None
    components = app.openapi().get("components", {}).get("schemas", {})
    if kind is None:
        return _sample(schema, components)
    name = schema["discriminator"]["propertyName"]
    chosen = {"$ref": schema["discriminator"]["mapping"][kind]}
    return {**_sample(chosen, components), name: kind}


def kinds_of(door: Door) -> list[str | None]:
    """Of a door that takes several kinds of body, each told by name; else one without a name."""
    discriminator = (_schema(door) or {}).get("discriminator")
    return list(discriminator["mapping"]) if discriminator else [None]


def _schema(door: Door) -> Json:
    content = door.operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema")


def _sample(schema: Mapping[str, Json], components: Mapping[str, Json]) -> Json:
    if "$ref" in schema:
        return _sample(components[schema["$ref"].rpartition("/")[2]], components)
    for name in ("const", "default"):
        if name in schema:
            return schema[name]
    for name in ("examples", "enum"):
        if schema.get(name):
            return schema[name][0]
    for name in ("anyOf", "oneOf", "allOf"):
        if name in schema:
            return _sample(schema[name][0], components)
    return _sample_of_type(schema, components)


def _sample_of_type(schema: Mapping[str, Json], components: Mapping[str, Json]) -> Json:
    match schema.get("type"):
        case "object":
            if schema.get("minProperties"):
                # Words by language are the only ones that are asked for like this.
                return {"ru": _sample(schema["additionalProperties"], components)}
            properties = schema.get("properties", {})
            return {
                name: _sample(properties[name], components) for name in schema.get("required", ())
            }
        case "array":
            return [_sample(schema["items"], components)] * schema.get("minItems", 0)
        case "integer" | "number":
            return max(schema.get("minimum", 0), schema.get("exclusiveMinimum", -1) + 1)
        case "boolean":
            return False
        case "string":
            return _sample_text(schema)
    return {}


_OF_PATTERN: Final = {"^[0-9a-f]{64}$": "0" * 64}


def _sample_text(schema: Mapping[str, Json]) -> str:
    if (pattern := schema.get("pattern")) in _OF_PATTERN:
        return _OF_PATTERN[pattern]
    known: dict[str, str] = {
        "date": "2026-04-01",
        "date-time": "2026-04-01T08:00:00Z",
        "time": "11:00:00",
    }
    letters = "x" * max(1, int(schema.get("minLength", 1)))
    return known.get(schema.get("format", ""), letters)


# ── what the judge was asked meanwhile ──


@dataclass(frozen=True)
class Verdict:
    role: Role
    action: Action
    phase: Phase | None
    relation: Relation
    is_allowed: bool


@contextmanager
def overheard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Verdict]]:
    """Every question to the judge while the block lasts, with its verdict."""
    heard: list[Verdict] = []

    def ask(role: Role, action: Action, phase: Phase | None, relation: Relation) -> None:
        try:
            require(role, action, phase, relation)
        except Refused:
            heard.append(Verdict(role, action, phase, relation, is_allowed=False))
            raise
        heard.append(Verdict(role, action, phase, relation, is_allowed=True))

    may = actor.Asker.may

    def look(self: actor.Asker, action: Action, meeting: Meeting | None = None) -> bool:
        # What an answer shows or leaves out is not what the door was asked for.
        count = len(heard)
        is_allowed = may(self, action, meeting)
        del heard[count:]
        return is_allowed

    with monkeypatch.context() as patched:
        patched.setattr(actor, "require", ask)
        patched.setattr(actor.Asker, "may", look)
        yield heard


class _TakenBack(Exception):
    pass


@contextmanager
def nothing_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Writes are carried out and taken back; the list holds how many rows each has changed."""
    write = database.write
    changes: list[int] = []

    @contextmanager
    def write_and_take_back() -> Iterator[Unit]:
        try:
            with write() as unit:
                connection = unit.audit._connection.connection.driver_connection
                assert connection is not None
                before = connection.total_changes  # of SQLite
                yield unit
                changes.append(connection.total_changes - before)
                raise _TakenBack
        except _TakenBack:
            pass

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", write_and_take_back)
        yield changes
