"""Every door × everybody who may knock × every phase × own and foreign: nobody comes further
than the house means him to, and whoever may come in comes in.

What is meant is said in `tests.support.rights`, apart from the judge's own table. The judge is
overheard, so that a door that asks about something else, or asks nobody, is found as well.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp

from tests.support.databases import place_for
from tests.support.doors import (
    UNSAFE,
    Answer,
    Door,
    Verdict,
    doors_of,
    kinds_of,
    knock,
    layers_of,
    nothing_kept,
    overheard,
)
from tests.support.house import open_house
from tests.support.knockers import (
    MINISTRY,
    STRANGER,
    TITLES,
    Knocker,
    body_of,
    everybody,
    fresh,
    keep_both,
    path_of,
)
from tests.support.rights import is_meant, sentence_about
from veche.domain.access import Action, Relation
from veche.domain.phases import Phase
from veche.services.attempts import Attempts
from veche.web.doors import OPEN_TO_ALL, actions_of

TITLE: Final = TITLES[MINISTRY]
LISTS: Final = {"GET /", "GET /feed.atom"}
"""Answer always: who may not know of a meeting does not find it there."""
OF_THE_HOUSE: Final = {"POST /api/v1/directory/organisations"}
"""About no organisation that is there yet."""
NAMES_ONE_IN_ITS_BODY: Final = {"POST /api/v1/accounts", "POST /api/v1/templates"}
REFUSALS: Final = {
    "not_signed_in",
    "forbidden",
    "not_found",
    "meeting_unknown",
    "meeting_not_open",
    "meeting_closed",
    "not_on_air",
    "out_of_turn",
    "invitation_unknown",
}


def _is_asked_as(door: Door, knocker: Knocker) -> Knocker | None:
    """The knocker as this door sees him; None where it wants to be shown something else."""
    if door.name == "POST /api/v1/join" or door.takes == {"link"} or "{secret}" in door.path:
        return _at_his_own_meeting(knocker) if knocker.shows == "link" else None
    if not door.takes:
        return STRANGER
    if knocker.shows in door.takes:
        return knocker
    return STRANGER if door.takes == {"session", "link"} else None


def _at_his_own_meeting(knocker: Knocker) -> Knocker:
    """These doors have no number: a link opens the meeting that it is to."""
    return replace(
        knocker, standing=frozenset((role, Relation.OWN) for role, _ in knocker.standing)
    )


def _is_expected(door: Door, action: Action, knocker: Knocker | None, phase: Phase) -> bool:
    if knocker is None:
        return False
    if sentence_about(action).when is not None:
        return any(is_meant(role, action, phase, it) for role, it in knocker.standing)
    if knocker.home is None:
        return False
    role, relation = knocker.home
    if knocker.keeps_house and action in (Action.CREATE_MEETING, Action.EDIT_DIRECTORY):
        return False  # of no organisation, whose would they be?
    if action is Action.KEEP_ACCOUNTS and knocker.keeps_house:
        relation = Relation.OWN
    elif door.name in OF_THE_HOUSE:
        relation = Relation.FOREIGN
    elif not _names_an_object(door):
        relation = Relation.OWN
    return is_meant(role, action, None, relation)


def _names_an_object(door: Door) -> bool:
    """Of the ministry; other doors without a meeting are about the asker's own house."""
    return {"account", "entry"} & set(
        door.parameters
    ) != set() or door.name in NAMES_ONE_IN_ITS_BODY


