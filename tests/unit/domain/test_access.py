"""Single verdicts of the judge, and the refusal that each asker hears."""

import pytest

from veche.domain.access import (
    TABLE,
    Action,
    MediaSource,
    Relation,
    Role,
    require,
    sources_of,
)
from veche.domain.errors import (
    Forbidden,
    MeetingClosed,
    MeetingNotOpen,
    MeetingUnknown,
    NotOnAir,
    OutOfTurn,
    Refused,
    Unknown,
)
from veche.domain.meeting import Phase

OWN, FOREIGN = Relation.OWN, Relation.FOREIGN


@pytest.mark.parametrize(
    ("role", "action", "phase", "relation", "refusal"),
    [
        (Role.STRANGER, Action.READ_ANNOUNCEMENT, Phase.DRAFT, FOREIGN, MeetingUnknown),
        (Role.HALL, Action.READ_ANNOUNCEMENT, Phase.AGREED, OWN, MeetingUnknown),
        (Role.STRANGER, Action.READ_ANNOUNCEMENT, Phase.ANNOUNCED, FOREIGN, None),
        (Role.STRANGER, Action.WATCH, Phase.AGREED, FOREIGN, MeetingUnknown),
        (Role.STRANGER, Action.WATCH, Phase.ASSEMBLY, FOREIGN, NotOnAir),
        (Role.STRANGER, Action.WATCH, Phase.BREAK, FOREIGN, NotOnAir),
        (Role.STRANGER, Action.WATCH, Phase.ON_AIR, FOREIGN, None),
        (Role.STRANGER, Action.ENTER, Phase.ON_AIR, FOREIGN, MeetingUnknown),
        (Role.PARTICIPANT, Action.ENTER, Phase.ANNOUNCED, OWN, MeetingNotOpen),
        (Role.PARTICIPANT, Action.ENTER, Phase.ASSEMBLY, OWN, MeetingNotOpen),
        (Role.PARTICIPANT, Action.ENTER, Phase.ON_AIR, OWN, None),
        (Role.PARTICIPANT, Action.ENTER, Phase.ON_AIR, FOREIGN, MeetingUnknown),
        (Role.PARTICIPANT, Action.GIVE_FLOOR, Phase.ON_AIR, OWN, Forbidden),
        (Role.HALL, Action.ENTER_HALL, Phase.ASSEMBLY, OWN, None),
        (Role.HALL, Action.ENTER_HALL, Phase.CLOSED, OWN, MeetingClosed),
        (Role.CO_CHAIR, Action.GIVE_FLOOR, Phase.ON_AIR, OWN, None),
        (Role.CO_CHAIR, Action.GIVE_FLOOR, Phase.ANNOUNCED, OWN, OutOfTurn),
        (Role.CO_CHAIR, Action.GIVE_FLOOR, Phase.ON_AIR, FOREIGN, MeetingUnknown),
        (Role.ORGANISER, Action.EDIT_MEETING, Phase.DRAFT, OWN, None),
        (Role.ORGANISER, Action.EDIT_MEETING, Phase.DRAFT, FOREIGN, MeetingUnknown),
        (Role.ORGANISER, Action.EDIT_MEETING, Phase.ANNOUNCED, FOREIGN, MeetingUnknown),
        (Role.VIEWER, Action.EDIT_MEETING, Phase.DRAFT, OWN, Forbidden),
        (Role.ORGANISER, Action.KEEP_ACCOUNTS, None, OWN, Forbidden),
        (Role.ADMIN, Action.KEEP_ACCOUNTS, None, OWN, None),
        (Role.ADMIN, Action.KEEP_ACCOUNTS, None, FOREIGN, Unknown),
    ],
)
def test_a_verdict_is_of_role_action_phase_and_relation(
    role: Role,
    action: Action,
    phase: Phase | None,
    relation: Relation,
    refusal: type[Refused] | None,
) -> None:
    if refusal is None:
        require(role, action, phase, relation)
        return
    with pytest.raises(Refused) as refused:
        require(role, action, phase, relation)
    assert type(refused.value) is refusal


def test_every_action_has_a_rule() -> None:
    assert set(TABLE) == set(Action)


def test_who_only_watches_may_send_nothing() -> None:
    assert sources_of(Role.STRANGER) == frozenset()
    assert sources_of(Role.SPECTATOR) == frozenset()
    assert MediaSource.MICROPHONE in sources_of(Role.PARTICIPANT)
