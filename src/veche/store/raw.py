"""Rows as they lie in the tables, whatever the program makes of them: for whoever verifies."""

from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Label,
    String,
    Table,
    TypeDecorator,
    cast,
    type_coerce,
)

# Any: what a column holds depends on the table


def as_stored(table: Table) -> list[Label[Any]]:
    """The columns of a table as text and numbers."""
    return [_stored(column).label(column.name) for column in table.c]


def _stored(column: Column[Any]) -> ColumnElement[Any]:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    # JSON keeps its letters in both engines; parsed and written again it might not.
    return cast(column, String) if isinstance(kind, JSON) else type_coerce(column, kind)
