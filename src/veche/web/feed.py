"""`/feed.atom`: announcements for programs that read news (RFC 4287).

Names of entries last for ever and change with nothing; what changes is their `updated`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Request
from starlette.responses import Response

from veche.domain.announcement import Notice, lasting_name
from veche.domain.errors import Unknown
from veche.domain.text import Language
from veche.web.api.common import Rooms
from veche.web.listing import line_of
from veche.web.rendering import deliver
from veche.web.shelf import Same
from veche.web.words import say

MEDIA_TYPE: Final = "application/atom+xml; charset=utf-8"
_DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
_ATOM: Final = "http://www.w3.org/2005/Atom"
_XML_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)

router = APIRouter()


@router.get("/feed.atom")
async def feed(request: Request, house: Rooms, language: str | None = None) -> Response:
    if language is not None and language not in house.languages:
        raise Unknown
    spoken = house.language_of(request) if language is None else Language(language)
    notices = await house.announcing.newest()
    base = house.base_url_of(request)

    def made() -> str:
        return write_feed(notices, house.announcing.installation, base, spoken)

    rendered = house.shelf.take(("feed", Same(notices), base, spoken), made)
    return deliver(request, rendered, MEDIA_TYPE, {"Vary": "Accept-Encoding, Accept-Language"})


def write_feed(notices: Iterable[Notice], installation: UUID, base: str, language: Language) -> str:
    notices = sorted(notices, key=lambda notice: notice.changed_at, reverse=True)
    root = Element("feed", {"xmlns": _ATOM, _XML_LANGUAGE: language.value})
    _put(root, "id", installation.urn)
    _put(root, "title", say(language, "feed.title"))
    _put(root, "updated", _stamp(notices[0].changed_at if notices else _BEGINNING))
    address = f"{base}/feed.atom?language={language}"
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": address})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": f"{base}/"})
    for notice in notices:
        _put_entry(SubElement(root, "entry"), notice, installation, base, language)
    return _DECLARATION + tostring(root, encoding="unicode")


def _put_entry(
    entry: Element, notice: Notice, installation: UUID, base: str, language: Language
) -> None:
    line = line_of(notice, language)
    _put(entry, "id", lasting_name(installation, notice.number).urn)
    _put(entry, "title", line.title)
    _put(entry, "updated", _stamp(notice.changed_at))
    page = f"{base}/m/{notice.number}/{line.language}"
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": page})
    _put(SubElement(entry, "author"), "name", line.organiser)
    when = f"{line.lamp.words}. {line.day}, {line.cities}, {line.hour}."
    lead = notice.words(notice.lead, language) if notice.lead else ""
    _put(entry, "summary", f"{when} {lead}".strip())


def _put(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = words


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
