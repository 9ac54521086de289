"""Keeping the accounts of the staff, and giving them roles in single meetings.

An administrator of an organisation keeps its accounts; one of the house keeps all of them. Who
is not allowed to see an account hears what he would hear of one that does not exist.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from veche.domain.access import Action
from veche.domain.account import (
    Account,
    AccountId,
    Assignment,
    GlobalRole,
    Login,
    MeetingRole,
    OpenIdSubject,
    parse_name,
    require_good_password,
)
from veche.domain.actor import Asker
from veche.domain.errors import FieldsRefused, Forbidden, MeetingUnknown, Unknown
from veche.domain.meeting import Meeting, MeetingNumber, OrganisationId
from veche.domain.text import Language
from veche.services.passwords import Passwords
from veche.store import Database, Unit

ACCOUNTS_MAX: Final = 10_000
"""Of the whole house; lists of them are read whole."""
GENERATED_PASSWORD_BYTES: Final = 15
"""120 bits in twenty letters: typed from paper once, then changed."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    login: str
    name: str
    role: GlobalRole
    organisation: OrganisationId | None
    language: Language | None = None
    subject: OpenIdSubject | None = None


@dataclass(frozen=True, slots=True)
class ChangedAccount:
    """Everything that an administrator may change; the login stays."""

    name: str
    role: GlobalRole
    organisation: OrganisationId | None
    language: Language | None
    is_disabled: bool


class Accounts:
    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        now: Callable[[], datetime],
        turn_out: Callable[[AccountId], None] = lambda account: None,
    ) -> None:
        """`turn_out` ends what an account has open in the media rooms."""
        self._database = database
        self._passwords = passwords
        self._now = now
        self._turn_out = turn_out

    def all(self, asker: Asker) -> list[Account]:
        """Those that the asker keeps, by login."""
        asker.require(Action.KEEP_ACCOUNTS)
        with self._database.read() as unit:
            every = unit.accounts.all()
        return [account for account in every if _keeps(asker, account)]

    async def add(self, asker: Asker, new: NewAccount, password: str | None) -> Account:
        """Without a password only an OpenID provider lets it in. Raises `FieldsRefused`."""
        asker.require_over(Action.KEEP_ACCOUNTS, new.organisation)
        login = Login.parse(new.login)
        account = Account(
            id=AccountId(secrets.token_hex(8)),
            login=login.value,
            name=parse_name(new.name),
            role=new.role,
            organisation=new.organisation,
            language=new.language,
            subject=new.subject,
        )
        made = None
        if password is not None:
            require_good_password(password, login)
            made = await self._passwords.hash(password)
        await asyncio.to_thread(self._add, asker, account, made)
        return account

    def change(
        self, asker: Asker, account: AccountId, changed: ChangedAccount, version: int
    ) -> Account:
        """Disabling ends every session at once. Raises `ChangedMeanwhile`, `FieldsRefused`."""
        name = parse_name(changed.name)
        with self._database.write() as unit:
            kept = self._required(unit, asker, account)
            asker.require_over(Action.KEEP_ACCOUNTS, changed.organisation)
            unit.require_version(_subject(account), kept, version)
            now = self._now()
            disabled_at = (kept.disabled_at or now) if changed.is_disabled else None
            after = replace(
                kept,
                name=name,
                role=changed.role,
                organisation=changed.organisation,
                language=changed.language,
                disabled_at=disabled_at,
                version=kept.version + 1,
            )
            if account == asker.actor.id and _loses_rights(kept, after):
                # The last administrator would lock the house behind himself.
                raise Forbidden("another administrator must do this")
            unit.accounts.save(after)
            if changed.is_disabled:
                _end_everything(unit, account)
            _record(unit, asker, "change_account", account, now, before=kept, after=after)
        if _loses_rights(kept, after):
            self._turn_out(account)
        return after

    async def reset_password(self, asker: Asker, account: AccountId) -> str:
        """A new password, made and told once. Ends every session and forgets known devices."""
        password = make_password()
        made = await self._passwords.hash(password)
        await asyncio.to_thread(self._reset, asker, account, made)
        self._turn_out(account)
        return password

    def assigned(self, asker: Asker, number: MeetingNumber) -> list[tuple[Assignment, Account]]:
        """Who is what in the meeting, besides the staff of its organisation."""
        with self._database.read() as unit:
            self._meeting(unit, asker, number)
            given = unit.accounts.assigned_to(number)
            return [(it, _existing(unit.accounts.find(it.account))) for it in given]

    def assign(self, asker: Asker, number: MeetingNumber, login: str, role: MeetingRole) -> Account:
        """Whoever's account it is: co-chairs come from both sides. Raises `FieldsRefused`."""
        with self._database.write() as unit:
            self._meeting(unit, asker, number)
            wanted = Login.parse(login)
            account = unit.accounts.find_by_login(wanted)
            if account is None or account.disabled_at is not None:
                raise FieldsRefused({"login": "nobody signs in under this name"})
            given = Assignment(number, account.id, role)
            if given not in unit.accounts.assigned_to(number):
                unit.accounts.assign(given)
                _record_assignment(unit, asker, "assign", given, self._now())
        return account

    def withdraw(
        self, asker: Asker, number: MeetingNumber, account: AccountId, role: MeetingRole
    ) -> None:
        """Raises `Unknown` for what was not given."""
        given = Assignment(number, account, role)
        with self._database.write() as unit:
            self._meeting(unit, asker, number)
            if given not in unit.accounts.assigned_to(number):
                raise Unknown
            unit.accounts.withdraw(given)
            _record_assignment(unit, asker, "withdraw", given, self._now())
        self._turn_out(account)

    def _add(self, asker: Asker, account: Account, password_hash: str | None) -> None:
        with self._database.write() as unit:
            every = unit.accounts.all()
            if len(every) >= ACCOUNTS_MAX:
                raise FieldsRefused({"login": f"there are {ACCOUNTS_MAX} accounts already"})
            if any(other.login == account.login for other in every):
                raise FieldsRefused({"login": "is taken"})
            unit.accounts.add(account, password_hash)
            _record(unit, asker, "add_account", account.id, self._now(), after=account)

    def _reset(self, asker: Asker, account: AccountId, made: str) -> None:
        with self._database.write() as unit:
            self._required(unit, asker, account)
            unit.accounts.set_password_hash(account, made)
            _end_everything(unit, account)
            _record(unit, asker, "reset_password", account, self._now())

    def _required(self, unit: Unit, asker: Asker, wanted: AccountId) -> Account:
        asker.require(Action.KEEP_ACCOUNTS)
        account = unit.accounts.find(wanted)
        if account is None:
            raise Unknown
        asker.require_over(Action.KEEP_ACCOUNTS, account.organisation)
        return account

    def _meeting(self, unit: Unit, asker: Asker, number: MeetingNumber) -> Meeting:
        meeting = unit.meetings.find(number)
        if meeting is None:
            raise MeetingUnknown
        asker.require(Action.ASSIGN_STAFF, meeting)
        return meeting


