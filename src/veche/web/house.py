"""What the edge is given by the composition root: the services behind every route."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from starlette.requests import Request

from veche.domain.text import Language
from veche.services.accounts import Accounts
from veche.services.admission import Admission
from veche.services.agreement import Agreements
from veche.services.announcing import Announcing
from veche.services.asking import Asking
from veche.services.conduct import Conduct
from veche.services.directory import Directory
from veche.services.drafts import Drafts
from veche.services.history import History
from veche.services.importing import Importing
from veche.services.inviting import Inviting
from veche.services.listing import Listing
from veche.services.note_taking import NoteTaking
from veche.services.openid import OpenIdDoor
from veche.services.planning import Planning
from veche.services.refusals import Refusals
from veche.services.repeats import Repeats
from veche.services.signing_in import SigningIn
from veche.web.assets import Assets
from veche.web.letters import LetterOffice
from veche.web.live import Live
from veche.web.shelf import Shelf

_MEDIA_SCHEMES: Final = {"http": "ws", "https": "wss"}


@dataclass(frozen=True, slots=True)
class House:
    planning: Planning
    history: History
    agreements: Agreements
    listing: Listing
    drafts: Drafts
    directory: Directory
    admission: Admission
    asking: Asking
    signing_in: SigningIn
    accounts: Accounts
    announcing: Announcing
    conduct: Conduct
    note_taking: NoteTaking
    importing: Importing
    inviting: Inviting
    letters: LetterOffice
    has_mail_server: bool
    repeats: Repeats
    refusals: Refusals
    live: Live
    assets: Assets
    now: Callable[[], datetime]
    is_ready: Callable[[], Awaitable[bool]]
    languages: tuple[Language, ...]
    """Of the interface, the first by default."""
    base_url: str | None
    """What people type; None: what the browser asked for."""
    openid: OpenIdDoor | None = None
    openid_name: str = ""
    """What the button says."""
    embedding: tuple[str, ...] = ("*",)
    """Who may show the card of an announcement in a frame, as a content policy writes it."""
    shelf: Shelf = field(default_factory=Shelf)

    def base_url_of(self, request: Request) -> str:
        return self.base_url or f"{request.url.scheme}://{request.url.netloc}"

    def media_url_of(self, request: Request) -> str:
        """Where a LiveKit client connects: the same server, by its own scheme."""
        scheme, _, rest = self.base_url_of(request).partition("://")
        return f"{_MEDIA_SCHEMES[scheme]}://{rest}"

    def language_of(
        self, request: Request, offered: tuple[Language, ...] | None = None
    ) -> Language:
        """The first language the reader asks for that is offered, else the first offered."""
        among = offered or self.languages
        for wanted in _wanted_languages(request.headers.get("accept-language", "")):
            if wanted in among:
                return Language(wanted)
        return among[0]


def house_of(request: Request) -> House:
    house: House = request.app.state.house
    return house


async def given_house(request: Request) -> House:
    """For routes. FastAPI sends a dependency that is not a coroutine through a thread: 0.2 ms."""
    return house_of(request)


def _wanted_languages(header: str) -> list[str]:
    """Primary tags in the reader's order (RFC 9110, section 12.5.4); nonsense is passed over."""
    weighed = []
    for part in header[:200].split(","):
        tag, _, parameters = part.strip().partition(";")
        try:
            weight = float(parameters.strip().removeprefix("q=")) if parameters else 1.0
        except ValueError:
            continue
        weighed.append((-weight, tag.partition("-")[0].lower()))
    return [tag for weight, tag in sorted(weighed, key=lambda pair: pair[0]) if weight < 0]
