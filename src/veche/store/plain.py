"""Domain values as JSON, for the record: what was changed must be readable without the program."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import singledispatch

from veche.domain.audit import Json
from veche.domain.text import Text


@singledispatch
def plain(value: object) -> Json:
    """A frozen copy. Raises `TypeError` for what has no form in JSON: our bug."""
    if is_dataclass(value) and not isinstance(value, type):
        return {it.name: plain(getattr(value, it.name)) for it in fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in the record")


@plain.register(type(None))
@plain.register(bool)
@plain.register(int)
@plain.register(float)
def _as_it_is(value: Json) -> Json:
    return value


@plain.register
def _(value: str) -> Json:
    return str(value)  # a StrEnum becomes its word


@plain.register
def _(value: Enum) -> Json:
    return plain(value.value)


@plain.register
def _(value: datetime) -> Json:
    return value.astimezone(UTC).isoformat()


@plain.register
def _(value: date) -> Json:
    return value.isoformat()


@plain.register
def _(value: timedelta) -> Json:
    return value.total_seconds()


@plain.register
def _(value: Text) -> Json:
    return value.as_mapping()


@plain.register(Mapping)
def _object(value: Mapping[object, object]) -> Json:
    return {str(plain(key)): plain(inner) for key, inner in value.items()}


@plain.register(Sequence)
def _list(value: Sequence[object]) -> Json:
    if isinstance(value, bytes | bytearray):
        raise TypeError("bytes have no form in the record")
    return [plain(inner) for inner in value]


@plain.register(Set)
def _sorted_list(value: Set[object]) -> Json:
    return sorted(plain(inner) for inner in value)
