"""What goes wrong in one participant's turn ends that participant, and nobody else notices.

Every point at which a fault can be injected is seen to fire; the sick one is gone in 200 ms and
the largest gap in what the others hear and see of each other stays under 100 ms. A crowded
machine may miss these figures without a fault of ours, so what we waited for a processor is
taken off both.
"""

import os
import time
from typing import Any

import pytest

from tests.support.engine_load import Client, Meeting, meeting
from tests.support.starvation import Starvation
from veche.engine import Command, Event

SICK, HEALTHY = 1, (2, 3, 4)
MEDIA_POINTS = ("ingress", "open", "store", "rewrite", "seal", "control", "timer", "command")
TRANSPORT_POINTS = ("handshake", "data")
TRANSPORT_THREAD = "veche-transport"
GONE_WITHIN_S = 0.2
LARGEST_GAP_MS = 100.0
ENOUGH_PACKETS = 40


def clients() -> list[Client]:
    sick = Client(SICK, is_seen=True, messages_ms=20)
    return [sick, *(Client(it, is_seen=True) for it in HEALTHY)]


def provoke(it: Meeting, point: str) -> None:
    """Gives the sick participant's turn an occasion to pass the point, where media does not."""
    if point == "command":
        it.engine.submit([Command.LimitBandwidth(SICK, 1_000_000)])


def waits_for_the_clock(point: str) -> bool:
    """Points that are passed when a timer or a peer's own schedule says so."""
    return point in ("control", "timer", "handshake")


@pytest.mark.parametrize("fault", ["panic", "loop"])
@pytest.mark.parametrize("point", MEDIA_POINTS + TRANSPORT_POINTS)
def test_a_fault_ends_its_participant_and_media_of_the_others_goes_on(
    point: str, fault: str
) -> None:
    with meeting(*clients()) as it:
        # A worker that was given up waits for a processor for ever, and nobody waits for it.
        of_media = Starvation(os.getpid(), it.swarm.pid, without=TRANSPORT_THREAD)
        it.reset()
        of_all = Starvation(os.getpid())
        it.engine.submit([Command.Inject(SICK, point, fault)])
        provoke(it, point)
        patience_s = 5 if waits_for_the_clock(point) else 2
        took_s = it.events.until(lambda seen: bool(gone(seen)), patience_s)
        assert gone(it.events.seen) == {SICK: "panic" if fault == "panic" else "stalled"}
        if not waits_for_the_clock(point):
            waited_s = of_all.seconds()
            assert took_s - waited_s <= GONE_WITHIN_S, f"gone after {took_s:.3f} s"

        streams = healthy_streams(it)
        assert len(streams) == len(HEALTHY) * (len(HEALTHY) - 1) * 2
        waited_ms = of_media.seconds() * 1000
        assert largest_gap_ms(streams) - waited_ms <= LARGEST_GAP_MS
        assert sum(stream["lost"] for stream in streams) == 0
        stats = it.engine.snapshot()
        assert stats.participants_ended_by_fault == 1
        assert [other.participant for other in stats.participants] == list(HEALTHY)
        assert stats.media_stalls == 0
        is_worker_lost = fault == "loop" and point in TRANSPORT_POINTS
        assert stats.workers_abandoned == int(is_worker_lost)


def gone(seen: list[Event]) -> dict[int, str]:
    return {event.participant: event.reason for event in seen if isinstance(event, Event.Gone)}


def healthy_streams(it: Meeting) -> list[dict[str, Any]]:
    """What the healthy get of each other, once enough sound has come since the reset."""
    deadline = time.monotonic() + 10
    while True:
        streams = it.streams(without=SICK)
        if min(stream["received"] for stream in streams) >= ENOUGH_PACKETS:
            return streams
        assert time.monotonic() < deadline, streams


def largest_gap_ms(streams: list[dict[str, Any]]) -> float:
    return float(max(stream["silence_ms"] for stream in streams))


def test_whoever_comes_after_a_stalled_worker_can_join() -> None:
    with meeting(*clients()) as it:
        it.engine.submit([Command.Inject(SICK, "data", "loop")])
        it.events.until(lambda seen: bool(gone(seen)))
        with Meeting(it.engine, [Client(5), Client(6)]) as later:
            later.connect()
            assert gone(later.events.seen) == {}
