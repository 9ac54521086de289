"""A meeting to which people can be invited, and letters of it as their recipients read them."""

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage

from tests.support.meetings import bridge_meeting
from veche.domain.identity import OrganisationId, ParticipationId
from veche.domain.meeting import Meeting, Phase
from veche.domain.roster import PersonName
from veche.domain.text import Text

MINISTRY = OrganisationId("ministry")
POPKOV = ParticipationId("popkov")


def invited_meeting(phase: Phase = Phase.ANNOUNCED) -> Meeting:
    """Popkov sits in the hall of Minsk and has an address; Krivolapov joins alone and has none."""
    meeting = bridge_meeting(phase=phase)
    host, guest = meeting.sides
    hall = replace(
        host.sites[0],
        address=Text.of(ru="пр. Независимости, 10"),
        technician="И. Н. Мастеров",
        phone="+375 17 000-00-00",
    )
    sides = (
        replace(host, sites=(hall,), office_contact="office@ministry.example"),
        replace(guest, office_contact="not an address"),
    )
    roster = tuple(
        replace(
            person,
            site=hall.id,
            email="popkov@ministry.example",
            full_name=PersonName(
                Text.of(ru="Попков", be="Папкоў"),
                Text.of(ru="Сергей", be="Сяргей"),
                Text.of(ru="Иванович", be="Іванавіч"),
            ),
        )
        if person.id == POPKOV
        else person
        for person in meeting.roster
    )
    return replace(meeting, organisation=MINISTRY, sides=sides, roster=roster)


def opened(message: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    assert not parsed.defects
    return parsed


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content


def file_of(message: EmailMessage, media_type: str) -> bytes:
    part = next(one for one in message.walk() if one.get_content_type() == media_type)
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content
