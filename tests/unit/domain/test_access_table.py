"""Every cell of the table of rights against what the house means to allow."""

import pytest

from tests.support.rights import (
    BEFORE_ANYBODY_KNOWS,
    SENTENCES,
    STAFF,
    cells,
    is_meant,
)
from veche.domain.access import Action, Relation, Role, require
from veche.domain.errors import Forbidden, MeetingUnknown, Refused, Unknown

OWN_ACCOUNT = {Action.READ_OWN_ACCOUNT, Action.EDIT_OWN_ACCOUNT}


def _is_allowed(*cell: object) -> bool:
    try:
        require(*cell)  # type: ignore[arg-type]
    except Refused:
        return False
    return True


ALLOWED = {cell for cell in cells() if _is_allowed(*cell)}


@pytest.mark.parametrize("action", Action)
def test_every_action_is_in_one_sentence(action: Action) -> None:
    about = [sentence.words for sentence in SENTENCES if action in sentence.actions]
    assert len(about) == 1, about


def test_the_judge_allows_what_is_meant_and_nothing_else() -> None:
    every = list(cells())
    assert len(every) > 5_000
    meant = {cell for cell in every if is_meant(*cell)}
    assert meant - ALLOWED == set()
    assert ALLOWED - meant == set()


def test_a_stranger_may_in_a_foreign_meeting_what_everybody_may() -> None:
    of_strangers = {cell[1:] for cell in ALLOWED if cell[0] is Role.STRANGER}
    for role in Role:
        foreign = {cell[1:] for cell in ALLOWED if cell[0] is role and cell[3] is Relation.FOREIGN}
        assert foreign == {cell for cell in of_strangers if cell[2] is Relation.FOREIGN}


def test_who_only_watches_changes_nothing() -> None:
    for role in (Role.STRANGER, Role.SPECTATOR, Role.VIEWER):
        may = {cell[1] for cell in ALLOWED if cell[0] is role} - OWN_ACCOUNT
        assert all(
            action.value.startswith(("read", "list", "follow", "watch")) for action in may
        ), may


def test_an_administrator_may_whatever_an_organiser_may() -> None:
    organisers = {cell[1:] for cell in ALLOWED if cell[0] is Role.ORGANISER}
    administrators = {cell[1:] for cell in ALLOWED if cell[0] is Role.ADMIN}
    assert organisers < administrators


def test_before_the_announcement_a_meeting_is_known_to_those_who_make_it() -> None:
    makers = STAFF | {Role.OFFICE, Role.CO_CHAIR, Role.SECRETARY}
    # Who was invited early answers early; nobody else holds a link of a draft.
    makers |= {role for role, action, _, _ in ALLOWED if action is Action.ANSWER_INVITATION}
    know = {role for role, _, phase, _ in ALLOWED if phase in BEFORE_ANYBODY_KNOWS}
    assert know <= makers


def test_a_foreign_meeting_is_refused_like_one_that_does_not_exist() -> None:
    of_anybody = {action for role, action, _, _ in ALLOWED if role is Role.STRANGER}
    for role, action, phase, relation in set(cells()) - ALLOWED:
        if relation is Relation.FOREIGN and action not in of_anybody:
            with pytest.raises(Refused) as refused:
                require(role, action, phase, relation)
            assert type(refused.value) is (Unknown if phase is None else MeetingUnknown)


def test_in_ones_own_meeting_a_missing_right_is_told_as_such() -> None:
    ever = {(role, action) for role, action, _, relation in ALLOWED if relation is Relation.OWN}
    for role, action, phase, relation in set(cells()) - ALLOWED:
        if relation is Relation.OWN and (role, action) not in ever:
            with pytest.raises(Forbidden):
                require(role, action, phase, relation)
