"""The web server process side: its socket, its TLS, its life. The server itself is uvicorn.

Sockets are bound here, before anything heavy starts, so that a taken port is told at once and
by the name of its setting.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from errno import EACCES, EADDRINUSE, EADDRNOTAVAIL
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp

from veche.config import WebSettings
from veche.domain.errors import Misconfigured

STOP_SECONDS: Final = 5
"""What open connections get to end; the whole stop stays below ten seconds."""
REQUEST_HEAD_BYTES_MAX: Final = 32 * 1024
"""Above the longest request line that is needed: a join request of 16 kB in the address."""
_BACKLOG: Final = 1024
_WILDCARDS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A bound TCP socket. Raises `Misconfigured` naming the setting."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        bound = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        raise Misconfigured([refused_address("web", host, port, error)]) from None
    with bound:
        yield bound


def require_free_media_port(host: str, port: int) -> None:
    """Raises `Misconfigured` for a UDP port that cannot be bound; keeps nothing of it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Misconfigured([refused_address("media", host, port, error)]) from None


def refused_address(section: str, host: str, port: int, error: BaseException) -> tuple[str, str]:
    """Key and reason, in words, of an address that cannot be listened on."""
    number = getattr(error, "errno", None)
    option = "--port" if section == "web" else "--media-port"
    if number == EADDRINUSE:
        return (
            f"{section}.port",
            f"{port} on {host} is used by another program; end it, or choose another port "
            f"with {option}",
        )
    if number == EACCES:
        return (
            f"{section}.port",
            f"{port} on {host} is not permitted: ports below 1024 need the right to bind them; "
            f"choose another with {option}, or put a reverse proxy before",
        )
    key = "web.host" if section == "web" else "media.listen"
    if number == EADDRNOTAVAIL:
        return key, f"this machine has no address {host}"
    return key, f"{host} cannot be listened on: {error}"


def local_url(settings: WebSettings, bound: socket.socket) -> str:
    """Where this machine reaches the server, whatever it is called from outside."""
    host, port = bound.getsockname()[:2]
    host = _WILDCARDS.get(host, host)
    scheme = "https" if settings.tls_certificate else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


@asynccontextmanager
async def served(
    app: ASGIApp, settings: WebSettings, bound: socket.socket, options: Mapping[str, Any]
) -> AsyncIterator[None]:
    """The server for as long as the block lasts; requests are taken when it is entered.

    `options` are further ones of uvicorn. Raises `Misconfigured` for a certificate that cannot be
    used.
    """
    config = uvicorn.Config(
        app,
        lifespan="off",
        # The bounded one of the two parsers: httptools collects headers without a limit.
        http="h11",
        h11_max_incomplete_event_size=REQUEST_HEAD_BYTES_MAX,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=[str(network) for network in settings.trusted_proxies],
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        timeout_graceful_shutdown=STOP_SECONDS,
        **options,
    )
    try:
        config.load()
    except OSError as error:
        # ssl.SSLError is one too; its text holds no key.
        reason = f"cannot be used: {error.strerror or error}"
        raise Misconfigured([("web.tls_certificate", reason)]) from None
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[bound]), name="web server")
    try:
        await server.await_started(serving)
        yield
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """Leaves signals to the runtime, and can be waited for."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._is_started = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._is_started.set()

    async def await_started(self, serving: "asyncio.Task[None]") -> None:
        """Until requests are taken; raises what the task raised if it ended before."""
        starting = asyncio.ensure_future(self._is_started.wait())
        await asyncio.wait({serving, starting}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            await serving
