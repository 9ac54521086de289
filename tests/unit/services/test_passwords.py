"""Hashes: what passes, what never passes, and how many are made at once."""

import asyncio
import threading
from collections.abc import Iterator
from typing import NoReturn

import pytest
from argon2 import PasswordHasher, Type
from argon2.exceptions import VerificationError

from veche.domain.errors import TooManyAttempts
from veche.services.passwords import (
    COST,
    WAITING_KNOWN_MAX,
    WAITING_MAX,
    Cost,
    Passwords,
)

CHEAP = Cost(memory_kib=8, passes=1)
RIGHT = "correct horse battery"


@pytest.fixture(name="passwords")
def make_passwords() -> Iterator[Passwords]:
    with Passwords(CHEAP, cores=2) as passwords:
        yield passwords


def _hash(kind: Type, memory_kib: int = 8, passes: int = 1) -> str:
    hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1, type=kind)
    return hasher.hash(RIGHT)


async def test_a_hash_is_matched_by_its_password_and_no_other(passwords: Passwords) -> None:
    kept = await passwords.hash(RIGHT)
    assert kept != await passwords.hash(RIGHT)
    assert await passwords.matches(RIGHT, kept)
    for wrong in ("", RIGHT[:-1], RIGHT + " ", RIGHT.upper(), kept):
        assert not await passwords.matches(wrong, kept)


@pytest.mark.parametrize(
    "kept",
    [
        None,
        "",
        RIGHT,
        "$argon2id$",
        "$argon2id$v=19$m=8,t=1,p=1$",
        "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$",
        "$2b$12$KIXQ0q1Yp0d0m6xJm8c6weH1p0bJ8wq7mXyq0b0a0c0d0e0f0g0h0",
        "$6$salt$hash",
        "plain:" + RIGHT,
        _hash(Type.I),
        _hash(Type.D),
    ],
)
async def test_no_other_form_of_hash_lets_anybody_in(
    passwords: Passwords, kept: str | None
) -> None:
    assert not await passwords.matches(RIGHT, kept)
    assert not await passwords.matches("", kept)


async def test_a_hash_of_other_parameters_passes_and_is_outdated(passwords: Passwords) -> None:
    older = _hash(Type.ID, memory_kib=16, passes=2)
    assert await passwords.matches(RIGHT, older)
    assert not await passwords.matches(RIGHT + "!", older)
    assert passwords.is_outdated(older)
    assert not passwords.is_outdated(await passwords.hash(RIGHT))


async def test_a_hash_costs_what_is_asked_today() -> None:
    assert COST.memory_kib >= 19 * 1024
    assert COST.passes >= 2
    with Passwords(cores=1) as passwords:
        kept = await passwords.hash(RIGHT)
    assert kept.startswith(f"$argon2id$v=19$m={COST.memory_kib},t={COST.passes},p=1$")


class _Counting(PasswordHasher):
    """Holds every hash until the test lets go, and counts those at work."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.go_on = threading.Event()
        self.at_work = threading.Semaphore(0)
        self.at_once = self.at_once_max = 0
        self.compared: list[str] = []
        self._turn = threading.Lock()

    def verify(self, kept: str | bytes, password: str | bytes) -> NoReturn:
        with self._turn:
            self.at_once += 1
            self.at_once_max = max(self.at_once_max, self.at_once)
            self.compared.append(str(kept))
        self.at_work.release()
        self.go_on.wait()
        with self._turn:
            self.at_once -= 1
        raise VerificationError


async def test_one_hash_runs_on_a_core_and_the_queue_behind_them_is_bounded(
    passwords: Passwords,
) -> None:
    passwords._hasher = counting = _Counting()
    guesses = [asyncio.create_task(passwords.matches("guess", None)) for _ in range(WAITING_MAX)]
    for _ in range(2):
        await asyncio.to_thread(counting.at_work.acquire)
    with pytest.raises(TooManyAttempts):
        await passwords.matches("guess", None)
    owners = [
        asyncio.create_task(passwords.matches("own", None, is_known=True))
        for _ in range(WAITING_KNOWN_MAX - WAITING_MAX)
    ]
    await asyncio.sleep(0)
    with pytest.raises(TooManyAttempts):
        await passwords.matches("own", None, is_known=True)
    counting.go_on.set()
    assert not any(await asyncio.gather(*guesses, *owners))
    assert counting.at_once_max == 2
    assert not await passwords.matches("guess", None)


async def test_an_unknown_login_is_compared_with_a_hash_of_the_same_cost(
    passwords: Passwords,
) -> None:
    passwords._hasher = counting = _Counting()
    counting.go_on.set()
    await passwords.matches("guess", None)
    await passwords.matches("guess", "plain:guess")
    assert [kept.partition(",p=")[0] for kept in counting.compared] == [
        "$argon2id$v=19$m=8,t=1"
    ] * 2
