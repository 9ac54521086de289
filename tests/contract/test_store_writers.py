"""Many writers at once, killed and cut off: nobody is turned away, and what was told is kept."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.campaigns.kills import kill_and_look
from tests.support.clock import Clock
from tests.support.databases import Cluster, Place
from tests.support.meetings import bridge_meeting
from tests.support.writers import last_counts, write_one
from veche.domain.actor import HOUSE, Actor, ActorKind
from veche.domain.errors import AlreadyDone, Unavailable
from veche.domain.meeting import MeetingNumber
from veche.store import Database
from veche.store.idempotency import Command, carrying_out

KILLS = 5
"""On each engine; the campaign does five hundred."""
WRITERS = 50
WRITES = 10
BACK_SECONDS = 5.0


def test_what_was_acknowledged_outlives_a_killed_process(place: Place) -> None:
    chance = random.Random(67)
    assert sum(kill_and_look(place, chance) for _ in range(KILLS)) > KILLS


def test_fifty_writers_wait_and_none_is_turned_away(database: Database) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda number: _write_some(database, number), range(WRITERS)))
    assert last_counts(database, WRITERS) == dict.fromkeys(range(WRITERS), WRITES)
    with database.read() as unit:
        assert unit.audit.verify().is_whole


def _write_some(database: Database, number: int) -> None:
    for _ in range(WRITES):
        write_one(database, number)


def test_a_writer_who_gets_no_turn_is_told_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.store.session.TURN_SECONDS", 0.05)
    with ThreadPoolExecutor(1) as pool, database.write():
        waiting = pool.submit(write_one, database, 1)
        with pytest.raises(Unavailable, match="no turn"):
            waiting.result()
    assert write_one(database, 1) == 1


@pytest.fixture(name="cluster", scope="module")
def make_cluster() -> Iterator[Cluster]:
    """A server of this file's own, to be stopped."""
    cluster = Cluster()
    yield cluster
    cluster.remove()


@pytest.fixture(name="served")
def open_served(cluster: Cluster, tmp_path: Path, clock: Clock) -> Iterator[Database]:
    place = Place("postgresql", tmp_path, cluster.make_schema())
    with place.open(clock.now) as database:
        yield database


def _write_when_back(database: Database) -> float:
    """Seconds until a write is kept again."""
    began = time.monotonic()
    while True:
        try:
            write_one(database, 1)
        except Unavailable:
            assert time.monotonic() - began < BACK_SECONDS
        else:
            return time.monotonic() - began


def test_a_server_that_stops_is_unavailable_and_found_again(
    cluster: Cluster, served: Database
) -> None:
    write_one(served, 1)
    cluster.stop()
    try:
        with pytest.raises(Unavailable):
            write_one(served, 1)
        with pytest.raises(Unavailable):
            last_counts(served)
        assert not served.is_answering()
    finally:
        cluster.start()
    assert _write_when_back(served) < BACK_SECONDS
    assert served.is_answering()


def test_a_unit_that_is_cut_in_the_middle_keeps_nothing(cluster: Cluster, served: Database) -> None:
    def cut_in_the_middle() -> None:
        with served.write() as unit:
            unit.meetings.put(bridge_meeting())
            cluster.stop()

    try:
        with pytest.raises(Unavailable):
            cut_in_the_middle()
    finally:
        cluster.start()
    _write_when_back(served)
    with served.read() as unit:
        assert unit.meetings.find(MeetingNumber(67)) is None


def test_a_command_that_is_repeated_over_an_outage_is_carried_out_once(
    cluster: Cluster, served: Database, clock: Clock
) -> None:
    """Whether the cut came before the commit or after it, a repeat finds out by its key."""
    clerk = Actor(ActorKind.ACCOUNT, "clerk", "Анна Петровна")
    commands = [Command.of(clerk, "POST /things", f"key-{number:04}", b"") for number in range(40)]
    cutting = threading.Timer(0.1, cluster.stop)
    cutting.start()
    for command in commands:
        if not _carry_out(served, command):
            break
    cutting.join()
    cluster.start()
    _write_when_back(served)
    for command in commands:
        if not _is_done(served, command):
            assert _carry_out(served, command)
    with served.read() as unit:
        subjects = [record.subject for record in unit.audit.of_subject("thing", limit=200)]
    assert len(subjects) == len(commands)


def _carry_out(database: Database, command: Command) -> bool:
    try:
        with carrying_out(command), database.write() as unit:
            unit.audit.append(HOUSE, "make", subject="thing", at=Clock().now())
        with database.write() as unit:
            unit.idempotency.keep_answer(command, "made")
    except Unavailable:
        return False
    return True


def _is_done(database: Database, command: Command) -> bool:
    with database.read() as unit:
        try:
            return unit.idempotency.answer_to(command) is not None
        except AlreadyDone:
            return True
