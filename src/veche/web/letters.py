"""Letters in finished form: HTML and text, a PDF on the organisation's form, a calendar entry.

The words are those of `invitation`; the files are made by `documents`. A letter that is written
twice is the same letter: its date and its number are its own.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from veche.documents.calendar import CalendarEntry, write_calendar
from veche.documents.form import set_letter
from veche.documents.message import Attachment, Message, write_message
from veche.domain.announcement import lasting_name
from veche.domain.invitation import RecipientKind
from veche.domain.letters import LetterKind
from veche.domain.meeting import Meeting
from veche.services.inviting import OpenLetter
from veche.web.announcement import host_zone
from veche.web.dates import day_and_year
from veche.web.invitation import InvitationWords, invitation_words, subject_of
from veche.web.templating import render_letter
from veche.web.words import say

_PATHS: Final = {
    RecipientKind.PERSON: "i",
    RecipientKind.HALL: "j",
    RecipientKind.OFFICE: "o",
}
_NO_ADDRESS: Final = "nobody@localhost.invalid"
"""Stands for an address that is not known, in a letter that is taken by hand (RFC 6761)."""


@dataclass(frozen=True, slots=True)
class LetterOffice:
    """What all letters of this house share."""

    installation: UUID
    sender: str | None
    """Its address; None where no mail server is set, and letters are taken by hand."""

    def write(self, opened: OpenLetter, base: str) -> bytes:
        """The message as a mail server takes it; `base` is the address of this house."""
        letter, meeting = opened.letter, opened.meeting
        language = letter.language
        words = invitation_words(meeting, letter.recipient, language)
        subject = subject_of(meeting, letter.recipient, letter.kind, language)
        printed = _printed(opened, words, subject, base)
        calendar = _calendar(meeting, words, printed["link"], self.installation, letter.made_at)
        pdf = Attachment(
            f"invitation-{meeting.number}.pdf", "application/pdf", _pdf(printed, opened)
        )
        return write_message(
            Message(
                id=f"{letter.id}.{self.installation.hex}",
                sender_name=words.organisation,
                sender=self.sender or _NO_ADDRESS,
                recipient_name=words.name,
                recipient=letter.address or _NO_ADDRESS,
                subject=subject,
                written_at=letter.made_at,
                language=language.value,
                text=render_letter("letter.txt", **printed),
                html=render_letter("letter.html", **printed),
                attachments=[pdf, *calendar],
            )
        )

    def print(self, opened: OpenLetter, base: str) -> bytes:
        """The same letter on paper."""
        letter, meeting = opened.letter, opened.meeting
        words = invitation_words(meeting, letter.recipient, letter.language)
        subject = subject_of(meeting, letter.recipient, letter.kind, letter.language)
        return _pdf(_printed(opened, words, subject, base), opened)


def _printed(opened: OpenLetter, words: InvitationWords, subject: str, base: str) -> dict[str, Any]:
    """Any: JSON, as `forms/letter.typ` and the templates of letters print it."""
    letter, meeting = opened.letter, opened.meeting
    kind = letter.recipient.kind

    def told(key: str) -> str:
        return say(letter.language, key)

    is_reminder = letter.kind is LetterKind.REMINDER and kind is RecipientKind.PERSON
    body = "invite.words.reminder" if is_reminder else f"invite.words.{kind}"
    is_seated = kind is RecipientKind.PERSON and not words.is_remote
    about_link = "invite.link.seated.words" if is_seated else f"invite.link.{kind}.words"
    local = letter.made_at.astimezone(ZoneInfo(host_zone(meeting)))
    return {
        "language": letter.language.value,
        "title": subject,
        "subject": words.title,
        "organisation": words.organisation,
        "date_line": day_and_year(local.date(), letter.language),
        "recipient": words.name,
        "recipient_post": words.post,
        "greeting": words.greeting,
        "paragraphs": [told(body)],
        "facts": [asdict(fact) for fact in words.facts],
        "agenda_title": told("invite.agenda"),
        "agenda": [asdict(line) for line in words.agenda],
        "link_title": told(f"invite.link.{kind}"),
        "link_words": told(about_link),
        "link": f"{base}/{_PATHS[kind]}/{opened.secret}",
        "link_warning": told("invite.link.warning"),
        "signature": words.organisation,
        "note": words.note,
    }


def _pdf(printed: dict[str, Any], opened: OpenLetter) -> bytes:  # Any: JSON
    return set_letter(printed, opened.letter.made_at)


def _calendar(
    meeting: Meeting, words: InvitationWords, link: str, installation: UUID, at: datetime
) -> list[Attachment]:
    """None for a day that is not settled."""
    if meeting.day is None:
        return []
    where = [
        fact.value for fact in words.facts if fact.name == say(words.language, "invite.fact.where")
    ]
    entry = CalendarEntry(
        uid=str(lasting_name(installation, meeting.number)),
        revision=meeting.version + len(meeting.corrections),
        changed_at=at,
        day=meeting.day,
        starts_at=meeting.starts_at,
        ends_at=_end(meeting),
        title=words.title,
        description=link,
        location="".join(where),
        contact=", ".join(filter(None, (words.organisation, meeting.contact))),
        url=link,
        language=words.language.value,
        is_cancelled=False,
    )
    return [
        Attachment(
            f"meeting-{meeting.number}.ics",
            "text/calendar",
            write_calendar(entry),
            (("charset", "utf-8"), ("method", "PUBLISH")),
        )
    ]


def _end(meeting: Meeting) -> datetime | None:
    if meeting.ends_at is not None or meeting.starts_at is None:
        return meeting.ends_at
    planned: timedelta = meeting.planned_length()
    return meeting.starts_at + planned if planned else None
