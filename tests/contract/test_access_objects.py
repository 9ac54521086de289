"""Two organisations, and every id in every request swapped for the other's: nothing is read,
nothing is written, and the answer is byte for byte that of an id that nobody has.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi import FastAPI

from tests.support.databases import place_for
from tests.support.doors import Answer, Door, doors_of, knock, layers_of, nothing_kept
from tests.support.house import open_house
from tests.support.knockers import (
    MEETINGS,
    MINISTRY,
    REGION,
    TITLES,
    Knocker,
    body_of,
    keep_both,
    parameters_of,
    path_of,
    staff_of,
)
from tests.support.rights import sentence_about
from veche.domain.account import GlobalRole
from veche.domain.phases import Phase
from veche.web.doors import OPEN_TO_ALL, actions_of

NOBODYS: Final = {"number": "4242"}
"""An id that nobody has, where a word will not do."""
ARE_NO_IDS: Final = {"language", "role", "position", "field"}
RECORD_ROWS: Final = 2
"""What the record of a refusal writes: the line itself, and the head of the chain."""


@dataclass(frozen=True)
class Swap:
    """One request with one id of the other organisation, and the same with one of nobody."""

    door: Door
    what: str
    path: str
    body: bytes
    path_of_nobody: str
    body_of_nobody: bytes
    media_type: str

    @property
    def name(self) -> str:
        return f"{self.door.name}, {self.what}"


def _swaps(app: FastAPI) -> Iterator[Swap]:
    for door in doors_of(app):
        if door.name in OPEN_TO_ALL or not door.takes:
            continue
        own_path = path_of(door, MINISTRY)
        own_body, media_type = body_of(app, door, MINISTRY, "")
        for name, foreign in parameters_of(door, REGION).items():
            if name not in ARE_NO_IDS:
                yield Swap(
                    door,
                    f"{{{name}}} of the other",
                    path_of(door, MINISTRY, **{name: foreign}),
                    own_body,
                    path_of(door, MINISTRY, **{name: NOBODYS.get(name, "nobody")}),
                    own_body,
                    media_type,
                )
        for place, foreign_body, nobodys in _swapped_bodies(app, door):
            yield Swap(door, place, own_path, foreign_body, own_path, nobodys, media_type)


def _swapped_bodies(app: FastAPI, door: Door) -> Iterator[tuple[str, bytes, bytes]]:
    """Bodies with one id in them changed: those that `body_of` writes for an organisation, and
    those that the shape allows besides."""
    own, media_type = body_of(app, door, MINISTRY, "")
    if media_type != "application/json":
        return
    mine, theirs = json.loads(own), json.loads(body_of(app, door, REGION, "")[0])
    theirs |= BESIDES.get(door.name, {})
    for name, value in theirs.items():
        if mine.get(name) != value and name not in FREE:
            nobodys: Any = 4242 if isinstance(value, int) else "nobody"
            yield (
                f"{name} of the other in the body",
                json.dumps(mine | {name: value}).encode(),
                json.dumps(mine | {name: nobodys}).encode(),
            )


BESIDES: Final[dict[str, dict[str, Any]]] = {
    "POST /api/v1/meetings": {
        "copy_of": MEETINGS[REGION],
        "template": "region-template",
        "series": "region-series",
    },
}
FREE: Final = {"login"}
"""Staff of a meeting may come from anywhere: co-chairs are of both sides."""


async def test_an_id_of_the_other_organisation_is_as_good_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[str] = []
    async with open_house(tmp_path, place=place_for("sqlite", tmp_path)) as opened:
        edge, app = layers_of(opened)
        keep_both(opened, Phase.DRAFT)
        # The one with the most rights in his own house.
        admin = staff_of(opened, MINISTRY, GlobalRole.ADMIN)
        swaps = list(_swaps(app))
        assert len(swaps) > 20
        with nothing_kept(opened.database, monkeypatch) as changes:
            for swap in swaps:
                changes.clear()
                swapped, nobodys = [
                    await knock(edge, swap.door.method, path, _headers(admin, swap), body)
                    for path, body in (
                        (swap.path, swap.body),
                        (swap.path_of_nobody, swap.body_of_nobody),
                    )
                ]
                faults += [f"{swap.name}: {fault}" for fault in _faults(swapped, nobodys, changes)]
    assert not faults, "\n".join(faults)


async def test_what_is_listed_is_of_ones_own_organisation(tmp_path: Path) -> None:
    async with open_house(tmp_path, place=place_for("sqlite", tmp_path)) as opened:
        edge, app = layers_of(opened)
        keep_both(opened, Phase.DRAFT)
        admin = staff_of(opened, MINISTRY, GlobalRole.ADMIN)
        for door in doors_of(app):
            is_list = door.method == "GET" and not door.parameters and "session" in door.takes
            if not is_list or all(
                sentence_about(action).is_for_anybody for action in actions_of(door.name)
            ):
                continue
            answer = await knock(edge, "GET", path_of(door, MINISTRY), admin.headers)
            assert answer.status == 200, door.name
            told = answer.body.decode()
            for word in (f'"{REGION}"}}', f':"{REGION}"', f"{REGION}-", TITLES[REGION]):
                assert word not in told, f"{door.name} tells {word}"


def _headers(knocker: Knocker, swap: Swap) -> dict[str, str]:
    media = {"content-type": swap.media_type} if swap.media_type else {}
    return {**knocker.headers, **media}


def _faults(swapped: Answer, nobodys: Answer, changes: list[int]) -> Iterator[str]:
    if swapped.status < 400:
        yield f"let in with {swapped.status}"
    if (swapped.status, swapped.body) != (nobodys.status, nobodys.body):
        yield f"{swapped.status} {swapped.body!r} and not {nobodys.status} {nobodys.body!r}"
    if TITLES[REGION].encode() in swapped.body:
        yield "told the title"
    if any(count > RECORD_ROWS for count in changes):
        yield "changed something"
