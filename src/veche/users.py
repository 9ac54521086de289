"""`veche user`: accounts from the command line, where the first administrator is made.

Works beside a server that runs; what is changed here bites there at once. A password is asked
for without being shown, or made and printed once; it is never an argument, which every user of
the machine could read.
"""

import asyncio
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from veche.domain.access import Role
from veche.domain.account import Account, GlobalRole, Login, require_good_password
from veche.domain.actor import HOUSE, Asker
from veche.domain.errors import FieldsRefused, Misconfigured
from veche.domain.identity import OrganisationId
from veche.services.accounts import Accounts, ChangedAccount, NewAccount, make_password
from veche.services.passwords import Passwords
from veche.store import Database

_KEEPER = Asker(HOUSE, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed after `veche user add`."""

    login: str
    name: str | None
    role: GlobalRole
    organisation: str | None
    is_generated: bool
    """A password is made even where one could be asked for."""


class Users:
    """Each verb prints what it has done. Raises `Misconfigured` in words."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._accounts = Accounts(database, passwords, lambda: datetime.now(UTC))

    def add(self, wanted: Wanted) -> None:
        with _told_in_words():
            login = Login.parse(wanted.login)
            typed = None if wanted.is_generated else _ask(login)
            password = typed or make_password()
            organisation = wanted.organisation
            new = NewAccount(
                login=login.value,
                name=wanted.name or wanted.login,
                role=wanted.role,
                organisation=None if organisation is None else OrganisationId(organisation),
            )
            print(_described(asyncio.run(self._accounts.add(_KEEPER, new, password))))
        if typed is None:
            print(f"password: {password}")

    def list(self) -> None:
        for account in self._accounts.all(_KEEPER):
            print(_described(account))

    def disable(self, login: str) -> None:
        self._set_disabled(login, is_disabled=True)

    def enable(self, login: str) -> None:
        self._set_disabled(login, is_disabled=False)

    def reset(self, login: str) -> None:
        account = self._required(login)
        password = asyncio.run(self._accounts.reset_password(_KEEPER, account.id))
        print(f"password: {password}")

    def _set_disabled(self, login: str, *, is_disabled: bool) -> None:
        account = self._required(login)
        changed = ChangedAccount(
            name=account.name,
            role=account.role,
            organisation=account.organisation,
            language=account.language,
            is_disabled=is_disabled,
        )
        print(_described(self._accounts.change(_KEEPER, account.id, changed, account.version)))

    def _required(self, written: str) -> Account:
        with _told_in_words():
            login = Login.parse(written)
        found = next((it for it in self._accounts.all(_KEEPER) if it.login == login.value), None)
        if found is None:
            raise Misconfigured([("login", f"nobody signs in as {login.value}")])
        return found


@contextmanager
def _told_in_words() -> Iterator[None]:
    try:
        yield
    except FieldsRefused as refused:
        raise Misconfigured(list(refused.fields.items())) from None


def _ask(login: Login) -> str | None:
    """What was typed twice, unseen; None where nothing is typed or nobody sits there."""
    if not sys.stdin.isatty():
        return None
    password = getpass.getpass("password (empty: one is made): ")
    if not password:
        return None
    require_good_password(password, login)
    if getpass.getpass("once more: ") != password:
        raise Misconfigured([("password", "was not the same twice")])
    return password


def _described(account: Account) -> str:
    words = [account.login, account.role.value]
    words.append(f"of {account.organisation}" if account.organisation else "of the house")
    if account.disabled_at is not None:
        words.append(f"disabled {account.disabled_at:%Y-%m-%d}")
    return "  ".join([*words, account.name])
