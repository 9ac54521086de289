"""The data of these settings: the directory for this process alone, and the database.

Needs neither the media engine nor the web: what keeps the data in order runs without them.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from veche.config import Settings
from veche.domain.errors import Misconfigured
from veche.store import Database


def open_database(
    settings: Settings, now: Callable[[], datetime], *, may_migrate: bool = True
) -> Database:
    """Its schema up to date, or refused where it may not be made so."""
    if settings.database.url is not None:
        address = settings.database.url.get_secret_value()
        return Database.connect(address, now, may_migrate=may_migrate)
    return Database.open(settings.data, now, may_migrate=may_migrate)


@contextmanager
def owned(data: Path) -> Iterator[None]:
    """The data directory, made if absent, for this process alone."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (data / "lock").open("w")
    except OSError as error:
        raise Misconfigured([("data", f"{data} cannot be used: {error.strerror}")]) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            reason = f"{data} is used by another veche that runs; give this one its own with --data"
            raise Misconfigured([("data", reason)]) from None
        yield
