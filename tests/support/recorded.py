"""Watches the requests of a test: whatever one of them changes, it records too.

Every statement that a request sends is seen; a transaction that writes to a table which needs a
record, and appends none to the chain, is remembered, and the house fails its test at the end.
"""

import re
from contextvars import ContextVar
from typing import Any, Final

import httpx
from sqlalchemy import Connection, event

from veche.store import Database
from veche.store.seals import OUTSIDE

_WRITES: Final = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
_request: ContextVar[str | None] = ContextVar("request", default=None)


class Watch:
    def __init__(self, database: Database) -> None:
        self.unrecorded: list[str] = []
        self.recorded: set[str] = set()
        """Requests that have changed something, and recorded it."""
        self._written: dict[int, set[str]] = {}
        engine = database._engine
        event.listen(engine, "before_cursor_execute", self._see)
        event.listen(engine, "commit", self._judge)
        event.listen(engine, "rollback", self._forget)

    # Any: the driver's cursor and its parameters
    def _see(self, connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if written := _WRITES.match(statement):
            self._written.setdefault(id(connection), set()).add(written[1])

    def _judge(self, connection: Connection) -> None:
        written = self._written.pop(id(connection), set())
        request = _request.get()
        changed = written - OUTSIDE.keys()
        if request is None or not changed:
            return
        if "audit" in written:
            self.recorded.add(request)
        else:
            self.unrecorded.append(f"{request} changes {', '.join(sorted(changed))}")

    def _forget(self, connection: Connection) -> None:
        self._written.pop(id(connection), None)


class WatchedTransport(httpx.ASGITransport):
    """Marks what runs for a request, in threads that it awaits too."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        token = _request.set(f"{request.method} {request.url.path}")
        try:
            return await super().handle_async_request(request)
        finally:
            _request.reset(token)
