"""A line between clients and a media server whose capacity towards the clients a test decides.

Relays UDP from an address of the loopback of its own, which the server announces as its own, and
keeps a socket towards the server for each client. What waits longer than `QUEUE_SECONDS` in
front of a narrow line is dropped at the tail, as a home router does.
"""

import heapq
import itertools
import selectors
import socket
import threading
import time
from dataclasses import dataclass
from typing import Final, Self

ADDRESS: Final = "127.0.0.2"
"""Announced to the clients; the server listens on 127.0.0.1, on the same port."""
QUEUE_SECONDS: Final = 0.3
HEADER_BYTES: Final = 28
"""IP and UDP, which a line carries too."""
LONGEST_DATAGRAM: Final = 2048
LONGEST_WAIT_SECONDS: Final = 0.05

Address = tuple[str, int]


@dataclass(slots=True)
class _Client:
    """One client's way."""

    address: Address
    upstream: socket.socket
    rate_bps: int | None = None
    free_at: float = 0.0

    def arrival(self, now: float, length: int) -> float | None:
        """When a datagram sent now is through; none if the queue is full."""
        if self.rate_bps is None:
            return now
        begin = max(now, self.free_at)
        if begin - now > QUEUE_SECONDS:
            return None
        self.free_at = begin + (length + HEADER_BYTES) * 8 / self.rate_bps
        return self.free_at


class Line:
    """A context manager; runs in a thread of its own."""

    def __init__(self, media_port: int) -> None:
        self._server = ("127.0.0.1", media_port)
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.bind((ADDRESS, media_port))
        self._clients: dict[Address, _Client] = {}
        self._under_way: list[tuple[float, int, Address, bytes]] = []
        self._number = itertools.count()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._front, selectors.EVENT_READ)
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._is_closed.set()
        self._thread.join()
        self._selector.close()
        self._front.close()
        for client in self._clients.values():
            client.upstream.close()

    def clients(self) -> set[Address]:
        """Who has sent anything so far."""
        return set(self._clients)

    def limit(self, clients: set[Address], rate_bps: int | None) -> None:
        """From now on so much gets through to each of these clients; none: everything."""
        for address in clients:
            self._clients[address].rate_bps = rate_bps

    def _run(self) -> None:
        while not self._is_closed.is_set():
            for key, _ in self._selector.select(self._wait()):
                if key.data is None:
                    self._carry_up()
                else:
                    self._carry_down(key.data)
            self._deliver()

    def _wait(self) -> float:
        if not self._under_way:
            return LONGEST_WAIT_SECONDS
        return min(LONGEST_WAIT_SECONDS, max(0.0, self._under_way[0][0] - time.monotonic()))

    def _carry_up(self) -> None:
        datagram, address = self._front.recvfrom(LONGEST_DATAGRAM)
        client = self._clients.get(address)
        if client is None:
            upstream = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            upstream.connect(self._server)
            client = _Client(address, upstream)
            # Replaced and not changed: others read it without a lock.
            self._clients = {**self._clients, address: client}
            self._selector.register(upstream, selectors.EVENT_READ, client)
        client.upstream.send(datagram)

    def _carry_down(self, client: _Client) -> None:
        datagram = client.upstream.recv(LONGEST_DATAGRAM)
        arrival = client.arrival(time.monotonic(), len(datagram))
        if arrival is not None:
            entry = (arrival, next(self._number), client.address, datagram)
            heapq.heappush(self._under_way, entry)

    def _deliver(self) -> None:
        now = time.monotonic()
        while self._under_way and self._under_way[0][0] <= now:
            _, _, address, datagram = heapq.heappop(self._under_way)
            self._front.sendto(datagram, address)