def _faults(
    door: Door, knocker: Knocker, phase: Phase, answer: Answer, heard: list[Verdict]
) -> list[str]:
    declared = actions_of(door.name)
    # On the way some doors read what everybody may read.
    heard = [it for it in heard if it.action in declared or not _is_for_anybody(it)]
    asked = {verdict.action for verdict in heard} or set(declared)
    seen_as = _is_asked_as(door, knocker)
    expected = all(_is_expected(door, action, seen_as, phase) for action in asked)
    is_refused = answer.status in (401, 403, 404, 409) and (
        answer.code in REFUSALS or not door.path.startswith("/api/")
    )
    faults = []
    if not asked <= set(declared):
        faults.append(f"judged by {sorted(asked - set(declared))}")
    if door.name in LISTS:
        is_refused = TITLE not in answer.body.decode()
    elif expected:
        # The judge lets in; after him the rules of the meeting may still say no.
        is_let_in = not is_refused or (bool(heard) and heard[-1].is_allowed)
        if not is_let_in:
            faults.append(f"refused with {answer.status} {answer.code}")
        if not heard and not sentence_about(declared[0]).is_for_anybody:
            faults.append(f"nobody was asked, {answer.status} {answer.code}")
    if not expected:
        if not is_refused:
            faults.append(f"let in with {answer.status} {answer.code}")
        if TITLE.encode() in answer.body:
            faults.append("told the title")
    if answer.status >= 500:
        faults.append(f"failed with {answer.status}")
    return faults


def _is_for_anybody(verdict: Verdict) -> bool:
    return verdict.is_allowed and sentence_about(verdict.action).is_for_anybody


@pytest.mark.parametrize("phase", Phase)
async def test_nobody_comes_further_than_he_is_meant_to(
    phase: Phase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = []
    async with open_house(tmp_path, place=place_for("sqlite", tmp_path)) as opened:
        edge, app = layers_of(opened)
        keep_both(opened, phase)
        knockers = everybody(opened)
        with nothing_kept(opened.database, monkeypatch) as changes:
            for door in doors_of(app):
                if door.name in OPEN_TO_ALL or (_is_apart(door) and phase is not Phase.DRAFT):
                    continue
                for kind in _kinds_in(phase, door):
                    for knocker in knockers:
                        # Guesses are counted in a test of their own.
                        opened.house.asking._attempts = Attempts()
                        one = Request(door, kind, knocker, phase)
                        faults += await _knock(edge, app, one, monkeypatch, changes)
                        # What is conducted is in memory, and is begun anew.
                        app.state.house = fresh(opened) if kind else opened.house
    assert not faults, "\n".join(faults[:40])


def _kinds_in(phase: Phase, door: Door) -> list[str | None]:
    """All kinds of command on the air. Elsewhere a third of them in turn: what differs between
    phases is the judge's table, of which every cell is tested."""
    kinds = kinds_of(door)
    if phase is Phase.ON_AIR or len(kinds) == 1:
        return kinds
    return kinds[list(Phase).index(phase) % 3 :: 3]


def _is_apart(door: Door) -> bool:
    """From every meeting: its phase changes nothing."""
    return all(sentence_about(action).when is None for action in actions_of(door.name))


@dataclass(frozen=True)
class Request:
    door: Door
    kind: str | None
    knocker: Knocker
    phase: Phase


async def _knock(
    edge: ASGIApp,
    app: FastAPI,
    asked: Request,
    monkeypatch: pytest.MonkeyPatch,
    changes: list[int],
) -> list[str]:
    door, knocker, phase = asked.door, asked.knocker, asked.phase
    body, media_type = body_of(app, door, MINISTRY, knocker.secret, asked.kind)
    headers = {**knocker.headers, **({"content-type": media_type} if media_type else {})}
    changes.clear()
    with overheard(monkeypatch) as heard:
        answer = await knock(
            edge,
            door.method,
            path_of(door, MINISTRY, secret=knocker.secret or "nobodys"),
            headers,
            body,
        )
    faults = _faults(door, knocker, phase, answer, heard)
    # The record of a refusal is the one thing that a refusal writes.
    is_changed = any(count > RECORD_ROWS for count in changes)
    if is_changed and (door.method not in UNSAFE or answer.status in (401, 403, 404)):
        faults.append("changed something")
    about = f"{door.name} {asked.kind or ''} for {knocker.name} in {phase}"
    return [f"{about}: {fault}" for fault in faults]


RECORD_ROWS: Final = 2
"""The line itself, and the head of the chain."""
