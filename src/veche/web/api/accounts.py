"""Signing in, one's own sessions, the accounts that an administrator keeps, staff of a meeting."""

import asyncio
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from veche.domain.access import Action
from veche.domain.account import (
    LOGIN_LETTERS_MAX,
    NAME_LETTERS_MAX,
    PASSWORD_LETTERS_MAX,
    Account,
    AccountId,
    GlobalRole,
    MeetingRole,
    SessionId,
)
from veche.domain.actor import Asker
from veche.domain.meeting import MeetingNumber, OrganisationId
from veche.domain.text import Language
from veche.services.accounts import ChangedAccount, NewAccount, make_password
from veche.services.signing_in import Begun, Visitor
from veche.web.account_shape import AccountShape, account_shape
from veche.web.api.common import (
    AccountAsker,
    CurrentSession,
    Number,
    Rooms,
    address_of,
    require_own_page,
)
from veche.web.security import request_id_of
from veche.web.sessions import (
    DEVICE_COOKIE,
    forget_session,
    keep_device,
    keep_session,
    require_secure_origin,
)

ID_LETTERS_MAX: Final = 64
_TYPED_MAX: Final = 1_000
"""Longer than anything that is accepted: what is too long is wrong like any other guess."""

router = APIRouter()
OfAccount = Annotated[str, Path(max_length=ID_LETTERS_MAX)]
OfSession = Annotated[str, Path(max_length=ID_LETTERS_MAX)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignInRequest(_Asked):
    login: str = Field(max_length=_TYPED_MAX, examples=["organiser"])
    password: str = Field(max_length=_TYPED_MAX, examples=["a long phrase of one's own"])


class PasswordRequest(_Asked):
    old_password: str = Field(max_length=_TYPED_MAX)
    new_password: str = Field(max_length=PASSWORD_LETTERS_MAX)


class AssignmentShape(BaseModel):
    meeting: int
    role: MeetingRole


class OwnAccountAnswer(AccountShape):
    """Who is signed in, and what the cabinet may offer him."""

    assignments: list[AssignmentShape]
    can_plan: bool
    """Make meetings and edit those of the organisation."""
    can_keep_accounts: bool


class OpenIdWay(BaseModel):
    name: str
    """On the button."""
    address: str


class WaysAnswer(BaseModel):
    openid: OpenIdWay | None
    """The organisation's own provider, where one is set; the password is always a way."""


class SessionShape(BaseModel):
    id: str
    began_at: datetime
    seen_at: datetime
    device: str
    is_current: bool


class EndedAnswer(BaseModel):
    ended: int


class NewAccountRequest(_Asked):
    login: str = Field(max_length=LOGIN_LETTERS_MAX, examples=["anna.kavaleva"])
    name: str = Field(max_length=NAME_LETTERS_MAX, examples=["Ганна Кавалёва"])
    role: GlobalRole
    organisation: str | None = Field(default=None, max_length=ID_LETTERS_MAX)
    language: Language | None = None
    has_password: bool = True
    """False: the account is entered through the OpenID provider alone."""


class ChangedAccountRequest(_Asked):
    version: int
    name: str = Field(max_length=NAME_LETTERS_MAX)
    role: GlobalRole
    organisation: str | None = Field(default=None, max_length=ID_LETTERS_MAX)
    language: Language | None = None
    is_disabled: bool = False


class NewAccountAnswer(BaseModel):
    account: AccountShape
    password: str | None
    """Told here once; it is kept by hash only."""


class NewPasswordAnswer(BaseModel):
    password: str


class AssignRequest(_Asked):
    login: str = Field(max_length=LOGIN_LETTERS_MAX)
    role: MeetingRole


class StaffShape(BaseModel):
    account: str
    login: str
    name: str
    role: MeetingRole


@router.post("/session")
async def sign_in(
    asked: SignInRequest, request: Request, response: Response, house: Rooms
) -> OwnAccountAnswer:
    """Begins a session and sets its cookie."""
    require_own_page(request)
    require_secure_origin(request, house)
    begun = await house.signing_in.sign_in(asked.login, asked.password, visitor_of(request))
    return await _begun(begun, response, house)


@router.get("/session/ways")
async def read_ways(house: Rooms) -> WaysAnswer:
    """How one can sign in here."""
    is_set = house.openid is not None
    way = OpenIdWay(name=house.openid_name, address="/openid/start") if is_set else None
    return WaysAnswer(openid=way)


@router.get("/session")
async def read_session(signed_in: CurrentSession, house: Rooms) -> OwnAccountAnswer:
    """Who is signed in."""
    return _own(house.signing_in.own_account(signed_in), signed_in.asker)


@router.delete("/session", status_code=204)
async def sign_out(signed_in: CurrentSession, response: Response, house: Rooms) -> None:
    """Ends this session here and on the server."""
    await asyncio.to_thread(house.signing_in.sign_out, signed_in)
    forget_session(response)


@router.put("/session/password", status_code=204)
async def change_password(asked: PasswordRequest, signed_in: CurrentSession, house: Rooms) -> None:
    """Changes one's own password and ends one's other sessions."""
    await house.signing_in.change_password(signed_in, asked.old_password, asked.new_password)


@router.get("/sessions")
async def read_sessions(signed_in: CurrentSession, house: Rooms) -> list[SessionShape]:
    """One's own sessions, the one seen last first."""
    own = await asyncio.to_thread(house.signing_in.sessions_of, signed_in.asker)
    return [
        SessionShape(
            id=session.id,
            began_at=session.began_at,
            seen_at=session.seen_at,
            device=session.device,
            is_current=session.id == signed_in.session.id,
        )
        for session in own
    ]


@router.delete("/sessions")
async def end_other_sessions(signed_in: CurrentSession, house: Rooms) -> EndedAnswer:
    """Ends all of one's own sessions but this."""
    return EndedAnswer(ended=await asyncio.to_thread(house.signing_in.end_others, signed_in))


@router.delete("/sessions/{session}", status_code=204)
async def end_session(session: OfSession, asker: AccountAsker, house: Rooms) -> None:
    await asyncio.to_thread(house.signing_in.end, asker, SessionId(session))


@router.get("/accounts")
async def read_accounts(asker: AccountAsker, house: Rooms) -> list[AccountShape]:
    """The accounts that the asker keeps, by login."""
    return [account_shape(it) for it in await asyncio.to_thread(house.accounts.all, asker)]


@router.post("/accounts", status_code=201)
async def add_account(
    asked: NewAccountRequest, asker: AccountAsker, house: Rooms
) -> NewAccountAnswer:
    """Makes an account with a password that is told in this answer only."""
    new = NewAccount(
        login=asked.login,
        name=asked.name,
        role=asked.role,
        organisation=_organisation(asked.organisation),
        language=asked.language,
    )
    password = make_password() if asked.has_password else None
    account = await house.accounts.add(asker, new, password)
    return NewAccountAnswer(account=account_shape(account), password=password)


@router.put("/accounts/{account}")
async def change_account(
    account: OfAccount, asked: ChangedAccountRequest, asker: AccountAsker, house: Rooms
) -> AccountShape:
    """Changes an account; disabling it ends its sessions at once."""
    changed = ChangedAccount(
        name=asked.name,
        role=asked.role,
        organisation=_organisation(asked.organisation),
        language=asked.language,
        is_disabled=asked.is_disabled,
    )
    return account_shape(
        await asyncio.to_thread(
            house.accounts.change, asker, AccountId(account), changed, asked.version
        )
    )


@router.post("/accounts/{account}/password")
async def reset_password(
    account: OfAccount, asker: AccountAsker, house: Rooms
) -> NewPasswordAnswer:
    """Makes a new password, told in this answer only, and ends all sessions."""
    password = await house.accounts.reset_password(asker, AccountId(account))
    return NewPasswordAnswer(password=password)


@router.get("/meetings/{number}/staff")
async def read_staff(number: Number, asker: AccountAsker, house: Rooms) -> list[StaffShape]:
    """Accounts with a role in this meeting, whatever their organisation."""
    given = await asyncio.to_thread(house.accounts.assigned, asker, MeetingNumber(number))
    return [_staff(account, assignment.role) for assignment, account in given]


@router.post("/meetings/{number}/staff", status_code=201)
async def assign_staff(
    number: Number, asked: AssignRequest, asker: AccountAsker, house: Rooms
) -> StaffShape:
    """Gives an account a role in this meeting; giving it twice changes nothing."""
    account = await asyncio.to_thread(
        house.accounts.assign, asker, MeetingNumber(number), asked.login, asked.role
    )
    return _staff(account, asked.role)


@router.delete("/meetings/{number}/staff/{account}/{role}", status_code=204)
async def withdraw_staff(
    number: Number, account: OfAccount, role: MeetingRole, asker: AccountAsker, house: Rooms
) -> None:
    await asyncio.to_thread(
        house.accounts.withdraw, asker, MeetingNumber(number), AccountId(account), role
    )


def visitor_of(request: Request) -> Visitor:
    return Visitor(
        address=address_of(request),
        device_token=request.cookies.get(DEVICE_COOKIE),
        device=request.headers.get("user-agent", ""),
        request_id=request_id_of(request.scope),
    )


async def _begun(begun: Begun, response: Response, house: Rooms) -> OwnAccountAnswer:
    keep_session(response, begun.token)
    keep_device(response, begun.device_token)
    signed_in = await asyncio.to_thread(house.asking.by_session, begun.token)
    return _own(signed_in.account, signed_in.asker)


def _own(account: Account, asker: Asker) -> OwnAccountAnswer:
    return OwnAccountAnswer(
        **dict(account_shape(account)),
        assignments=[
            AssignmentShape(meeting=meeting, role=MeetingRole(role.value))
            for meeting, role in sorted(asker.assignments)
        ],
        can_plan=asker.may(Action.CREATE_MEETING),
        can_keep_accounts=asker.may(Action.KEEP_ACCOUNTS),
    )


def _staff(account: Account, role: MeetingRole) -> StaffShape:
    return StaffShape(account=account.id, login=account.login, name=account.name, role=role)


def _organisation(written: str | None) -> OrganisationId | None:
    return None if written is None else OrganisationId(written)
