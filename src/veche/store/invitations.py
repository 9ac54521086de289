"""Personal links by the hash of their secret."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from veche.domain.invitation import Invitation
from veche.domain.meeting import MeetingNumber, ParticipationId, SiteId
from veche.store.tables import invitations


class Invitations:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, secret_hash: str) -> Invitation | None:
        row = self._connection.execute(
            select(invitations).where(invitations.c.secret_hash == secret_hash)
        ).one_or_none()
        if row is None:
            return None
        return Invitation(
            secret_hash=row.secret_hash,
            meeting=MeetingNumber(row.meeting),
            site=None if row.site is None else SiteId(row.site),
            participation=None if row.participation is None else ParticipationId(row.participation),
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )

    def put(self, invitation: Invitation) -> None:
        """Keep it, in place of one with the same secret."""
        self._connection.execute(
            delete(invitations).where(invitations.c.secret_hash == invitation.secret_hash)
        )
        self._connection.execute(
            insert(invitations).values(
                secret_hash=invitation.secret_hash,
                meeting=invitation.meeting,
                site=invitation.site,
                participation=invitation.participation,
                expires_at=invitation.expires_at,
                revoked_at=invitation.revoked_at,
            )
        )

    def revoke(self, secret_hash: str, at: datetime) -> None:
        """From this moment the link opens nothing; the first revocation keeps its time."""
        self._connection.execute(
            update(invitations)
            .where(invitations.c.secret_hash == secret_hash, invitations.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )
