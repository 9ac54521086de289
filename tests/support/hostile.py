"""Requests made from the document of the interface, right ones and wrong ones, sent by everybody.

One case that schemathesis draws is sent by every kind of asker to a house with meetings in it;
what comes back is held against the document.
"""

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final  # Any: JSON, and what schemathesis draws

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from veche.domain.account import GlobalRole
from veche.domain.invitation import Invitation
from veche.domain.meeting import MeetingNumber, OrganisationId, ParticipationId, SiteId
from veche.domain.meeting import Phase as MeetingPhase
from veche.web.app import routed
from veche.web.reference import describe

ORIGIN: Final = "http://veche.test"
NUMBERS: Final = (67, 68, 69)
PHASES: Final = (MeetingPhase.ON_AIR, MeetingPhase.DRAFT, MeetingPhase.ANNOUNCED)
AIMED: Final = 0.7
"""Part of the requests that are about something that is there: few others find a meeting."""
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DOCUMENT: Final = describe(routed())


def operations() -> dict[str, Any]:
    """Every door by its name; streams, which have no end, are tried where they are read."""
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    found = {}
    for made in schema.get_all_operations():
        assert isinstance(made, Ok), made
        operation = made.ok()
        answer = operation.definition.raw["responses"].get("200", {})
        if "text/event-stream" not in answer.get("content", {}):
            found[operation.label] = operation
    return found


class Crowd:
    """Everybody who may ask, each with a browser of his own. The house lives on `loop`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, opened: OpenHouse) -> None:
        self._loop = loop
        self._opened = opened
        self._browsers: dict[str, httpx.AsyncClient] = {}
        self._made: dict[str, list[str]] = {}
        """Ids that the house has answered with, by the path of what they belong to."""
        self.answers: Counter[tuple[str, int]] = Counter()
        """How often each asker got each status."""

    def come_in(self) -> None:
        """With new sessions and links: the door before may have been the one that ends them."""
        opened = self._opened
        links = {
            "person": _invitation(person="popkov"),
            "hall": _invitation(site="kursk"),
        }
        self._browsers = {
            "stranger": opened.client,
            **{role.value: opened.signed_in(role) for role in GlobalRole},
            "foreigner": opened.signed_in(GlobalRole.ADMIN, "another"),
            **{name: opened.with_link(opened.invite(link)) for name, link in links.items()},
        }

    def send(self, case: Any) -> None:
        """As everybody; raises what does not fit the document."""
        for asker, browser in self._browsers.items():
            sending = _send(browser, case)
            answer = asyncio.run_coroutine_threadsafe(sending, self._loop).result()
            self.answers[asker, answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)
            if answer.status_code == HTTPStatus.CREATED and "id" in answer.json():
                self._made.setdefault(case.path, []).append(answer.json()["id"])

    def aim(self, case: Any, chance: random.Random) -> None:
        """Let the case be about something that is there, as it is now."""
        known = case.path_parameters or {}
        if "number" in known:
            number = known["number"] = chance.choice(NUMBERS)
            if isinstance(case.body, dict) and "version" in case.body:
                case.body["version"] = self._version_of(number)
        if "entry" in known and (made := self._made.get(case.path.partition("/{")[0])):
            known["entry"] = chance.choice(made)

    def _version_of(self, number: int) -> int:
        with self._opened.database.read() as unit:
            meeting = unit.meetings.find(MeetingNumber(number))
        assert meeting is not None
        return meeting.version


@contextmanager
def crowd(folder: Path) -> Iterator[Crowd]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    opening = open_house(folder)
    try:
        opened = asyncio.run_coroutine_threadsafe(opening.__aenter__(), loop).result()
        for number, phase in zip(NUMBERS, PHASES, strict=True):
            meeting = bridge_meeting(number=number, phase=phase)
            opened.keep(replace(meeting, organisation=OrganisationId("ministry")))
        yield Crowd(loop, opened)
        closing = opening.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(closing, loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _invitation(*, person: str | None = None, site: str | None = None) -> Invitation:
    return Invitation(
        "",
        MeetingNumber(67),
        participation=None if person is None else ParticipationId(person),
        site=None if site is None else SiteId(site),
    )


async def _send(client: httpx.AsyncClient, case: Any) -> httpx.Response:
    asked = case.as_transport_kwargs(base_url=ORIGIN)
    headers = {name: value for name, value in asked["headers"].items() if name != "User-Agent"}
    return await client.request(
        asked["method"],
        asked["url"],
        params=asked.get("params"),
        headers=headers | dict(client.headers),
        **_body(asked),
    )


def _body(asked: dict[str, Any]) -> dict[str, Any]:
    if "json" in asked:
        return {"json": asked["json"]}
    data = asked.get("data")
    return {"content": data if isinstance(data, bytes | str) else b""} if data else {}


def try_door(everybody: Crowd, operation: Any, examples: int) -> None:
    """Right and wrong requests by turns, half of them about things that are there."""
    drawn = [
        *operation.get_strategies_from_examples(),
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    ]

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(*drawn), chance=st.randoms(use_true_random=False))
    def send(case: Any, chance: random.Random) -> None:
        if chance.random() < AIMED:
            everybody.aim(case, chance)
        everybody.send(case)

    everybody.come_in()
    send()
