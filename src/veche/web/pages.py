"""Server-rendered pages: complete without a script, cacheable, in the reader's language.

A page is a template with finished words. Unknown and unpublished meetings answer with the
same bytes.
"""

import hashlib
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from veche.domain.errors import MeetingUnknown
from veche.domain.meeting import MeetingNumber
from veche.domain.text import Language
from veche.web.announcement import announce
from veche.web.api.common import NUMBER_MAX
from veche.web.house import House, house_of
from veche.web.security import page_policy
from veche.web.words import say

_DIGITS_MAX: Final = 10

router = APIRouter()
Rooms = Annotated[House, Depends(house_of)]

_templates: Final = Environment(
    loader=PackageLoader("veche.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@router.get("/")
async def home(request: Request, house: Rooms) -> Response:
    return _page(request, house, "home.html", house.language_of(request))


@router.get("/m/{number}")
async def meeting_in_readers_language(number: str, request: Request, house: Rooms) -> Response:
    return await _meeting(number, None, request, house)


@router.get("/m/{number}/{language}")
async def meeting(number: str, language: str, request: Request, house: Rooms) -> Response:
    return await _meeting(number, language, request, house)


@router.get("/j/{secret}")
async def room(secret: str, request: Request, house: Rooms) -> Response:
    """The shell of a participant's page. It looks the same for every secret: asking is no test."""
    return _page(
        request,
        house,
        "room.html",
        house.language_of(request),
        headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"},
        secret=secret,
        now=house.now().isoformat(),
    )


@router.get("/cabinet")
@router.get("/cabinet/{page:path}")
async def cabinet(request: Request, house: Rooms) -> Response:
    """The shell of the staff's pages; which one is shown, and to whom, is settled behind it."""
    return _page(
        request,
        house,
        "cabinet.html",
        house.language_of(request),
        headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"},
        now=house.now().isoformat(),
    )


def error_page(request: Request, status: int) -> Response:
    """The page for people in place of a problem document."""
    house = house_of(request)
    key = "error.404" if status == 404 else "error.other"
    return _page(request, house, "error.html", house.language_of(request), status=status, error=key)


async def _meeting(
    number: str, asked_language: str | None, request: Request, house: House
) -> Response:
    shown, stage = await house.conduct.current(_number(number))
    if asked_language is None:
        language = house.language_of(request, shown.languages)
    elif asked_language in shown.languages:
        language = Language(asked_language)
    else:
        raise MeetingUnknown
    address = f"{house.base_url_of(request)}/m/{shown.number}"
    return _page(
        request,
        house,
        "meeting.html",
        language,
        headers={"Vary": "Accept-Language"} if asked_language is None else {},
        view=announce(shown, stage, house.now(), language),
        meeting=shown,
        stage=stage,
        address=address,
        alternates=shown.languages,
    )


def _number(written: str) -> MeetingNumber:
    """One number has one address: no signs, no leading zeros."""
    is_plain = written.isascii() and written.isdecimal() and len(written) <= _DIGITS_MAX
    if not is_plain or written.startswith("0") or int(written) > NUMBER_MAX:
        raise MeetingUnknown
    return MeetingNumber(int(written))


def _page(
    request: Request,
    house: House,
    template: str,
    language: Language,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **values: Any,  # Any: what the template of that name prints
) -> Response:
    body = _templates.get_template(template).render(
        language=language,
        say=lambda key: say(language, key),
        say_in=say,
        assets=house.assets.entries,
        **values,
    )
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    common = {
        "Content-Language": language.value,
        "Content-Security-Policy": page_policy(house.media_url_of(request)),
        "ETag": tag,
        # Kept, and asked about each time: a page must not be a minute behind the phase.
        "Cache-Control": "no-cache",
        **(headers or {}),
    }
    if status == 200 and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=common)
    return HTMLResponse(body, status_code=status, headers=common)
