"""`veche doctor`: what is reachable and what is missing, in words.

Every check says one thing it has really tried. Changes nothing and leaves nothing behind; may
be run beside a server that is up.
"""

import ipaddress
import shutil
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from veche.certificates import CertificateUnusable, read_certificate
from veche.config import Settings
from veche.domain.errors import Misconfigured
from veche.serving import listening, require_free_media_port
from veche.web.assets import Assets

if TYPE_CHECKING:
    from veche.engine import Engine

FREE_BYTES_MIN: Final = 1 << 30
"""The database of a year stays below a hundredth of it; a full disk is the commonest end."""
CERTIFICATE_DAYS_MIN: Final = 21
"""Common issuers renew at 30 days before the end: below this, renewal has failed for a week."""
LOOP_SECONDS: Final = 2.0
_LOOP_STEP_SECONDS: Final = 0.02

Level = Literal["ok", "warn", "fail"]
_MARKS: Final[dict[Level, str]] = {"ok": "✓", "warn": "▲", "fail": "✕"}


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    about: str
    words: str


def examine(settings: Settings) -> int:
    """Print every finding; 0 when nothing fails, 1 otherwise."""
    findings = []
    for check in _CHECKS:
        for finding in check(settings):
            findings.append(finding)
            print(f"{_MARKS[finding.level]} {finding.about}: {finding.words}", flush=True)
    failed = sum(finding.level == "fail" for finding in findings)
    warned = sum(finding.level == "warn" for finding in findings)
    print(f"\n{failed} to mend, {warned} to look at.")
    return 1 if failed else 0


def check_parts(_: Settings) -> Iterator[Finding]:
    """What was built: interpreter, engine, front end, time zones."""
    yield Finding("ok", "python", sys.version.split()[0])
    try:
        from veche.engine import SOURCE_DIGEST

        yield Finding("ok", "media engine", f"built from sources {SOURCE_DIGEST[:12]}")
    except ImportError as error:
        yield Finding("fail", "media engine", f"is not built ({error}); run `make build`")
    try:
        Assets.read(Path(str(files("veche.web").joinpath("static"))))
        yield Finding("ok", "front end", "built")
    except Misconfigured as refused:
        yield Finding("fail", "front end", refused.problems[0][1])
    try:
        ZoneInfo("Europe/Minsk")
    except ZoneInfoNotFoundError:
        yield Finding("fail", "time zones", "no database of them; install the package tzdata")


def check_data(settings: Settings) -> Iterator[Finding]:
    """The data directory can be written and has room."""
    place = settings.data
    while not place.exists():
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        yield Finding("fail", "data", f"{place} cannot be written: {error.strerror}")
        return
    free = shutil.disk_usage(place).free
    level: Level = "ok" if free >= FREE_BYTES_MIN else "warn"
    words = "will be made" if place != settings.data else "can be written"
    yield Finding(level, "data", f"{settings.data} {words}, {free / (1 << 30):.1f} GiB free")


def check_ports(settings: Settings) -> Iterator[Finding]:
    """The web port can be bound, or a veche of ours answers there."""
    web = settings.web
    try:
        with listening(web.host, web.port):
            yield Finding("ok", "web.port", f"{web.port} on {web.host} is free")
    except Misconfigured as refused:
        if _is_veche_there(settings):
            yield Finding("ok", "web.port", f"a veche that is ready answers on {web.port}")
        else:
            key, reason = refused.problems[0]
            yield Finding("fail", key, reason)


def check_media(settings: Settings) -> Iterator[Finding]:
    """A datagram to the media port is seen by the engine, and a command comes back from it."""
    from veche.engine import Engine

    hosts = [str(address) for address in settings.media.listen] or [settings.web.host]
    port = settings.media.port
    try:
        for host in hosts:
            require_free_media_port(host, port)
        engine = Engine([(host, port) for host in hosts])
    except Misconfigured as refused:
        if _is_veche_there(settings):
            yield Finding("ok", "media.port", f"{port} is held by the veche that runs")
        else:
            yield Finding("fail", *refused.problems[0])
        return
    except (OSError, ValueError) as error:
        yield Finding("fail", "media.listen", str(error))
        return
    with engine:
        for host, bound_port in engine.addresses:
            address = _loop_address(host)
            if _is_true_soon(_datagram_to(engine, address, bound_port)):
                yield Finding("ok", "media.port", f"a datagram to {address}:{bound_port} arrives")
            else:
                words = f"a datagram to {address}:{bound_port} does not arrive; a packet filter?"
                yield Finding("fail", "media.port", words)


