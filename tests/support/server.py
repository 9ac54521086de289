"""A real server in a process of its own, on ports that the system chooses."""

import os
import queue
import re
import signal
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

READY = re.compile(r"^ready: (\S+)")
LAST_LINE = {"serve": "ready: ", "demo": "  Ctrl+C"}
"""How the last line begins of what a command says at its start."""
START_SECONDS = 90.0
"""Far above the second it takes: a crowded machine must not fail a test that is not about time."""


def run_veche(
    *arguments: str, environment: dict[str, str] | None = None, seconds: float = START_SECONDS
) -> "subprocess.CompletedProcess[str]":
    """A command that ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "veche", *arguments],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        env=_environment(environment),
    )


@dataclass
class Server:
    url: str
    process: "subprocess.Popen[str]"
    lines: list[str] = field(default_factory=list)
    """Everything it has written so far."""
    trust: ssl.SSLContext | None = None

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        return self._ask(urllib.request.Request(self.url + path, headers=headers))

    def post(self, path: str, body: str = "{}", **headers: str) -> tuple[int, dict[str, str], str]:
        headers = {"Content-Type": "application/json"} | headers
        return self._ask(urllib.request.Request(self.url + path, body.encode(), headers))

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = 10.0) -> int:
        """Its exit code; fails when it needs longer."""
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def _ask(self, request: urllib.request.Request) -> tuple[int, dict[str, str], str]:
        try:
            with urllib.request.urlopen(request, timeout=10, context=self.trust) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, dict(refused.headers), refused.read().decode()


@contextmanager
def running(
    command: str,
    data: Path,
    *arguments: str,
    environment: dict[str, str] | None = None,
    trust: ssl.SSLContext | None = None,
    within: tuple[str, ...] = (),
) -> Iterator[Server]:
    """`command` is serve or demo; the server is there when the block begins and gone after it.

    `within` is a command that runs it, as `ip netns exec <name>`.
    """
    ports = ("--port", "0", "--media-port", "0", "--data", str(data))
    process = subprocess.Popen(
        [*within, sys.executable, "-m", "veche", command, *ports, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=_environment(environment),
    )
    server = Server("", process, trust=trust)
    found: queue.Queue[str | None] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process, LAST_LINE[command], server.lines, found))
    reader.start()
    try:
        url = found.get(timeout=START_SECONDS)
        assert url, "".join(server.lines)
        server.url = url
        yield server
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        reader.join()
        assert process.stdout is not None
        process.stdout.close()


def _read(
    process: "subprocess.Popen[str]",
    last_line: str,
    lines: list[str],
    found: "queue.Queue[str | None]",
) -> None:
    assert process.stdout is not None
    url = None
    for line in process.stdout:
        lines.append(line)
        if ready := READY.match(line):
            url = ready[1]
        if line.startswith(last_line):
            found.put(url)
    found.put(None)


def _environment(more: dict[str, str] | None) -> dict[str, Any]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("VECHE_")}
    return own | {"PYTHONUNBUFFERED": "1"} | (more or {})
