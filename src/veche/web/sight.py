"""The version for weak sight: larger letters, stronger colours, without a script.

A link asks for it (`?sight=large-light`), the answer comes in it, and a cookie remembers it for
the pages that follow. A reader who refuses cookies still has the page he asked for. The cookie
holds one of nine words and names nobody.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from starlette.requests import Request
from starlette.responses import Response

_NAME: Final = "sight"
_COOKIE: Final = "veche-sight"
_YEAR_SECONDS: Final = 365 * 24 * 60 * 60


class TextSize(StrEnum):
    USUAL = "usual"
    LARGE = "large"
    LARGEST = "largest"


class Colours(StrEnum):
    USUAL = "usual"
    LIGHT = "light"
    """Black on white, nothing grey."""
    DARK = "dark"
    """White on black."""


@dataclass(frozen=True, slots=True)
class Sight:
    size: TextSize = TextSize.USUAL
    colours: Colours = Colours.USUAL

    @classmethod
    def of(cls, request: Request) -> Self:
        """As the address asks, else as the cookie remembers; what is neither is the usual one."""
        asked = request.query_params.get(_NAME)
        return cls._parsed(request.cookies.get(_COOKIE, "") if asked is None else asked)

    @classmethod
    def _parsed(cls, code: str) -> Self:
        size, _, colours = code.partition("-")
        try:
            return cls(TextSize(size), Colours(colours))
        except ValueError:
            return cls()

    @property
    def is_usual(self) -> bool:
        return self == Sight()

    @property
    def code(self) -> str:
        return f"{self.size}-{self.colours}"

    def with_size(self, size: TextSize) -> Self:
        return replace(self, size=size)

    def with_colours(self, colours: Colours) -> Self:
        return replace(self, colours=colours)

    def remember(self, request: Request, response: Response) -> None:
        """Only for a request that chose; others leave the cookie as it is."""
        if _NAME not in request.query_params:
            return
        response.set_cookie(
            _COOKIE,
            "" if self.is_usual else self.code,
            max_age=0 if self.is_usual else _YEAR_SECONDS,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
