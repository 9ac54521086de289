"""A command under a key is kept with its change, and only with it."""

from contextvars import copy_context
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.clock import Clock
from tests.support.meetings import bridge_meeting
from veche.domain.actor import Actor, ActorKind
from veche.domain.errors import AlreadyDone, KeyReused
from veche.domain.meeting import MeetingNumber
from veche.store import Database
from veche.store.idempotency import KEPT, Command, carrying_out

NOON = datetime(2026, 4, 1, 9, tzinfo=UTC)
CLERK = Actor(ActorKind.ACCOUNT, "clerk", "Анна Петровна")
ROUTE = "POST /api/v1/meetings"
COMMAND = Command.of(CLERK, ROUTE, "key-00001", b'{"title": 1}')


def _answer(database: Database, command: Command) -> str | None:
    with database.read() as unit:
        return unit.idempotency.answer_to(command)


def _carry_out(database: Database, command: Command, number: int = 67) -> None:
    with carrying_out(command), database.write() as unit:
        unit.meetings.put(bridge_meeting(number=number))


def _keep(database: Database, command: Command, answer: str) -> None:
    with database.write() as unit:
        unit.idempotency.keep_answer(command, answer)


def test_a_command_that_was_carried_out_is_answered_alike(database: Database) -> None:
    assert _answer(database, COMMAND) is None
    _carry_out(database, COMMAND)
    _keep(database, COMMAND, "made 67")
    assert _answer(database, COMMAND) == "made 67"


def test_a_command_whose_answer_was_lost_is_not_carried_out_again(database: Database) -> None:
    _carry_out(database, COMMAND)
    with pytest.raises(AlreadyDone):
        _answer(database, COMMAND)
    with pytest.raises(AlreadyDone):
        _carry_out(database, COMMAND, number=68)
    with database.read() as unit:
        assert unit.meetings.find(MeetingNumber(68)) is None


def test_a_change_that_failed_claims_nothing(database: Database) -> None:
    def fail() -> None:
        with carrying_out(COMMAND), database.write():
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _answer(database, COMMAND) is None


def test_another_body_under_the_same_key_is_refused(database: Database) -> None:
    _carry_out(database, COMMAND)
    other = Command.of(CLERK, ROUTE, "key-00001", b'{"title": 2}')
    with pytest.raises(KeyReused):
        _answer(database, other)
    with pytest.raises(KeyReused):
        _carry_out(database, other)


def test_a_key_is_of_one_asker_at_one_door(database: Database) -> None:
    other = Actor(ActorKind.LINK, "clerk", "Анна Петровна")
    body = b'{"title": 1}'
    _carry_out(database, COMMAND)
    for command in (
        Command.of(other, ROUTE, "key-00001", body),
        Command.of(CLERK, "POST /api/v1/organisations", "key-00001", body),
        Command.of(CLERK, ROUTE, "key-00002", body),
        Command.of(CLERK, ROUTE[:-1], "skey-00001", body),
    ):
        assert _answer(database, command) is None


def test_several_units_of_one_command_claim_it_once(database: Database) -> None:
    with carrying_out(COMMAND) as claim:
        with database.write() as unit:
            unit.meetings.put(bridge_meeting(number=1))
        assert claim.is_kept
        with database.write() as unit:
            unit.meetings.put(bridge_meeting(number=2))
    with database.read() as unit:
        assert unit.meetings.find(MeetingNumber(2)) is not None


def test_the_claim_follows_into_other_threads_of_the_request(database: Database) -> None:
    with carrying_out(COMMAND) as claim:
        copy_context().run(_write_something, database)
        assert claim.is_kept
    with carrying_out(Command.of(CLERK, ROUTE, "key-00003", b"")) as unused:
        pass
    _write_something(database)
    assert not unused.is_kept


def _write_something(database: Database) -> None:
    with database.write() as unit:
        unit.meetings.put(bridge_meeting())


def test_a_key_is_forgotten_after_a_day(database: Database, clock: Clock) -> None:
    _carry_out(database, COMMAND)
    _keep(database, COMMAND, "made 67")
    later = Command.of(CLERK, ROUTE, "key-00004", b"")
    clock.advance(KEPT.total_seconds())
    _carry_out(database, later)
    assert _answer(database, COMMAND) == "made 67"
    clock.advance(timedelta(seconds=1).total_seconds())
    _carry_out(database, Command.of(CLERK, ROUTE, "key-00005", b""))
    assert _answer(database, COMMAND) is None
