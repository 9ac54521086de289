"""What the secretary writes while the meeting goes on, item by item and field by field.

Names, posts and times are in the log and are not written here. Each field has a version of its
own: two who write different fields do not meet, and of two who write the same the second sees
what the first has written.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from veche.domain.meeting import ParticipationId, SideId
from veche.domain.rundown import Position

WORDS_LETTERS_MAX: Final = 20_000
"""Ten pages about one item."""
ASSIGNMENTS_MAX: Final = 100


class NoteField(StrEnum):
    HEARD = "heard"
    SPOKE = "spoke"
    DECIDED = "decided"
    """A line is a clause. Empty with `is_settled` says that there is no decision."""
    ASSIGNMENTS = "assignments"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is to do what until when; what is not known yet is written later."""

    words: str
    owners: str = ""
    participation: ParticipationId | None = None
    side: SideId | None = None
    due: date | None = None
    clause: int | None = None
    """Line of the decision it follows from, 1 for the first."""


@dataclass(frozen=True, slots=True)
class ItemNote:
    """One field of one item."""

    position: Position
    field: NoteField
    version: int
    """0: nobody has written it."""
    words: str
    is_settled: bool
    """Left empty on purpose."""
    assignments: tuple[Assignment, ...]
    by: str
    at: datetime | None
