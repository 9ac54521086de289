"""A card of the announcement for other sites: `/oembed` and the frame that it names.

The frame is a page of words and a link. It runs no script, sends no form and asks for nothing
but its own style sheet and letters, so that a site that shows it lets nobody in. Who may show it
is the operator's to say (`web.embedding`); every other page refuses to be framed.
"""

from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from markupsafe import escape
from starlette.responses import JSONResponse, Response

from veche.domain.errors import MeetingUnknown
from veche.domain.meeting import Meeting
from veche.domain.text import Language
from veche.web.announcement import announce
from veche.web.api.common import Rooms
from veche.web.house import House
from veche.web.moment import moment_of
from veche.web.pages import find, offered, speaker
from veche.web.problems import problem
from veche.web.rendering import answer, render
from veche.web.shelf import Same
from veche.web.sight import Sight
from veche.web.words import say

WIDTH_PX: Final = 640
HEIGHT_PX: Final = 320
WIDTH_PX_MIN: Final = 280
HEIGHT_PX_MIN: Final = 160
"""Below these the card would cut its words."""
AGE_SECONDS: Final = 300
_LETTERS_MAX: Final = 500

router = APIRouter()


@router.get("/oembed")
async def oembed(
    request: Request,
    house: Rooms,
    url: str = "",
    format: str = "json",
    maxwidth: str = "",
    maxheight: str = "",
) -> Response:
    """Version 1.0 of the protocol, `rich`. A format that we do not speak is 501, as it asks."""
    if format != "json":
        return problem(501)
    meeting, language = await _asked(url, request, house)
    base = house.base_url_of(request)
    title = meeting.title.in_language(language, meeting.language)
    width, height = _at_most(WIDTH_PX, maxwidth), _at_most(HEIGHT_PX, maxheight)
    source = f"{base}/m/{meeting.number}/embed/{language}"
    html = (
        f'<iframe src="{escape(source)}" title="{escape(title)}" width="{width}" '
        f'height="{height}" loading="lazy" referrerpolicy="no-referrer" '
        'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )
    body: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": meeting.organiser.in_language(language, meeting.language),
        "provider_name": say(language, "site.name"),
        "provider_url": base,
        "cache_age": AGE_SECONDS,
        "width": width,
        "height": height,
        "html": html,
    }
    return JSONResponse(body, headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"})


@router.get("/m/{number}/embed/{language}")
async def frame(number: str, language: str, request: Request, house: Rooms) -> Response:
    meeting = await find(number, house)
    spoken = offered(meeting, language)
    moment = moment_of(meeting, house.now(), spoken)
    base = house.base_url_of(request)
    title = await speaker(meeting, house)

    def made() -> str:
        view = announce(meeting, title, moment, spoken)
        address = f"{base}/m/{meeting.number}/{spoken}"
        return render(house, "embed.html", spoken, Sight(), view=view, address=address)

    key = ("embed", Same(meeting), title, moment, spoken, base)
    headers = {
        "Content-Security-Policy": frame_policy(house.embedding),
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Robots-Tag": "noindex",
    }
    return answer(request, house, house.shelf.take(key, made), spoken, Sight(), headers=headers)


def frame_policy(embedding: tuple[str, ...]) -> str:
    """Style and letters of our own, a link that opens a new window, and nothing else at all."""
    framers = " ".join(embedding) or "'none'"
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'self'; "
        "font-src 'self'; img-src 'self' data:; "
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; "
        f"frame-ancestors {framers}"
    )


async def _asked(url: str, request: Request, house: House) -> tuple[Meeting, Language]:
    """The meeting behind an address of ours, `/m/67` or `/m/67/be`."""
    base = house.base_url_of(request)
    try:
        parts = urlsplit(url[:_LETTERS_MAX])
    except ValueError:
        raise MeetingUnknown from None
    if f"{parts.scheme}://{parts.netloc}" != base:
        raise MeetingUnknown
    match parts.path.split("/"):
        case ["", "m", number]:
            meeting = await find(number, house)
            return meeting, house.language_of(request, meeting.languages)
        case ["", "m", number, language]:
            meeting = await find(number, house)
            return meeting, offered(meeting, language)
    raise MeetingUnknown


def _at_most(usual_px: int, asked: str) -> int:
    """What is not a number asks for nothing."""
    if not asked.isascii() or not asked.isdecimal():
        return usual_px
    least = WIDTH_PX_MIN if usual_px == WIDTH_PX else HEIGHT_PX_MIN
    return max(least, min(usual_px, int(asked[:6])))
