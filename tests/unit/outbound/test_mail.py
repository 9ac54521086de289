"""Letters are given to a real mail server, encrypted, and its answers are understood."""

import ssl
from pathlib import Path

import pytest

from tests.support.certificate import TestCertificate, make_certificate
from tests.support.mail_server import mail_server
from veche.outbound.mail import (
    LetterDelayed,
    LetterRefused,
    MailServer,
    Security,
    deliver,
    is_this_machine,
)

MESSAGE = b"Subject: x\r\n\r\n.a line that begins with a dot\r\n..\r\nlast\r\n"


def _server(port: int, security: Security = Security.NONE, **more: str) -> MailServer:
    return MailServer("127.0.0.1", port, security, "protocol@ministry.example", **more)


def _context(certificate: TestCertificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    return context


async def test_a_letter_arrives_as_it_was_written() -> None:
    async with mail_server() as mailbox:
        await deliver(_server(mailbox.port), "popkov@ministry.example", MESSAGE)
    (envelope,) = mailbox.envelopes
    assert envelope.mail_from == "protocol@ministry.example"
    assert envelope.rcpt_tos == ["popkov@ministry.example"]
    assert envelope.content == MESSAGE


async def test_the_line_is_encrypted_before_the_name_is_said(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "IP:127.0.0.1")
    async with mail_server(starttls=_context(certificate), needs_login=True) as mailbox:
        server = _server(
            mailbox.port,
            Security.STARTTLS,
            username="veche",
            password="secret",
            authorities=str(certificate.chain),
        )
        await deliver(server, "popkov@ministry.example", MESSAGE)
    assert len(mailbox.envelopes) == 1


async def test_a_line_may_be_encrypted_from_the_first_byte(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "IP:127.0.0.1")
    async with mail_server(tls=_context(certificate)) as mailbox:
        server = _server(mailbox.port, Security.TLS, authorities=str(certificate.chain))
        await deliver(server, "popkov@ministry.example", MESSAGE)
    assert len(mailbox.envelopes) == 1


async def test_a_certificate_of_somebody_else_gets_no_letter(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "DNS:other.example")
    async with mail_server(starttls=_context(certificate)) as mailbox:
        for trusted in (str(certificate.chain), None):
            server = MailServer(
                "127.0.0.1", mailbox.port, Security.STARTTLS, "a@b.example", authorities=trusted
            )
            with pytest.raises(LetterDelayed):
                await deliver(server, "popkov@ministry.example", MESSAGE)
    assert mailbox.envelopes == []


async def test_a_server_that_cannot_encrypt_gets_no_letter() -> None:
    async with mail_server() as mailbox:
        with pytest.raises(LetterDelayed):
            await deliver(
                _server(mailbox.port, Security.STARTTLS), "popkov@ministry.example", MESSAGE
            )
    assert mailbox.envelopes == []


async def test_later_and_never_are_told_apart() -> None:
    async with mail_server() as mailbox:
        server = _server(mailbox.port)
        mailbox.answers = ["451 greylisted, come back", "550 no such mailbox"]
        with pytest.raises(LetterDelayed, match="451 greylisted"):
            await deliver(server, "popkov@ministry.example", MESSAGE)
        with pytest.raises(LetterRefused, match="550 no such mailbox"):
            await deliver(server, "popkov@ministry.example", MESSAGE)
        await deliver(server, "popkov@ministry.example", MESSAGE)
    assert len(mailbox.envelopes) == 1


async def test_a_server_that_is_away_is_asked_later() -> None:
    async with mail_server() as mailbox:
        pass
    with pytest.raises(LetterDelayed):
        await deliver(_server(mailbox.port), "popkov@ministry.example", MESSAGE)


async def test_a_refused_login_is_not_the_letters_fault(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "IP:127.0.0.1")
    async with mail_server(starttls=_context(certificate), needs_login=True) as mailbox:
        server = _server(
            mailbox.port,
            Security.STARTTLS,
            username="veche",
            password="wrong",
            authorities=str(certificate.chain),
        )
        with pytest.raises(LetterDelayed) as delayed:
            await deliver(server, "popkov@ministry.example", MESSAGE)
    assert str(delayed.value) == "535 not signed in"


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False),
     ("localhost.example", False), ("mail.ministry.example", False), ("127.0.0.1.example", False)],
)  # fmt: skip
def test_only_this_machine_may_be_spoken_to_in_the_open(host: str, is_ours: bool) -> None:
    assert is_this_machine(host) is is_ours
