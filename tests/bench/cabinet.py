"""How long an office waits: acts of the cabinet with ten thousand meetings in SQLite.

A real server, one signed-in account, one act after another over the loopback, through every
layer and through the disk's own time to keep what was saved. Meetings are those of the demo with
their eleven lines of people, and one with three hundred.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tests.bench.stored_meetings import store_meetings
from tests.support.server import running
from veche.demo.meeting import MINISTRY, demo_meeting
from veche.domain.account import Account, AccountId, GlobalRole
from veche.domain.identity import MeetingNumber, ParticipationId
from veche.domain.phases import Phase
from veche.services.passwords import Passwords
from veche.services.signing_in import SigningIn, Visitor
from veche.store import Database
from veche.web.security import OWN_HEADER, OWN_HEADER_VALUE, SESSION_COOKIE

MEETINGS = 10_000
CROWDED = MeetingNumber(MEETINGS + 1)
CROWD = 300
Json = Any  # what an answer holds


def _now() -> datetime:
    return datetime.now(UTC)


def _prepared(folder: Path) -> str:
    """The token of a session; beside the drafts stands a meeting with a long roster."""
    store_meetings(folder, range(1, MEETINGS + 1), Phase.DRAFT)
    crowd = replace(demo_meeting(), number=CROWDED, phase=Phase.DRAFT)
    extra = tuple(
        replace(crowd.roster[-1], id=ParticipationId(f"p{number}")) for number in range(CROWD)
    )
    account = Account(AccountId("bench"), "bench", "Bench", GlobalRole.ORGANISER, MINISTRY)
    with Database.open(folder, _now) as database, Passwords() as passwords:
        with database.write() as unit:
            unit.meetings.put(replace(crowd, roster=(*crowd.roster, *extra)))
            unit.accounts.add(account, None)
        signing_in = SigningIn(database, passwords, _now, time.monotonic)
        return signing_in.begin(account, Visitor("127.0.0.1", None, "bench")).token


class Office:
    """A browser of the cabinet."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"Cookie": f"{SESSION_COOKIE}={token}", OWN_HEADER: OWN_HEADER_VALUE}
        self._client = httpx.Client(base_url=f"{url}/api/v1", headers=headers)

    def read(self, path: str) -> Json:
        answer = self._client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def save(self, path: str, body: Json) -> Json:
        answer = self._client.put(path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()


def _saving(office: Office, number: int, change: Callable[[Json, int], str]) -> Callable[[], None]:
    """An act that changes the meeting as it is now and saves it; reading it again is its own."""
    plan = office.read(f"/meetings/{number}")
    turn = 0

    def act() -> None:
        nonlocal plan, turn
        turn += 1
        step = change(plan, turn)
        plan = office.save(f"/meetings/{number}/{step}", plan)

    return act


def _longer_item(plan: Json, turn: int) -> str:
    plan["agenda"][0]["seconds"] = 60 + turn % 600
    return "programme"


def _other_seat(plan: Json, turn: int) -> str:
    plan["roster"][-1]["seat"] = f"ряд {turn}"
    return "roster"


def _measure(name: str, count: int, act: Callable[[], object]) -> None:
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1e3)
    ordered = sorted(taken)
    p95 = ordered[round(len(ordered) * 0.95) - 1]
    print(f"{name:28} | p50 {statistics.median(ordered):6.1f} ms, p95 {p95:6.1f} ms, n {count}")


def main() -> None:
    parser = argparse.ArgumentParser(description="How long an office waits for the cabinet.")
    parser.add_argument("--count", type=int, default=100)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        token = _prepared(Path(folder))
        with running("serve", Path(folder)) as server:
            office = Office(server.url, token)
            for name, path in (
                ("list, a page of thirty", "/meetings"),
                ("found by a name", "/meetings?q=Криволапов"),
                ("one meeting", "/meetings/5000"),
                (f"one with {CROWD} people", f"/meetings/{CROWDED}"),
            ):
                _measure(name, count, lambda path=path: office.read(path))  # type: ignore[misc]
            _measure("a step saved", count, _saving(office, 5_000, _longer_item))
            _measure(f"{CROWD} people saved", count, _saving(office, CROWDED, _other_seat))
            _measure("history", count, lambda: office.read(f"/meetings/{CROWDED}/history"))


if __name__ == "__main__":
    main()
