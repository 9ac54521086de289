"""The wire's HTTP edge behind a real uvicorn on loopback, as a deployment runs it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any  # JSON of answers
from urllib.parse import urlencode

import httpx
import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect

from veche.livekit.server import UVICORN_OPTIONS


class Edge:
    """`http` asks, `connect` opens a WebSocket; a refusal raises `websockets` InvalidStatus."""

    def __init__(self, port: int, http: httpx.AsyncClient) -> None:
        self.port = port
        self.http = http

    def connect(
        self, path: str, query: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Any:
        url = f"ws://127.0.0.1:{self.port}{path}?{urlencode(query)}"
        return connect(url, additional_headers=headers, compression=None, max_size=None)

    async def call(self, method: str, body: object, token: str) -> httpx.Response:
        return await self.http.post(
            f"/twirp/livekit.RoomService/{method}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
        )


Socket = ClientConnection


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # the test runner keeps its signals


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[Edge]:
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = _Server(uvicorn.Config(app, lifespan="off", **UVICORN_OPTIONS))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            yield Edge(port, http)
    finally:
        server.should_exit = True
        server.force_exit = True
        await task
