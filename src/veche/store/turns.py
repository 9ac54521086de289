"""One at a time, in the order of arrival, and not for ever.

`threading.Lock` gives itself to whoever is awake: of fifty who write at once one waited twenty
times as long as the median. Here the turn is handed to the one who has waited longest.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from veche.domain.errors import Unavailable


class Turns:
    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Lock] = deque()
        """Each locked until the turn is his."""

    @contextmanager
    def one(self, wait_seconds: float) -> Iterator[None]:
        """Raises `Unavailable` when the turn does not come in time."""
        self._take(wait_seconds)
        try:
            yield
        finally:
            self._hand_on()

    def _take(self, wait_seconds: float) -> None:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=wait_seconds):
            return
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                raise Unavailable(f"database: no turn to write within {wait_seconds:g} s")
        # It was handed over in the very moment that the waiting ended.

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
