"""Cookies of a signed-in browser, and what a request must carry to use them.

The `__Host-` prefix ties a cookie to this host over a secure origin (RFC 6265bis, section
4.1.3.2); `SameSite=Strict` leaves it at home when another site sends the browser here, which
costs nothing: the cabinet is a shell whose own requests carry it. No script reads it.
"""

import ipaddress
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from veche.domain.errors import OriginNotSecure
from veche.web.house import House
from veche.web.security import SESSION_COOKIE

DEVICE_COOKIE: Final = "__Host-veche-device"
DEVICE_LIFETIME: Final = timedelta(days=180)
"""Opens nothing: it lets its owner try his password while strangers guess at it."""


def require_secure_origin(request: Request, house: House) -> None:
    """Browsers drop the cookie elsewhere, and the password would travel in the open.

    Raises `OriginNotSecure` unless it is https or this machine.
    """
    address = urlsplit(house.base_url_of(request))
    if address.scheme != "https" and not _is_this_machine(address.hostname or ""):
        raise OriginNotSecure


def keep_session(response: Response, token: str) -> None:
    """For as long as the browser is open; the server ends it sooner."""
    _set(response, SESSION_COOKIE, token, None)


def keep_device(response: Response, token: str) -> None:
    _set(response, DEVICE_COOKIE, token, DEVICE_LIFETIME)


def forget_session(response: Response) -> None:
    response.delete_cookie(SESSION_COOKIE, path="/", secure=True, httponly=True, samesite="strict")


def _set(response: Response, name: str, value: str, lifetime: timedelta | None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=None if lifetime is None else int(lifetime.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )


def _is_this_machine(host: str) -> bool:
    """As browsers see it: W3C Secure Contexts, section 3.1."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
