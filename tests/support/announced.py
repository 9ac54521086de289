"""The public pages over HTTP with the built front end, for a browser: no media, no sign-in.

A server in a thread of its own, on a port of the system's choice; time stands still.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import uvicorn

from tests.support.house import OpenHouse, open_house
from veche.domain.meeting import Meeting

BUILT_FRONT_END = Path(str(files("veche.web").joinpath("static")))


@dataclass
class Announced:
    url: str
    house: OpenHouse

    def keep(self, meeting: Meeting) -> None:
        self.house.keep(meeting)


class _Started(uvicorn.Server):
    """Says when it listens, and leaves signals to the test runner."""

    def __init__(self, config: uvicorn.Config, started: threading.Event) -> None:
        super().__init__(config)
        self._is_listening = started

    def install_signal_handlers(self) -> None:
        return

    async def startup(self, sockets: object = None) -> None:
        await super().startup()
        self._is_listening.set()


@contextmanager
def announced(folder: Path) -> Iterator[Announced]:
    started = threading.Event()
    opened: list[OpenHouse] = []
    servers: list[_Started] = []

    async def serve() -> None:
        async with open_house(folder, front_end=BUILT_FRONT_END) as house:
            opened.append(house)
            config = uvicorn.Config(house.app, host="127.0.0.1", port=0, log_level="warning")
            servers.append(_Started(config, started))
            await servers[0].serve()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="announced")
    thread.start()
    try:
        assert started.wait(timeout=30), "the server of the test did not start"
        port = servers[0].servers[0].sockets[0].getsockname()[1]
        yield Announced(f"http://127.0.0.1:{port}", opened[0])
    finally:
        servers[0].should_exit = True
        thread.join()
