"""Values of the domain as plain data (what JSON can hold), there and back.

For the record of changes, for templates and for what an office has accepted: things that are
kept whole, compared, and readable without the program. A value of an unknown type is a bug
here, never written as its `repr`.
"""

import types
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache, singledispatch
from typing import Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from veche.domain.audit import Json
from veche.domain.text import Text

Value = TypeVar("Value")


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


# Any, from here on: types are looked at, and what they make is of them.
def from_plain(kind: type[Value], written: Json) -> Value:
    """The value again. Fields that were added since take their defaults."""
    made: Value = _made(kind, written)
    return made


def field_from_plain(kind: type, name: str, written: Json) -> Any:
    """The value of one field of a dataclass."""
    return _made(hints_of(kind)[name], written)


def _made(kind: Any, written: Json) -> Any:
    origin = get_origin(kind)
    if kind is Any or origin is dict:
        return written
    if isinstance(kind, NewType):
        return _made(kind.__supertype__, written)
    if origin in (Union, types.UnionType):
        if written is None:
            return None
        (inner,) = (option for option in get_args(kind) if option is not type(None))
        return _made(inner, written)
    if origin is tuple:
        return tuple(_made(get_args(kind)[0], part) for part in written)
    return _scalar(kind, written)


def _scalar(kind: Any, written: Json) -> Any:
    if kind is Text:
        return Text.parse(written)
    if kind in (datetime, date):
        return kind.fromisoformat(written)
    if kind is timedelta:
        return timedelta(seconds=written)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = hints_of(kind)
        return kind(
            **{name: _made(hints[name], written[name]) for name in hints if name in written}
        )
    return kind(written)


@cache
def hints_of(kind: Any) -> dict[str, Any]:
    """Types of the fields of a dataclass, in their order."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
