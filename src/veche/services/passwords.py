"""Passwords and their argon2id hashes.

Each hash takes memory and a core on purpose, so that at most one runs on a core at a time, in
threads of their own: guessing fills this queue and no other, and the queue is bounded. A login
that nobody has costs the same time as one that somebody has.
"""

import asyncio
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from veche.domain.errors import TooManyAttempts


@dataclass(frozen=True, slots=True)
class Cost:
    memory_kib: int
    passes: int
    lanes: int = 1
    """One: a hash takes one core, so that the count of hashes at once is the count of cores."""


COST: Final = Cost(memory_kib=32 * 1024, passes=2)
"""Above the least that OWASP gives (19 MiB, two passes). Measured on a busy core of 2.6 GHz: this
takes 68 ms, between 33 ms of that least and 190 ms of 64 MiB in three passes, of which a few
guesses would keep people waiting for a second."""
WAITING_MAX: Final = 16
"""Half a second of hashing on two cores; further guesses hear that they are too many."""
WAITING_KNOWN_MAX: Final = 32
"""Who comes from a device of his own still finds room behind the guessers."""
RETRY_SECONDS: Final = 2
_FORM: Final = "$argon2id$"

Result = TypeVar("Result")


class Passwords:
    """A context manager. `cost` is smaller in tests of something else."""

    def __init__(self, cost: Cost = COST, cores: int | None = None) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            type=Type.ID,
        )
        self._threads = ThreadPoolExecutor(cores or os.cpu_count() or 1, "password")
        self._waiting = 0
        self._turn = threading.Lock()
        # Of a password that nobody knows: what an unknown login is compared with.
        self._nobodys = self._hasher.hash(secrets.token_urlsafe())

    def __enter__(self) -> "Passwords":
        return self

    def __exit__(self, *exception: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    async def hash(self, password: str) -> str:
        return await self._in_turn(lambda: self._hasher.hash(password), WAITING_KNOWN_MAX)

    async def matches(self, password: str, kept: str | None, *, is_known: bool = False) -> bool:
        """Whether it is the password of this hash; of None, never, in the same time.

        `is_known`: from a device that was signed in before. Raises `TooManyAttempts`.
        """
        waiting_max = WAITING_KNOWN_MAX if is_known else WAITING_MAX
        return await self._in_turn(lambda: self._matches(password, kept), waiting_max)

    def is_outdated(self, kept: str) -> bool:
        """Whether it was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)

    def _matches(self, password: str, kept: str | None) -> bool:
        # Another form has no place in our store: argon2i and argon2d would pass the library.
        is_ours = kept is not None and kept.startswith(_FORM)
        try:
            self._hasher.verify(kept if is_ours and kept else self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
        return is_ours

    async def _in_turn(self, work: Callable[[], Result], waiting_max: int) -> Result:
        with self._place(waiting_max):
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    @contextmanager
    def _place(self, waiting_max: int) -> Iterator[None]:
        with self._turn:
            if self._waiting >= waiting_max:
                raise TooManyAttempts(RETRY_SECONDS)
            self._waiting += 1
        try:
            yield
        finally:
            with self._turn:
                self._waiting -= 1
