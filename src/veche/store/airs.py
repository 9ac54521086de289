"""A meeting on the air as it stands, and its speeches: one row a meeting, one row a grant.

Two rules of the floor are the table's too: one speech is open at a time, and only an answer
or a point of order may stand beside it. Whoever saves says which version he changed: of two
who changed the same one, the second is refused.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select, update

from veche.domain.air import Air
from veche.domain.floor import Floor, Grant
from veche.domain.meeting import MeetingNumber
from veche.store.tables import airs, floor_grants

_AIR: Final = TypeAdapter(Air)
_GRANT: Final = TypeAdapter(Grant)
_FIRST: Final = 1
_BESIDE: Final = 2


class AirOvertaken(Exception):
    """Another process has saved this meeting: two conduct one meeting, which is our bug."""


@dataclass(frozen=True, slots=True)
class KeptAir:
    air: Air
    version: int
    zero_at: datetime
    """Wall time at which the meeting's own clock began."""
    clock_ms: int
    """What that clock said when this was kept."""


class Airs:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, meeting: MeetingNumber) -> KeptAir | None:
        row = self._connection.execute(select(airs).where(airs.c.meeting == meeting)).one_or_none()
        if row is None:
            return None
        air = _AIR.validate_python(row.body)
        floor = replace(air.floor, grants=self._grants(meeting))
        return KeptAir(replace(air, floor=floor), row.version, row.zero_at, row.clock_ms)

    def save(self, meeting: MeetingNumber, kept: KeptAir, before: Floor) -> None:
        """Keep this in place of the version before it. `before` is the floor kept until now.

        Raises `AirOvertaken`.
        """
        without_grants = replace(kept.air, floor=replace(kept.air.floor, grants=()))
        values = {
            "version": kept.version,
            "zero_at": kept.zero_at,
            "clock_ms": kept.clock_ms,
            "body": _AIR.dump_python(without_grants, mode="json"),
        }
        if kept.version == 1:
            self._connection.execute(insert(airs).values(meeting=meeting, **values))
        else:
            changed = self._connection.execute(
                update(airs)
                .where(airs.c.meeting == meeting, airs.c.version == kept.version - 1)
                .values(values)
            )
            if changed.rowcount != 1:
                raise AirOvertaken(f"meeting {meeting} is conducted elsewhere")
        self._save_grants(meeting, kept.air.floor, before)

    def forget(self, meeting: MeetingNumber) -> None:
        """As if nobody had conducted it: for a demonstration that begins anew."""
        for table in (floor_grants, airs):
            self._connection.execute(delete(table).where(table.c.meeting == meeting))

    def _grants(self, meeting: MeetingNumber) -> tuple[Grant, ...]:
        rows = self._connection.execute(
            select(floor_grants)
            .where(floor_grants.c.meeting == meeting)
            .order_by(floor_grants.c.number)
        )
        return tuple(_GRANT.validate_python(row.body) for row in rows)

    def _save_grants(self, meeting: MeetingNumber, floor: Floor, before: Floor) -> None:
        kept = set(before.grants)
        changed = [grant for grant in floor.grants if grant not in kept]
        # What was closed gives its place free before what was opened takes it.
        for grant in sorted(changed, key=lambda it: it.is_open):
            self._save_grant(meeting, grant, floor)

    def _save_grant(self, meeting: MeetingNumber, grant: Grant, floor: Floor) -> None:
        values: dict[str, Any] = {  # Any: columns of several types
            "participation": grant.participation,
            "side": grant.side,
            "kind": grant.kind,
            "began_ms": grant.began_ms,
            "ended_ms": grant.ended_ms,
            "open_place": _place(grant, floor),
            "body": _GRANT.dump_python(grant, mode="json"),
        }
        where = (floor_grants.c.meeting == meeting, floor_grants.c.number == grant.number)
        found = self._connection.execute(update(floor_grants).where(*where).values(values))
        if found.rowcount == 0:
            self._connection.execute(
                insert(floor_grants).values(meeting=meeting, number=grant.number, **values)
            )


def _place(grant: Grant, floor: Floor) -> int | None:
    """Of two that are open the earlier has the first place."""
    if not grant.is_open:
        return None
    return _FIRST if floor.open_grants[0] == grant else _BESIDE
