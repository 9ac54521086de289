"""The record of changes: append-only, chained by hashes, written in the unit of the change.

A record is appended with the transaction of what it tells about, so neither exists without
the other. Nothing here edits or deletes. SHA-256 over a fixed form of every column and of the
hash before: whoever edits one record must make all later ones anew, and the head as well.
The last record of a subject also carries the seal of how the change left it (`store.seals`), so
that rows changed past the program show too.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from veche.domain.actor import Actor, ActorKind
from veche.domain.audit import AuditFault, AuditRecord, AuditVerdict
from veche.domain.plain import plain
from veche.store.raw import as_stored
from veche.store.seals import is_whole, seal_of
from veche.store.tables import audit, audit_head

PAGE_RECORDS_MAX: Final = 200
_IN_PARTS: Final = {"yield_per": 1_000}
"""Rows held in memory while the chain is walked: about a megabyte."""

Row = Any  # a result row: its columns are those of the table it was selected from


class Audit:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[dict[str, Any]] = []

    def append(
        self,
        actor: Actor,
        action: str,
        *,
        subject: str,
        at: datetime,
        before: object = None,
        after: object = None,
        request_id: str | None = None,
        refusal: str | None = None,
    ) -> None:
        """Record what was done, or with its code what was refused.

        `before` and `after` hold what differs; domain values are written as JSON. Never a secret.
        Written when the unit ends, so that the seal is of what the unit leaves; not read before.
        """
        self._waiting.append(
            {
                "at": at.astimezone(UTC),
                "actor_kind": actor.kind.value,
                "actor_id": actor.id,
                "actor_name": actor.name,
                "action": str(action),
                "subject": subject,
                "before": plain(before),
                "after": plain(after),
                "refusal": refusal,
                "request_id": request_id,
                "seal": None,
            }
        )

    def close(self) -> None:
        """Write what was appended: the last thing that a unit does."""
        if not self._waiting:
            return
        changed = {values["subject"]: values for values in self._waiting if not values["refusal"]}
        for subject, values in changed.items():
            values["seal"] = seal_of(self._connection, subject)
        head = self._connection.execute(select(audit_head)).one()
        sequence, previous = head.sequence, head.hash
        for values in self._waiting:
            sequence += 1
            values["sequence"] = sequence
            previous = values["hash"] = _hash(previous, values)
        self._connection.execute(insert(audit), self._waiting)
        self._connection.execute(update(audit_head).values(sequence=sequence, hash=previous))
        self._waiting = []

    def of_subject(
        self, subject: str, *, before_sequence: int | None = None, limit: int = PAGE_RECORDS_MAX
    ) -> list[AuditRecord]:
        """Newest first; the next page begins before the last sequence of this one."""
        wanted = select(audit).where(audit.c.subject == subject)
        if before_sequence is not None:
            wanted = wanted.where(audit.c.sequence < before_sequence)
        wanted = wanted.order_by(audit.c.sequence.desc()).limit(min(limit, PAGE_RECORDS_MAX))
        return [_record(row) for row in self._connection.execute(wanted)]

    def last_change(self, subject: str) -> AuditRecord | None:
        """The newest record of something done to the subject."""
        row = self._connection.execute(
            select(audit)
            .where(audit.c.subject == subject, audit.c.refusal.is_(None))
            .order_by(audit.c.sequence.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else _record(row)

    def verify(self) -> AuditVerdict:
        """Walk the whole chain. Each fault names the record at which it shows."""
        faults: list[AuditFault] = []
        seals: dict[str, tuple[int, str]] = {}
        sequence, previous, count = 0, "", 0
        for row in self._rows():
            if row.sequence != sequence + 1:
                gone = _span(sequence + 1, row.sequence - 1)
                faults.append(AuditFault(row.sequence, f"{gone} taken out"))
            elif row.hash != _hash(previous, _as_appended(row)):
                faults.append(AuditFault(row.sequence, f"record {row.sequence} is not as written"))
            # The stored hash leads on: one edited record is one fault, not all that follow.
            sequence, previous, count = row.sequence, row.hash, count + 1
            if row.seal is not None:
                seals[row.subject] = (row.sequence, row.seal)
        faults += self._faults_of_head(sequence, previous)
        faults += self._faults_of_subjects(seals)
        return AuditVerdict(count, previous, tuple(faults))

    def holds(self, noted: str) -> bool:
        """Whether a record with this hash is in the chain."""
        found = self._connection.execute(select(audit.c.sequence).where(audit.c.hash == noted))
        return found.first() is not None

    def _faults_of_subjects(self, seals: dict[str, tuple[int, str]]) -> Iterator[AuditFault]:
        for subject, (sequence, seal) in seals.items():
            if not is_whole(self._connection, subject, seal):
                yield AuditFault(sequence, f"{subject} is not as record {sequence} left it")

    def _faults_of_head(self, sequence: int, newest: str) -> list[AuditFault]:
        head = self._connection.execute(select(audit_head)).one_or_none()
        if head is None:
            return [AuditFault(sequence, "the head of the chain is taken out")]
        if head.sequence > sequence:
            gone = _span(sequence + 1, head.sequence)
            return [AuditFault(head.sequence, f"{gone} taken out at the end")]
        if (head.sequence, head.hash) != (sequence, newest):
            return [AuditFault(sequence, "the head of the chain is not as written")]
        return []

    def _rows(self) -> Iterator[Row]:
        every = select(*as_stored(audit)).order_by(audit.c.sequence)
        yield from self._connection.execute(every, execution_options=_IN_PARTS)


def _span(first: int, last: int) -> str:
    return f"record {first} was" if first == last else f"records {first} to {last} were"


def _hash(previous: str, values: dict[str, Any]) -> str:  # Any: columns of the table
    """Over every column but the hash itself, by name, in one fixed form of JSON."""
    told = {name: plain(values[name]) for name in audit.c.keys() if name != "hash"}  # noqa: SIM118
    form = json.dumps(
        [previous, told], sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(form.encode()).hexdigest()


def _as_appended(row: Row) -> dict[str, Any]:
    """The columns as `append` had them; what cannot be read stays the text that it is."""
    values: dict[str, Any] = row._asdict()
    for name in ("before", "after"):
        with suppress(ValueError):
            values[name] = values[name] and json.loads(values[name])
    return values


def _record(row: Row) -> AuditRecord:
    return AuditRecord(
        sequence=row.sequence,
        at=row.at,
        actor=Actor(ActorKind(row.actor_kind), row.actor_id, row.actor_name),
        action=row.action,
        subject=row.subject,
        before=row.before,
        after=row.after,
        refusal=row.refusal,
        request_id=row.request_id,
        hash=row.hash,
    )
