"""`veche sfu`: the wire and the engine alone, as a LiveKit-compatible server for any SDK."""

import asyncio
import ipaddress
import secrets
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn

from veche.engine import Engine
from veche.media.addresses import announced, own_addresses
from veche.media.embedded import EngineDriver

from .server import UVICORN_OPTIONS
from .tokens import Keys
from .wire import Wire

SECRET_LETTERS = 32
"""HS256 must not have a key of less than 256 bits (RFC 7518 section 3.2)."""
DEV_KEY = "devkey"


class SettingRefused(Exception):
    """A setting that stops the start: `key` names it, the text says why."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(f"{key}: {text}")
        self.key = key


@dataclass(frozen=True, slots=True)
class SfuSettings:
    bind: str = "127.0.0.1"
    port: int = 7880
    media_bind: tuple[str, ...] = ()
    """Addresses of the media sockets; empty: `bind`."""
    media_port: int = 7882
    announce: tuple[str, ...] = ()
    """Media addresses told to clients; empty: those that are bound."""
    keys: Keys = field(default_factory=lambda: Keys({}))
    is_dev: bool = False
    """Makes a key and prints it."""


def parse_keys(text: str) -> Keys:
    """`KEY: SECRET` pairs, one a line or separated by commas (LIVEKIT_KEYS has this form)."""
    found: dict[str, str] = {}
    for entry in text.replace("\n", ",").split(","):
        if not entry.strip():
            continue
        key, _, secret = entry.partition(":")
        if not key.strip() or not secret.strip():
            raise SettingRefused("keys", "expected 'KEY: SECRET'")
        found[key.strip()] = secret.strip()
    return Keys(found)


def check_keys(keys: Keys, bind: str) -> list[str]:
    """Warnings for weak secrets on loopback; anywhere else they stop the start."""
    if not keys.secrets:
        raise SettingRefused("keys", "no API key is given; --dev makes one")
    weak = [key for key, secret in keys.secrets.items() if len(secret) < SECRET_LETTERS]
    if weak and not _is_loopback(bind):
        raise SettingRefused(
            "keys",
            f"the secret of {', '.join(weak)} is shorter than {SECRET_LETTERS} letters, "
            f"which is accepted on loopback only, not on {bind}",
        )
    return [f"the secret of {key} is shorter than {SECRET_LETTERS} letters" for key in weak]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve_sfu(settings: SfuSettings) -> int:
    """Run until SIGINT or SIGTERM; the process' exit code.

    Prints one line when joins are accepted. Raises `SettingRefused` for a setting that cannot
    hold, among them an address that is taken.
    """
    keys = settings.keys
    if settings.is_dev and not keys.secrets:
        keys = Keys({DEV_KEY: secrets.token_urlsafe(SECRET_LETTERS)})
        print(f"development key: {DEV_KEY}: {keys.secrets[DEV_KEY]}", flush=True)
    for warning in check_keys(keys, settings.bind):
        print(f"warning: {warning}", file=sys.stderr)
    signalling = _listen(settings.bind, settings.port)
    hosts = settings.media_bind or (settings.bind,)
    listen = [("127.0.0.1" if h == "localhost" else h, settings.media_port) for h in hosts]
    try:
        engine = Engine(listen)
    except OSError as error:
        signalling.close()
        raise SettingRefused("media-port", str(error)) from error
    try:
        return asyncio.run(_serve(settings, keys, EngineDriver(engine), signalling))
    finally:
        engine.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise SettingRefused("port", f"{host}:{port} cannot be listened on: {error}") from error


async def _serve(
    settings: SfuSettings, keys: Keys, driver: EngineDriver, signalling: socket.socket
) -> int:
    candidates = announced(driver.engine.addresses, settings.announce, own_addresses())
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    # As the real server does: SDK test suites drive reconnection by it.
    async with Wire(driver, keys, candidates, simulates_faults=True) as wire:
        config = uvicorn.Config(
            wire.app,
            lifespan="off",
            timeout_graceful_shutdown=3,
            **UVICORN_OPTIONS,
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[signalling]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        await wire.say_goodbye()
        server.should_exit = True
        await serving
    return 0 if server.started else 1


class _Server(uvicorn.Server):
    """Says when it is ready; signals are ours, so that people hear a goodbye first."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            print(f"ready: ws://{f'[{host}]' if ':' in host else host}:{port}", flush=True)
