"""How long processes were ready to run and got no processor: what a crowded machine does to us.

From the scheduler's own account (`/proc/PID/task/TID/schedstat`: nanoseconds on a processor,
nanoseconds waited for one). A bar in wall time is held against the time measured less this.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

_WAITED: Final = 1


class Starvation:
    """Counts from its making on; threads that come later count from their beginning."""

    def __init__(self, *pids: int, without: str | None = None) -> None:
        self._pids = pids
        self._without = without
        self._before = dict(self._waited())

    def seconds(self) -> float:
        """The sum over all threads, except those of the name that is left out."""
        now = dict(self._waited())
        return sum(waited - self._before.get(task, 0) for task, waited in now.items()) / 1e9

    def _waited(self) -> Iterator[tuple[Path, int]]:
        for pid in self._pids:
            for task in Path(f"/proc/{pid}/task").iterdir():
                try:
                    name = (task / "comm").read_text().strip()
                    waited = int((task / "schedstat").read_text().split()[_WAITED])
                except (FileNotFoundError, ProcessLookupError):
                    continue  # ended meanwhile
                if name != self._without:
                    yield task, waited
