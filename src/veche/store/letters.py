"""Letters that wait and letters that have left."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from veche.domain.identity import MeetingNumber
from veche.domain.invitation import Recipient, RecipientKind
from veche.domain.letters import Letter, LetterId, LetterKind, LetterState
from veche.domain.phases import PLANNED
from veche.domain.text import Language
from veche.store.tables import letters, meetings

Row = Any  # a result row: its columns are those of the table it was selected from


class Letters:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, known: LetterId) -> Letter | None:
        row = self._connection.execute(select(letters).where(letters.c.id == known)).one_or_none()
        return None if row is None else _letter(row)

    def of_meeting(self, number: MeetingNumber) -> list[Letter]:
        """Newest first."""
        rows = select(letters).where(letters.c.meeting == number)
        ordered = rows.order_by(letters.c.made_at.desc(), letters.c.id)
        return [_letter(row) for row in self._connection.execute(ordered)]

    def due(self, now: datetime, limit: int) -> list[Letter]:
        """With an address and waiting for the mail server, whoever waits longest first."""
        rows = select(letters).where(
            letters.c.state == LetterState.WAITING,
            letters.c.address.is_not(None),
            letters.c.due_at <= now,
        )
        ordered = rows.order_by(letters.c.due_at, letters.c.id).limit(limit)
        return [_letter(row) for row in self._connection.execute(ordered)]

    def without_reminder(self, now: datetime, until: datetime) -> list[Letter]:
        """Invitations of persons that have left, to what begins in this time, not yet repeated."""
        reminder = letters.alias("reminder")
        is_reminded = (
            select(reminder.c.id)
            .where(
                reminder.c.meeting == letters.c.meeting,
                reminder.c.recipient_kind == letters.c.recipient_kind,
                reminder.c.recipient_id == letters.c.recipient_id,
                reminder.c.kind == LetterKind.REMINDER,
            )
            .exists()
        )
        rows = (
            select(letters)
            .join(meetings, meetings.c.number == letters.c.meeting)
            .where(
                letters.c.kind == LetterKind.INVITATION,
                letters.c.recipient_kind == RecipientKind.PERSON,
                letters.c.state.in_((LetterState.SENT, LetterState.HANDED)),
                meetings.c.phase.in_(sorted(PLANNED)),
                meetings.c.starts_at > now,
                meetings.c.starts_at <= until,
                ~is_reminded,
            )
            .order_by(letters.c.made_at, letters.c.id)
        )
        return [_letter(row) for row in self._connection.execute(rows)]

    def add(self, added: Iterable[Letter]) -> None:
        rows = [_row(letter) for letter in added]
        if rows:
            self._connection.execute(insert(letters), rows)

    def put(self, letter: Letter) -> None:
        """Keep what has become of it."""
        self._connection.execute(
            update(letters).where(letters.c.id == letter.id).values(_row(letter))
        )

    def drop(self, number: MeetingNumber, recipients: Sequence[Recipient], at: datetime) -> None:
        """What has not left to these recipients will not leave any more."""
        for recipient in recipients:
            self._connection.execute(
                update(letters)
                .where(
                    letters.c.meeting == number,
                    letters.c.recipient_kind == recipient.kind,
                    letters.c.recipient_id == recipient.id,
                    letters.c.state.in_((LetterState.WAITING, LetterState.FAILED)),
                )
                .values(state=LetterState.DROPPED, seed=None, left_at=at)
            )


def _letter(row: Row) -> Letter:
    return Letter(
        id=LetterId(row.id),
        meeting=MeetingNumber(row.meeting),
        recipient=Recipient(RecipientKind(row.recipient_kind), row.recipient_id),
        kind=LetterKind(row.kind),
        language=Language(row.language),
        address=row.address,
        link_hash=row.link_hash,
        seed=row.seed,
        made_at=row.made_at,
        due_at=row.due_at,
        state=LetterState(row.state),
        attempts=row.attempts,
        left_at=row.left_at,
        failure=row.failure,
    )


def _row(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "meeting": letter.meeting,
        "recipient_kind": letter.recipient.kind.value,
        "recipient_id": letter.recipient.id,
        "kind": letter.kind.value,
        "language": letter.language.value,
        "address": letter.address,
        "link_hash": letter.link_hash,
        "seed": letter.seed,
        "made_at": letter.made_at,
        "due_at": letter.due_at,
        "state": letter.state.value,
        "attempts": letter.attempts,
        "left_at": letter.left_at,
        "failure": letter.failure,
    }
