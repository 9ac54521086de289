"""How often a guess may fail: a count of failures for each address, forgotten with time.

Bounded: when too many addresses are counted the one that failed longest ago is forgotten.
"""

from collections import OrderedDict
from typing import Final

from veche.domain.errors import TooManyAttempts

FAILURES_MAX: Final = 20
"""A person who mistypes a dictated link needs three; 160 bits need no help against a machine,
the limit spares the database."""
WINDOW_SECONDS: Final = 60
ADDRESSES_MAX: Final = 10_000


class Attempts:
    def __init__(self) -> None:
        self._failures: OrderedDict[str, list[float]] = OrderedDict()

    def require_few(self, address: str, now: float) -> None:
        """Raises `TooManyAttempts` for an address that has failed too often."""
        recent = self._recent(address, now)
        if len(recent) >= FAILURES_MAX:
            raise TooManyAttempts(max(1, round(recent[0] + WINDOW_SECONDS - now)))

    def record_failure(self, address: str, now: float) -> None:
        self._failures[address] = [*self._recent(address, now), now][-FAILURES_MAX:]
        self._failures.move_to_end(address)
        if len(self._failures) > ADDRESSES_MAX:
            self._failures.popitem(last=False)

    def _recent(self, address: str, now: float) -> list[float]:
        return [at for at in self._failures.get(address, []) if now - at < WINDOW_SECONDS]
