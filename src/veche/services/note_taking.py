"""Writing down what is said and decided: each field by itself, in the order of its versions."""

from collections.abc import Callable
from datetime import datetime

from veche.domain.access import Action
from veche.domain.actor import Actor, ActorKind, Asker
from veche.domain.errors import ChangedMeanwhile, ItemUnknown, MeetingUnknown
from veche.domain.meeting import Meeting, MeetingNumber
from veche.domain.minutes import Assignment, ItemNote, NoteField
from veche.domain.rundown import Position
from veche.store import Database, Unit


class NoteTaking:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def read(self, number: MeetingNumber, asker: Asker) -> tuple[ItemNote, ...]:
        """Every field that somebody has written."""
        with self._database.read() as unit:
            asker.require(Action.FOLLOW_CONDUCT, _meeting(unit, number))
            return unit.notes.of_meeting(number)

    def write(
        self,
        number: MeetingNumber,
        asker: Asker,
        position: Position,
        field: NoteField,
        *,
        version: int,
        words: str,
        is_settled: bool,
        assignments: tuple[Assignment, ...],
    ) -> ItemNote:
        """The field as it stands now. `version` is the one that was seen.

        Raises `ItemUnknown`, and `ChangedMeanwhile` with what another has written.
        """
        with self._database.write() as unit:
            meeting = _meeting(unit, number)
            asker.require(Action.WRITE_NOTES, meeting)
            if position > len(meeting.agenda):
                raise ItemUnknown
            current = unit.notes.find(number, position, field)
            if current.version != version:
                author = Actor(ActorKind.ACCOUNT, current.by, current.by)
                raise ChangedMeanwhile(current, author, current.at or self._now())
            note = ItemNote(
                position=position,
                field=field,
                version=version + 1,
                words=words,
                is_settled=is_settled,
                assignments=assignments,
                by=asker.actor.name,
                at=self._now(),
            )
            unit.notes.save(number, note)
            unit.audit.append(
                asker.actor,
                "write_note",
                subject=f"meeting/{number}/notes",
                at=self._now(),
                before=current,
                after=note,
                request_id=asker.request_id or None,
            )
        return note


def _meeting(unit: Unit, number: MeetingNumber) -> Meeting:
    meeting = unit.meetings.find(number)
    if meeting is None:
        raise MeetingUnknown
    return meeting
