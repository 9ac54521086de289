"""`python -m tests.campaigns.races`: two chairs press the same button again and again.

    python -m tests.campaigns.races [--races 10000] [--database sqlite|postgresql]

A new meeting after every fifty races; after each race one chair has won, the picture in memory is
the one in the database, and both commands are in the log.
"""

import argparse
import asyncio
import random
import tempfile
from pathlib import Path

from tests.support.clock import Clock
from tests.support.conducting import conducted
from tests.support.databases import ENGINES, place_for, remove_cluster
from tests.support.races import race_and_look

RACES_OF_A_MEETING = 50
"""A page of the record holds all of them."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--races", type=int, default=10_000)
    parser.add_argument("--database", choices=ENGINES, default="sqlite")
    parser.add_argument("--seed", type=int, default=67)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    try:
        for run in range(0, asked.races, RACES_OF_A_MEETING):
            clock = Clock()
            with tempfile.TemporaryDirectory() as folder:
                place = place_for(asked.database, Path(folder))
                with place.open(clock.now) as database, conducted(database, clock) as air:
                    asyncio.run(race_and_look(air, RACES_OF_A_MEETING, chance))
            if run % 1_000 == 0:
                print(f"{run + RACES_OF_A_MEETING} races, one winner in each", flush=True)
    finally:
        remove_cluster()
    print(f"{asked.races} races of two chairs: one winner in each, both in the log")


if __name__ == "__main__":
    main()
