"""Databases for tests: the embedded one, and a PostgreSQL cluster of the test run's own.

The cluster is made at the first use, by a user that is not root, in a temporary folder, reached
by a socket in it only; it ends with the run, and with a killed run too. Every test gets a schema
of its own, as empty as a new file.

    with place_for("postgresql", tmp_path).open(clock.now) as database: ...
"""

import itertools
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

import psycopg

from veche.store import Database

ENGINES: Final = ("sqlite", "postgresql")
_USER: Final = "postgres"
"""Debian's package makes it; as another user that is not root the tests start the cluster as they
are."""
_START_SECONDS: Final = 30.0
_numbers = itertools.count(1)
Kind = TypeVar("Kind", bound=Database)


@dataclass(frozen=True)
class Place:
    """Where a database is; opened again, it is the same one after a restart."""

    engine: str
    folder: Path
    address: str | None

    def open(self, now: Callable[[], datetime]) -> Database:
        return self.open_as(Database, now)

    def open_as(self, kind: type[Kind], now: Callable[[], datetime]) -> Kind:
        """As a database of the test's own kind."""
        if self.address is None:
            return kind.open(self.folder, now)
        return kind.connect(self.address, now)

    def arguments(self) -> tuple[str, ...]:
        """For the command line of a server with this database."""
        return () if self.address is None else ("--set", f"database.url={self.address}")


def place_for(engine: str, folder: Path) -> Place:
    """A new database; `folder` is the test's own."""
    if engine == "sqlite":
        return Place(engine, folder, None)
    assert engine == "postgresql", engine
    return Place(engine, folder, cluster().make_schema())


@cache
def chosen_place(folder: Path) -> Place:
    """In the engine that the run was asked for: `pytest --database postgresql`.

    One folder is one database, as with the embedded engine: a test may open it again.
    """
    return place_for(os.environ.get("TEST_DATABASE", "sqlite"), folder)


class Cluster:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="veche-postgresql-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, _USER)
        self._process: subprocess.Popen[bytes] | None = None
        # Sorting by the rules of a language, unlike the embedded engine: what depends on it shows.
        self._run(
            "initdb", "--auth=trust", "--encoding=UTF8", "--no-sync",
            "--locale-provider=icu", "--icu-locale=be", "--locale=C",
        )  # fmt: skip
        self.start()

    def address(self, options: str = "") -> str:
        return f"postgresql://{_USER}@/postgres?host={quote(str(self.folder), safe='')}{options}"

    def start(self) -> None:
        """Returns when it takes connections."""
        log = (self.folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [
                    *_as_user(), _program("postgres"), "-D", str(self.folder / "data"),
                    "-k", str(self.folder), "-c", "listen_addresses=", "-c", "max_connections=200",
                    # Power is not lost in a test; a killed server keeps its files.
                    "-c", "fsync=off",
                ],
                stdout=log,
                stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                psycopg.connect(self.address(), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, (self.folder / "log").read_text()
                assert self._process.poll() is None, (self.folder / "log").read_text()
                time.sleep(0.02)

    def stop(self) -> None:
        """At once, as a machine that fails: connections are cut in the middle of what they do."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--mode=immediate", "--silent")
        if self._process is not None:
            self._process.wait(_START_SECONDS)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def make_schema(self) -> str:
        """The address of a new empty database, as far as the program can see."""
        name = f"test_{next(_numbers)}"
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        return self.address(f"&options={quote(f'-csearch_path={name}')}")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*_as_user(), _program(program), "-D", str(self.folder / "data"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        assert done.returncode == 0, done.stderr


@cache
def cluster() -> Cluster:
    """The one that the tests of this run share."""
    return Cluster()


def remove_cluster() -> None:
    if cluster.cache_info().currsize:
        cluster().remove()
        cluster.cache_clear()


def _as_user() -> list[str]:
    """PostgreSQL refuses to run as root. The signal ends it with a run that was killed."""
    dying = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return dying
    return [*dying, "--reuid", _USER, "--regid", _USER, "--clear-groups"]


def _program(name: str) -> str:
    """Debian keeps the server's programs off the path, by version."""
    if found := shutil.which(name):
        return found
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    assert versions, f"{name} is missing: deploy/test-tools installs it"
    return str(versions[-1])
