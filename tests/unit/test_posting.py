"""With a mail server in the settings a letter goes all the way; without a way back it does not."""

import asyncio
import re
from pathlib import Path

import pytest

from tests.support.clock import Clock
from tests.support.databases import chosen_place
from tests.support.invited import MINISTRY, invited_meeting, opened, text_of
from tests.support.mail_server import mail_server
from veche.config import Settings, load_settings
from veche.domain.access import Role
from veche.domain.actor import Actor, ActorKind, Asker
from veche.domain.errors import Misconfigured
from veche.domain.identity import MeetingNumber
from veche.domain.invitation import Recipient, RecipientKind, hash_secret
from veche.posting import mailed
from veche.services.announcing import Announcing
from veche.services.inviting import Inviting
from veche.web.letters import LetterOffice

STAFF = Asker(Actor(ActorKind.ACCOUNT, "a1", "Анна"), Role.ORGANISER, organisation=MINISTRY)
NUMBER = MeetingNumber(67)


def _settings(port: int, **more: str) -> Settings:
    mail = {
        "mail.host": "127.0.0.1",
        "mail.port": str(port),
        "mail.security": "none",
        "mail.sender": "protocol@ministry.example",
    }
    return load_settings(command_line={**mail, **more})


async def test_a_letter_goes_from_the_outbox_into_the_mailbox(tmp_path: Path) -> None:
    clock = Clock()
    with chosen_place(tmp_path).open(clock.now) as database:
        with database.write() as unit:
            unit.meetings.put(invited_meeting())
        inviting = Inviting(database, b"key", clock.now)
        letters = LetterOffice(
            Announcing(database, clock.now, clock.monotonic).installation,
            "protocol@ministry.example",
        )
        inviting.invite(STAFF, NUMBER, [Recipient(RecipientKind.PERSON, "popkov")])
        async with mail_server() as mailbox:
            settings = _settings(mailbox.port, **{"web.base_url": "https://veche.example"})
            async with mailed(settings, database, inviting, letters, clock.now, seconds=0.01):
                await asyncio.wait_for(mailbox.has_arrived.wait(), timeout=30)
        (envelope,) = mailbox.envelopes
        assert envelope.rcpt_tos == ["popkov@ministry.example"]
        assert isinstance(envelope.content, bytes)
        found = re.search(
            r"https://veche\.example/i/([\w-]{27})\b", text_of(opened(envelope.content))
        )
        assert found is not None
        with database.read() as unit:
            link = unit.invitations.find(hash_secret(found[1]))
        assert link is not None
        assert link.is_open(clock.now())


async def test_letters_without_an_address_of_the_house_stop_the_start(tmp_path: Path) -> None:
    clock = Clock()
    with chosen_place(tmp_path).open(clock.now) as database:
        inviting = Inviting(database, b"key", clock.now)
        letters = LetterOffice(Announcing(database, clock.now, clock.monotonic).installation, None)
        with pytest.raises(Misconfigured) as refused:
            async with mailed(_settings(25), database, inviting, letters, clock.now):
                pass
    assert [key for key, _ in refused.value.problems] == ["web.base_url"]
