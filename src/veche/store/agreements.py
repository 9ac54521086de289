"""Agreements, one of each meeting that was ever asked about."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from veche.domain.agreement import Agreement
from veche.domain.meeting import MeetingNumber
from veche.store.tables import agreements


class Agreements:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, number: MeetingNumber) -> Agreement:
        """Of a meeting that nobody was asked about, one in which nothing was said."""
        return self.of_numbers([number])[number]

    def of_numbers(self, numbers: Sequence[MeetingNumber]) -> dict[MeetingNumber, Agreement]:
        """As `of`, for each of them."""
        chosen = select(agreements.c.body).where(agreements.c.meeting.in_(numbers))
        kept: dict[MeetingNumber, Agreement] = {
            agreement.meeting: agreement for agreement in self._connection.scalars(chosen)
        }
        return {number: kept.get(number) or Agreement(number) for number in numbers}

    def put(self, agreement: Agreement) -> None:
        known = agreements.c.meeting == agreement.meeting
        self._connection.execute(delete(agreements).where(known))
        self._connection.execute(
            insert(agreements).values(meeting=agreement.meeting, body=agreement)
        )
