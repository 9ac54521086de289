"""Signing in through the organisation's own provider.

The browser is sent away with a state that is tied to it by a cookie and used once; whoever comes
back with it is whom the provider says. Who may come in, and as what, is the operator's mapping:
an account is made at the first coming and follows the mapping at each later one.
"""

import asyncio
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Protocol

from veche.domain.account import (
    NAME_LETTERS_MAX,
    Account,
    AccountId,
    GlobalRole,
    OpenIdSubject,
    parse_name,
)
from veche.domain.errors import FieldsRefused, SignInRefused
from veche.domain.identity import OrganisationId
from veche.services.signing_in import Begun, SigningIn, Visitor
from veche.store import Database

WAITING_MAX: Final = 1_000
"""Browsers that are away at the provider; the one away longest is forgotten."""
AWAY_SECONDS_MAX: Final = 600
_RANK: Final = (GlobalRole.ADMIN, GlobalRole.ORGANISER, GlobalRole.OPERATOR, GlobalRole.VIEWER)


class Provider(Protocol):
    """The part of `outbound.openid` that is needed here."""

    async def address(self, state: str, nonce: str, verifier: str, redirect: str) -> str: ...

    async def claims(
        self, code: str, verifier: str, nonce: str, redirect: str
    ) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class EntryRules:
    """Who may come in, and as what."""

    issuer: str
    claim: str
    """Which claim holds the person's groups."""
    roles: Mapping[str, GlobalRole]
    organisations: Mapping[str, OrganisationId]
    allowed: frozenset[str]
    """Subjects or proved e-mail addresses; empty: everybody with a role."""

    def role_of(self, claims: Mapping[str, Any]) -> GlobalRole | None:
        held = {self.roles[group] for group in self._groups(claims) if group in self.roles}
        return next((role for role in _RANK if role in held), None)

    def organisation_of(self, claims: Mapping[str, Any]) -> OrganisationId | None:
        groups = self._groups(claims)
        return next((self.organisations[it] for it in groups if it in self.organisations), None)

    def allows(self, claims: Mapping[str, Any]) -> bool:
        if not self.allowed:
            return True
        is_proved = claims.get("email_verified") is True
        return claims["sub"] in self.allowed or (is_proved and claims.get("email") in self.allowed)

    def _groups(self, claims: Mapping[str, Any]) -> list[str]:
        written = claims.get(self.claim)
        listed = written if isinstance(written, list) else [written]
        return [group for group in listed if isinstance(group, str)]


@dataclass(frozen=True, slots=True)
class _Away:
    nonce: str
    verifier: str
    browser: str
    redirect: str
    left_at: float


class OpenIdDoor:
    """Lives on one event loop."""

    def __init__(
        self,
        database: Database,
        provider: Provider,
        rules: EntryRules,
        signing_in: SigningIn,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._database = database
        self._provider = provider
        self._rules = rules
        self._signing_in = signing_in
        self._now = now
        self._monotonic = monotonic
        self._away: OrderedDict[str, _Away] = OrderedDict()

    async def leave(self, browser: str, redirect: str) -> str:
        """Where to send the browser, which is known by a secret of its own."""
        state = secrets.token_urlsafe(32)
        away = _Away(
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(48),
            browser,
            redirect,
            self._monotonic(),
        )
        address = await self._provider.address(state, away.nonce, away.verifier, redirect)
        self._away[state] = away
        if len(self._away) > WAITING_MAX:
            self._away.popitem(last=False)
        return address

    async def come_back(self, state: str, code: str, browser: str, visitor: Visitor) -> Begun:
        """Raises `SignInRefused` for whatever is wrong, `Unavailable`."""
        away = self._away.pop(state, None)
        if away is None or self._monotonic() - away.left_at > AWAY_SECONDS_MAX:
            raise SignInRefused
        if not hmac.compare_digest(away.browser, browser):
            raise SignInRefused
        claims = await self._provider.claims(code, away.verifier, away.nonce, away.redirect)
        account = await asyncio.to_thread(self._account_of, claims, visitor.request_id)
        return await asyncio.to_thread(self._signing_in.begin, account, visitor)

    def _account_of(self, claims: Mapping[str, Any], request_id: str) -> Account:
        role = self._rules.role_of(claims)
        if role is None or not self._rules.allows(claims):
            raise SignInRefused
        subject = OpenIdSubject(self._rules.issuer, claims["sub"])
        with self._database.write() as unit:
            kept = unit.accounts.find_by_subject(subject)
            account = replace(
                kept or self._new(subject),
                name=_name_in(claims),
                role=role,
                organisation=self._rules.organisation_of(claims),
            )
            if account == kept:
                return account
            if kept is None:
                unit.accounts.add(account, None)
            else:
                account = replace(account, version=kept.version + 1)
                unit.accounts.save(account)
            unit.audit.append(
                account.actor,
                "add_account" if kept is None else "change_account",
                subject=f"account/{account.id}",
                at=self._now(),
                before=kept,
                after=account,
                request_id=request_id or None,
            )
        return account

    def _new(self, subject: OpenIdSubject) -> Account:
        known = AccountId(secrets.token_hex(8))
        # Signs in by the provider alone: the login is only a name for lists.
        return Account(known, f"openid-{known}", "", GlobalRole.VIEWER, None, subject=subject)


def _name_in(claims: Mapping[str, Any]) -> str:
    for claim in ("name", "preferred_username", "email", "sub"):
        written = claims.get(claim)
        if isinstance(written, str):
            try:
                return parse_name(written[:NAME_LETTERS_MAX])
            except FieldsRefused:
                continue
    raise SignInRefused
