"""`veche migrate` and `veche verify`: the database brought up to date, and held to its word.

Verifying reads only and may run beside a server. It walks the record of changes from the first
to the last, compares the rows with what the record says they were left like, and asks the
database about itself. Whatever does not fit is named.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Final

from veche.config import Settings
from veche.opening import open_database, owned

EXIT_NOT_WHOLE: Final = 1


def migrate(settings: Settings, now: Callable[[], datetime]) -> int:
    with owned(settings.data), open_database(settings, now) as database:
        print(f"schema {database.schema_version()}, up to date")
    return 0


def verify(settings: Settings, now: Callable[[], datetime], noted: str | None = None) -> int:
    """Print what was found; `noted` is the hash of a record that was written down earlier."""
    with open_database(settings, now, may_migrate=False) as database:
        faults = [f"database: {words}" for words in database.faults()]
        with database.read() as unit:
            verdict = unit.audit.verify()
            if noted is not None and not unit.audit.holds(noted):
                faults.append(f"record: the noted hash {noted} is not in the chain")
        faults += [f"record: {fault.words}" for fault in verdict.faults]
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{verdict.count} records of changes, {len(faults)} faults")
    print(f"newest record: {verdict.head or 'none'}")
    return EXIT_NOT_WHOLE if faults else 0
