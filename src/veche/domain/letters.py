"""A letter to one recipient: what it is for, whether it has left, and when to try again.

Pure. A letter holds no words: they are written when it leaves, from the meeting as it then is,
so that an hour that was moved in the meantime is not sent out wrong.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType, Self

from veche.domain.identity import MeetingNumber
from veche.domain.invitation import Recipient
from veche.domain.text import Language

LetterId = NewType("LetterId", str)

ADDRESS_LETTERS_MAX: Final = 254
"""RFC 5321, section 4.5.3.1.3, without the angle brackets."""
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
"""Between attempts: a server that greylists lets in the second or third, one that is down for a
night is met in the morning. After the last the letter has failed, 22 hours after it was due."""
REASON_LETTERS_MAX: Final = 300

# The local part as a dot-atom and the domain as host names (RFC 5322, section 3.4.1): quoted
# forms are nobody's real address here, and are where injections hide.
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


class LetterKind(StrEnum):
    INVITATION = "invitation"
    REMINDER = "reminder"


class LetterState(StrEnum):
    WAITING = "waiting"
    """For the mail server, or in the outbox for somebody who takes it by hand."""
    SENT = "sent"
    """A mail server took it over."""
    HANDED = "handed"
    """Somebody says that he has handed it over."""
    FAILED = "failed"
    DROPPED = "dropped"
    """Its link was withdrawn before it left."""


@dataclass(frozen=True, slots=True)
class Letter:
    id: LetterId
    meeting: MeetingNumber
    recipient: Recipient
    kind: LetterKind
    language: Language
    address: str | None
    """None: there is no address, it is printed or shown."""
    link_hash: str
    seed: str | None
    """What the secret of its link is made of; None once the letter has left."""
    made_at: datetime
    due_at: datetime
    state: LetterState = LetterState.WAITING
    attempts: int = 0
    left_at: datetime | None = None
    failure: str | None = None
    """What the mail server said last."""

    def left(self, state: LetterState, at: datetime) -> Self:
        return replace(self, state=state, seed=None, left_at=at, failure=None)

    def delayed(self, reason: str, at: datetime) -> Self:
        """Tried in vain: once more after a pause, or failed after the last."""
        attempts = self.attempts + 1
        if attempts > len(PAUSES):
            return replace(self, attempts=attempts).failed(reason)
        due_at = at + PAUSES[attempts - 1]
        return replace(self, attempts=attempts, due_at=due_at, failure=_told(reason))

    def failed(self, reason: str) -> Self:
        """Stays in the outbox with its link, so that it can still be handed over."""
        return replace(self, state=LetterState.FAILED, failure=_told(reason))


def is_address(written: str) -> bool:
    """An e-mail address that can stand in a header and name one mailbox."""
    return len(written) <= ADDRESS_LETTERS_MAX and _ADDRESS.fullmatch(written) is not None


def _told(reason: str) -> str:
    visible = "".join(letter if letter.isprintable() else " " for letter in reason)
    return " ".join(visible.split())[:REASON_LETTERS_MAX]
