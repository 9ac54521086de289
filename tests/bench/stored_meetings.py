"""A database with ten thousand announced meetings, made in seconds.

One is kept by the store itself; the others are its rows under other numbers and days, so that
what is measured reads what the store writes.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from veche.demo.meeting import demo_meeting
from veche.domain.phases import Phase
from veche.store import Database, Unit, tables

PARTS = (
    tables.sides,
    tables.sites,
    tables.participations,
    tables.agenda_items,
    tables.corrections,
)
FIRST_DAY = date(2010, 1, 1)
CHUNK = 500


def store_meetings(folder: Path, numbers: range, phase: Phase) -> None:
    """A meeting for each number, a day apart."""
    with Database.open(folder, lambda: datetime.now(UTC)) as database, database.write() as unit:
        unit.meetings.put(replace(demo_meeting(), phase=Phase.ANNOUNCED))
        for first in range(0, len(numbers), CHUNK):
            _copy(unit, numbers[first : first + CHUNK], phase)


def _copy(unit: Unit, numbers: range, phase: Phase) -> None:
    connection = unit.meetings._connection
    model = demo_meeting().number
    wanted = [number for number in numbers if number != model]
    head = connection.execute(
        select(tables.meetings).where(tables.meetings.c.number == model)
    ).one()
    rows: list[dict[str, Any]] = [
        {
            **head._asdict(),
            "number": number,
            "day": FIRST_DAY + timedelta(days=number),
            "phase": phase,
        }
        for number in wanted
    ]
    connection.execute(insert(tables.meetings), rows)
    for table in PARTS:
        parts = connection.execute(select(table).where(table.c.meeting == model)).all()
        connection.execute(
            insert(table),
            [{**part._asdict(), "meeting": number} for number in wanted for part in parts],
        )
