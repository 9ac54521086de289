"""What differs between two states of one thing, told so that a person can read it."""

from collections.abc import Iterator

from veche.domain.audit import Json


def differences(before: Json, after: Json, at: str = "") -> Iterator[tuple[str, Json, Json]]:
    """Leaves that differ: where, what was there, what is there; None for nothing.

    Members of a list that carry an `id` are compared with the one of the same id, so that one
    who moved up is not told as everybody having changed.
    """
    if isinstance(before, dict) and isinstance(after, dict) and not (_is_words(before, after)):
        for key in dict.fromkeys([*before, *after]):
            yield from differences(
                before.get(key), after.get(key), f"{at}.{key}" if at else str(key)
            )
    elif _is_of_members(before) and _is_of_members(after) and (before or after):
        yield from _differences_of_members(before, after, at)
    elif before != after:
        yield at, before, after


def _differences_of_members(
    before: list[Json], after: list[Json], at: str
) -> Iterator[tuple[str, Json, Json]]:
    old = {member["id"]: member for member in before}
    new = {member["id"]: member for member in after}
    for key in dict.fromkeys([*old, *new]):
        where = f"{at}[{key}]"
        if key in old and key in new:
            yield from differences(old[key], new[key], where)
        else:
            yield where, old.get(key), new.get(key)
    order_before = [key for key in old if key in new]
    order_after = [key for key in new if key in old]
    if order_before != order_after:
        yield f"{at}.order", order_before, order_after


def _is_of_members(part: Json) -> bool:
    return isinstance(part, list) and all(isinstance(it, dict) and "id" in it for it in part)


def _is_words(before: dict[str, Json], after: dict[str, Json]) -> bool:
    """Words of several languages are one thing to a reader: they are shown together."""
    return all(key in ("be", "ru", "en") for key in (*before, *after))
