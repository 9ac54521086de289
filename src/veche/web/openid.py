"""`/openid/…`: away to the organisation's provider, and back with a session.

The way back is a GET that another site causes, so that it proves more than others: a state that
was given out once, to this browser, whose secret lies in a cookie that may come along (`Lax`)
and opens nothing else.
"""

import secrets
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from veche.domain.errors import SignInRefused, Unknown
from veche.services.openid import AWAY_SECONDS_MAX, OpenIdDoor
from veche.web.api.accounts import visitor_of
from veche.web.api.common import Rooms
from veche.web.house import House
from veche.web.sessions import keep_device, keep_session, require_secure_origin

START: Final = "/openid/start"
_BACK: Final = "/openid/back"
_COOKIE: Final = "__Host-veche-openid"
_LETTERS_MAX: Final = 4_096
"""Of a code or a state; those of known providers are below a thousand."""
_NOT_KEPT: Final = {"Cache-Control": "no-store"}

router = APIRouter()


@router.get(START)
async def leave(request: Request, house: Rooms) -> Response:
    door = _door(house)
    require_secure_origin(request, house)
    browser = secrets.token_urlsafe(32)
    redirect = house.base_url_of(request) + _BACK
    response = RedirectResponse(await door.leave(browser, redirect), 303, headers=_NOT_KEPT)
    response.set_cookie(
        _COOKIE,
        browser,
        max_age=AWAY_SECONDS_MAX,
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get(_BACK)
async def come_back(request: Request, house: Rooms, state: str = "", code: str = "") -> Response:
    door = _door(house)
    browser = request.cookies.get(_COOKIE, "")
    if not code or len(code) > _LETTERS_MAX or len(state) > _LETTERS_MAX:
        raise SignInRefused
    begun = await door.come_back(state, code, browser, visitor_of(request))
    response = RedirectResponse("/cabinet", 303, headers=_NOT_KEPT)
    keep_session(response, begun.token)
    keep_device(response, begun.device_token)
    response.delete_cookie(_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


def _door(house: House) -> OpenIdDoor:
    """Where no provider is set, there is nothing at these addresses."""
    if house.openid is None:
        raise Unknown
    return house.openid
