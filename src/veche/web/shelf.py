"""Rendered pages, kept for as long as there is room.

A page is rendered once for all that it depends on: that is its key. Kept up to a limit; the one
that was asked for longest ago goes first. Lives on one event loop.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final, Self

KEPT_PAGES_MAX: Final = 512
"""About 20 MB: 30 kB of text and 8 kB of it compressed for each. Three languages of the
meetings of some months; a page that has to be made again costs 2 to 4 ms."""
_COMPRESSION_LEVEL: Final = 6


@dataclass(frozen=True, slots=True)
class Rendered:
    whole: bytes
    compressed: bytes
    tag: str

    @classmethod
    def of(cls, text: str) -> Self:
        whole = text.encode()
        return cls(
            whole,
            gzip.compress(whole, _COMPRESSION_LEVEL, mtime=0),
            hashlib.sha256(whole).hexdigest()[:32],
        )


class Same:
    """A large value as a part of a key: equal to itself only, and compared at no cost.

    It holds the value, so that its place in memory is nobody else's while the key is kept.
    """

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


class Shelf:
    """The pages that are kept, by all that they depend on."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Rendered] = OrderedDict()

    def take(self, key: Hashable, render: Callable[[], str]) -> Rendered:
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = Rendered.of(render())
            if len(self._kept) > KEPT_PAGES_MAX:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return kept
