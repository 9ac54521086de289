"""How often a guess may fail: a count of failures for each key, forgotten with time.

A guess counts as failed from the moment it begins, so that a thousand at once are not all
taken for the first; who guessed right has it taken back. Bounded: when too many keys are
counted the one that failed longest ago is forgotten.
"""

import ipaddress
import threading
from collections import OrderedDict
from typing import Final

from veche.domain.errors import TooManyAttempts

FAILURES_MAX: Final = 20
"""A person who mistypes a dictated link needs three; 160 bits need no help against a machine,
the limit spares the database."""
WINDOW_SECONDS: Final = 60
KEYS_MAX: Final = 10_000
"""More than can fail in a window where each failure costs a hash: nobody is forgotten early."""
_NETWORK_BITS: Final = 64
"""Of IPv6 one customer has a whole network of addresses, RFC 6177."""


class Attempts:
    """Called from several threads."""

    def __init__(self, failures_max: int = FAILURES_MAX) -> None:
        self._failures_max = failures_max
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._turn = threading.Lock()

    def begin(self, key: str, now: float) -> None:
        """Count an attempt; raises `TooManyAttempts` for a key that has failed too often."""
        with self._turn:
            recent = self._recent(key, now)
            if len(recent) >= self._failures_max:
                raise TooManyAttempts(max(1, round(recent[0] + WINDOW_SECONDS - now)))
            self._failures[key] = [*recent, now]
            self._failures.move_to_end(key)
            if len(self._failures) > KEYS_MAX:
                self._failures.popitem(last=False)

    def forgive(self, key: str, now: float) -> None:
        """Take one attempt back: it was no guess."""
        with self._turn:
            if rest := self._recent(key, now)[:-1]:
                self._failures[key] = rest
            else:
                self._failures.pop(key, None)

    def _recent(self, key: str, now: float) -> list[float]:
        return [at for at in self._failures.get(key, []) if now - at < WINDOW_SECONDS]


def address_key(address: str) -> str:
    """One key for whoever can be told apart by address: of IPv6 the network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if (inner := parsed.ipv4_mapped) is not None:
        return str(inner)
    return str(ipaddress.ip_network((int(parsed), _NETWORK_BITS), strict=False))
