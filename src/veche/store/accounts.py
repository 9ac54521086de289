"""Accounts, the hashes of their passwords, and what they are assigned to.

A password's hash never leaves by `Account`: who needs it asks for it by name.
"""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from veche.domain.account import (
    Account,
    AccountId,
    Assignment,
    GlobalRole,
    Login,
    MeetingRole,
    OpenIdSubject,
)
from veche.domain.meeting import MeetingNumber, OrganisationId
from veche.domain.text import Language
from veche.store.tables import accounts, assignments

Row = Any  # a result row: its columns are those of the table it was selected from


class Accounts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, wanted: AccountId) -> Account | None:
        return self._one(accounts.c.id == wanted)

    def find_by_login(self, login: Login) -> Account | None:
        return self._one(accounts.c.login == login.value)

    def find_by_subject(self, wanted: OpenIdSubject) -> Account | None:
        return self._one(
            (accounts.c.issuer == wanted.issuer) & (accounts.c.subject == wanted.subject)
        )

    def all(self) -> list[Account]:
        """By login."""
        rows = self._connection.execute(select(accounts).order_by(accounts.c.login))
        return [_account(row) for row in rows]

    def add(self, account: Account, password_hash: str | None) -> None:
        self._connection.execute(
            insert(accounts).values(id=account.id, password_hash=password_hash, **_columns(account))
        )

    def save(self, account: Account) -> None:
        """Keep it as it is now; its password stays."""
        self._connection.execute(
            update(accounts).where(accounts.c.id == account.id).values(_columns(account))
        )

    def password_hash_of(self, account: AccountId) -> str | None:
        found: str | None = self._connection.scalar(
            select(accounts.c.password_hash).where(accounts.c.id == account)
        )
        return found

    def set_password_hash(self, account: AccountId, password_hash: str) -> None:
        self._connection.execute(
            update(accounts).where(accounts.c.id == account).values(password_hash=password_hash)
        )

    def assignments_of(self, account: AccountId) -> list[Assignment]:
        return self._assignments(assignments.c.account == account)

    def assigned_to(self, meeting: MeetingNumber) -> list[Assignment]:
        return self._assignments(assignments.c.meeting == meeting)

    def assign(self, given: Assignment) -> None:
        """Giving what was given changes nothing."""
        self.withdraw(given)
        self._connection.execute(
            insert(assignments).values(
                meeting=given.meeting, account=given.account, role=given.role.value
            )
        )

    def withdraw(self, given: Assignment) -> None:
        self._connection.execute(
            delete(assignments).where(
                assignments.c.meeting == given.meeting,
                assignments.c.account == given.account,
                assignments.c.role == given.role.value,
            )
        )

    # Any: a condition over columns
    def _one(self, condition: Any) -> Account | None:
        row = self._connection.execute(select(accounts).where(condition)).one_or_none()
        return None if row is None else _account(row)

    def _assignments(self, condition: Any) -> list[Assignment]:
        rows = self._connection.execute(
            select(assignments)
            .where(condition)
            .order_by(assignments.c.meeting, assignments.c.role, assignments.c.account)
        )
        return [
            Assignment(MeetingNumber(row.meeting), AccountId(row.account), MeetingRole(row.role))
            for row in rows
        ]


def _columns(account: Account) -> dict[str, object]:
    return {
        "login": account.login,
        "name": account.name,
        "role": account.role.value,
        "organisation": account.organisation,
        "language": account.language.value if account.language else None,
        "issuer": account.subject.issuer if account.subject else None,
        "subject": account.subject.subject if account.subject else None,
        "disabled_at": account.disabled_at,
        "version": account.version,
    }


def _account(row: Row) -> Account:
    return Account(
        id=AccountId(row.id),
        login=row.login,
        name=row.name,
        role=GlobalRole(row.role),
        organisation=None if row.organisation is None else OrganisationId(row.organisation),
        language=None if row.language is None else Language(row.language),
        subject=None if row.issuer is None else OpenIdSubject(row.issuer, row.subject),
        disabled_at=row.disabled_at,
        version=row.version,
    )
