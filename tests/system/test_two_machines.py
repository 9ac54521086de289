"""Two machines meet: server and spectator in network namespaces with nothing but a wire between.

Needs the rights of root, as continuous integration has; elsewhere it says so and is skipped.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.server import running

WATCH_SECONDS = 90


@dataclass(frozen=True)
class Wire:
    """Names of the two namespaces; the server has 10.67.0.1 and fd67::1, the spectator .2."""

    server: str
    spectator: str


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def _in(namespace: str) -> tuple[str, ...]:
    return ("ip", "netns", "exec", namespace)


@pytest.fixture(name="wire")
def lay_wire() -> Iterator[Wire]:
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need root and the program ip")
    wire = Wire(f"veche-server-{os.getpid()}", f"veche-spectator-{os.getpid()}")
    try:
        for namespace in (wire.server, wire.spectator):
            _ip("netns", "add", namespace)
            _ip("-n", namespace, "link", "set", "lo", "up")
        _ip("-n", wire.server, "link", "add", "wire", "type", "veth", "peer", "name", "other")
        _ip("-n", wire.server, "link", "set", "other", "netns", wire.spectator)
        for namespace, link, last in ((wire.server, "wire", 1), (wire.spectator, "other", 2)):
            _ip("-n", namespace, "address", "add", f"10.67.0.{last}/24", "dev", link)
            _ip("-n", namespace, "address", "add", f"fd67::{last}/64", "dev", link, "nodad")
            _ip("-n", namespace, "link", "set", link, "up")
        yield wire
    finally:
        for namespace in (wire.server, wire.spectator):
            subprocess.run(["ip", "netns", "delete", namespace], check=False, capture_output=True)


@pytest.mark.parametrize(
    ("host", "media"),
    [
        ("10.67.0.1", ()),
        ("0.0.0.0", ()),  # noqa: S104 - all addresses of a namespace
        ("10.67.0.1", ("--set", "media.listen=fd67::1")),
        ("10.67.0.1", ("--set", "media.listen=0.0.0.0", "--set", "media.announce=10.67.0.1")),
    ],
    ids=["one address", "all addresses", "media by IPv6", "announced address"],
)
def test_a_spectator_on_another_machine_sees_and_hears_both_halls(
    tmp_path: Path, wire: Wire, host: str, media: tuple[str, ...]
) -> None:
    arguments = ("--host", host, *media)
    with running("demo", tmp_path / "data", *arguments, within=_in(wire.server)) as server:
        port = server.url.rpartition(":")[2]
        watched = subprocess.run(
            [
                *_in(wire.spectator),
                *(sys.executable, "-m", "tests.support.watcher", f"http://10.67.0.1:{port}"),
            ],
            capture_output=True,
            text=True,
            timeout=WATCH_SECONDS,
            check=False,
        )
    assert watched.returncode == 0, watched.stderr[-2000:]
    seen = json.loads(watched.stdout)
    assert min(seen["pictures"].values()) > 0


def test_the_doctor_tells_who_can_reach_the_media(tmp_path: Path, wire: Wire) -> None:
    told = subprocess.run(
        [
            *_in(wire.server),
            *(sys.executable, "-m", "veche", "doctor", "--port", "0", "--media-port", "0"),
            *("--host", "10.67.0.1", "--data", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "10.67.0.1:0: private: reached inside its network only" in told.stdout
    assert "browsers give no camera" in told.stdout
