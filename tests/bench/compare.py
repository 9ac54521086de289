"""The same load against our server and a LiveKit server by turns: CPU per forwarded packet.

    LIVEKIT_SERVER=/path/to/livekit-server make bench

Both are reached as any client reaches them: join, offer, answer, ICE, DTLS; the media half of
all clients is one native process (`engine/load`), whose cost is not counted. Without a binary
only ours is measured. What can be compared is the ratio within one run: this is one machine,
with the clients on it.
"""

import argparse
import asyncio
import json
import os
import statistics
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack
from dataclasses import dataclass

from livekit import api

from tests.bench.servers import Server, livekit, veche
from tests.bench.signalling import OPUS, VP8, Credentials, Sent, Signal
from tests.support.engine_load import load_binary
from tests.support.sfu import KEY, SECRET

SETTLE_SECONDS = 3.0
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    seen: int
    """Clients that send picture and sound."""
    heard: int
    """Clients that send sound only."""
    watching: int
    packets_per_frame: int = 7
    payload_bytes: int = 1100

    def clients(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        for number in range(self.seen):
            yield number, ("audio", "video")
        for number in range(self.seen, self.seen + self.heard):
            yield number, ("audio",)
        for number in range(self.seen + self.heard, self.count):
            yield number, ()

    @property
    def count(self) -> int:
        return self.seen + self.heard + self.watching


SCENARIOS = (
    Scenario("bridge", seen=2, heard=0, watching=8),
    Scenario("halls", seen=9, heard=0, watching=0),
    Scenario("webcast", seen=1, heard=0, watching=40),
    Scenario("sound", seen=0, heard=3, watching=40),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    microseconds_per_packet: float
    packets_per_second: float
    lost: float
    bytes_per_participant: float
    latency_p50_us: float
    latency_p99_us: float
    join_cpu_ms: float


class Swarm:
    """The media half of all clients."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.introduced: dict[int, Credentials] = {}

    @classmethod
    async def start(cls, server: Server, scenario: Scenario) -> "Swarm":
        process = await asyncio.create_subprocess_exec(load_binary(), stdin=PIPE, stdout=PIPE)
        swarm = cls(process)
        lines = [f"server address=127.0.0.1:{server.media_port}"]
        for number, kinds in scenario.clients():
            lines.append(f"client id={number}")
            lines += [_track(number, kind, scenario) for kind in kinds]
        swarm.say(*lines, "end")
        for line in await swarm.lines_until("ready"):
            it = dict(word.split("=", 1) for word in line.split()[1:])
            own = Credentials(it["ufrag"], it["pwd"], it["fingerprint"])
            swarm.introduced[int(it["id"])] = own
        return swarm

    def say(self, *lines: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("".join(line + "\n" for line in lines).encode())

    async def lines_until(self, last: str) -> list[str]:
        assert self._process.stdout is not None
        lines: list[str] = []
        while (line := (await self._process.stdout.readline()).decode().rstrip()) != last:
            assert line, "the swarm has ended"
            lines.append(line)
        return lines

    async def report(self) -> list[dict[str, object]]:
        self.say("report")
        return [json.loads(line) for line in await self.lines_until("end") if line[0] == "{"]

    async def stop(self) -> None:
        self._process.kill()
        await self._process.wait()


def ssrc(number: int, kind: str) -> int:
    return 1_000_000 + number * 10 + (kind == "video")


def _track(number: int, kind: str, scenario: Scenario) -> str:
    if kind == "audio":
        shape = f"payload_type={OPUS} codec=opus bytes=100"
    else:
        packets = f"packets={scenario.packets_per_frame} bytes={scenario.payload_bytes}"
        shape = f"payload_type={VP8} codec=vp8 {packets} fps=30"
    return f"track client={number} ssrc={ssrc(number, kind)} {shape}"


def _token(number: int) -> str:
    grants = api.VideoGrants(room_join=True, room="bench")
    return api.AccessToken(KEY, SECRET).with_identity(f"c{number}").with_grants(grants).to_jwt()


async def _join(server: Server, swarm: Swarm, number: int, kinds: tuple[str, ...]) -> Signal:
    tracks = [Sent(f"cid-{number}-{kind}", kind, ssrc(number, kind)) for kind in kinds]
    signal = await Signal(server.url, _token(number), swarm.introduced[number], tracks).__aenter__()
    theirs, _ = await asyncio.wait_for(signal.server, 10)
    swarm.say(
        f"meet id={number} ufrag={theirs.ufrag} pwd={theirs.pwd} fingerprint={theirs.fingerprint}"
    )
    if tracks:
        await signal.publish()
    return signal


async def _measure(server: Server, scenario: Scenario, seconds: float) -> Outcome:
    empty, idle_cpu = server.resident_bytes(), server.cpu_seconds()
    swarm = await Swarm.start(server, scenario)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(swarm.stop)
        signals = []
        for number, kinds in scenario.clients():
            signals.append(await _join(server, swarm, number, kinds))
            stack.push_async_exit(signals[-1])
        await _until_everybody_receives(scenario, swarm)
        joined_cpu = server.cpu_seconds() - idle_cpu
        await asyncio.sleep(SETTLE_SECONDS)
        swarm.say("reset")
        await swarm.report()
        began = server.cpu_seconds()
        await asyncio.sleep(seconds)
        report, spent = await swarm.report(), server.cpu_seconds() - began
        resident = server.resident_bytes() - empty
    streams = [stream for client in report for stream in client["streams"]]  # type: ignore[attr-defined]
    received = sum(it["received"] for it in streams)
    assert received, "nothing was forwarded"
    return Outcome(
        microseconds_per_packet=spent * 1e6 / received,
        packets_per_second=received / seconds,
        lost=sum(it["lost"] for it in streams) / received,
        bytes_per_participant=resident / scenario.count,
        latency_p50_us=statistics.median(it["latency_p50_us"] for it in streams),
        latency_p99_us=max(it["latency_p99_us"] for it in streams),
        join_cpu_ms=joined_cpu * 1e3 / scenario.count,
    )


async def _until_everybody_receives(scenario: Scenario, swarm: Swarm) -> None:
    """Every client gets every stream of the others."""
    kinds_of = dict(scenario.clients())
    every = sum(map(len, kinds_of.values()))
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while True:
        missing = {}
        for client in await swarm.report():
            number = int(str(client["client"]))
            flowing = [it for it in client["streams"] if it["received"]]  # type: ignore[attr-defined]
            if len(flowing) < every - len(kinds_of[number]):
                missing[number] = client
        if not missing:
            return
        assert asyncio.get_running_loop().time() < deadline, f"not everybody receives: {missing}"
        await asyncio.sleep(0.2)


def _line(scenario: Scenario, name: str, outcomes: list[Outcome]) -> str:
    def spread(of: Callable[[Outcome], float], unit: str, digits: int = 1) -> str:
        values = sorted(map(of, outcomes))
        return f"{values[0]:.{digits}f}..{values[-1]:.{digits}f} {unit}"

    return " | ".join(
        (
            f"{scenario.name:8} {name:8}",
            spread(lambda it: it.packets_per_second, "out/s", 0),
            spread(lambda it: it.microseconds_per_packet, "us/packet"),
            spread(lambda it: it.latency_p50_us, "us p50", 0),
            spread(lambda it: it.latency_p99_us, "us p99", 0),
            spread(lambda it: it.bytes_per_participant / 1024, "kB/participant", 0),
            spread(lambda it: it.join_cpu_ms, "ms cpu/join"),
            spread(lambda it: it.lost * 100, "% lost", 2),
        )
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=8.0, help="measured time of one run")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, by turns")
    parser.add_argument("--scenario", choices=[it.name for it in SCENARIOS], action="append")
    options = parser.parse_args()
    starts: dict[str, Callable[[], AbstractContextManager[Server]]] = {"veche": veche}
    if binary := os.environ.get("LIVEKIT_SERVER"):
        starts["livekit"] = lambda: livekit(binary)
    for scenario in SCENARIOS:
        if options.scenario and scenario.name not in options.scenario:
            continue
        found: dict[str, list[Outcome]] = {name: [] for name in starts}
        for _ in range(options.rounds):
            for name, start in starts.items():
                with start() as server:
                    found[name].append(await _measure(server, scenario, options.seconds))
        for name, outcomes in found.items():
            print(_line(scenario, name, outcomes), flush=True)
        if "livekit" in found:
            print(f"{scenario.name:8} ratio    | {_ratios(found)}", flush=True)


def _ratios(found: dict[str, list[Outcome]]) -> str:
    """Turn by turn, ours against theirs: the median and its spread."""

    def ratio(of: Callable[[Outcome], float]) -> str:
        pairs = zip(found["veche"], found["livekit"], strict=True)
        values = sorted(of(ours) / of(theirs) for ours, theirs in pairs)
        return f"{statistics.median(values):.2f} ({values[0]:.2f}..{values[-1]:.2f})"

    return (
        f"cpu per packet {ratio(lambda it: it.microseconds_per_packet)}, "
        f"memory per participant {ratio(lambda it: it.bytes_per_participant)}, "
        f"cpu per join {ratio(lambda it: it.join_cpu_ms)}"
    )


if __name__ == "__main__":
    asyncio.run(main())
