"""`python -m tests.bench.writers`: fifty who write at once, and how long each waits.

    python -m tests.bench.writers [--seconds 60] [--database sqlite|postgresql] [--pause 0.5]

Each writer reads, decides and writes as a use case does, then pauses as a person does; without a
pause all fifty want the turn at every moment, and the figure is that of the queue. A writer that
is turned away ends the bench.
"""

import argparse
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from tests.support.databases import ENGINES, place_for, remove_cluster
from tests.support.writers import write_one
from veche.store import Database

WRITERS = 50


def _write(database: Database, number: int, ends_at: float, pause_seconds: float) -> list[float]:
    waits = []
    # Not all at the first moment: people do not begin together.
    threading.Event().wait(pause_seconds * number / WRITERS)
    while time.monotonic() < ends_at:
        began = time.monotonic()
        write_one(database, number)
        waits.append(time.monotonic() - began)
        threading.Event().wait(pause_seconds)
    return waits


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pause", type=float, default=0.5)
    parser.add_argument("--database", choices=ENGINES, default="sqlite")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        place_for(asked.database, Path(folder)).open(lambda: datetime.now(UTC)) as database,
        ThreadPoolExecutor(WRITERS) as pool,
    ):
        ends_at = time.monotonic() + asked.seconds
        writing = [
            pool.submit(_write, database, number, ends_at, asked.pause) for number in range(WRITERS)
        ]
        waits = sorted(wait for writer in writing for wait in writer.result())
        cpu_ms = time.process_time() * 1000 / len(waits)
    remove_cluster()
    p99 = waits[len(waits) * 99 // 100]
    print(
        f"{asked.database}: {len(waits)} writes of {WRITERS} writers in {asked.seconds:.0f} s, "
        f"median {statistics.median(waits) * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, "
        f"longest {waits[-1] * 1000:.1f} ms, {cpu_ms:.1f} ms of CPU each, nobody turned away"
    )


if __name__ == "__main__":
    main()
