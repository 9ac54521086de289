"""Time in the hands of a test."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Wall and monotonic clock of one moment that only the test moves."""

    def __init__(self) -> None:
        self._start = datetime(2026, 4, 1, 8, tzinfo=UTC)
        self._elapsed_seconds = 0.0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed_seconds)

    def monotonic(self) -> float:
        return self._elapsed_seconds

    def advance(self, seconds: float) -> None:
        self._elapsed_seconds += seconds
