"""Who of the roster has come, ticked by somebody at the door.

People in a hall have no device: that they are there is what a technician, the operator or the
secretary says, under his name. A counted group comes with a number.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from veche.domain.errors import WordsRefused
from veche.domain.meeting import ParticipationId
from veche.domain.text import Text

COUNT_MAX: Final = 10_000
NAME_LETTERS_MAX: Final = 200


class Attendance(StrEnum):
    EXPECTED = "expected"
    PRESENT = "present"
    REPLACED = "replaced"
    """Somebody else has come in his place."""
    ABSENT = "absent"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class Arrival:
    """The last word about one participation."""

    participation: ParticipationId
    attendance: Attendance
    at_ms: int
    by: str
    count: int | None = None
    """Of a group."""
    replaced_by: Text | None = None
    """Name and post of who has come instead."""

    def __post_init__(self) -> None:
        if (self.attendance is Attendance.REPLACED) != (self.replaced_by is not None):
            raise WordsRefused("replaced_by: who has come instead, and only then")