def make_password() -> str:
    return secrets.token_urlsafe(GENERATED_PASSWORD_BYTES)


def _keeps(asker: Asker, account: Account) -> bool:
    try:
        asker.require_over(Action.KEEP_ACCOUNTS, account.organisation)
    except Unknown:
        return False
    return True


def _loses_rights(before: Account, after: Account) -> bool:
    return (
        after.disabled_at is not None
        or after.role is not before.role
        or after.organisation != before.organisation
    )


def _end_everything(unit: Unit, account: AccountId) -> None:
    unit.sessions.end_all(account)
    unit.sessions.forget_devices(account)


def _existing(account: Account | None) -> Account:
    assert account is not None, "accounts are disabled and never taken out"
    return account


def _subject(account: AccountId) -> str:
    return f"account/{account}"


def _record(
    unit: Unit,
    asker: Asker,
    action: str,
    account: AccountId,
    at: datetime,
    *,
    before: object = None,
    after: object = None,
) -> None:
    unit.audit.append(
        asker.actor,
        action,
        subject=_subject(account),
        at=at,
        before=before,
        after=after,
        request_id=asker.request_id,
    )


def _record_assignment(
    unit: Unit, asker: Asker, action: str, given: Assignment, at: datetime
) -> None:
    unit.audit.append(
        asker.actor,
        action,
        subject=f"meeting/{given.meeting}/staff",
        at=at,
        before=given if action == "withdraw" else None,
        after=given if action == "assign" else None,
        request_id=asker.request_id,
    )
