"""Who asks: from the token of a session or the secret of a link to an `Asker`.

The only place where a secret becomes a right. It is asked anew for every request, so that an
account that is disabled or a link that is revoked bites with the next one. Guesses are counted
for each address, whichever door they are tried at.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from veche.domain.account import SEEN_STEP, USUAL_LIMITS, Account, Session, SessionLimits
from veche.domain.actor import Actor, ActorKind, Asker
from veche.domain.errors import InvitationUnknown, NotSignedIn, Unavailable
from veche.domain.invitation import SECRET_LETTERS_MAX, Invitation, hash_secret
from veche.domain.meeting import Meeting
from veche.domain.place import Place
from veche.services.attempts import Attempts, address_key
from veche.store import Database, Unit


@dataclass(frozen=True, slots=True)
class SignedIn:
    asker: Asker
    account: Account
    session: Session


@dataclass(frozen=True, slots=True)
class OpenedLink:
    invitation: Invitation
    meeting: Meeting
    place: Place


class Asking:
    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        limits: SessionLimits = USUAL_LIMITS,
    ) -> None:
        self._database = database
        self._now = now
        self._monotonic = monotonic
        self._limits = limits
        self._attempts = Attempts()

    def by_session(self, token: str, request_id: str = "") -> SignedIn:
        """Raises `NotSignedIn`: unknown, ended or idle session, disabled account."""
        now = self._now()
        with self._database.read() as unit:
            signed_in = self._signed_in(unit, hash_secret(token), now, request_id)
        if now - signed_in.session.seen_at >= SEEN_STEP:
            self._mark_seen(signed_in.session, now)
        return signed_in

    def by_link(self, secret: str, address: str, request_id: str = "") -> Asker:
        """Raises `InvitationUnknown`, `InvitationRevoked`, `InvitationExpired`."""
        return asker_of(self.open_link(secret, address), request_id)

    def open_link(self, secret: str, address: str) -> OpenedLink:
        """As `by_link`: what the link is to, and whose place it opens."""
        key = address_key(address)
        self._attempts.begin(key, self._monotonic())
        is_guess = False
        try:
            return self._opened(secret)
        except InvitationUnknown:
            # A secret that nobody was ever given; one that has ended is no guess.
            is_guess = True
            raise
        finally:
            if not is_guess:
                self._attempts.forgive(key, self._monotonic())

    def is_open(self, asker: Asker, token_hash: str) -> bool:
        """Whether what made him an asker still does: for streams that outlive their request."""
        now = self._now()
        with self._database.read() as unit:
            if asker.actor.kind is ActorKind.ACCOUNT:
                try:
                    self._signed_in(unit, token_hash, now, "")
                except NotSignedIn:
                    return False
                return True
            invitation = unit.invitations.find(token_hash)
            return invitation is not None and invitation.is_open(now)

    def _signed_in(self, unit: Unit, token_hash: str, now: datetime, request_id: str) -> SignedIn:
        session = unit.sessions.find(token_hash)
        if session is None or not session.is_open(now, self._limits):
            raise NotSignedIn
        account = unit.accounts.find(session.account)
        if account is None or account.disabled_at is not None:
            raise NotSignedIn
        assignments = unit.accounts.assignments_of(account.id)
        roles = frozenset((given.meeting, given.role.role) for given in assignments)
        return SignedIn(account.asker(roles, request_id), account, session)

    def _mark_seen(self, session: Session, now: datetime) -> None:
        try:
            with self._database.write() as unit:
                unit.sessions.mark_seen(session.id, now)
        except Unavailable:
            # Reading goes on while nothing can be written; the session ends a little earlier.
            return

    def _opened(self, secret: str) -> OpenedLink:
        if not 0 < len(secret) <= SECRET_LETTERS_MAX:
            raise InvitationUnknown
        with self._database.read() as unit:
            invitation = unit.invitations.find(hash_secret(secret))
            if invitation is None:
                raise InvitationUnknown
            invitation.require_open(self._now())
            meeting = unit.meetings.find(invitation.meeting)
        assert meeting is not None, "the store keeps no link into nothing"
        return OpenedLink(invitation, meeting, Place.opened_by(invitation, meeting))


def asker_of(opened: OpenedLink, request_id: str = "") -> Asker:
    place, meeting = opened.place, opened.meeting
    return Asker(
        actor=Actor(
            ActorKind.LINK,
            f"{meeting.number}/{place.identity}",
            place.name.in_language(meeting.language),
        ),
        role=place.role,
        meeting=meeting.number,
        side=place.side,
        participation=opened.invitation.participation,
        site=place.site,
        request_id=request_id,
    )
