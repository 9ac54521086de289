"""Personal links by the hash of their secret."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from veche.domain.invitation import Invitation, Recipient, RecipientKind
from veche.domain.meeting import MeetingNumber, ParticipationId, SideId, SiteId
from veche.store.tables import invitations

Row = Any  # a result row: its columns are those of the table it was selected from


class Invitations:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, secret_hash: str) -> Invitation | None:
        row = self._connection.execute(
            select(invitations).where(invitations.c.secret_hash == secret_hash)
        ).one_or_none()
        return None if row is None else _invitation(row)

    def of_meeting(self, number: MeetingNumber) -> list[Invitation]:
        rows = select(invitations).where(invitations.c.meeting == number)
        return [_invitation(row) for row in self._connection.execute(rows)]

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
                side=invitation.side,
            )
        )

    def revoke(self, secret_hash: str, at: datetime) -> None:
        """From this moment the link opens nothing; the first revocation keeps its time."""
        self._connection.execute(
            update(invitations)
            .where(invitations.c.secret_hash == secret_hash, invitations.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )

    def revoke_all_of(self, number: MeetingNumber, recipient: Recipient, at: datetime) -> None:
        """All links to one place: of the letter, of its reminders, of what was dictated."""
        column = _COLUMNS[recipient.kind]
        self._connection.execute(
            update(invitations)
            .where(
                invitations.c.meeting == number,
                column == recipient.id,
                invitations.c.revoked_at.is_(None),
            )
            .values(revoked_at=at)
        )


_COLUMNS: Final = {
    RecipientKind.PERSON: invitations.c.participation,
    RecipientKind.HALL: invitations.c.site,
    RecipientKind.OFFICE: invitations.c.side,
}


def _invitation(row: Row) -> Invitation:
    return Invitation(
        secret_hash=row.secret_hash,
        meeting=MeetingNumber(row.meeting),
        site=None if row.site is None else SiteId(row.site),
        participation=None if row.participation is None else ParticipationId(row.participation),
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        side=None if row.side is None else SideId(row.side),
    )
