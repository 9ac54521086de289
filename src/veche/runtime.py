"""The composition root: builds the whole house in order, and takes it down in reverse.

One process: HTTP edge, signalling, media engine, database. The only place that knows all
rooms. Whatever an operator can get wrong is found before the first request and raised as
`Misconfigured`; nothing half started is left behind.
"""

import asyncio
import ipaddress
import logging
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from veche.config import Settings, WebSettings
from veche.demo.autopilot import autopilot
from veche.demo.opening import DEMO, OpenedDemo, open_demo, open_directory
from veche.demo.robots import require_demo_packages, robots
from veche.demo.speeches import read_speech
from veche.demo.staff import StaffLogin, open_staff
from veche.domain.account import SessionLimits
from veche.domain.errors import Misconfigured
from veche.domain.events import Event
from veche.domain.identity import OrganisationId
from veche.domain.lines import Line
from veche.domain.meeting import MeetingNumber
from veche.engine import Engine
from veche.keys import kept_key, kept_letters_key
from veche.livekit.server import UVICORN_OPTIONS, is_wire_path
from veche.livekit.tokens import Keys
from veche.livekit.wire import Wire
from veche.media.addresses import announced, own_addresses
from veche.media.embedded import EngineDriver
from veche.media.port import News, SpeakersChanged, VoiceHeldBack
from veche.opening import open_database, owned
from veche.outbound.openid import Client, OpenIdProvider
from veche.posting import mailed
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
from veche.services.openid import EntryRules, OpenIdDoor
from veche.services.passwords import Passwords
from veche.services.planning import Planning
from veche.services.refusals import Refusals
from veche.services.repeats import Repeats
from veche.services.rooms import is_led, meeting_of
from veche.services.signing_in import SigningIn
from veche.services.turning_out import TurningOut
from veche.serving import (
    listening,
    local_url,
    refused_address,
    require_free_media_port,
    served,
)
from veche.store import Database
from veche.web.app import create_app
from veche.web.assets import Assets
from veche.web.house import House
from veche.web.letters import LetterOffice
from veche.web.live import Live
from veche.web.security import SecurityHeaders

FOLLOW_SECONDS: Final = 0.2
"""How often meetings are looked at: who is there, what time is over."""
READY_WITHIN_SECONDS: Final = 2.0
"""An engine or a database that needs longer for one round trip is not ready."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """A house that accepts joins."""

    url: str
    demo: OpenedDemo | None
    staff: tuple[StaffLogin, ...] = ()
    """Of the demonstration: who can sign in."""


async def serve(
    settings: Settings, *, is_demo: bool, tell_ready: Callable[[Running], None]
) -> None:
    """Run until SIGTERM or SIGINT. `tell_ready` is called once, when joins are accepted."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with _house(settings, is_demo=is_demo) as running:
        tell_ready(running)
        await stop.wait()


@asynccontextmanager
async def _house(settings: Settings, *, is_demo: bool) -> AsyncIterator[Running]:
    async with AsyncExitStack() as stack:
        if is_demo:
            require_demo_packages()
        assets = Assets.read(Path(str(files("veche.web").joinpath("static"))))
        stack.enter_context(owned(settings.data))
        database = stack.enter_context(open_database(settings, _now))
        keys = _keys(settings)
        bound = stack.enter_context(listening(settings.web.host, settings.web.port))
        url = local_url(settings.web, bound)
        driver = EngineDriver(stack.enter_context(_engine(settings)))
        candidates = announced(
            driver.engine.addresses, [str(a) for a in settings.media.announce], own_addresses()
        )
        wire = await stack.enter_async_context(Wire(driver, keys, candidates, is_led=is_led))

        def publish(event: Event) -> None:
            live.publish(event)

        limits = SessionLimits(settings.accounts.idle, settings.accounts.longest)
        asking = Asking(database, _now, time.monotonic, limits)
        passwords = stack.enter_context(Passwords())
        signing_in = SigningIn(database, passwords, _now, time.monotonic, limits)

        def tell_lines(number: MeetingNumber, lines: dict[str, Line]) -> None:
            live.tell_lines(number, lines)

        conduct = Conduct(database, wire.media, _now, time.monotonic, publish, tell_lines)
        live = Live(_now, conduct.peek, conduct.clock_ms)
        planning = Planning(database, _now)
        announcing = Announcing(database, _now, time.monotonic)
        turning_out = TurningOut(wire.media)
        stack.push_async_callback(turning_out.settled)
        inviting = Inviting(
            database, kept_letters_key(settings.data), _now, turn_out=turning_out.turn_out
        )
        letters = LetterOffice(announcing.installation, settings.mail.sender)
        house = House(
            planning=planning,
            history=History(database, planning),
            agreements=Agreements(database, planning, _now),
            listing=Listing(database),
            drafts=Drafts(database, _now),
            directory=Directory(database, _now),
            admission=Admission(database, wire.media, asking, _now),
            asking=asking,
            signing_in=signing_in,
            openid=_openid(settings, database, signing_in),
            openid_name=settings.openid.name,
            accounts=Accounts(
                database,
                passwords,
                _now,
                lambda account: turning_out.turn_out_staff(conduct.numbers(), account),
            ),
            announcing=announcing,
            conduct=conduct,
            note_taking=NoteTaking(database, _now),
            importing=Importing(database),
            inviting=inviting,
            letters=letters,
            has_mail_server=settings.mail.host is not None,
            repeats=Repeats(database),
            refusals=Refusals(database, _now, time.monotonic),
            live=live,
            assets=assets,
            now=_now,
            is_ready=_readiness(database, driver),
            languages=settings.languages,
            base_url=settings.web.base_url,
            embedding=settings.web.embedding,
        )
        wire.media.listen(_news_to(conduct, live))
        await conduct.resume()
        await stack.enter_async_context(mailed(settings, database, inviting, letters, _now))
        await stack.enter_async_context(_followed(conduct))
        app = _edge(create_app(house), wire.app)
        await stack.enter_async_context(served(app, settings.web, bound, UVICORN_OPTIONS))
        # Leaving goes backwards: streams and people hear of the end before the sockets close.
        stack.push_async_callback(wire.say_goodbye)
        stack.callback(live.close)
        demo = None
        staff: tuple[StaffLogin, ...] = ()
        if is_demo:
            _, secret = keys.first()
            open_directory(house.directory)
            demo = await open_demo(house.planning, conduct, secret, _now)
            staff = await open_staff(house.accounts, demo.meeting)
            await stack.enter_async_context(_halls(demo, app))
            await stack.enter_async_context(_leading(demo, conduct))
        yield Running(settings.web.base_url or url, demo, staff)


