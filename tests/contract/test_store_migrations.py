"""The schema: every older one comes up to date with its data, a newer one is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Connection, Integer, MetaData, insert, select

from tests.support.clock import Clock
from tests.support.databases import Place
from tests.support.meetings import bridge_meeting
from veche.domain.errors import Misconfigured
from veche.domain.meeting import MeetingNumber
from veche.store import engines
from veche.store.migrations import NEWEST, STEPS, migrate, version_of
from veche.store.tables import metadata

FIRST_MEETING = Path(__file__).parents[1] / "corpus" / "schema" / "0001.sql"
"""Rows as the first release wrote them."""


@contextmanager
def _connected(place: Place) -> Iterator[Connection]:
    engine = engines.served(place.address) if place.address else engines.embedded(place.folder)
    try:
        with engine.connect().execution_options(is_write=True) as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def _reflect(connection: Connection) -> MetaData:
    made = MetaData()
    made.reflect(connection)
    return made


def _make_older(place: Place, version: int, clock: Clock) -> MetaData:
    """A database as a release with this schema left it, one row in every table."""
    with _connected(place) as connection:
        migrate(connection, clock.now, up_to=version)
        made = _reflect(connection)
        for table in made.sorted_tables:
            # One value for all columns of a type satisfies every foreign key.
            row = {column.name: _sample(column) for column in table.columns}
            if table.name not in ("schema_version", "audit_head"):
                connection.execute(insert(table).values(row))
    return made


def _sample(column: Column[Any]) -> object:  # Any: of any type
    if column.name == "open_place":
        return None  # a speech that has ended holds no place: the table checks it
    if isinstance(column.type, JSON):
        return {"ru": "Нарада"}
    return 67 if isinstance(column.type, Integer) else "2026-04-01"


@pytest.mark.parametrize("version", range(1, NEWEST))
def test_an_older_database_comes_up_to_date_and_keeps_its_rows(
    place: Place, clock: Clock, version: int
) -> None:
    before = _make_older(place, version, clock)
    place.open(clock.now).close()
    with _connected(place) as connection:
        assert version_of(connection) == NEWEST
        now = {table.name: table.columns for table in _reflect(connection).sorted_tables}
        for table in before.sorted_tables:
            if table.name not in ("schema_version", "audit_head"):
                stays = [column for column in table.columns if column.name in now[table.name]]
                kept = connection.execute(select(*stays)).one()._asdict()
                assert kept == {column.name: _sample(column) for column in stays}


def test_a_meeting_of_the_first_release_is_read_by_this_one(place: Place, clock: Clock) -> None:
    with _connected(place) as connection:
        migrate(connection, clock.now, up_to=1)
        for statement in FIRST_MEETING.read_text("utf-8").split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
    with place.open(clock.now) as database, database.read() as unit:
        found = unit.meetings.find(MeetingNumber(67))
    assert found is not None
    assert found.title == bridge_meeting().title
    assert [person.id for person in found.roster] == [it.id for it in bridge_meeting().roster]
    planned = [(item.kind, item.title, item.length) for item in found.agenda]
    assert planned == [(item.kind, item.title, item.length) for item in bridge_meeting().agenda]


def test_a_schema_from_the_future_refuses_the_start_in_words(place: Place, clock: Clock) -> None:
    with place.open(clock.now) as database, database.write() as unit:
        unit.meetings._connection.execute(
            insert(metadata.tables["schema_version"]).values(
                version=NEWEST + 1, applied_at=clock.now()
            )
        )
    with pytest.raises(Misconfigured, match="newer veche") as refused:
        place.open(clock.now)
    assert refused.value.problems[0][0] == ("database.url" if place.address else "data")


def test_a_start_that_fails_half_way_leaves_the_schema_as_it_was(
    place: Place, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = (*STEPS[-1], "INSERT INTO half VALUES (1)")
    monkeypatch.setattr("veche.store.migrations.STEPS", (*STEPS[:-1], broken))
    with pytest.raises(Exception, match="half"):
        place.open(clock.now)
    with _connected(place) as connection:
        assert version_of(connection) == 0
        assert _reflect(connection).tables == {}


def test_the_migrations_make_the_tables_that_the_program_believes_in(
    place: Place, clock: Clock
) -> None:
    place.open(clock.now).close()
    with _connected(place) as connection:
        made = _reflect(connection)
    assert _shape(made) == _shape(metadata)


def _shape(schema: MetaData) -> dict[str, dict[str, tuple[str, bool, bool]]]:
    return {
        table.name: {
            column.name: (_type(str(column.type)), bool(column.nullable), column.primary_key)
            for column in table.columns
        }
        for table in schema.tables.values()
    }


def _type(told: str) -> str:
    return told.removesuffix(' COLLATE "C"')
