"""The rundown: which item of the agenda goes on, since when, and how late the meeting is.

A pure state machine over positions of the agenda (1 is the first). Times are milliseconds of
the meeting's own clock; what was planned is counted from the moment that the air was planned
for. An item may be come back to: its times add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NewType, Self

from veche.domain.errors import ItemUnknown, NoItemThere

Position = NewType("Position", int)

VISITS_MAX: Final = 1_000
"""Items are gone through once; this bounds a stuck key."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A stretch of time that an item took; open while `ended_ms` is None."""

    position: Position
    began_ms: int
    ended_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Rundown:
    visits: tuple[Visit, ...] = ()

    @property
    def current(self) -> Position | None:
        last = self.visits[-1] if self.visits else None
        return last.position if last is not None and last.ended_ms is None else None

    @property
    def is_full(self) -> bool:
        return len(self.visits) >= VISITS_MAX

    def begun(self, position: Position, count: int, at_ms: int) -> Self:
        """That item goes on, the one before is over. Raises `ItemUnknown`, `NoItemThere`."""
        if not 1 <= position <= count:
            raise ItemUnknown
        if position == self.current:
            return self
        if self.is_full:
            raise NoItemThere
        over = self.ended(at_ms)
        return replace(over, visits=(*over.visits, Visit(position, at_ms)))

    def stepped(self, step: int, count: int, at_ms: int) -> Self:
        """One item on (+1) or back (-1). Raises `NoItemThere`."""
        last = self.visits[-1].position if self.visits else 0
        wanted = last + step
        if not 1 <= wanted <= count:
            raise NoItemThere
        return self.begun(Position(wanted), count, at_ms)

    def ended(self, at_ms: int) -> Self:
        """No item goes on any more."""
        if self.current is None:
            return self
        last = self.visits[-1]
        over = replace(last, ended_ms=max(at_ms, last.began_ms))
        return replace(self, visits=(*self.visits[:-1], over))

    def began_ms(self, position: Position) -> int | None:
        """When it was begun first."""
        return next((it.began_ms for it in self.visits if it.position == position), None)

    def ended_ms(self, position: Position) -> int | None:
        """When it was over last; None while it goes on or was not begun."""
        if position == self.current:
            return None
        ends = [it.ended_ms for it in self.visits if it.position == position]
        return ends[-1] if ends else None

    def took_ms(self, position: Position, now_ms: int) -> int:
        return sum(
            max(0, (now_ms if it.ended_ms is None else it.ended_ms) - it.began_ms)
            for it in self.visits
            if it.position == position
        )

    def drift_ms(self, planned_ms: Sequence[int], zero_ms: int, now_ms: int) -> int:
        """How much later than planned; negative for earlier.

        `planned_ms` is the length of each item, `zero_ms` the moment the first was planned for.
        An item that goes on is late by its late beginning, or by what it has run over.
        """
        if self.current is None:
            return 0
        index = self.current - 1
        due_ms = zero_ms + sum(planned_ms[:index])
        began_ms = self.visits[-1].began_ms
        return max(began_ms - due_ms, now_ms - due_ms - planned_ms[index])
