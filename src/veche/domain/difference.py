"""What differs between two states of one thing: small enough to keep, plain enough to read.

A state is plain data by field. Lists whose members carry an `id` are compared member by
member, so that one person who moved up is not told as everybody having changed, and a record
of one corrected post does not hold a thousand people.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from veche.domain.audit import Json

State = dict[str, Json]
_LANGUAGES: Final = frozenset({"be", "ru", "en"})


class Change(NamedTuple):
    """One leaf that differs; None for what was not there or is not there any more."""

    field: str
    """`roster[popkov].post`"""
    before: Json
    after: Json


def delta(before: State, after: State) -> tuple[State, State]:
    """The fields that differ, as they were and as they are; of lists, the members that do."""
    old: State = {}
    new: State = {}
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if _has_members(was) and _has_members(now):
            old[name], new[name] = _delta_of_members(was, now)
        else:
            old[name], new[name] = was, now
    return old, new


def taken_back(state: State, before: State, after: State) -> State:
    """The state before the change that `delta` has told, of the state after it."""
    back = dict(state)
    for name, was in before.items():
        if not _is_delta_of_members(was):
            back[name] = was
            continue
        members = {member["id"]: member for member in state[name]}
        added = set(after[name]["members"]) - set(was["members"])
        members = {key: it for key, it in members.items() if key not in added} | was["members"]
        # Whoever came after that change stays, behind those who were there.
        order = dict.fromkeys([*(key for key in was["order"] if key in members), *members])
        back[name] = [members[key] for key in order]
    return back


def changes(before: State, after: State) -> Iterator[Change]:
    """Leaf by leaf, of two states or of the two sides of a `delta`."""
    for name in dict.fromkeys([*before, *after]):
        yield from _changes(name, before.get(name), after.get(name))


def _changes(at: str, before: Json, after: Json) -> Iterator[Change]:
    if before == after:
        return
    if _is_delta_of_members(before) and _is_delta_of_members(after):
        yield from _changes_of_members(at, before, after)
    elif _has_members(before) and _has_members(after):
        yield from _changes_of_members(at, *_delta_of_members(before, after))
    elif _is_object(before) and _is_object(after):
        for key in dict.fromkeys([*before, *after]):
            yield from _changes(f"{at}.{key}", before.get(key), after.get(key))
    else:
        yield Change(at, before, after)


def _changes_of_members(at: str, before: State, after: State) -> Iterator[Change]:
    for key in dict.fromkeys([*before["members"], *after["members"]]):
        was, now = before["members"].get(key), after["members"].get(key)
        where = f"{at}[{key}]"
        if was is None or now is None:
            yield Change(where, was, now)
        else:
            yield from _changes(where, was, now)
    stayed = set(before["order"]) & set(after["order"])
    orders = [[key for key in side["order"] if key in stayed] for side in (before, after)]
    if orders[0] != orders[1]:
        yield Change(f"{at}.order", *orders)


def _delta_of_members(before: Json, after: Json) -> tuple[State, State]:
    old = {member["id"]: member for member in before}
    new = {member["id"]: member for member in after}
    differing = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
    return (
        {"order": list(old), "members": {key: old[key] for key in differing if key in old}},
        {"order": list(new), "members": {key: new[key] for key in differing if key in new}},
    )


def _has_members(part: Json) -> bool:
    return isinstance(part, list) and all(isinstance(it, dict) and "id" in it for it in part)


def _is_delta_of_members(part: Json) -> bool:
    return isinstance(part, dict) and set(part) == {"order", "members"}


def _is_object(part: Json) -> bool:
    """Words in several languages are one thing to a reader: they are shown together."""
    return isinstance(part, dict) and not set(part) <= _LANGUAGES
