"""Giving letters to a mail server by SMTP.

Promises: nothing leaves unencrypted but to this machine itself, the server's certificate is
checked, and what the server says is told apart into "later" and "never" (RFC 5321, section
4.2.1). Keeps no letter: who sends keeps the queue.
"""

import ipaddress
import logging
import ssl
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import aiosmtplib

TIMEOUT_SECONDS: Final = 30.0
"""RFC 5321 lets a server take minutes for the end of the data; one that does is asked later."""

_log = logging.getLogger(__name__)


class LetterDelayed(Exception):
    """Not now: the server is away, busy or says so with a 4xx."""


class LetterRefused(Exception):
    """Never: the server says with a 5xx that it will not take this letter."""


class Security(StrEnum):
    STARTTLS = "starttls"
    """An open connection that is encrypted before anything is said; port 587."""
    TLS = "tls"
    """Encrypted from the first byte; port 465."""
    NONE = "none"
    """Open: for a mail server on this machine only."""


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str
    port: int
    security: Security
    sender: str
    username: str | None = None
    password: str | None = None
    authorities: str | None = None
    """Path of certificates to trust instead of the system's, in PEM."""

    def __post_init__(self) -> None:
        assert self.security is not Security.NONE or is_this_machine(self.host), "open to outside"


def is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def deliver(server: MailServer, address: str, message: bytes) -> None:
    """Raises `LetterDelayed` or `LetterRefused`, each with what the server said."""
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        timeout=TIMEOUT_SECONDS,
        use_tls=server.security is Security.TLS,
        start_tls=server.security is Security.STARTTLS,
        tls_context=None if server.security is Security.NONE else _context(server),
        username=server.username,
        password=server.password,
    )
    try:
        async with client:
            await client.sendmail(server.sender, [address], message)
    except aiosmtplib.SMTPRecipientsRefused as refused:
        first = refused.recipients[0]
        raise _answered(first.code, first.message) from None
    except aiosmtplib.SMTPResponseException as answer:
        # That we may not log in is the operator's to mend, and no fault of the letter.
        if isinstance(answer, aiosmtplib.SMTPAuthenticationError):
            _log.warning("the mail server refuses the user name or the password")
            raise LetterDelayed(f"{answer.code} not signed in") from None
        raise _answered(answer.code, answer.message) from None
    except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as error:
        raise LetterDelayed(f"{type(error).__name__}: {error}") from None


def _answered(code: int, words: str) -> LetterDelayed | LetterRefused:
    kind = LetterRefused if 500 <= code < 600 else LetterDelayed
    return kind(f"{code} {words}")


def _context(server: MailServer) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=server.authorities)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
