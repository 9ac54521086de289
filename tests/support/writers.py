"""Many who write at once, in a process that can be killed; each says what was acknowledged.

    python -m tests.support.writers ENGINE FOLDER ADDRESS WRITERS

Writer n adds records about `writer/n`, counting up from what it finds; after each commit it
prints `n count`, in one write that is complete or not there at all.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.support.databases import Place
from veche.domain.actor import Actor, ActorKind
from veche.store import Database

WRITERS: Final = 20


def last_counts(database: Database, writers: int = WRITERS) -> dict[int, int]:
    """What each writer has written last, as the database tells it."""
    counts = {}
    with database.read() as unit:
        for number in range(writers):
            last = unit.audit.last_change(f"writer/{number}")
            counts[number] = 0 if last is None else int(last.after["count"])
    return counts


def write_one(database: Database, number: int) -> int:
    """Read, decide, write: what a use case does."""
    now = datetime.now(UTC)
    with database.write() as unit:
        last = unit.audit.last_change(f"writer/{number}")
        count = 1 if last is None else int(last.after["count"]) + 1
        unit.audit.append(
            Actor(ActorKind.SYSTEM, f"writer-{number}", "a writer"),
            "write",
            subject=f"writer/{number}",
            at=now,
            after={"count": count},
        )
    return count


@contextmanager
def writing(place: Place, writers: int = WRITERS) -> Iterator["subprocess.Popen[str]"]:
    """The process, killed at the end if it is not already."""
    told = [place.engine, str(place.folder), place.address or "", str(writers)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.writers", *told], stdout=subprocess.PIPE, text=True
    )
    try:
        with process:
            yield process
            process.kill()
    finally:
        process.kill()


def acknowledged(lines: list[str]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for line in lines:
        number, count = json.loads(line)
        counts[number] = max(count, counts.get(number, 0))
    return counts


def _write_for_ever(database: Database, number: int) -> None:
    while True:
        count = write_one(database, number)
        os.write(sys.stdout.fileno(), f"[{number}, {count}]\n".encode())


def main() -> None:
    engine, folder, address, writers = sys.argv[1:]
    place = Place(engine, Path(folder), address or None)
    database = place.open(lambda: datetime.now(UTC))
    for number in range(int(writers)):
        threading.Thread(target=_write_for_ever, args=(database, number)).start()


if __name__ == "__main__":
    main()
