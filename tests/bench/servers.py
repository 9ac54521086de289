"""The servers that carry the same load: ours, and a LiveKit server given as a binary.

What a server costs is read from the scheduler (`/proc/PID/task/*/schedstat`, nanoseconds on a
CPU), since the division of ticks into user and system time lies on small loads.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.sfu import KEY, SECRET

BOOT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Server:
    name: str
    port: int
    media_port: int
    pid: int

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Of all its threads; one that has ended takes its share with it."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def resident_bytes(self) -> int:
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def veche() -> Iterator[Server]:
    port, media_port = _free_ports()
    command = [
        *(str(Path(sys.executable).with_name("veche")), "sfu"),
        *("--port", str(port), "--media-port", str(media_port)),
        *("--keys", f"{KEY}: {SECRET}"),
    ]
    with _running("veche", command, port, media_port) as server:
        yield server


@contextmanager
def livekit(binary: str) -> Iterator[Server]:
    """One UDP port on the loopback; connection quality and the rest as it ships."""
    port, media_port = _free_ports()
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
        config.write(
            f"port: {port}\nbind_addresses: [127.0.0.1]\nlogging: {{level: error}}\n"
            f"keys: {{{KEY}: {SECRET}}}\n"
            f"rtc: {{udp_port: {media_port}, tcp_port: 0, node_ip: 127.0.0.1, "
            "use_external_ip: false, enable_loopback_candidate: true}\n"
        )
        config.flush()
        command = [binary, "--config", config.name]
        with _running("livekit", command, port, media_port) as server:
            yield server


@contextmanager
def _running(name: str, command: list[str], port: int, media_port: int) -> Iterator[Server]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_ready(process, port)
        yield Server(name, port, media_port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{process.args!r} ended before it was ready"
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=1):
                return
        except URLError:
            time.sleep(0.02)
    raise AssertionError(f"{process.args!r} is not ready after {BOOT_SECONDS} s")


def _free_ports() -> tuple[int, int]:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as signal_socket,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as media_socket,
    ):
        signal_socket.bind(("127.0.0.1", 0))
        media_socket.bind(("127.0.0.1", 0))
        return signal_socket.getsockname()[1], media_socket.getsockname()[1]