def check_announced(settings: Settings) -> Iterator[Finding]:
    """Where clients are told to send media, and who can reach that."""
    from veche.media.addresses import announced, own_addresses

    own = own_addresses()
    hosts = [str(address) for address in settings.media.listen] or [settings.web.host]
    told = announced(
        [(host, settings.media.port) for host in hosts if _is_address(host)],
        [str(address) for address in settings.media.announce],
        own,
    )
    if not told:
        words = "clients are told no address; give media.announce"
        yield Finding("fail", "media.announce", words)
    for host, port in told:
        address = ipaddress.ip_address(host)
        if address.is_loopback:
            words = "only this machine reaches it; listen on another address for others"
            yield Finding("warn", "media.announce", f"{host}:{port}: {words}")
        elif address.is_global:
            words = "" if host in own else ", not of this machine: it must be forwarded here"
            yield Finding("ok", "media.announce", f"{host}:{port}: public{words}")
        else:
            words = "private: reached inside its network only"
            level: Level = "ok" if host in own else "warn"
            foreign = "" if host in own else ", and not of this machine"
            yield Finding(level, "media.announce", f"{host}:{port}: {words}{foreign}")


def check_origin(settings: Settings) -> Iterator[Finding]:
    """Browsers give a camera on https or on this machine only."""
    web = settings.web
    if web.tls_certificate and web.tls_key:
        yield from _check_certificate(web.tls_certificate, web.tls_key, web.base_url)
        return
    base = urlsplit(web.base_url or f"http://{web.host}")
    if base.scheme == "https":
        words = "https is spoken by the reverse proxy; name it in web.trusted_proxies"
        yield Finding("ok" if web.trusted_proxies else "warn", "secure origin", words)
    elif _is_loopback(base.hostname or ""):
        yield Finding("ok", "secure origin", "this machine: browsers give a camera")
    else:
        words = (
            "plain http from another machine: browsers give no camera and no microphone; "
            "set web.tls_certificate and web.tls_key, or put a reverse proxy before"
        )
        yield Finding("warn", "secure origin", words)


def check_clock(_: Settings) -> Iterator[Finding]:
    now = datetime.now(UTC)
    words = f"{now:%Y-%m-%d %H:%M:%S} UTC; tokens bear a minute of difference between machines"
    yield Finding("ok", "clock", words)


_CHECKS: Final[tuple[Callable[[Settings], Iterator[Finding]], ...]] = (
    check_parts,
    check_data,
    check_ports,
    check_media,
    check_announced,
    check_origin,
    check_clock,
)


def _check_certificate(chain: Path, key: Path, base_url: str | None) -> Iterator[Finding]:
    try:
        certificate = read_certificate(chain, key)
    except CertificateUnusable as error:
        yield Finding("fail", "web.tls_certificate", f"{chain}: {error}")
        return
    left = certificate.expires_at - datetime.now(UTC)
    names = ", ".join(certificate.names) or "no name"
    level: Level = "ok" if left > timedelta(days=CERTIFICATE_DAYS_MIN) else "warn"
    yield Finding(level, "web.tls_certificate", f"{names}; ends in {left.days} days")
    host = urlsplit(base_url or "").hostname
    if host and not certificate.covers(host):
        yield Finding("fail", "web.tls_certificate", f"does not name {host} of web.base_url")


def _is_veche_there(settings: Settings) -> bool:
    scheme = "https" if settings.web.tls_certificate else "http"
    host = _loop_address(settings.web.host)
    address = f"[{host}]" if ":" in host else host
    url = f"{scheme}://{address}:{settings.web.port}/health/ready"
    try:
        with urllib.request.urlopen(url, timeout=LOOP_SECONDS) as answer:  # noqa: S310 - ours
            return bool(answer.read(16) == b"ready\n")
    except OSError:
        return False


def _datagram_to(engine: "Engine", host: str, port: int) -> Callable[[], bool]:
    """Send nonsense and see whether the engine counts it as refused."""
    before = engine.snapshot().datagrams_refused
    family = socket.AF_INET6 if ":" in host else socket.AF_INET

    def has_arrived() -> bool:
        with socket.socket(family, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"veche doctor", (host, port))
        return engine.snapshot().datagrams_refused > before

    return has_arrived


def _is_true_soon(is_true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + LOOP_SECONDS
    while time.monotonic() < deadline:
        if is_true():
            return True
        time.sleep(_LOOP_STEP_SECONDS)
    return False


def _loop_address(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)