def _now() -> datetime:
    return datetime.now(UTC)


def _openid(settings: Settings, database: Database, signing_in: SigningIn) -> OpenIdDoor | None:
    chosen = settings.openid
    if chosen.issuer is None:
        return None
    assert chosen.client_id, "an issuer comes with a name"
    assert chosen.client_secret, "an issuer comes with a secret"
    client = Client(chosen.issuer, chosen.client_id, chosen.client_secret.get_secret_value())
    rules = EntryRules(
        issuer=chosen.issuer,
        claim=chosen.claim,
        roles=chosen.roles,
        organisations={it: OrganisationId(of) for it, of in chosen.organisations.items()},
        allowed=frozenset(chosen.allowed),
    )
    provider = OpenIdProvider(client, time.monotonic)
    return OpenIdDoor(database, provider, rules, signing_in, _now, time.monotonic)


def _keys(settings: Settings) -> Keys:
    given = {key: secret.get_secret_value() for key, secret in settings.livekit.keys.items()}
    return Keys(given or dict([kept_key(settings.data)]))


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    hosts = [str(address) for address in settings.media.listen] or [_numeric(settings.web.host)]
    port = settings.media.port
    for host in hosts:
        require_free_media_port(host, port)
    try:
        engine = Engine([(host, port) for host in hosts])
    except OSError as error:
        raise Misconfigured([refused_address("media", ", ".join(hosts), port, error)]) from None
    with engine:
        yield engine


def _numeric(host: str) -> str:
    """The media engine takes addresses only."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return str(socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)[0][4][0])
    except OSError:
        raise Misconfigured([("web.host", f"{host} has no address")]) from None


def _readiness(database: Database, driver: EngineDriver) -> Callable[[], Awaitable[bool]]:
    """One round trip through each: a write that could begin, the media thread's own figures."""

    async def is_ready() -> bool:
        try:
            async with asyncio.timeout(READY_WITHIN_SECONDS):
                if not await asyncio.to_thread(database.is_answering):
                    return False
                await driver.snapshot()
        except (TimeoutError, OSError, RuntimeError) as error:
            _log.warning("not ready: %s", error)
            return False
        return True

    return is_ready


def _news_to(conduct: Conduct, live: Live) -> Callable[[News], None]:
    """What happens in a meeting's rooms goes to who conducts it; loudness only to who looks."""

    def hear(news: News) -> None:
        number = meeting_of(news.room)
        if number is None:
            return
        if isinstance(news, SpeakersChanged):
            live.hear(number, news.levels)
        elif isinstance(news, VoiceHeldBack):
            conduct.note_held_back(number, news.identity)
        else:
            conduct.take_note(number)

    return hear


@asynccontextmanager
async def _followed(conduct: Conduct) -> AsyncIterator[None]:
    async def follow() -> None:
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            try:
                await conduct.follow()
            except Exception:
                _log.exception("a meeting could not be followed")

    following = asyncio.create_task(follow(), name="meetings are followed")
    try:
        yield
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following


@asynccontextmanager
async def _halls(demo: OpenedDemo, app: ASGIApp) -> AsyncIterator[None]:
    """Robots with a door of their own: plain, on loopback, whatever the people's door is like.

    So they need neither a certificate of this machine's inner name nor the way round outside.
    """
    door = WebSettings(host="127.0.0.1", port=0)
    secrets = {str(site): secret for site, secret in demo.hall_secrets.items()}
    zones = {str(site.id): site.zone for _, site in demo.meeting.sites_in_order()}
    with listening(door.host, door.port) as bound:
        async with (
            served(app, door, bound, UVICORN_OPTIONS),
            robots(local_url(door, bound), demo.meeting.number, secrets, zones),
        ):
            yield


def _leading(demo: OpenedDemo, conduct: Conduct) -> AbstractAsyncContextManager[None]:
    speech_ms = {site: round(read_speech(site).seconds * 1000) for site in demo.hall_secrets}
    return autopilot(conduct, DEMO, demo.meeting.number, speech_ms)


def _edge(web: ASGIApp, wire: ASGIApp) -> ASGIApp:
    """The wire's paths go to the wire, all others to the pages and the interface."""
    guarded_wire = SecurityHeaders(wire)

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        app = guarded_wire if is_wire_path(scope.get("path", "")) else web
        await app(scope, receive, send)

    return route
