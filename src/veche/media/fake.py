"""An engine without media for unit tests: records commands, and says what a test makes it say."""

import os
from collections import deque
from contextlib import suppress

from veche.engine import Command, EngineStats, Event


class FakeEngine:
    """Has the engine's methods; `commands` is what was submitted, `push` what will be drained."""

    def __init__(self, addresses: list[tuple[str, int]] | None = None) -> None:
        self.commands: list[Command] = []
        self.is_full = False
        """While true, `submit` refuses as an engine with a full queue does."""
        self._addresses = addresses or [("127.0.0.1", 7882)]
        self._events: deque[Event] = deque()
        self._eventfd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    @property
    def addresses(self) -> list[tuple[str, int]]:
        return self._addresses

    @property
    def fingerprint(self) -> str:
        return "sha-256 " + ":".join(["AB"] * 32)

    def submit(self, commands: list[Command]) -> None:
        if self.is_full:
            raise BufferError("the command queue is full")
        self.commands += commands

    def take_commands(self) -> list[Command]:
        commands, self.commands = self.commands, []
        return commands

    def push(self, *events: Event) -> None:
        if not self._events:
            os.eventfd_write(self._eventfd, 1)
        self._events += events

    def drain(self, limit: int = 256) -> list[Event]:
        taken = [self._events.popleft() for _ in range(min(limit, len(self._events)))]
        if not self._events:
            with suppress(BlockingIOError):
                os.eventfd_read(self._eventfd)
        return taken

    def fileno(self) -> int:
        return self._eventfd

    def snapshot(self) -> EngineStats:
        raise NotImplementedError("the fake counts nothing")

    def close(self) -> None:
        os.close(self._eventfd)
