"""A personal link: what it opens, and until when.

The secret itself is never kept: it is made once, handed out, and known here by its hash.
Public numbers open nothing, so the secret alone must carry at least 128 bits. A letter that
waits keeps a number from which the secret is made anew, together with a key that is not beside
it: neither of the two opens anything, and the number is forgotten when the letter has left.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from veche.domain.errors import InvitationExpired, InvitationRevoked
from veche.domain.meeting import MeetingNumber, ParticipationId, SideId, SiteId

SECRET_BYTES: Final = 20
"""160 bits: 27 letters of a link, short enough to be dictated once."""
SECRET_LETTERS_MAX: Final = 64


_SEED_BYTES: Final = 20


class RecipientKind(StrEnum):
    PERSON = "person"
    HALL = "hall"
    OFFICE = "office"
    """The office of one side."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose link it is, in one meeting; `id` is of the participation, the site or the side."""

    kind: RecipientKind
    id: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """Opens the place of a hall, of one person or of the office of a side."""

    secret_hash: str
    meeting: MeetingNumber
    site: SiteId | None = None
    participation: ParticipationId | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    side: SideId | None = None

    def __post_init__(self) -> None:
        places = (self.site, self.participation, self.side)
        assert sum(place is not None for place in places) == 1, "one place per invitation"

    @classmethod
    def to(cls, recipient: Recipient, meeting: MeetingNumber, secret_hash: str) -> Self:
        match recipient.kind:
            case RecipientKind.PERSON:
                return cls(secret_hash, meeting, participation=ParticipationId(recipient.id))
            case RecipientKind.HALL:
                return cls(secret_hash, meeting, site=SiteId(recipient.id))
            case RecipientKind.OFFICE:
                return cls(secret_hash, meeting, side=SideId(recipient.id))

    @property
    def recipient(self) -> Recipient:
        if self.participation is not None:
            return Recipient(RecipientKind.PERSON, self.participation)
        if self.site is not None:
            return Recipient(RecipientKind.HALL, self.site)
        assert self.side is not None, "one place per invitation"
        return Recipient(RecipientKind.OFFICE, self.side)

    def is_open(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def require_open(self, now: datetime) -> None:
        """Raises `InvitationRevoked` or `InvitationExpired`."""
        if self.revoked_at is not None:
            raise InvitationRevoked
        if self.expires_at is not None and now >= self.expires_at:
            raise InvitationExpired


def make_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_secret(secret: str) -> str:
    """A plain hash is enough: the secret is random and long, there is nothing to guess faster."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_seed() -> str:
    """The number that a waiting letter keeps; as long as the secret that is made of it."""
    return secrets.token_hex(_SEED_BYTES)


def secret_of(key: bytes, seed: str) -> str:
    """The secret of a letter's link; HMAC-SHA256 gives one that says nothing of key and seed."""
    digest = hmac.digest(key, f"link in a letter: {seed}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:SECRET_BYTES]).rstrip(b"=").decode()
