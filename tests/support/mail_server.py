"""A mail server that keeps what it takes and refuses what it is told to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mailbox:
    """`answers` are the replies to the next recipients, first come first served; then 250."""

    port: int = 0
    envelopes: list[Envelope] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    has_arrived: asyncio.Event = field(default_factory=asyncio.Event)

    # Any: aiosmtpd types its hooks so
    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        self.has_arrived.set()
        return "250 taken"


def _only_the_operator(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    known = LoginPassword(b"veche", b"secret")
    return AuthResult(success=data == known, handled=False)


@asynccontextmanager
async def mail_server(
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    needs_login: bool = False,
) -> AsyncIterator[Mailbox]:
    mailbox = Mailbox()

    def session() -> SMTP:
        return SMTP(
            mailbox,
            hostname="mail.example",
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=_only_the_operator if needs_login else None,
            auth_required=needs_login,
            auth_require_tls=starttls is not None,
            loop=asyncio.get_running_loop(),
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(session, "127.0.0.1", 0, ssl=tls)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        await server.wait_closed()
