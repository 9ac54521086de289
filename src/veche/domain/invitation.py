"""A personal link: what it opens, and until when.

The secret itself is never kept: it is made once, handed out, and known here by its hash.
Public numbers open nothing, so the secret alone must carry at least 128 bits.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from veche.domain.errors import InvitationExpired, InvitationRevoked
from veche.domain.meeting import MeetingNumber, ParticipationId, SiteId

SECRET_BYTES: Final = 20
"""160 bits: 27 letters of a link, short enough to be dictated once."""
SECRET_LETTERS_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class Invitation:
    """Opens the place of a hall or of one person, never both."""

    secret_hash: str
    meeting: MeetingNumber
    site: SiteId | None = None
    participation: ParticipationId | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def __post_init__(self) -> None:
        assert (self.site is None) != (self.participation is None), "one place per invitation"

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
