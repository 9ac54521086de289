"""What every route of the interface shares: its prefix, its parameters, and who asks.

    async def save(asked: Draft, asker: AccountAsker, house: Rooms) -> MeetingAnswer: ...

`AccountAsker` is staff with a session, `LinkAsker` the holder of a personal link, `AnyAsker`
either of them or a stranger. They say who asks and never whether he may: that the use case
asks the asker.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader
from starlette.responses import StreamingResponse

from veche.domain.actor import Asker
from veche.domain.errors import Forbidden, NotSignedIn
from veche.services.asking import SignedIn
from veche.web.house import House, given_house
from veche.web.security import SESSION_COOKIE, is_of_own_page, request_id_of

PREFIX: Final = "/api/v1"
NUMBER_MAX: Final = 2**31 - 1
_LINK_SCHEME: Final = "link "

Rooms = Annotated[House, Depends(given_house)]
Number = Annotated[int, Path(ge=1, le=NUMBER_MAX)]

_cookie: Final = APIKeyCookie(
    name=SESSION_COOKIE,
    scheme_name="session",
    description="Set by `POST /api/v1/session`. What changes something also carries "
    "`X-Requested-With: veche`.",
    auto_error=False,
)
_authorization: Final = APIKeyHeader(
    name="Authorization",
    scheme_name="link",
    description="`Link SECRET`: the secret of a personal link.",
    auto_error=False,
)
Cookie = Annotated[str | None, Security(_cookie)]
Authorization = Annotated[str | None, Security(_authorization)]


async def _signed_in(request: Request, house: Rooms, token: Cookie = None) -> SignedIn:
    if not token:
        raise NotSignedIn
    signed_in = await asyncio.to_thread(
        house.asking.by_session, token, request_id_of(request.scope)
    )
    request.state.asker = signed_in.asker
    return signed_in


async def _account(signed_in: Annotated[SignedIn, Depends(_signed_in)]) -> Asker:
    return signed_in.asker


async def _link(request: Request, house: Rooms, authorization: Authorization = None) -> Asker:
    written = authorization or ""
    if not written.lower().startswith(_LINK_SCHEME):
        raise NotSignedIn
    asker = await asyncio.to_thread(
        house.asking.by_link,
        written[len(_LINK_SCHEME) :].strip(),
        address_of(request),
        request_id_of(request.scope),
    )
    request.state.asker = asker
    return asker


async def _anybody(
    request: Request, house: Rooms, token: Cookie = None, authorization: Authorization = None
) -> Asker:
    """A link that is shown counts before a session: it is what the page was opened with."""
    if authorization:
        return await _link(request, house, authorization)
    if token:
        return (await _signed_in(request, house, token)).asker
    return Asker.stranger(request_id_of(request.scope))


def _askers(
    request: Request, house: Rooms, token: Cookie = None, authorization: Authorization = None
) -> Callable[[], Awaitable[Asker]]:
    return lambda: _anybody(request, house, token, authorization)


CurrentSession = Annotated[SignedIn, Depends(_signed_in)]
AccountAsker = Annotated[Asker, Depends(_account)]
LinkAsker = Annotated[Asker, Depends(_link)]
AnyAsker = Annotated[Asker, Depends(_anybody)]
Askers = Annotated[Callable[[], Awaitable[Asker]], Depends(_askers)]
"""As `AnyAsker`, to be asked again and again by a stream that outlives its first answer."""


def require_own_page(request: Request) -> None:
    """For a door that makes a session: nobody signs a browser in but its own page.

    Raises `Forbidden`. Commands of a session meet the same wall before they come here.
    """
    if not is_of_own_page(request.headers):
        raise Forbidden


EVENT_STREAM: Final[dict[str, Any]] = {  # Any: as FastAPI takes it
    "response_class": StreamingResponse,
    "responses": {200: {"content": {"text/event-stream": {}}}},
}
"""How a route of a stream is described."""


def event_stream(frames: AsyncIterator[bytes]) -> StreamingResponse:
    return StreamingResponse(
        frames,
        media_type="text/event-stream",
        # The last one asks nginx not to collect a stream into pages.
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def address_of(request: Request) -> str:
    """The client's address; behind a proxy that is trusted, the one that the proxy names."""
    return request.client.host if request.client else ""
