"""Turns to write: in the order of arrival, one at a time, and given up in time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from veche.domain.errors import Unavailable
from veche.store.turns import Turns

WAIT_SECONDS = 30.0


def _await_waiting(turns: Turns, count: int) -> None:
    """Until so many stand in the line; threads begin when they like."""
    moment = threading.Event()
    while len(turns._waiting) < count:
        moment.wait(0.001)


def test_the_turn_goes_to_the_one_who_has_waited_longest() -> None:
    turns, served = Turns(), []

    def take(number: int) -> None:
        with turns.one(WAIT_SECONDS):
            served.append(number)

    with ThreadPoolExecutor(20) as pool, turns.one(WAIT_SECONDS):
        for number in range(20):
            pool.submit(take, number)
            _await_waiting(turns, number + 1)
    assert served == list(range(20))


def test_nobody_is_there_beside_another() -> None:
    turns, inside, most = Turns(), [], []

    def take(number: int) -> None:
        for _ in range(50):
            with turns.one(WAIT_SECONDS):
                inside.append(number)
                most.append(len(inside))
                inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(8)))
    assert set(most) == {1}


def test_who_has_given_up_is_not_waited_for() -> None:
    turns = Turns()
    with turns.one(WAIT_SECONDS), pytest.raises(Unavailable, match="no turn"):
        _take(turns, 0.01)
    _take(turns, 0.0)


def test_a_turn_is_handed_on_by_one_who_failed() -> None:
    turns = Turns()

    def fail() -> None:
        with turns.one(WAIT_SECONDS):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    _take(turns, 0.0)


def _take(turns: Turns, wait_seconds: float) -> None:
    with turns.one(wait_seconds):
        pass
