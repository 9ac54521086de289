"""Who changed what in a meeting, and taking a change of a step back."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from veche.domain.access import Action
from veche.domain.actor import Asker
from veche.domain.audit import AuditRecord
from veche.domain.difference import Change, changes, taken_back
from veche.domain.errors import FieldsRefused
from veche.domain.meeting import Meeting, MeetingNumber, Step
from veche.domain.plain import field_from_plain
from veche.services.planning import Planning, subject_of, told
from veche.store import Database

PAGE_RECORDS: Final = 50
STEPS_BACK_MAX: Final = 100
"""Changes of one step that can be taken back at once: a day of an office."""
_ABOUT: Final = frozenset({"version", "phase", "step"})
"""What a record says besides the fields that were saved."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record, as a person reads it."""

    sequence: int
    at: datetime
    by: str
    action: str
    refusal: str | None
    step: Step | None
    version: int | None
    changes: tuple[Change, ...]


class History:
    def __init__(self, database: Database, planning: Planning) -> None:
        self._database = database
        self._planning = planning

    def page(self, asker: Asker, number: MeetingNumber, before: int | None) -> list[Entry]:
        """Newest first; the next page begins before the last sequence of this one."""
        self._planning.read(asker, number)
        with self._database.read() as unit:
            records = unit.audit.of_subject(
                subject_of(number), before_sequence=before, limit=PAGE_RECORDS
            )
        return [_entry(record) for record in records]

    def take_back(
        self, asker: Asker, number: MeetingNumber, step: Step, version: int, since: int | None
    ) -> Meeting:
        """Save the step as it was before its last change, or before the record `since`.

        What it was then is saved as a new version, so that this can be taken back as well.
        """
        meeting = self._planning.read(asker, number)
        asker.require(Action.EDIT_MEETING, meeting)
        records = self._changes_of(number, step, since)
        if not records:
            raise FieldsRefused({"since" if since is not None else "step": "nothing_to_take_back"})

        def edit(current: Meeting) -> Meeting:
            state = told(current, step)
            for record in records:
                state = taken_back(state, _fields(record.before), _fields(record.after))
            values = {name: field_from_plain(Meeting, name, state[name]) for name in state}
            return replace(current, **values)

        return self._planning.save(asker, number, step, version, edit)

    def _changes_of(
        self, number: MeetingNumber, step: Step, since: int | None
    ) -> list[AuditRecord]:
        """Saved changes of the step, newest first, back to the wanted one."""
        found: list[AuditRecord] = []
        before: int | None = None
        while len(found) < STEPS_BACK_MAX:
            with self._database.read() as unit:
                records = unit.audit.of_subject(subject_of(number), before_sequence=before)
            for record in records:
                if record.refusal is None and (record.after or {}).get("step") == step:
                    found.append(record)
                    if since is None or record.sequence == since:
                        return found
            if not records:
                return [] if since is not None else found
            before = records[-1].sequence
        return []


def _entry(record: AuditRecord) -> Entry:
    after = record.after if isinstance(record.after, dict) else {}
    step = after.get("step")
    return Entry(
        sequence=record.sequence,
        at=record.at,
        by=record.actor.name,
        action=record.action,
        refusal=record.refusal,
        step=Step(step) if step else None,
        version=after.get("version"),
        changes=tuple(changes(_fields(record.before), _fields(record.after))) if step else (),
    )


def _fields(state: Any) -> dict[str, Any]:  # Any: what the record holds
    return {name: value for name, value in (state or {}).items() if name not in _ABOUT}
