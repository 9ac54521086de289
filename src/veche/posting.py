"""Letters leave as long as the house is open: the settings of the mail server put to work.

Refuses at start what would make letters without a way back.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

from veche.config import Settings
from veche.domain.errors import Misconfigured
from veche.outbound.mail import MailServer, Security, deliver
from veche.services.inviting import Inviting, OpenLetter
from veche.services.mailing import Mailing
from veche.store import Database
from veche.web.letters import LetterOffice

MAIL_SECONDS: Final = 5.0
"""How often the outbox is looked through: nobody waits for a letter to the second."""

_log = logging.getLogger(__name__)


@asynccontextmanager
async def mailed(
    settings: Settings,
    database: Database,
    inviting: Inviting,
    letters: LetterOffice,
    now: Callable[[], datetime],
    seconds: float = MAIL_SECONDS,
) -> AsyncIterator[None]:
    """Letters leave as long as the house is open, where there is a mail server."""
    server, base = _mail_server(settings), settings.web.base_url
    if server is None:
        yield
        return
    if base is None:
        raise Misconfigured([("web.base_url", "letters carry links: needed with mail.host")])

    def write(opened: OpenLetter) -> bytes:
        return letters.write(opened, base)

    async def give(address: str, message: bytes) -> None:
        await deliver(server, address, message)

    days = settings.mail.remind_days_before
    remind_before = timedelta(days=days) if days else None
    mailing = Mailing(database, inviting, write, give, now, remind_before)
    async with _repeated(mailing.run_once, seconds, "letters leave"):
        yield


def _mail_server(settings: Settings) -> MailServer | None:
    mail = settings.mail
    if mail.host is None:
        return None
    assert mail.sender is not None, "the settings require it"
    return MailServer(
        host=mail.host,
        port=mail.port,
        security=Security(mail.security),
        sender=mail.sender,
        username=mail.username,
        password=mail.password.get_secret_value() if mail.password else None,
        authorities=str(mail.authorities) if mail.authorities else None,
    )


@asynccontextmanager
async def _repeated(
    work: Callable[[], Awaitable[object]], seconds: float, name: str
) -> AsyncIterator[None]:
    stopping = asyncio.Event()

    async def repeat() -> None:
        # Asked besides being cancelled: a mail client that is saying goodbye swallows that.
        while not stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), seconds)
                return
            try:
                await work()
            except Exception:
                _log.exception("%s: not this time", name)

    repeating = asyncio.create_task(repeat(), name=name)
    try:
        yield
    finally:
        stopping.set()
        repeating.cancel()
        with suppress(asyncio.CancelledError):
            await repeating
