"""The engine of this process: commands in, events out, and the media port above it.

`EngineDriver` is the only user of an `Engine`: it queues what the engine cannot take yet, drains
its events on the event loop and hands them on. `EmbeddedMedia` is the port for the application;
its calls reach the rooms in process.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from veche.domain.lines import Line
from veche.engine import Command, EngineStats, Event

from .port import News
from .service import Calls, ServiceMedia

_log = logging.getLogger(__name__)

_DRAIN_EVENTS = 256
_RETRY_S = 0.005
_BACKLOG_LISTS = 4096
"""Command lists waiting for a full engine queue; at the bound the engine is not alive."""


class EngineLike(Protocol):
    """The part of `veche.engine.Engine` that is used; the fake has the same."""

    @property
    def addresses(self) -> list[tuple[str, int]]: ...
    @property
    def fingerprint(self) -> str: ...
    def submit(self, commands: list[Command]) -> None: ...
    def drain(self, limit: int = 256) -> list[Event]: ...
    def fileno(self) -> int: ...
    def snapshot(self) -> EngineStats: ...
    def close(self) -> None: ...


class EngineDriver:
    def __init__(self, engine: EngineLike) -> None:
        self.engine = engine
        self._backlog: deque[list[Command]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_events: Callable[[Sequence[Event]], None] = lambda events: None

    def start(self, on_events: Callable[[Sequence[Event]], None]) -> None:
        """Hand events to `on_events` on the running loop until `stop`."""
        self._on_events = on_events
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.engine.fileno(), self._drain)

    def submit(self, commands: list[Command]) -> None:
        """Apply in order and together; when the engine's queue is full, as soon as it is not.

        Raises `ValueError` for a malformed value; then nothing of the list is applied.
        """
        if self._backlog:
            self._defer(commands)
            return
        try:
            self.engine.submit(commands)
        except BufferError:
            self._defer(commands)

    def _defer(self, commands: list[Command]) -> None:
        if len(self._backlog) >= _BACKLOG_LISTS:
            raise BufferError("the engine takes no commands any more")
        self._backlog.append(commands)
        if len(self._backlog) == 1 and self._loop is not None:
            self._loop.call_later(_RETRY_S, self._retry)

    def _retry(self) -> None:
        while self._backlog:
            try:
                self.engine.submit(self._backlog[0])
            except BufferError:
                if self._loop is not None:
                    self._loop.call_later(_RETRY_S, self._retry)
                return
            except ValueError:
                _log.exception("a deferred list of commands was malformed")
            self._backlog.popleft()

    def _drain(self) -> None:
        # One batch per turn of the loop: the eventfd stays readable while more waits, and
        # sockets get their turn in between.
        events = self.engine.drain(_DRAIN_EVENTS)
        if events:
            self._on_events(events)

    async def snapshot(self) -> EngineStats:
        """In a thread: the engine may take up to a second to answer."""
        return await asyncio.to_thread(self.engine.snapshot)

    def stop(self) -> None:
        """Hand on no more events; the engine stays open, it belongs to whoever made it."""
        if self._loop is not None:
            self._loop.remove_reader(self.engine.fileno())


class Engineered(Protocol):
    """What the embedded server can do besides LiveKit's calls."""

    async def let_be_heard(self, room: str, identities: frozenset[str]) -> None: ...
    async def lines(self, room: str) -> dict[str, Line]: ...


class EmbeddedMedia(ServiceMedia):
    """The media port over the engine of this process."""

    def __init__(self, key: str, secret: str, calls: Calls, engineered: Engineered) -> None:
        super().__init__(key, secret, calls)
        self._engineered = engineered

    async def let_be_heard(self, room: str, identities: frozenset[str]) -> None:
        await self._engineered.let_be_heard(room, identities)

    async def lines(self, room: str) -> dict[str, Line]:
        return await self._engineered.lines(room)

    def publish(self, news: News) -> None:
        """Called by the rooms; a listener's fault stays with the listener."""
        for listener in self._listeners:
            try:
                listener(news)
            except Exception:
                _log.exception("a listener failed on %s", type(news).__name__)
