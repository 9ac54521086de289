"""Python may stop for five seconds: media does not notice, and what was to be told is kept."""

import ctypes
import os
import threading
import time
from collections.abc import Callable

import pytest

from tests.support.engine_load import Client, Meeting, meeting
from tests.support.starvation import Starvation
from veche.engine import Command, Event

STOP_S = 5.0
RESIDENCE_P99_US = 5000.0
FORWARDED_AT_LEAST = 0.99
"""Of what was sent: a frame or two of each are under way when it is counted."""
STARVED_S = 0.1
"""A media thread that waits so long for a processor in five seconds may do so twenty times for
5 ms: one turn in a hundred."""


def hold_the_interpreter() -> None:
    """A C call that does not release the interpreter's lock: no Python runs meanwhile."""
    ctypes.PyDLL(None).usleep(int(STOP_S * 1e6))


def block_this_thread() -> None:
    """What blocks an event loop, whose thread this stands for: others may run."""
    threading.Event().wait(STOP_S)


@pytest.mark.parametrize("stop", [hold_the_interpreter, block_this_thread])
def test_five_seconds_without_python_cost_no_packet(stop: Callable[[], object]) -> None:
    with meeting(*(Client(it, is_seen=True, messages_ms=50) for it in range(1, 6))) as it:
        it.reset()
        starvation = Starvation(os.getpid())
        began = time.monotonic()
        stop()
        assert time.monotonic() - began >= STOP_S
        reports = it.report().values()
        streams = [stream for report in reports for stream in report["streams"]]
        assert len(streams) == 5 * 4 * 2
        sent = sum(report["sent"] for report in reports)
        assert sum(x["received"] for x in streams) >= FORWARDED_AT_LEAST * sent * 4
        assert sum(x["lost"] for x in streams) == 0
        stats = it.engine.snapshot()
        waited_s = starvation.seconds()
        most_us = RESIDENCE_P99_US + (waited_s * 1e6 if waited_s >= STARVED_S else 0)
        assert stats.residence_p99_us <= most_us
        assert stats.packets_unsent == 0
        assert stats.events_dropped == 0
        # The messages that came meanwhile were kept, all of them and in order.
        it.events.until(lambda seen: sum(isinstance(x, Event.Data) for x in seen) >= 5 * 80)


def test_events_that_nobody_reads_are_bounded_and_the_gap_is_reported() -> None:
    with meeting(Client(1), Client(2)) as it:
        it.events.seen += it.engine.drain(1_000_000)
        flood: list[Command] = [Command.Echo(token) for token in range(1000)]
        for _ in range(70):
            submit_when_there_is_room(it, flood)
        it.engine.submit([Command.SetGate(10, False)])
        it.engine.snapshot()  # a round trip: everything before it has been applied
        waiting = it.engine.drain(1_000_000)
        dropped = [x.count for x in waiting if isinstance(x, Event.Dropped)]
        echoes = [x for x in waiting if isinstance(x, Event.Echo)]
        assert len(dropped) == 1
        assert dropped[0] + len(echoes) >= 70_000
        assert len(echoes) <= 65_536
        # What must not be lost was not.
        assert any(isinstance(x, Event.GateApplied) for x in waiting)
        assert it.engine.snapshot().events_dropped == dropped[0]


def submit_when_there_is_room(it: Meeting, commands: list[Command]) -> None:
    deadline = time.monotonic() + 5
    while True:
        try:
            return it.engine.submit(commands)
        except BufferError:
            assert time.monotonic() < deadline
