"""The HTTP edge of the wire: `/rtc/v1`, its validation, the server API, and health.

One ASGI application. Refusals before the upgrade are plain HTTP with CORS headers, because
livekit-client reads the reason through `validate` and takes an answer without them for a dead
server. A token is looked at here and appears in no log line and no error text.
"""

import asyncio
import base64
import binascii
import logging
import time
import zlib
from collections.abc import Callable, Mapping
from typing import Any  # keywords of uvicorn's own types

from google.protobuf.message import DecodeError
from livekit.protocol import rtc
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from . import limits, twirp
from .refusals import JoinRefused
from .rooms import Rooms
from .session import Session
from .tokens import Claims, Keys, verify

_NO_SUCH_VERSION = "this server speaks the signalling of /rtc/v1"

UVICORN_OPTIONS: Mapping[str, Any] = {
    "ws": "websockets-sansio",
    # Compression off: what is bounded is then what is decoded.
    "ws_per_message_deflate": False,
    "ws_max_size": limits.DESCRIPTION_FRAME_BYTES,
    "ws_ping_interval": 10.0,
    "ws_ping_timeout": 20.0,
    # A browser's token stands in its address, which uvicorn writes at level info.
    "access_log": False,
    "log_level": "warning",
}
"""What the wire needs of the uvicorn that serves it."""


def is_wire_path(path: str) -> bool:
    """Whether a path belongs to the wire; a doubled slash in front is tolerated."""
    path = _single_slashes(path)
    return path == "/rtc" or path.startswith(("/rtc/", "/twirp/"))


def create_wire_app(
    rooms: Rooms, keys: Keys, wall_clock: Callable[[], float] = time.time
) -> ASGIApp:
    """The wire as an ASGI application: `/rtc...`, `/twirp/...` and health on `/`.

    A larger application passes it what `is_wire_path` names, with the path unchanged.
    """
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    edge = _Edge(rooms, keys, wall_clock)
    routes = [
        Route("/", _health, methods=["GET", "HEAD"]),
        WebSocketRoute("/rtc/v1", edge.signal),
        Route("/rtc/v1", _not_found),
        Route("/rtc/v1/validate", edge.validate),
        WebSocketRoute("/rtc", edge.signal_on_old_path),
        Route("/rtc", _not_found),
        Route("/rtc/validate", edge.validate_old_path),
        Route(
            "/twirp/{service}/{method}", twirp.endpoint(rooms, keys, wall_clock), methods=["POST"]
        ),
    ]
    return _Tolerant(Starlette(routes=routes))


def _is_news(record: logging.LogRecord) -> bool:
    """uvicorn takes a refused upgrade for a fault of ours and writes a line for each stranger."""
    return record.msg != "ASGI callable returned without completing handshake."


async def _health(request: Request) -> Response:
    return PlainTextResponse("OK")


async def _not_found(request: Request) -> Response:
    return PlainTextResponse("not found", 404)


class _Edge:
    def __init__(self, rooms: Rooms, keys: Keys, wall_clock: Callable[[], float]) -> None:
        self._rooms = rooms
        self._keys = keys
        self._wall_clock = wall_clock

    async def signal(self, websocket: WebSocket) -> None:
        try:
            claims, request = self._admission(websocket.headers, websocket.query_params)
        except JoinRefused as refusal:
            await websocket.send_denial_response(_refusal(refusal))
            return
        await websocket.accept()
        await Session(websocket, self._rooms, asyncio.get_running_loop().time).run(claims, request)

    async def signal_on_old_path(self, websocket: WebSocket) -> None:
        """Go clients ask for one connection here; without a join request it is another protocol."""
        if "join_request" in websocket.query_params:
            await self.signal(websocket)
        else:
            await websocket.send_denial_response(PlainTextResponse(_NO_SUCH_VERSION, 404))

    async def validate(self, request: Request) -> Response:
        try:
            self._admission(request.headers, request.query_params)
        except JoinRefused as refusal:
            return _refusal(refusal)
        return PlainTextResponse("success")

    async def validate_old_path(self, request: Request) -> Response:
        if "join_request" in request.query_params:
            return await self.validate(request)
        return PlainTextResponse(_NO_SUCH_VERSION, 404)

    def _admission(self, headers: Headers, query: QueryParams) -> tuple[Claims, rtc.JoinRequest]:
        claims = verify(bearer_token(headers, query), self._keys, self._wall_clock())
        if not claims.grants.may_join:
            raise JoinRefused(401, "the access token does not permit joining")
        for word, text in (("identity", claims.identity), ("room", claims.grants.room)):
            if not 1 <= len(text) <= limits.NAME_LETTERS:
                raise JoinRefused(400, f"the access token's {word} is empty or too long")
        if len(claims.metadata.encode()) > limits.METADATA_BYTES:
            raise JoinRefused(400, "the access token's metadata is too long")
        request = decode_join_request(query.get("join_request", ""))
        self._rooms.check(claims, request)
        return claims, request


