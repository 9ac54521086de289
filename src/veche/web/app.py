"""The ASGI application of the HTTP edge: routes, error mapping and the guards around them."""

import asyncio
import logging
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from veche.domain.actor import Asker
from veche.domain.errors import (
    ChangedMeanwhile,
    FieldsRefused,
    Forbidden,
    Refused,
    Repeated,
    VecheError,
)
from veche.web import api, calendar, embed, feed, invitation_page, openid, pages
from veche.web.assets import PREFIX
from veche.web.house import House, house_of
from veche.web.problems import problem, problem_of, status_of
from veche.web.security import UNSAFE_METHODS, RequestGuard, SecurityHeaders

FIELDS_TOLD_MAX: Final = 100
"""A form of a thousand lines may be wrong in each; the first ones show what is."""
FIELD_LETTERS_MAX: Final = 100
"""Keys that a stranger made up are not sent back at length."""

_NO_ATTEMPTS: Final = (FieldsRefused, ChangedMeanwhile, Repeated)

_log = logging.getLogger(__name__)


def create_app(house: House) -> ASGIApp:
    """The application over the services of the house. It opens and closes nothing itself."""
    app = routed()
    app.state.house = house
    return SecurityHeaders(RequestGuard(app))


def routed() -> FastAPI:
    """All routes and answers to errors, with no house behind them yet."""
    app = FastAPI(title="veche", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.icon = files("veche.web").joinpath("icon.svg").read_bytes()
    # What everybody asks for first: a route is found by trying them in order.
    for part in (calendar, feed, embed, invitation_page, pages, openid, api):
        app.include_router(part.router)
    app.add_api_route(PREFIX + "{name:path}", _asset)
    app.add_api_route("/icon.svg", _icon)
    app.add_api_route("/health/live", _is_alive)
    app.add_api_route("/health/ready", _is_ready)
    app.add_exception_handler(VecheError, _answer_refusal)
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(Exception, _answer_bug)
    return app


async def _asset(request: Request, name: str) -> Response:
    return house_of(request).assets.respond(request, name)


async def _icon(request: Request) -> Response:
    headers = {"Cache-Control": "max-age=86400"}
    return Response(request.app.state.icon, media_type="image/svg+xml", headers=headers)


async def _is_alive() -> Response:
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


async def _is_ready(request: Request) -> Response:
    if await house_of(request).is_ready():
        return PlainTextResponse("ready\n", headers={"Cache-Control": "no-store"})
    return problem(503)


def _is_page(request: Request) -> bool:
    """People get pages, programs get problem documents."""
    path = request.url.path
    return not path.startswith(("/api/", PREFIX, "/health/", "/icon", "/oembed"))


async def _answer_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, VecheError)
    if isinstance(error, Refused):
        _log.info("refused %s %s: %s", request.method, _route_of(request), error.code)
        await _record_attempt(request, error)
    else:
        _log.warning("unavailable for %s %s: %s", request.method, _route_of(request), error)
    if _is_page(request):
        return pages.error_page(request, status_of(error) if isinstance(error, Refused) else 503)
    return problem_of(error)


async def _record_attempt(request: Request, error: Refused) -> None:
    """A known asker who tried what he may not, or out of turn; a mistyped form is no attempt."""
    asker: Asker | None = getattr(request.state, "asker", None)
    is_attempt = isinstance(error, Forbidden) or (
        request.method in UNSAFE_METHODS and not isinstance(error, _NO_ATTEMPTS)
    )
    if asker is None or not is_attempt:
        return
    route = _route_of(request)
    number = request.path_params.get("number")
    subject = f"door{route}" if number is None else f"meeting/{number}"
    await asyncio.to_thread(
        house_of(request).refusals.record, asker, f"{request.method} {route}", subject, error
    )


async def _answer_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if _is_page(request):
        return pages.error_page(request, error.status_code)
    return problem(error.status_code, headers=dict(error.headers or {}))


async def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # Names of fields only: what was typed does not come back.
    wrong = error.errors()[:FIELDS_TOLD_MAX]
    fields = {_field_of(fault["loc"]): fault["type"] for fault in wrong}
    detail = "wrong: " + ", ".join(sorted({".".join(map(str, it["loc"])) for it in wrong}))
    return problem(422, detail=detail[:200], more={"fields": fields})


def _field_of(place: Sequence[str | int]) -> str:
    """As `FieldsRefused` names it: `roster[3].post`, without the part of the request it was in."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place[1:])
    return path.removeprefix(".")[:FIELD_LETTERS_MAX]


async def _answer_bug(request: Request, error: Exception) -> Response:
    # The server logs the trace; this request alone is lost.
    if _is_page(request):
        return pages.error_page(request, 500)
    return problem(500)


def _route_of(request: Request) -> str:
    """The pattern of the path: the path itself may hold a secret."""
    route = request.scope.get("route")
    return getattr(route, "path", "unknown path")
