"""Accounts of the staff, their sessions, and what a password must be.

Owns the rules and no secret: passwords and session tokens are known here by hashes that
others make. An account is never deleted, it is disabled: the audit keeps naming it.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType, Self

from veche.domain.access import Role
from veche.domain.actor import Actor, ActorKind, Asker
from veche.domain.errors import FieldsRefused
from veche.domain.meeting import MeetingNumber, OrganisationId
from veche.domain.text import Language

AccountId = NewType("AccountId", str)
SessionId = NewType("SessionId", str)
"""Public to its owner; opens nothing."""

LOGIN_LETTERS_MAX: Final = 64
NAME_LETTERS_MAX: Final = 120
PASSWORD_LETTERS_MIN: Final = 12
"""NIST SP 800-63B asks for 8, and for 15 where nothing else protects; guessing is limited too."""
PASSWORD_LETTERS_MAX: Final = 256
"""A passphrase fits; a hash of more would be work for a stranger."""
PASSWORD_DIFFERENT_LETTERS_MIN: Final = 5

IDLE_MAX: Final = timedelta(hours=4)
"""A ceremony with a break fits; an office left for the evening does not."""
SESSION_MAX: Final = timedelta(hours=14)
"""One working day with a meeting at its end."""
SESSIONS_MAX: Final = 20
"""Of one account; the one unseen longest ends when another begins."""
SEEN_STEP: Final = timedelta(minutes=1)
"""How exactly the last use of a session is known: a write a minute, not one a request."""

_LOGIN: Final = re.compile(r"[\w.@+\-]+")


class GlobalRole(StrEnum):
    """What staff may be in its organisation."""

    ADMIN = Role.ADMIN.value
    ORGANISER = Role.ORGANISER.value
    OPERATOR = Role.OPERATOR.value
    VIEWER = Role.VIEWER.value

    @property
    def role(self) -> Role:
        return Role(self.value)


class MeetingRole(StrEnum):
    """What an account may be assigned to be in one meeting."""

    CO_CHAIR = Role.CO_CHAIR.value
    SECRETARY = Role.SECRETARY.value
    OPERATOR = Role.OPERATOR.value
    TECHNICIAN = Role.TECHNICIAN.value

    @property
    def role(self) -> Role:
        return Role(self.value)


@dataclass(frozen=True, slots=True)
class OpenIdSubject:
    """Whom a provider calls by this name; never an e-mail, which is given to others in time."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Account:
    id: AccountId
    login: str
    name: str
    role: GlobalRole
    organisation: OrganisationId | None
    language: Language | None = None
    subject: OpenIdSubject | None = None
    disabled_at: datetime | None = None
    version: int = 1

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.ACCOUNT, self.id, self.name)

    def asker(
        self, assignments: frozenset[tuple[MeetingNumber, Role]], request_id: str = ""
    ) -> Asker:
        return Asker(
            actor=self.actor,
            role=self.role.role,
            organisation=self.organisation,
            assignments=assignments,
            request_id=request_id,
        )


@dataclass(frozen=True, slots=True)
class Assignment:
    meeting: MeetingNumber
    account: AccountId
    role: MeetingRole


@dataclass(frozen=True, slots=True)
class Session:
    id: SessionId
    token_hash: str
    account: AccountId
    began_at: datetime
    seen_at: datetime
    device: str
    """What the browser calls itself, for its owner to recognise it."""

    def is_open(self, now: datetime, limits: "SessionLimits") -> bool:
        return now < self.began_at + limits.longest and now < self.seen_at + limits.idle


@dataclass(frozen=True, slots=True)
class SessionLimits:
    idle: timedelta
    longest: timedelta


USUAL_LIMITS: Final = SessionLimits(IDLE_MAX, SESSION_MAX)


@dataclass(frozen=True, slots=True)
class Login:
    """A login in its one form: letters of any alphabet, small, composed."""

    value: str

    @classmethod
    def parse(cls, written: str) -> Self:
        """Raises `FieldsRefused`."""
        value = unicodedata.normalize("NFKC", written).strip().casefold()
        if not 2 <= len(value) <= LOGIN_LETTERS_MAX or not _LOGIN.fullmatch(value):
            raise FieldsRefused({"login": "letters, digits and . @ + - _, two to sixty-four"})
        return cls(value)


def parse_name(written: str) -> str:
    """How a person is shown. Raises `FieldsRefused`."""
    name = " ".join(written.split())
    if not 1 <= len(name) <= NAME_LETTERS_MAX or not name.isprintable():
        raise FieldsRefused({"name": f"one to {NAME_LETTERS_MAX} printable letters"})
    return name


def require_good_password(password: str, login: Login) -> None:
    """Length is what counts; no rule of digits and signs. Raises `FieldsRefused`."""
    reason = None
    if len(password) < PASSWORD_LETTERS_MIN:
        reason = f"at least {PASSWORD_LETTERS_MIN} letters"
    elif len(password) > PASSWORD_LETTERS_MAX:
        reason = f"at most {PASSWORD_LETTERS_MAX} letters"
    elif len(set(password)) < PASSWORD_DIFFERENT_LETTERS_MIN:
        reason = f"at least {PASSWORD_DIFFERENT_LETTERS_MIN} different letters"
    elif login.value in password.casefold():
        reason = "must not hold the login"
    if reason is not None:
        raise FieldsRefused({"password": reason})
