"""The whole HTTP edge over a real store, without a socket and with time in the test's hands."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from starlette.types import ASGIApp

from tests.support.clock import Clock
from tests.support.databases import Place, chosen_place
from tests.support.front_end import build_front_end
from tests.support.recorded import Watch, WatchedTransport
from tests.support.rooms import QuietRooms
from veche.domain.account import Account, AccountId, GlobalRole
from veche.domain.events import Event
from veche.domain.invitation import Invitation, hash_secret, make_secret
from veche.domain.meeting import Meeting, OrganisationId
from veche.domain.text import Language
from veche.media.port import JoinPass
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
from veche.services.passwords import Cost, Passwords
from veche.services.planning import Planning
from veche.services.refusals import Refusals
from veche.services.repeats import Repeats
from veche.services.signing_in import SigningIn, Visitor
from veche.store import Database
from veche.web.app import create_app
from veche.web.assets import Assets
from veche.web.house import House
from veche.web.letters import LetterOffice
from veche.web.live import Live
from veche.web.security import OWN_HEADER, OWN_HEADER_VALUE, SESSION_COOKIE

CHEAP = Cost(memory_kib=8, passes=1)
"""The least that argon2 takes; what a hash costs is tested where it is made."""


LETTERS_KEY = b"for links in letters, as tests do"


class NamedMint:
    """Tokens that say whose they are; signing is tested where it is done."""

    def mint(self, content: JoinPass) -> str:
        return f"token of {content.identity}"


@dataclass
class OpenHouse:
    clock: Clock
    database: Database
    house: House
    client: httpx.AsyncClient
    watch: Watch
    app: ASGIApp
    rooms: QuietRooms
    is_ready: bool = True

    def signed_in(
        self,
        role: GlobalRole = GlobalRole.ORGANISER,
        organisation: str | None = "ministry",
        *,
        login: str | None = None,
    ) -> httpx.AsyncClient:
        """A browser of a new account, whose requests carry what our pages send."""
        known = AccountId(secrets.token_hex(4))
        account = Account(
            id=known,
            login=login or f"{role}-{known}",
            name=f"{role} {known}",
            role=role,
            organisation=None if organisation is None else OrganisationId(organisation),
        )
        with self.database.write() as unit:
            unit.accounts.add(account, None)
        return self.browser_of(account)

    def browser_of(self, account: Account) -> httpx.AsyncClient:
        begun = self.house.signing_in.begin(account, Visitor("192.0.2.10", None, "a test"))
        return self._client(
            {"Cookie": f"{SESSION_COOKIE}={begun.token}", OWN_HEADER: OWN_HEADER_VALUE}
        )

    def with_link(self, secret: str) -> httpx.AsyncClient:
        """A browser that holds a personal link."""
        return self._client({"Authorization": f"Link {secret}"})

    def _client(self, headers: dict[str, str]) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=self.client._transport, base_url=self.client.base_url, headers=headers
        )

    def keep(self, meeting: Meeting) -> None:
        with self.database.write() as unit:
            unit.meetings.put(meeting)

    def invite(self, invitation: Invitation) -> str:
        secret = make_secret()
        self.house.planning.invite(replace(invitation, secret_hash=hash_secret(secret)))
        return secret


@asynccontextmanager
async def open_house(
    folder: Path,
    *,
    base_url: str | None = None,
    asked: str = "http://veche.test",
    place: Place | None = None,
    embedding: tuple[str, ...] = ("*",),
    front_end: Path | None = None,
) -> AsyncIterator[OpenHouse]:
    """`asked` is the address that the client types; `place` is a database of the test's choice."""
    clock = Clock()

    def publish(event: Event) -> None:
        opened.house.live.publish(event)

    async def is_ready() -> bool:
        return opened.is_ready

    with (
        (place or chosen_place(folder)).open(clock.now) as database,
        Passwords(CHEAP) as passwords,
    ):
        asking = Asking(database, clock.now, clock.monotonic)
        rooms = QuietRooms()
        conduct = Conduct(database, rooms, clock.now, clock.monotonic, publish)
        planning = Planning(database, clock.now)
        announcing = Announcing(database, clock.now, clock.monotonic)
        house = House(
            planning=planning,
            history=History(database, planning),
            agreements=Agreements(database, planning, clock.now),
            listing=Listing(database),
            drafts=Drafts(database, clock.now),
            directory=Directory(database, clock.now),
            admission=Admission(database, NamedMint(), asking, clock.now),
            asking=asking,
            signing_in=SigningIn(database, passwords, clock.now, clock.monotonic),
            accounts=Accounts(database, passwords, clock.now),
            announcing=announcing,
            conduct=conduct,
            note_taking=NoteTaking(database, clock.now),
            importing=Importing(database),
            inviting=Inviting(database, LETTERS_KEY, clock.now),
            letters=LetterOffice(announcing.installation, None),
            has_mail_server=False,
            repeats=Repeats(database),
            refusals=Refusals(database, clock.now, clock.monotonic),
            live=Live(clock.now, conduct.peek, conduct.clock_ms),
            assets=Assets.read(front_end or build_front_end(folder / "static")),
            now=clock.now,
            is_ready=is_ready,
            languages=tuple(Language),
            base_url=base_url,
            embedding=embedding,
        )
        watch = Watch(database)
        app = create_app(house)
        transport = WatchedTransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=asked) as client:
            opened = OpenHouse(clock, database, house, client, watch, app, rooms)
            yield opened
            house.live.close()
        assert watch.unrecorded == []
