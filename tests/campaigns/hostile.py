"""`python -m tests.campaigns.hostile`: every door of the interface, for as long as it is given.

    python -m tests.campaigns.hostile [--minutes 45] [--door "POST /api/v1/meetings"]

Takes the doors by turns, each time with more requests, and prints what each asker got. Ends at
the first answer that is not in the document.
"""

import argparse
import tempfile
import time
from pathlib import Path

from tests.support.hostile import crowd, operations, try_door

FIRST_EXAMPLES = 25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=45.0)
    parser.add_argument("--door", action="append", help="only this one; may be repeated")
    asked = parser.parse_args()
    doors = operations()
    ends_at = time.monotonic() + asked.minutes * 60
    examples = FIRST_EXAMPLES
    with tempfile.TemporaryDirectory() as folder, crowd(Path(folder)) as everybody:
        while time.monotonic() < ends_at:
            for name in asked.door or doors:
                everybody.answers.clear()
                try_door(everybody, doors[name], examples)
                _tell(name, examples, everybody.answers)
                if time.monotonic() >= ends_at:
                    break
            examples *= 2


def _tell(door: str, examples: int, answers: dict[tuple[str, int], int]) -> None:
    by_status: dict[int, int] = {}
    for (_, status), count in answers.items():
        by_status[status] = by_status.get(status, 0) + count
    told = ", ".join(f"{status}: {count}" for status, count in sorted(by_status.items()))
    print(f"{door}  ({examples} requests by everybody)  {told}", flush=True)


if __name__ == "__main__":
    main()
