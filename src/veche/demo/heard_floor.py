"""When a robot hall has the floor, told by the stream that every hall follows.

Server-sent events over plain HTTP, read by a thread: the SDK's event loop has enough to do. A
stream that breaks is opened again; while it is broken the hall falls silent.
"""

import json
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator
from typing import Any, Final

STREAM_SECONDS: Final = 40.0
"""The server speaks every 15 s; two missed and a slow start fit below."""
REOPEN_SECONDS: Final = 1.0


class HeardFloor:
    """Begins to listen when made; the thread ends with the process."""

    def __init__(self, server: str, meeting: int, secret: str, hall: str) -> None:
        self._request = urllib.request.Request(  # noqa: S310 - our own server, by http
            f"{server}/api/v1/meetings/{meeting}/live/place",
            headers={"Authorization": f"Link {secret}", "Accept": "text/event-stream"},
        )
        self._hall = hall
        self._began: float | None = None
        threading.Thread(target=self._listen, name=f"floor of {hall}", daemon=True).start()

    def place_in_speech(self) -> float | None:
        """Seconds since this hall got the floor; None while it has it not."""
        began = self._began
        if began is None:
            return None
        into = time.monotonic() - began
        return into if into >= 0 else None

    def _listen(self) -> None:
        while True:
            try:
                with urllib.request.urlopen(self._request, timeout=STREAM_SECONDS) as stream:  # noqa: S310
                    for data in events(stream):
                        self._hear(data, time.monotonic())
            except OSError:
                pass  # refused, reset or silent: asked again below
            self._began = None
            time.sleep(REOPEN_SECONDS)

    def _hear(self, data: dict[str, Any], now: float) -> None:  # Any: JSON
        if "floor" not in data:
            return
        self._began = None
        for grant in data["floor"]["speaking"]:
            if grant["site"] == self._hall and grant["paused_since_ms"] is None:
                spoken_ms = data["clock_ms"] - grant["began_ms"] - grant["paused_ms"]
                self._began = now - spoken_ms / 1000


def events(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:  # Any: JSON
    """The data of each event of a stream; the forms that a server of ours sends."""
    for line in lines:
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))
