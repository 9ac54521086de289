"""`veche sfu` as a process of its own, on ports that the system chose."""

import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Self

from livekit import api

KEY, SECRET = "devkey", "a-secret-of-tests-with-more-than-32-letters"
_COMMAND = "from veche.cli import main; raise SystemExit(main())"
_SOURCES = Path(__file__).parents[2] / "src"


@dataclass
class Sfu:
    """A context manager; `stop` and `start` again keep its ports, as a restart does."""

    port: int = 0
    media_port: int = 0
    records_output: bool = False
    announce: str | None = None
    """Media address told to clients instead of the one it listens on."""
    process: subprocess.Popen[str] | None = field(default=None, repr=False)
    _said: list[str] = field(default_factory=list, repr=False)

    COMMAND: ClassVar = [sys.executable, "-c", _COMMAND, "sfu"]

    @staticmethod
    def environment() -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(_SOURCES)}

    def __enter__(self) -> Self:
        self.port = self.port or _free_port(socket.SOCK_STREAM)
        self.media_port = self.media_port or _free_port(socket.SOCK_DGRAM)
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        arguments = ["--dev", "--keys", f"{KEY}: {SECRET}"]
        ports = ["--port", str(self.port), "--media-port", str(self.media_port)]
        if self.announce is not None:
            ports += ["--announce", self.announce]
        self.process = subprocess.Popen(
            [*self.COMMAND, *arguments, *ports],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if self.records_output else None,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.append(line)
            if re.match(r"ready: ", line):
                return
        self.process.wait()
        self.process.stdout.close()
        raise AssertionError("the server ended before it was ready")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """The exit code; a graceful end takes less than 10 s or the test fails."""
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(timeout=10)
        if self.process.stdout is not None and not self.process.stdout.closed:
            self._said += self.process.stdout
            self.process.stdout.close()
        return code

    def output(self) -> str:
        """All that it wrote, once stopped."""
        return "".join(self._said)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def token(self, identity: str, **grants: object) -> str:
        video = api.VideoGrants(room_join=True, room="room")
        for name, value in grants.items():
            setattr(video, name, value)
        return api.AccessToken(KEY, SECRET).with_identity(identity).with_grants(video).to_jwt()

    def service(self) -> api.LiveKitAPI:
        return api.LiveKitAPI(self.url.replace("ws", "http"), KEY, SECRET)


def _free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
