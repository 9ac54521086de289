"""People of the demonstration: they sign in, and only with the passwords of this start."""

from dataclasses import replace
from pathlib import Path

from tests.support.house import open_house
from tests.support.meetings import bridge_meeting
from veche.demo.staff import open_staff
from veche.domain.access import Action
from veche.domain.identity import OrganisationId
from veche.domain.meeting import Phase
from veche.services.signing_in import Visitor

VISITOR = Visitor("192.0.2.1", None, "a test")


async def test_each_start_makes_new_passwords_and_everybody_does_his_part(tmp_path: Path) -> None:
    meeting = replace(bridge_meeting(phase=Phase.ON_AIR), organisation=OrganisationId("ministry"))
    async with open_house(tmp_path) as opened:
        opened.keep(meeting)
        first = await open_staff(opened.house.accounts, meeting)
        second = await open_staff(opened.house.accounts, meeting)
        assert [it.login for it in first] == [it.login for it in second]
        assert not {it.password for it in first} & {it.password for it in second}
        may = {}
        for staff in second:
            begun = await opened.house.signing_in.sign_in(staff.login, staff.password, VISITOR)
            asker = opened.house.asking.by_session(begun.token).asker
            may[staff.login] = {
                action
                for action in (
                    Action.EDIT_MEETING,
                    Action.DIRECT_STAGE,
                    Action.WRITE_NOTES,
                    Action.GIVE_FLOOR,
                )
                if asker.may(action, meeting)
            }
    assert Action.EDIT_MEETING in may["organiser"]
    assert Action.DIRECT_STAGE in may["operator"]
    assert may["secretary"] == {Action.WRITE_NOTES}
    assert may["cochair-host"] == may["cochair-guest"] == {Action.GIVE_FLOOR}
