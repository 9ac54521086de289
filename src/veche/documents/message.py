"""A letter as a message of Internet mail: text, HTML, a PDF and a calendar entry in one.

The form is that of RFC 5322 and MIME, made by the standard library, which folds and encodes.
No word of anybody reaches a header raw: a header is one line, whatever is asked of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    """In ASCII; ours, never somebody's."""
    media_type: str
    content: bytes
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    """Of the message: the same letter has the same, so that a copy is known as one."""
    sender_name: str
    sender: str
    recipient_name: str
    recipient: str
    subject: str
    written_at: datetime
    language: str
    text: str
    html: str
    attachments: Sequence[Attachment]


def write_message(message: Message) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _mailbox(message.sender_name, message.sender)
    mail["To"] = _mailbox(message.recipient_name, message.recipient)
    mail["Subject"] = _one_line(message.subject)
    mail["Date"] = format_datetime(message.written_at)
    mail["Message-ID"] = f"<{message.id}@{message.sender.partition('@')[2]}>"
    # No vacation notices in return (RFC 3834), and no copies in other people's programs.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    for attachment in message.attachments:
        main, _, sub = attachment.media_type.partition("/")
        mail.add_attachment(
            attachment.content,
            maintype=main,
            subtype=sub,
            filename=attachment.name,
            params=dict(attachment.parameters),
        )
    # Last: whatever sets a content clears the headers about the content before.
    mail["Content-Language"] = message.language
    return mail.as_bytes()


def _mailbox(name: str, address: str) -> Address:
    return Address(display_name=_one_line(name), addr_spec=address)


def _one_line(words: str) -> str:
    """Text has no controls already; a paragraph mark of Unicode is a line end to some programs.

    What looks like an encoded word (RFC 2047) would be decoded, a line end in it too.
    """
    visible = "".join(letter if letter.isprintable() else " " for letter in words)
    return " ".join(visible.replace("=?", "= ?").split())