def bearer_token(headers: Headers, query: QueryParams) -> str:
    """By header (Python, Rust, Go) or by query (browsers)."""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    token = credentials.strip() if scheme.lower() == "bearer" else query.get("access_token", "")
    if not token:
        raise JoinRefused(401, "there is no access token")
    return token


def decode_join_request(text: str) -> rtc.JoinRequest:
    """URL-safe base64, with or without padding, of a wrapped and perhaps gzipped message."""
    if not text:
        raise JoinRefused(400, "there is no join_request")
    if len(text) > limits.JOIN_REQUEST_TEXT:
        raise JoinRefused(400, "the join_request is too long")
    try:
        raw = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", True)
        wrapped = rtc.WrappedJoinRequest.FromString(raw)
        body = wrapped.join_request
        if wrapped.compression == rtc.WrappedJoinRequest.GZIP:
            body = _gunzip(body)
        request = rtc.JoinRequest.FromString(body)
    except (binascii.Error, ValueError, DecodeError, zlib.error):
        raise JoinRefused(400, "the join_request cannot be decoded") from None
    if len(body) > limits.JOIN_REQUEST_BYTES:
        raise JoinRefused(400, "the join_request is too long")
    _check_words(request)
    return request


def _gunzip(body: bytes) -> bytes:
    """Bounded while unpacking: a bomb costs us the limit and no more."""
    unpacker = zlib.decompressobj(wbits=31)
    plain = unpacker.decompress(body, limits.JOIN_REQUEST_BYTES + 1)
    if not unpacker.eof and len(plain) <= limits.JOIN_REQUEST_BYTES:
        raise zlib.error("truncated")
    return plain


def _check_words(request: rtc.JoinRequest) -> None:
    attributes = request.participant_attributes.items()
    size = sum(len(key.encode()) + len(value.encode()) for key, value in attributes)
    if len(request.metadata.encode()) > limits.METADATA_BYTES or size > limits.ATTRIBUTES_BYTES:
        raise JoinRefused(400, "the join_request's metadata or attributes are too long")


def _refusal(refusal: JoinRefused) -> Response:
    return PlainTextResponse(refusal.text, refusal.status)


def _single_slashes(path: str) -> str:
    while "//" in path:
        path = path.replace("//", "/")
    return path


class _Tolerant:
    """Doubled slashes in paths, and CORS on every answer: both are what SDKs expect of a server.

    CORS opens nothing here: no cookie is read, a caller must hold a token.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        scope = {**scope, "path": _single_slashes(scope["path"])}

        async def send_with_cors(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                MutableHeaders(scope=message)["Access-Control-Allow-Origin"] = "*"
            await send(message)

        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            preflight = Response(
                status_code=204,
                headers={
                    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
                    "Access-Control-Allow-Headers": "authorization, content-type",
                    "Access-Control-Max-Age": "86400",
                },
            )
            await preflight(scope, receive, send_with_cors)
            return
        await self._app(scope, receive, send_with_cors)
