"""Which of his roles an asker has where."""

from dataclasses import replace

import pytest

from tests.support.meetings import bridge_meeting
from veche.domain.access import Action, Role
from veche.domain.actor import Actor, ActorKind, Asker
from veche.domain.errors import Forbidden, MeetingNotOpen, MeetingUnknown, Unknown
from veche.domain.meeting import Meeting, MeetingNumber, OrganisationId, Phase

MINISTRY, REGION = OrganisationId("ministry"), OrganisationId("region")


def _meeting(phase: Phase, owner: OrganisationId | None = MINISTRY) -> Meeting:
    return replace(bridge_meeting(phase=phase), organisation=owner)


def _account(role: Role, organisation: OrganisationId | None = MINISTRY) -> Asker:
    return Asker(Actor(ActorKind.ACCOUNT, "a-1", "Anna"), role, organisation)


def _link(role: Role, meeting: int) -> Asker:
    actor = Actor(ActorKind.LINK, "person-popkov", "Popkov")
    return Asker(actor, role, meeting=MeetingNumber(meeting))


def test_staff_plans_the_meetings_of_its_organisation_and_no_others() -> None:
    organiser = _account(Role.ORGANISER)
    organiser.require(Action.EDIT_MEETING, _meeting(Phase.DRAFT))
    with pytest.raises(MeetingUnknown):
        organiser.require(Action.EDIT_MEETING, _meeting(Phase.DRAFT, REGION))


def test_a_meeting_of_nobody_is_not_that_of_an_account_of_nobody() -> None:
    with pytest.raises(MeetingUnknown):
        _account(Role.ADMIN, None).require(Action.READ_MEETING, _meeting(Phase.DRAFT, None))


def test_an_assignment_gives_one_role_in_one_meeting_of_another_organisation() -> None:
    number = MeetingNumber(67)
    guest = replace(
        _account(Role.ORGANISER, REGION), assignments=frozenset({(number, Role.CO_CHAIR)})
    )
    guest.require(Action.GIVE_FLOOR, _meeting(Phase.ON_AIR))
    with pytest.raises(Forbidden):
        guest.require(Action.EDIT_MEETING, _meeting(Phase.DRAFT))
    with pytest.raises(MeetingUnknown):
        guest.require(Action.GIVE_FLOOR, replace(_meeting(Phase.ON_AIR), number=MeetingNumber(68)))


def test_a_link_opens_its_meeting_only_whatever_the_organisation() -> None:
    _link(Role.PARTICIPANT, 67).require(Action.ENTER, _meeting(Phase.ON_AIR, None))
    with pytest.raises(MeetingNotOpen):
        _link(Role.PARTICIPANT, 67).require(Action.ENTER, _meeting(Phase.ANNOUNCED))
    with pytest.raises(MeetingUnknown):
        _link(Role.PARTICIPANT, 68).require(Action.ENTER, _meeting(Phase.ON_AIR))


def test_the_administrator_of_the_house_keeps_everybodys_accounts_and_nobodys_meetings() -> None:
    _account(Role.ADMIN, None).require_over(Action.KEEP_ACCOUNTS, REGION)
    _account(Role.ADMIN).require_over(Action.KEEP_ACCOUNTS, MINISTRY)
    with pytest.raises(Unknown):
        _account(Role.ADMIN).require_over(Action.KEEP_ACCOUNTS, REGION)
    with pytest.raises(MeetingUnknown):
        _account(Role.ADMIN, None).require(Action.EDIT_MEETING, _meeting(Phase.DRAFT))


def test_what_may_be_shown_is_what_would_be_allowed() -> None:
    assert _account(Role.VIEWER).may(Action.READ_MEETING, _meeting(Phase.DRAFT))
    assert not _account(Role.VIEWER).may(Action.EDIT_MEETING, _meeting(Phase.DRAFT))
    assert not Asker.stranger().may(Action.READ_MEETING, _meeting(Phase.ON_AIR))
