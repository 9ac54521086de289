"""Real clients for the embedded engine: a swarm of native ones over UDP, driven from here.

The swarm is a process of its own (`engine/load`), so that whatever a test does to this one
(hold the interpreter's lock, stop draining) does not touch the clients.
"""

import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

from veche.engine import Command, Engine, Event, Layer

ROOT = Path(__file__).resolve().parents[2]
ROOM = 1
AUDIO, VIDEO = 111, 96


@cache
def load_binary() -> str:
    """Builds the swarm (nothing to do after `cargo test`) and says where it is."""
    built = subprocess.run(
        ["cargo", "build", "--release", "--quiet", "--bin=veche-load", "--message-format=json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    return next(str(it["executable"]) for it in messages if it.get("executable"))


@dataclass
class Client:
    """A client of the plan; its participant, publication and SSRC numbers follow from its id."""

    id: int
    is_speaking: bool = True
    is_seen: bool = False
    messages_ms: int | None = None
    packets_per_frame: int = 4

    def publications(self) -> Iterator[tuple[int, str]]:
        if self.is_speaking:
            yield self.id * 10, "opus"
        if self.is_seen:
            yield self.id * 10 + 1, "vp8"

    def lines(self) -> Iterator[str]:
        messages = f" messages_ms={self.messages_ms}" if self.messages_ms else ""
        yield f"client id={self.id} ufrag=server{self.id:04} pwd={self.id:022}{messages}"
        for publication, codec in self.publications():
            payload_type = VIDEO if codec == "vp8" else AUDIO
            shape = (
                f"packets={self.packets_per_frame} bytes=1100" if codec == "vp8" else "bytes=100"
            )
            yield (
                f"track client={self.id} ssrc={publication} payload_type={payload_type} "
                f"codec={codec} {shape}"
            )


@dataclass
class Events:
    """Everything the engine told, drained while waiting."""

    engine: Engine
    seen: list[Event] = field(default_factory=list)

    def until(self, is_enough: Callable[[list[Event]], bool], seconds: float = 10) -> float:
        """Drains until the condition holds; gives how long that took."""
        began = time.monotonic()
        while not is_enough(self.seen):
            left = began + seconds - time.monotonic()
            assert left > 0, f"not within {seconds} s: {self.seen[-20:]}"
            if select.select([self.engine.fileno()], [], [], left)[0]:
                self.seen += self.engine.drain()
        return time.monotonic() - began


class Meeting:
    """An engine with a swarm in one room: every client hears and sees everybody else."""

    def __init__(self, engine: Engine, clients: list[Client]) -> None:
        self.engine = engine
        self.clients = {client.id: client for client in clients}
        self.events = Events(engine)
        address, port = engine.addresses[0]
        fingerprint = engine.fingerprint.removeprefix("sha-256 ")
        plan = [f"server address={address}:{port} fingerprint={fingerprint}"]
        plan += [line for client in clients for line in client.lines()]
        self.swarm = subprocess.Popen(
            [load_binary()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self._unread = b""
        self._say(*plan, "end")
        introductions = self._lines_until("ready")
        engine.submit([it for client in clients for it in self._joining(client)])
        engine.submit([self._introduced(line) for line in introductions])
        engine.submit([it for client in clients for it in self._subscribing(client)])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.swarm.stdin is not None
        assert self.swarm.stdout is not None
        self.swarm.kill()
        self.swarm.stdin.close()
        self.swarm.stdout.close()
        self.swarm.wait()

    def connect(self) -> None:
        """All handshakes, and media through the whole way."""
        self._say("go")
        everyone = set(self.clients)
        self.events.until(
            lambda seen: (
                everyone <= {it.participant for it in seen if isinstance(it, Event.Connected)}
            )
        )
        published = {it for client in self.clients.values() for it, _ in client.publications()}
        self.events.until(
            lambda seen: (
                published <= {it.publication for it in seen if isinstance(it, Event.MediaStarted)}
            )
        )

    def reset(self) -> None:
        """Counts from here on."""
        self._say("reset")
        self.report()

    def report(self) -> dict[int, dict[str, Any]]:
        """What each client has seen."""
        self._say("report")
        found = [json.loads(line) for line in self._lines_until("end") if line.startswith("{")]
        return {it["client"]: it for it in found}

    def streams(self, without: int) -> list[dict[str, Any]]:
        """What everybody but one receives of everybody but that one, who may be ill."""
        of_the_ill = {
            self.egress_ssrc(subscriber, publication)
            for publication, _ in self.clients[without].publications()
            for subscriber in self.clients
        }
        return [
            stream
            for client, report in self.report().items()
            if client != without
            for stream in report["streams"]
            if stream["ssrc"] not in of_the_ill
        ]

    @staticmethod
    def egress_ssrc(subscriber: int, publication: int) -> int:
        return subscriber * 100_000 + publication

    def _joining(self, client: Client) -> Iterator[Command]:
        yield Command.AddParticipant(client.id, ROOM, f"server{client.id:04}", f"{client.id:022}")
        for publication, codec in client.publications():
            yield Command.Publish(
                client.id,
                publication,
                mid=str(publication),
                codec=codec,
                payload_type=VIDEO if codec == "vp8" else AUDIO,
                rtx_payload_type=None,
                has_nack=False,
                has_twcc=False,
                layers=[Layer(ssrc=publication)],
                is_open=True,
            )

    @staticmethod
    def _introduced(line: str) -> Command:
        fields = dict(word.split("=", 1) for word in line.split()[1:])
        return Command.SetRemote(
            int(fields["id"]), fields["ufrag"], fields["pwd"], "sha-256 " + fields["fingerprint"]
        )

    def _subscribing(self, client: Client) -> Iterator[Command]:
        for other in self.clients.values():
            for publication, codec in other.publications():
                if other.id != client.id:
                    ssrc = self.egress_ssrc(client.id, publication)
                    payload_type = VIDEO if codec == "vp8" else AUDIO
                    yield Command.Subscribe(
                        client.id,
                        ssrc,
                        publication,
                        str(publication),
                        ssrc,
                        None,
                        payload_type,
                        None,
                    )

    def _say(self, *lines: str) -> None:
        assert self.swarm.stdin is not None
        self.swarm.stdin.write("".join(line + "\n" for line in lines).encode())

    def _lines_until(self, last: str, seconds: float = 20) -> list[str]:
        assert self.swarm.stdout is not None
        lines: list[str] = []
        deadline = time.monotonic() + seconds
        while True:
            while b"\n" in self._unread:
                line, self._unread = self._unread.split(b"\n", 1)
                if line == last.encode():
                    return lines
                lines.append(line.decode())
            left = deadline - time.monotonic()
            assert left > 0, f"the swarm does not say {last}"
            if select.select([self.swarm.stdout], [], [], left)[0]:
                chunk = os.read(self.swarm.stdout.fileno(), 1 << 16)
                assert chunk, "the swarm has ended"
                self._unread += chunk


@contextmanager
def meeting(*clients: Client) -> Iterator[Meeting]:
    """An engine that allows faults, with these clients connected and heard."""
    with (
        Engine([("127.0.0.1", 0)], allows_faults=True) as engine,
        Meeting(engine, list(clients)) as it,
    ):
        it.connect()
        yield it
