"""What the public pages cost: a server process with ten thousand meetings in SQLite.

Prints requests for one second of one core (CPU of the whole server process from the scheduler's
account, so that other programs of the machine do not count), how long an answer takes, what a
first visit weighs, and whether time tells a draft from a number that was never given. Clients
are on the loopback, on the other core where there is one.
"""

import argparse
import gzip
import os
import re
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.stored_meetings import store_meetings
from tests.support.server import running
from veche.domain.phases import Phase

MEETINGS = 10_000
STRIDE = 3_677
WARM_SECONDS = 0.5
READERS = 8


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: str
    body: bytes

    def header(self, name: str) -> str:
        found = re.search(rf"^{name}: (.*?)\r?$", self.head, re.IGNORECASE | re.MULTILINE)
        return found[1] if found else ""


class Client:
    """One connection that is kept; nothing is done with an answer but finding its end."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._host = address.netloc
        self._socket = socket.create_connection((address.hostname, address.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self, path: str, *headers: str) -> bytes:
        lines = [f"GET {path} HTTP/1.1", f"Host: {self._host}", *headers, "", ""]
        return "\r\n".join(lines).encode()

    def ask(self, request: bytes) -> Answer:
        self.send(request)
        return self.receive()

    def send(self, request: bytes) -> None:
        self._socket.sendall(request)

    def receive(self) -> Answer:
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._read()
        head = received[:end].decode("latin-1")
        length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        wanted = end + 4 + (int(length[1]) if length else 0)
        while len(received) < wanted:
            received += self._read()
        return Answer(int(head[9:12]), head, received[end + 4 :])

    def _read(self) -> bytes:
        part = self._socket.recv(1 << 18)
        assert part, "the server has closed the connection"
        return part


Asking = Callable[[], Answer]


def _asking(client: Client, path: str, *headers: str) -> Asking:
    request = client.request(path, *headers)
    return lambda: client.ask(request)


@dataclass(frozen=True, slots=True)
class Served:
    url: str
    pid: int

    def cpu_seconds(self) -> float:
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


@contextmanager
def _served(folder: Path) -> Iterator[Served]:
    with running("serve", folder) as server:
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) > 1:
            # Every thread of the server on one core, ourselves on the others.
            for task in Path(f"/proc/{server.process.pid}/task").iterdir():
                os.sched_setaffinity(int(task.name), {cores[-1]})
            os.sched_setaffinity(0, set(cores[:-1]))
        try:
            yield Served(server.url, server.process.pid)
        finally:
            os.sched_setaffinity(0, set(cores))


def _rate(served: Served, seconds: float, path: str, header: str) -> str:
    """Ask as fast as some readers can at once; told is the server's CPU, not the clock's time."""
    clients = [Client(served.url) for _ in range(READERS)]
    request = clients[0].request(path, header)

    def ask_for(seconds: float) -> int:
        asked, deadline = 0, time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            for client in clients:
                client.send(request)
            for client in clients:
                client.receive()
            asked += len(clients)
        return asked

    ask_for(WARM_SECONDS)
    cpu = served.cpu_seconds()
    asked = ask_for(seconds)
    used = served.cpu_seconds() - cpu
    return f"{asked / used:6.0f} requests/s of one core, {used / asked * 1e6:.0f} µs of CPU each"


def _durations(asks: list[Asking]) -> list[float]:
    taken = []
    for ask in asks:
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1e3)
    return taken


def _spread(values: list[float]) -> str:
    ordered = sorted(values)
    p95 = ordered[round(len(ordered) * 0.95) - 1]
    return f"p50 {statistics.median(ordered):.2f} ms, p95 {p95:.2f} ms, n {len(ordered)}"


def _measure_rates(served: Served, seconds: float) -> None:
    client = Client(served.url)
    page = client.ask(client.request("/m/5000/be"))
    tag = f"If-None-Match: {page.header('etag')}"
    for name, header in (("unchanged", tag), ("whole", "Accept-Encoding: gzip")):
        print(f"{name:9} | {_rate(served, seconds, '/m/5000/be', header)}")


def _measure_noise(served: Served) -> None:
    """The least that can be asked: what is late here is late by the machine."""
    client = Client(served.url)
    print(f"health    | {_spread(_durations([_asking(client, '/health/live')] * 400))}")


def _measure_first_readings(served: Served, count: int) -> None:
    """Each meeting once: nothing of it is kept anywhere."""
    client = Client(served.url)
    # A step that has no factor in common with their number visits each once, far apart.
    numbers = [(STRIDE * turn) % MEETINGS + 1 for turn in range(count)]
    asks = [_asking(client, f"/m/{number}/ru", "Accept-Encoding: gzip") for number in numbers]
    cpu = served.cpu_seconds()
    taken = _durations(asks)
    used = (served.cpu_seconds() - cpu) / count * 1e3
    print(f"first     | a page never read before: {_spread(taken)}, {used:.2f} ms of CPU each")
    for name, path in (
        ("list", "/"),
        ("feed", "/feed.atom"),
        ("calendar", "/m/5000.ics"),
        ("card", "/m/5000/embed/be"),
    ):
        print(f"{name:9} | {_spread(_durations([_asking(client, path)] * 100))}")


def _measure_weight(served: Served) -> None:
    client = Client(served.url)

    def weight(path: str) -> int:
        return len(client.ask(client.request(path, "Accept-Encoding: gzip")).body)

    page = client.ask(client.request("/m/67/be", "Accept-Encoding: gzip"))
    text = gzip.decompress(page.body).decode()
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', text)
    sheets = [client.ask(client.request(style)).body.decode() for style in styles]
    fonts = {name for sheet in sheets for name in re.findall(r"url\(([^)]+?\.woff2)\)", sheet)}
    blocking = len(page.body) + sum(map(weight, styles))
    print(
        f"weight    | first visit without script: {blocking / 1000:.1f} kB "
        f"(page {len(page.body) / 1000:.1f}, style {(blocking - len(page.body)) / 1000:.1f}); "
        f"letters come after, each file when a word needs it: up to "
        f"{sum(map(weight, fonts)) / 1000:.0f} kB in {len(fonts)} files"
    )


def _measure_silence(served: Served, count: int) -> None:
    """A draft and a number that was never given, by turns."""
    client = Client(served.url)
    draft, unknown = (_asking(client, f"/m/{n}/be") for n in (MEETINGS + 1, MEETINGS + 2_000))
    bodies = {ask().body for ask in (draft, unknown)}
    taken: dict[Asking, list[float]] = {draft: [], unknown: []}
    for _ in range(count):
        for ask, durations in taken.items():
            durations += _durations([ask])
    difference = statistics.median(taken[draft]) - statistics.median(taken[unknown])
    print(
        f"silence   | draft and unknown: {'equal' if len(bodies) == 1 else 'DIFFERENT'} bytes, "
        f"medians {difference * 1e3:+.0f} µs apart over {count} each"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="What the public pages cost.")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--readings", type=int, default=400)
    parser.add_argument("--turns", type=int, default=5_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store_meetings(Path(folder), range(1, MEETINGS + 1), Phase.ANNOUNCED)
        store_meetings(Path(folder), range(MEETINGS + 1, MEETINGS + 2), Phase.DRAFT)
        with _served(Path(folder)) as served:
            _measure_rates(served, asked.seconds)
            _measure_noise(served)
            _measure_first_readings(served, asked.readings)
            _measure_weight(served)
            _measure_silence(served, asked.turns)


if __name__ == "__main__":
    main()
