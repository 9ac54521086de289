"""Who of the robot halls speaks, told from the clock alone.

The halls speak one after the other with silence between, over and over. All halls read the
same wall clock, so they need no word from each other, and after a restart each finds its turn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

SILENCE_SECONDS: Final = 2.5
"""Longer than the second and a half after which the stage sees that nobody speaks."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Speeches in their order: hall and length in seconds."""

    speeches: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, lengths_seconds: Mapping[str, float]) -> Self:
        return cls(tuple(lengths_seconds.items()))

    def place_in_speech(self, hall: str, now: float) -> float | None:
        """Seconds since this hall began to speak; None while it is silent. `now`: Unix time."""
        into_round = now % sum(length + SILENCE_SECONDS for _, length in self.speeches)
        for speaker, length in self.speeches:
            if into_round < length:
                return into_round if speaker == hall else None
            into_round -= length + SILENCE_SECONDS
            if into_round < 0:
                return None
        return None
