"""Agreements, one of each meeting that was ever asked about."""

from sqlalchemy import Connection, delete, insert, select

from veche.domain.agreement import Agreement
from veche.domain.meeting import MeetingNumber
from veche.store.tables import agreements


class Agreements:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, number: MeetingNumber) -> Agreement:
        """Of a meeting that nobody was asked about, one in which nothing was said."""
        kept: Agreement | None = self._connection.scalar(
            select(agreements.c.body).where(agreements.c.meeting == number)
        )
        return kept or Agreement(number)

    def put(self, agreement: Agreement) -> None:
        known = agreements.c.meeting == agreement.meeting
        self._connection.execute(delete(agreements).where(known))
        self._connection.execute(
            insert(agreements).values(meeting=agreement.meeting, body=agreement)
        )
