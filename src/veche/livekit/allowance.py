"""A token bucket: so much at once, so much per second, and no clock of its own."""

from dataclasses import dataclass


@dataclass(slots=True)
class Allowance:
    per_second: float
    burst: float
    _left: float | None = None
    _at: float = 0.0

    def spend(self, cost: float, now: float) -> bool:
        """True when there was enough; a refused cost is not taken."""
        left = self.burst if self._left is None else self._left
        left = min(self.burst, left + max(0.0, now - self._at) * self.per_second)
        self._at = max(self._at, now)
        is_enough = cost <= left
        self._left = left - cost if is_enough else left
        return is_enough
