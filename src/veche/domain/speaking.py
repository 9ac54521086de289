"""Which hall speaks, told from levels of sound.

A cough must not take the picture and a breath must not give it away: who speaks keeps the
line until he has been silent for a while, and only then may another take it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from veche.domain.meeting import SiteId

TAKE_OVER_SECONDS: Final = 0.6
"""Between the pauses inside a sentence of our recorded speeches (up to 0.45 s) and the time
after which a viewer takes a late plate for a wrong one (about 1 s)."""
SILENCE_SECONDS: Final = 1.5
"""Longer than the pauses between two sentences (up to 1.1 s in the same speeches)."""


@dataclass(frozen=True, slots=True)
class Listening:
    """What has been heard so far; times are monotonic seconds."""

    speaking: SiteId | None = None
    heard_at: float = float("-inf")

    def after(self, levels: Mapping[SiteId, float], now: float) -> Self:
        """With the levels of this moment, 0 to 1; a hall that is not named is silent."""
        heard = {site: level for site, level in levels.items() if level > 0}
        if self.speaking in heard:
            return type(self)(self.speaking, now)
        silent_for = now - self.heard_at
        if heard and (self.speaking is None or silent_for >= TAKE_OVER_SECONDS):
            return type(self)(max(heard, key=heard.__getitem__), now)
        if self.speaking is not None and silent_for >= SILENCE_SECONDS:
            return type(self)(None, self.heard_at)
        return self
