"""`python -m tests.campaigns.kills`: a server of writers is killed again and again.

    python -m tests.campaigns.kills [--kills 500] [--database sqlite|postgresql]

After every kill the database is opened anew: nothing that was acknowledged may be missing, the
engine finds no fault in its files, and the chain of records is whole. With PostgreSQL its server
is killed as well, by turns.
"""

import argparse
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.support.databases import ENGINES, Place, cluster, place_for, remove_cluster
from tests.support.writers import WRITERS, acknowledged, last_counts, writing

LIFE_SECONDS_MAX = 0.4
"""From the first acknowledgement to the kill: some hundred commits."""


def kill_and_look(place: Place, chance: random.Random, *, with_server: bool = False) -> int:
    """One life of the writers; how many commits it acknowledged. Asserts that none is lost."""
    with writing(place) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        dies_at = time.monotonic() + chance.uniform(0, LIFE_SECONDS_MAX)
        while time.monotonic() < dies_at:
            lines.append(process.stdout.readline())
        if with_server:
            cluster().stop()
        process.kill()
        lines += process.stdout.readlines()
    if with_server:
        cluster().start()
    # The kill may have cut the last line.
    whole = [line for line in lines if line.endswith("]\n")]
    with place.open(lambda: datetime.now(UTC)) as database:
        kept = last_counts(database)
        lost = {it: count for it, count in acknowledged(whole).items() if kept[it] < count}
        assert not lost, f"acknowledged and gone: {lost}"
        assert database.faults() == []
        with database.read() as unit:
            verdict = unit.audit.verify()
        assert verdict.is_whole, verdict.faults[:3]
        assert verdict.count == sum(kept.values()), "a record without its count"
    return len(whole)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--database", choices=ENGINES, default="sqlite")
    parser.add_argument("--seed", type=int, default=67)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    commits = 0
    with tempfile.TemporaryDirectory() as folder:
        place = place_for(asked.database, Path(folder))
        try:
            for kill in range(1, asked.kills + 1):
                with_server = asked.database == "postgresql" and kill % 2 == 0
                commits += kill_and_look(place, chance, with_server=with_server)
                if kill % 10 == 0:
                    print(f"{kill} kills, {commits} commits acknowledged, none lost", flush=True)
        finally:
            remove_cluster()
    print(f"{asked.kills} kills under {WRITERS} writers: {commits} acknowledged, 0 lost")


if __name__ == "__main__":
    main()
