"""Server-rendered pages: complete without a script, cacheable, in the reader's language.

A page is a template with finished words. Unknown and unpublished meetings answer with the
same bytes.
"""

from collections.abc import Hashable
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from veche.domain.errors import MeetingUnknown, Unknown
from veche.domain.meeting import Meeting, MeetingNumber, Phase
from veche.domain.stage import Title
from veche.domain.text import Language
from veche.services.announcing import PAGES_MAX
from veche.web.announcement import announce
from veche.web.api.common import NUMBER_MAX, Rooms
from veche.web.house import House, house_of
from veche.web.listing import line_of
from veche.web.moment import moment_of
from veche.web.rendering import answer, render
from veche.web.shelf import Rendered, Same
from veche.web.sight import Sight

_DIGITS_MAX: Final = 10
_LOCALES: Final = {Language.BE: "be_BY", Language.RU: "ru_RU", Language.EN: "en_GB"}
"""As the Open Graph protocol names languages."""

router = APIRouter()


@router.get("/")
async def home(request: Request, house: Rooms, page: str = "1") -> Response:
    """All announcements: what comes, then what was."""
    language, sight = house.language_of(request), Sight.of(request)
    shown = await house.announcing.page(_page_number(page))
    base = house.base_url_of(request)

    def made() -> str:
        return render(
            house,
            "home.html",
            language,
            sight,
            coming=[line_of(notice, language) for notice in shown.coming],
            past=[line_of(notice, language) for notice in shown.past],
            page=shown.page,
            has_more=shown.has_more,
            base=base,
        )

    rendered = house.shelf.take(("home", Same(shown), language, sight, base), made)
    return answer(request, house, rendered, language, sight)


@router.get("/m/{number}")
async def meeting_in_readers_language(number: str, request: Request, house: Rooms) -> Response:
    meeting = await find(number, house)
    return await _meeting(meeting, house.language_of(request, meeting.languages), request, house)


@router.get("/m/{number}/{language}")
async def meeting(number: str, language: str, request: Request, house: Rooms) -> Response:
    meeting = await find(number, house)
    return await _meeting(meeting, offered(meeting, language), request, house)


@router.get("/j/{secret}")
async def room(secret: str, request: Request, house: Rooms) -> Response:
    """The shell of a participant's page. It looks the same for every secret: asking is no test."""
    return shell(request, house, "room.html", secret=secret)


@router.get("/o/{secret}")
async def office(secret: str, request: Request, house: Rooms) -> Response:
    """The shell of an office's page, the same for every secret."""
    return shell(request, house, "office.html", secret=secret)


@router.get("/cabinet")
@router.get("/cabinet/{page:path}")
async def cabinet(request: Request, house: Rooms) -> Response:
    """The shell of the staff's pages; which one is shown, and to whom, is settled behind it."""
    return shell(request, house, "cabinet.html")


def shell(request: Request, house: House, template: str, **values: str) -> Response:
    """The frame of a page that a script fills: no cache keeps it and no search finds it."""
    language, sight = house.language_of(request), Sight.of(request)
    text = render(house, template, language, sight, now=house.now().isoformat(), **values)
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return answer(request, house, Rendered.of(text), language, sight, headers=headers)


def error_page(request: Request, status: int) -> Response:
    """The page for people in place of a problem document."""
    house = house_of(request)
    language, sight = house.language_of(request), Sight.of(request)
    key = "error.404" if status == 404 else "error.other"

    def made() -> str:
        return render(house, "error.html", language, sight, error=key)

    rendered = house.shelf.take(("error", key, language, sight), made)
    return answer(request, house, rendered, language, sight, status=status)


async def find(number: str, house: House) -> Meeting:
    """A meeting that anybody may read of, by the number in an address.

    One number has one address: no signs, no leading zeros.
    """
    is_plain = number.isascii() and number.isdecimal() and len(number) <= _DIGITS_MAX
    if not is_plain or number.startswith("0") or int(number) > NUMBER_MAX:
        raise MeetingUnknown
    return await house.announcing.find(MeetingNumber(int(number)))


def offered(meeting: Meeting, language: str) -> Language:
    if language not in meeting.languages:
        raise MeetingUnknown
    return Language(language)


async def speaker(meeting: Meeting, house: House) -> Title | None:
    """Who has the floor; off the air nobody."""
    if meeting.phase is not Phase.ON_AIR:
        return None
    return (await house.conduct.current(meeting.number)).stage.speaker


async def _meeting(
    meeting: Meeting, language: Language, request: Request, house: House
) -> Response:
    sight = Sight.of(request)
    base = house.base_url_of(request)
    moment = moment_of(meeting, house.now(), language)
    title = await speaker(meeting, house)

    def made() -> str:
        return render(
            house,
            "meeting.html",
            language,
            sight,
            view=announce(meeting, title, moment, language),
            meeting=meeting,
            base=base,
            address=f"{base}/m/{meeting.number}",
            alternates=meeting.languages,
            oembed=card_address(base, f"{base}/m/{meeting.number}/{language}"),
            locales=_LOCALES,
        )

    key: Hashable = (Same(meeting), title, moment, language, sight, base)
    return answer(request, house, house.shelf.take(key, made), language, sight)


def card_address(base: str, page: str) -> str:
    """What a page names to programs that look for its card."""
    return f"{base}/oembed?{urlencode({'url': page, 'format': 'json'})}"


def _page_number(asked: str) -> int:
    if not asked.isascii() or not asked.isdecimal() or not 1 <= int(asked[:6]) <= PAGES_MAX:
        raise Unknown
    return int(asked)
