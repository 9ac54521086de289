"""From a template and finished words to an answer.

A page is sent as the bytes it was made of: whole, compressed, or as word that the browser's own
copy is still right.
"""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from veche.domain.text import Language
from veche.web.house import House
from veche.web.security import page_policy
from veche.web.shelf import Rendered
from veche.web.sight import Colours, Sight, TextSize
from veche.web.templating import TEMPLATES
from veche.web.words import say

_PAGE: Final = "text/html; charset=utf-8"


def render(
    house: House,
    template: str,
    language: Language,
    sight: Sight,
    **values: Any,  # Any: what the template of that name prints
) -> str:
    return TEMPLATES.get_template(template).render(
        language=language,
        say=lambda key, **words: say(language, key, **words),
        say_in=say,
        assets=house.assets.entries,
        sight=sight,
        sizes=tuple(TextSize),
        colours=tuple(Colours),
        **values,
    )


def answer(
    request: Request,
    house: House,
    rendered: Rendered,
    language: Language,
    sight: Sight,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """A page for people, in the sight that was asked for."""
    common = {
        "Content-Language": language.value,
        "Content-Security-Policy": page_policy(house.media_url_of(request)),
        "Vary": "Accept-Encoding, Accept-Language, Cookie",
        **(headers or {}),
    }
    response = deliver(request, rendered, _PAGE, common, status)
    sight.remember(request, response)
    return response


def deliver(
    request: Request,
    rendered: Rendered,
    media_type: str,
    headers: dict[str, str],
    status: int = 200,
) -> Response:
    """What was rendered, or word that the asker's own copy is still right."""
    # Kept, and asked about each time: a page must not be a minute behind the phase.
    common = {"ETag": f'W/"{rendered.tag}"', "Cache-Control": "no-cache", **headers}
    if status == 200 and _has_it(request, rendered.tag):
        return Response(status_code=304, headers=common)
    # A page that no cache may keep holds a secret: compressing it beside words of others would
    # tell of it by its length.
    if common["Cache-Control"] != "no-store" and accepts_gzip(request):
        common["Content-Encoding"] = "gzip"
        return Response(rendered.compressed, status, common, media_type)
    return Response(rendered.whole, status, common, media_type)


def accepts_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _has_it(request: Request, tag: str) -> bool:
    """Compared weakly (RFC 9110, section 13.1.2): a proxy that compresses weakens the tag."""
    asked = request.headers.get("if-none-match", "")
    return any(part.strip().removeprefix("W/") == f'"{tag}"' for part in asked.split(","))
