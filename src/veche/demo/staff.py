"""People of the demonstration who sign in, with a new password at every start.

They are of the organisation whose meeting it is, and the guest's co-chair of none: what he may
he may by his assignment to the meeting.
"""

from dataclasses import dataclass
from typing import Final

from veche.domain.access import Role
from veche.domain.account import GlobalRole, MeetingRole
from veche.domain.actor import HOUSE, Asker
from veche.domain.identity import OrganisationId
from veche.domain.meeting import Meeting
from veche.services.accounts import Accounts, ChangedAccount, NewAccount, make_password


@dataclass(frozen=True, slots=True)
class StaffLogin:
    login: str
    password: str
    about: str
    """What he can be tried for, in the words of the command line."""


@dataclass(frozen=True, slots=True)
class _Person:
    login: str
    name: str
    role: GlobalRole
    about: str
    assigned: MeetingRole | None = None
    is_guest: bool = False


_STAFF: Final = (
    _Person("organiser", "Дэма: арганізатар", GlobalRole.ORGANISER, "plans meetings"),
    _Person(
        "operator",
        "Дэма: рэжысёр",
        GlobalRole.OPERATOR,
        "directs the picture",
        MeetingRole.OPERATOR,
    ),
    _Person(
        "secretary",
        "Дэма: сакратар",
        GlobalRole.VIEWER,
        "keeps the minutes",
        MeetingRole.SECRETARY,
    ),
    _Person(
        "cochair-host",
        "Дэма: сустаршыня (Мінск)",
        GlobalRole.VIEWER,
        "leads the host's side",
        MeetingRole.CO_CHAIR,
    ),
    _Person(
        "cochair-guest",
        "Дэма: сустаршыня (Курск)",
        GlobalRole.VIEWER,
        "leads the guest's side",
        MeetingRole.CO_CHAIR,
        is_guest=True,
    ),
    _Person("admin", "Дэма: адміністратар", GlobalRole.ADMIN, "keeps the accounts"),
)


async def open_staff(accounts: Accounts, meeting: Meeting) -> tuple[StaffLogin, ...]:
    """Everybody with a password of this start; those of the last one open nothing any more."""
    keeper = Asker(HOUSE, Role.ADMIN, meeting=meeting.number)
    kept = {account.login: account for account in accounts.all(keeper)}
    opened = []
    for person in _STAFF:
        organisation = None if person.is_guest else meeting.organisation
        if (account := kept.get(person.login)) is not None:
            changed = ChangedAccount(person.name, person.role, organisation, None, False)
            accounts.change(keeper, account.id, changed, account.version)
            password = await accounts.reset_password(keeper, account.id)
        else:
            password = make_password()
            await accounts.add(keeper, _new(person, organisation), password)
        if person.assigned is not None:
            accounts.assign(keeper, meeting.number, person.login, person.assigned)
        opened.append(StaffLogin(person.login, password, person.about))
    return tuple(opened)


def _new(person: _Person, organisation: OrganisationId | None) -> NewAccount:
    return NewAccount(person.login, person.name, person.role, organisation)
