"""Signing in and out, and the sessions of one's own account.

Owns the limits of guessing. Strangers may try an account's password ten times a minute all
together; the owner's own devices are counted apart, so that nobody is locked out of his account
by others. Every refusal is the same, whatever was wrong.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from veche.domain.access import Action
from veche.domain.account import (
    SESSIONS_MAX,
    USUAL_LIMITS,
    Account,
    AccountId,
    Login,
    Session,
    SessionId,
    SessionLimits,
    require_good_password,
)
from veche.domain.actor import Asker
from veche.domain.errors import FieldsRefused, SignInRefused, Unknown
from veche.domain.invitation import hash_secret
from veche.services.asking import SignedIn
from veche.services.attempts import Attempts, address_key
from veche.services.passwords import Passwords
from veche.store import Database, Unit

ACCOUNT_FAILURES_MAX: Final = 10
"""A minute, of one account from strange devices together, and of each known device."""
DEVICES_MAX: Final = 10
"""Known of one account; the one unseen longest is forgotten."""
TOKEN_BYTES: Final = 32
DEVICE_LETTERS_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever stands before the door: nothing of it is believed."""

    address: str
    device_token: str | None
    """Of a device that was signed in before, if it says so."""
    device: str
    """What the browser calls itself."""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that has begun; the two tokens are said here once and kept by hash only."""

    account: Account
    token: str
    device_token: str


class SigningIn:
    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        limits: SessionLimits = USUAL_LIMITS,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._now = now
        self._monotonic = monotonic
        self._limits = limits
        self._by_address = Attempts()
        self._by_account = Attempts(ACCOUNT_FAILURES_MAX)

    async def sign_in(self, written_login: str, password: str, visitor: Visitor) -> Begun:
        """Raises `SignInRefused` for whatever is wrong, `TooManyAttempts`."""
        try:
            login = Login.parse(written_login)
        except FieldsRefused:
            login = None
        found = await asyncio.to_thread(self._find, login, visitor)
        keys = (
            (self._by_address, address_key(visitor.address)),
            (self._by_account, found.guess_key),
        )
        for attempts, key in keys:
            attempts.begin(key, self._monotonic())
        is_right = await self._passwords.matches(
            password, found.password_hash, is_known=found.is_known_device
        )
        account = found.account
        if account is None or not is_right or account.disabled_at is not None:
            await asyncio.to_thread(self._note_refusal, account, visitor)
            raise SignInRefused
        for attempts, key in keys:
            attempts.forgive(key, self._monotonic())
        renewed = None
        if found.password_hash and self._passwords.is_outdated(found.password_hash):
            renewed = await self._passwords.hash(password)
        return await asyncio.to_thread(self.begin, account, visitor, renewed)

    def begin(self, account: Account, visitor: Visitor, renewed_hash: str | None = None) -> Begun:
        """A session for one who has proved himself; its token is like no earlier one."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        device_token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._now()
        session = Session(
            id=SessionId(secrets.token_hex(8)),
            token_hash=hash_secret(token),
            account=account.id,
            began_at=now,
            seen_at=now,
            device=_printable(visitor.device),
        )
        with self._database.write() as unit:
            current = unit.accounts.find(account.id)
            if current is None or current.disabled_at is not None:
                raise SignInRefused
            if renewed_hash is not None:
                unit.accounts.set_password_hash(account.id, renewed_hash)
            self._make_room(unit, account.id, now)
            unit.sessions.add(session)
            if visitor.device_token:
                unit.sessions.forget_device(account.id, hash_secret(visitor.device_token))
            unit.sessions.know_device(
                account.id, hash_secret(device_token), now, newest_kept=DEVICES_MAX
            )
            _record(unit, account, "sign_in", now, visitor.request_id, after=session.device)
        return Begun(current, token, device_token)

    def own_account(self, signed_in: SignedIn) -> Account:
        signed_in.asker.require(Action.READ_OWN_ACCOUNT)
        return signed_in.account

    def sign_out(self, signed_in: SignedIn) -> None:
        self._end(signed_in.asker, signed_in.session.id, "sign_out")

    def sessions_of(self, asker: Asker) -> list[Session]:
        """The asker's own, the one seen last first."""
        asker.require(Action.READ_OWN_ACCOUNT)
        now = self._now()
        with self._database.read() as unit:
            own = unit.sessions.of_account(AccountId(asker.actor.id))
        return [session for session in own if session.is_open(now, self._limits)]

    def end(self, asker: Asker, session: SessionId) -> None:
        """One of the asker's own. Raises `Unknown` for any other."""
        self._end(asker, session, "end_session")

    def end_others(self, signed_in: SignedIn) -> int:
        """All but the one that asks, and all known devices; how many sessions were ended."""
        asker, account = signed_in.asker, signed_in.account
        asker.require(Action.EDIT_OWN_ACCOUNT)
        with self._database.write() as unit:
            ended = unit.sessions.end_all(account.id, keeping=signed_in.session.id)
            unit.sessions.forget_devices(account.id)
            _record(
                unit, account, "end_other_sessions", self._now(), asker.request_id, before=ended
            )
        return ended

    async def change_password(self, signed_in: SignedIn, old: str, new: str) -> None:
        """Ends every other session. Raises `FieldsRefused`, `TooManyAttempts`."""
        asker, account = signed_in.asker, signed_in.account
        asker.require(Action.EDIT_OWN_ACCOUNT)
        require_good_password(new, Login(account.login))
        key = f"session {signed_in.session.id}"
        self._by_account.begin(key, self._monotonic())
        kept = await asyncio.to_thread(self._password_hash_of, account.id)
        if not await self._passwords.matches(old, kept, is_known=True):
            raise FieldsRefused({"old_password": "is not the password of this account"})
        self._by_account.forgive(key, self._monotonic())
        made = await self._passwords.hash(new)
        await asyncio.to_thread(self._keep_password, signed_in, made)

    def _keep_password(self, signed_in: SignedIn, made: str) -> None:
        account = signed_in.account
        with self._database.write() as unit:
            unit.accounts.set_password_hash(account.id, made)
            unit.sessions.end_all(account.id, keeping=signed_in.session.id)
            unit.sessions.forget_devices(account.id)
            _record(unit, account, "change_password", self._now(), signed_in.asker.request_id)

    def _password_hash_of(self, account: AccountId) -> str | None:
        with self._database.read() as unit:
            return unit.accounts.password_hash_of(account)

    def _find(self, login: Login | None, visitor: Visitor) -> "_Found":
        if login is None:
            return _Found(None, None, "no login", is_known_device=False)
        with self._database.read() as unit:
            account = unit.accounts.find_by_login(login)
            if account is None:
                return _Found(None, None, f"login {login.value}", is_known_device=False)
            kept = unit.accounts.password_hash_of(account.id)
            device = hash_secret(visitor.device_token) if visitor.device_token else None
            is_known = device is not None and unit.sessions.knows_device(account.id, device)
        key = f"device {device}" if is_known else f"login {login.value}"
        return _Found(account, kept, key, is_known_device=is_known)

    def _make_room(self, unit: Unit, account: AccountId, now: datetime) -> None:
        unit.sessions.forget_ended(
            unseen_since=now - self._limits.idle, begun_before=now - self._limits.longest
        )
        for surplus in unit.sessions.of_account(account)[SESSIONS_MAX - 1 :]:
            unit.sessions.end(account, surplus.id)

    def _note_refusal(self, account: Account | None, visitor: Visitor) -> None:
        """Of an account that is there; other names are anybody's words and are not kept."""
        if account is None:
            return
        with self._database.write() as unit:
            _record(
                unit,
                account,
                "sign_in",
                self._now(),
                visitor.request_id,
                refusal=SignInRefused.code,
            )

    def _end(self, asker: Asker, session: SessionId, action: str) -> None:
        asker.require(Action.EDIT_OWN_ACCOUNT)
        account = AccountId(asker.actor.id)
        with self._database.write() as unit:
            if not unit.sessions.end(account, session):
                raise Unknown
            unit.audit.append(
                asker.actor,
                action,
                subject=f"account/{account}",
                at=self._now(),
                request_id=asker.request_id,
            )


@dataclass(frozen=True, slots=True)
class _Found:
    account: Account | None
    password_hash: str | None
    guess_key: str
    """What failures are counted for: the device, if it is the owner's; else the login."""
    is_known_device: bool


def _record(
    unit: Unit,
    account: Account,
    action: str,
    at: datetime,
    request_id: str,
    *,
    before: object = None,
    after: object = None,
    refusal: str | None = None,
) -> None:
    unit.audit.append(
        account.actor,
        action,
        subject=f"account/{account.id}",
        at=at,
        before=before,
        after=after,
        request_id=request_id,
        refusal=refusal,
    )


def _printable(device: str) -> str:
    return "".join(letter for letter in device if letter.isprintable())[:DEVICE_LETTERS_MAX]
