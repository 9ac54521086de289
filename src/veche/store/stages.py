"""The log of stages: one row for each state that stood, in the order of their numbers."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from veche.domain.meeting import MeetingNumber
from veche.domain.plain import plain
from veche.domain.stage import Stage
from veche.store.tables import stages


class Stages:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last_sequence(self, meeting: MeetingNumber) -> int:
        """0 for a meeting that had none."""
        newest = select(func.max(stages.c.sequence)).where(stages.c.meeting == meeting)
        return self._connection.scalar(newest) or 0

    def append(self, meeting: MeetingNumber, stage: Stage, at: datetime) -> None:
        """Raises `sqlalchemy.exc.IntegrityError` for a sequence that is there: our bug."""
        self._connection.execute(
            insert(stages).values(
                meeting=meeting, sequence=stage.sequence, at=at, body=plain(stage)
            )
        )
