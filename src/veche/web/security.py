"""What every answer carries and what no request gets past: headers, origins, sizes, hosts.

Pure ASGI, outermost, so that errors and refusals of every layer below carry the headers too.
Limits hold before anything is parsed. A request that another site made for a signed-in browser
meets three walls of its own: the cookie stays at home (`web.sessions`), a foreign `Origin` or
`Sec-Fetch-Site` is refused, and a command with the cookie needs a header that no form can send
and no other site may (it asks for leave first, and nobody gives it).
"""

import asyncio
import re
import secrets
from typing import Final
from urllib.parse import urlsplit

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from veche.web.problems import problem

BODY_BYTES_MAX: Final = 64 * 1024
"""The largest request of the interface is a join of some hundred bytes."""
PLAN_BYTES_MAX: Final = 2 * 1024 * 1024
"""A step of a plan: a thousand people in three languages are about 1.5 MB."""
_PLAN: Final = re.compile(r"/api/v1/(meetings/\d{1,10}/[a-z]+|office/delegation)")
ROSTER_BYTES_MAX: Final = 8 * 1024 * 1024
"""A list of people as a file, on its own path; the reader of documents takes no more."""
ROSTER_TYPES: Final = frozenset(
    {
        "text/plain",
        "application/octet-stream",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
_ROSTER: Final = re.compile(r"/api/v1/meetings/\d{1,10}/roster/readings")
FORM_BYTES_MAX: Final = 16 * 1024
"""An answer with the longest name and post, each letter written with six signs."""
BODY_SECONDS: Final = 30.0
"""The largest file over 2 Mbit/s, as a hall on a poor line has it; a byte a second is no upload."""
_INVITATION: Final = "/i/"
"""The one form that works without a script; the secret in its path is what no other site knows."""
_FORM: Final = frozenset({"application/x-www-form-urlencoded"})
_JSON: Final = frozenset({"application/json"})
_HOST: Final = re.compile(r"[A-Za-z0-9._\-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
SESSION_COOKIE: Final = "__Host-veche"
OWN_HEADER: Final = "X-Requested-With"
OWN_HEADER_VALUE: Final = "veche"
_INTERFACE: Final = "/api/"
_REQUEST_ID: Final = "veche.request_id"
UNSAFE_METHODS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_NEVER_FRAMED: Final = "frame-ancestors 'none'"
_NOTHING: Final = f"default-src 'none'; base-uri 'none'; form-action 'none'; {_NEVER_FRAMED}"
_NO_DEVICES: Final = "camera=(), microphone=(), display-capture=(), geolocation=()"
_DEVICES: Final = "camera=(self), microphone=(self), display-capture=(self), geolocation=()"
_STRICT_TRANSPORT: Final = "max-age=31536000"


def page_policy(media_origin: str) -> str:
    """The content policy of a page: our own files, our own connections, nothing inline.

    `data:` is for the masks of icons in our style sheets; `blob:` for media elements.
    """
    return (
        f"{_NOTHING}; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        f"media-src 'self' blob:; connect-src 'self' {media_origin}"
    )


def form_policy(media_origin: str) -> str:
    """Of a page whose form goes back to us; every other page has none."""
    return page_policy(media_origin).replace("form-action 'none'", "form-action 'self'")


class SecurityHeaders:
    """Adds to every HTTP answer what it does not say itself; devices only where a page asks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        scope[_REQUEST_ID] = request_id = secrets.token_hex(8)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if scope["path"].startswith(_INTERFACE):
                    headers["X-Request-Id"] = request_id
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", _NOTHING)
                if _NEVER_FRAMED not in headers["Content-Security-Policy"]:
                    # Repeats the policy for old browsers; who may be framed says so there alone.
                    del headers["X-Frame-Options"]
                may_use_devices = scope["path"].startswith("/j/")
                headers["Permissions-Policy"] = _DEVICES if may_use_devices else _NO_DEVICES
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = _STRICT_TRANSPORT
            await send(message)

        await self._app(scope, receive, send_guarded)


class RequestGuard:
    """Refuses hosts that are none, foreign origins, bodies that are not JSON or too large."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        status = _refusal(scope["method"], scope["path"], headers)
        if status is not None:
            await problem(status)(scope, receive, send)
            return
        bytes_max, _ = _body_allowed(scope["method"], scope["path"])
        await self._app(scope, _Bounded(receive, bytes_max), send)


class _Bounded:
    """A `receive` that stops reading at the limit of bytes and of time, whatever was promised."""

    def __init__(self, receive: Receive, bytes_max: int) -> None:
        self._receive = receive
        self._bytes_max = bytes_max
        self._read_bytes = 0
        self._is_whole = False
        self._ends_at = asyncio.get_running_loop().time() + BODY_SECONDS

    async def __call__(self) -> Message:
        # After the body it tells only of the end of the connection, whenever that is.
        try:
            async with asyncio.timeout_at(None if self._is_whole else self._ends_at):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408) from None
        self._is_whole = not message.get("more_body", False)
        self._read_bytes += len(message.get("body", b""))
        if self._read_bytes > self._bytes_max:
            raise HTTPException(413)
        return message


def request_id_of(scope: Scope) -> str:
    """One name for the request in the answer, in the log and in the record of changes."""
    request_id: str = scope.get(_REQUEST_ID, "")
    return request_id


def _refusal(method: str, path: str, headers: Headers) -> int | None:
    if not _HOST.fullmatch(headers.get("host", "")):
        return 400
    bytes_max, media_types = _body_allowed(method, path)
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > bytes_max:
        return 413
    is_unsafe = method in UNSAFE_METHODS
    if (is_unsafe or path.startswith(_INTERFACE)) and _is_foreign(headers):
        return 403
    if not is_unsafe:
        return None
    # A form on the page of a link uses no session: one that lies in the same browser is not asked.
    uses_session = SESSION_COOKIE in headers.get("cookie", "") and not path.startswith(_INVITATION)
    if uses_session and not is_of_own_page(headers):
        return 403
    has_body = length != "0" or "transfer-encoding" in headers
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if (has_body or media_type) and media_type not in media_types:
        return 415
    return None


def _body_allowed(method: str, path: str) -> tuple[int, frozenset[str]]:
    """How many bytes of which kinds; JSON everywhere but where a file is brought."""
    if method == "POST" and _ROSTER.fullmatch(path):
        return ROSTER_BYTES_MAX, ROSTER_TYPES
    if method == "POST" and path.startswith(_INVITATION):
        return FORM_BYTES_MAX, _FORM
    is_step = method == "PUT" and _PLAN.fullmatch(path) is not None
    return PLAN_BYTES_MAX if is_step else BODY_BYTES_MAX, _JSON


def is_of_own_page(headers: Headers) -> bool:
    """Whether a script of this origin made the request, or a program that is no browser."""
    return headers.get(OWN_HEADER) == OWN_HEADER_VALUE


def _is_foreign(headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    # The scheme is not compared: behind a proxy the origin is https and we may see http.
    return origin is not None and urlsplit(origin).netloc.lower() != headers["host"].lower()
