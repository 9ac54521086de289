"""The whole HTTP edge over a real store, without a socket and with time in the test's hands."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from tests.support.clock import Clock
from tests.support.databases import Place, chosen_place
from tests.support.front_end import build_front_end
from veche.domain.events import Event
from veche.domain.invitation import Invitation, hash_secret, make_secret
from veche.domain.meeting import Meeting
from veche.domain.text import Language
from veche.media.port import JoinPass
from veche.services.admission import Admission
from veche.services.announcing import Announcing
from veche.services.asking import Asking
from veche.services.conduct import Conduct
from veche.services.planning import Planning
from veche.services.repeats import Repeats
from veche.store import Database
from veche.web.app import create_app
from veche.web.assets import Assets
from veche.web.house import House
from veche.web.live import Live


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
    is_ready: bool = True

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

    with (place or chosen_place(folder)).open(clock.now) as database:
        asking = Asking(database, clock.now, clock.monotonic)
        conduct = Conduct(database, clock.now, clock.monotonic, publish)
        house = House(
            planning=Planning(database, clock.now),
            admission=Admission(database, NamedMint(), asking, clock.now),
            asking=asking,
            announcing=Announcing(database, clock.now, clock.monotonic),
            conduct=conduct,
            repeats=Repeats(database),
            live=Live(clock.now, conduct.peek),
            assets=Assets.read(build_front_end(front_end or folder / "static")),
            now=clock.now,
            is_ready=is_ready,
            languages=tuple(Language),
            base_url=base_url,
            embedding=embedding,
        )
        transport = httpx.ASGITransport(create_app(house), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=asked) as client:
            opened = OpenHouse(clock, database, house, client)
            yield opened
            house.live.close()
