"""Signing in: who gets in, how often a guess may fail, and whom strangers cannot keep out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.support.clock import Clock
from tests.support.databases import chosen_place
from veche.domain.account import SESSIONS_MAX, Account, AccountId, GlobalRole, SessionId
from veche.domain.errors import (
    FieldsRefused,
    NotSignedIn,
    Refused,
    SignInRefused,
    TooManyAttempts,
    Unknown,
)
from veche.domain.invitation import hash_secret
from veche.services.asking import Asking, SignedIn
from veche.services.attempts import FAILURES_MAX, WINDOW_SECONDS
from veche.services.passwords import Cost, Passwords
from veche.services.signing_in import (
    ACCOUNT_FAILURES_MAX,
    DEVICES_MAX,
    Begun,
    SigningIn,
    Visitor,
)
from veche.store import Database

ANNA = Account(AccountId("a-1"), "anna", "Ганна", GlobalRole.ORGANISER, None)
PASSWORD = "a long phrase of her own"
HOME = "192.0.2.1"


@dataclass
class House:
    clock: Clock
    database: Database
    asking: Asking
    door: SigningIn

    async def sign_in(
        self,
        password: str = PASSWORD,
        *,
        login: str = "anna",
        address: str = HOME,
        device: str | None = None,
    ) -> Begun:
        return await self.door.sign_in(login, password, Visitor(address, device, "Chromium"))

    def signed_in(self, begun: Begun) -> SignedIn:
        return self.asking.by_session(begun.token)


@pytest.fixture(name="house")
async def build_house(tmp_path: Path) -> AsyncIterator[House]:
    clock = Clock()
    with (
        chosen_place(tmp_path).open(clock.now) as database,
        Passwords(Cost(memory_kib=8, passes=1), cores=2) as passwords,
    ):
        with database.write() as unit:
            unit.accounts.add(ANNA, await passwords.hash(PASSWORD))
        yield House(
            clock,
            database,
            Asking(database, clock.now, clock.monotonic),
            SigningIn(database, passwords, clock.now, clock.monotonic),
        )


async def test_the_right_password_begins_a_session_that_is_new_each_time(house: House) -> None:
    first = await house.sign_in()
    second = await house.sign_in(login="  ANNA ")
    assert first.token != second.token
    assert house.signed_in(first).account == ANNA
    assert house.signed_in(second).session.id != house.signed_in(first).session.id


async def test_only_hashes_of_tokens_and_passwords_are_kept(house: House, tmp_path: Path) -> None:
    begun = await house.sign_in()
    house.database.close()
    kept = _everything_in(tmp_path)
    for secret in (begun.token, begun.device_token, PASSWORD):
        assert secret.encode() not in kept


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("anna", ""),
        ("anna", PASSWORD + "!"),
        ("anna", PASSWORD.upper()),
        ("bella", PASSWORD),
        ("", PASSWORD),
        ("anna' OR 1=1 --", PASSWORD),
        ("a" * 500, PASSWORD),
    ],
)
async def test_whatever_is_wrong_is_refused_alike(house: House, login: str, password: str) -> None:
    with pytest.raises(Refused) as refused:
        await house.sign_in(password, login=login)
    assert type(refused.value) is SignInRefused
    assert str(refused.value) == ""


async def test_a_disabled_account_and_one_without_a_password_stay_outside(house: House) -> None:
    bella = replace(ANNA, id=AccountId("a-2"), login="bella")
    with house.database.write() as unit:
        unit.accounts.add(bella, None)
        unit.accounts.save(replace(ANNA, disabled_at=house.clock.now()))
    for login in ("anna", "bella"):
        for password in (PASSWORD, ""):
            with pytest.raises(SignInRefused):
                await house.sign_in(password, login=login)


async def test_an_outdated_hash_is_made_anew_when_its_password_is_there(house: House) -> None:
    with Passwords(Cost(memory_kib=16, passes=2), cores=1) as older:
        old = await older.hash(PASSWORD)
    with house.database.write() as unit:
        unit.accounts.set_password_hash(ANNA.id, old)
    await house.sign_in()
    with house.database.read() as unit:
        kept = unit.accounts.password_hash_of(ANNA.id)
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=8,t=1,")
    await house.sign_in()


async def test_an_account_is_guessed_at_ten_times_a_minute_from_all_addresses_together(
    house: House,
) -> None:
    answers = []
    for guess in range(60):
        try:
            await house.sign_in(f"guess {guess}", address=f"192.0.2.{guess + 2}")
        except Refused as refused:
            answers.append(type(refused))
    assert answers.count(SignInRefused) == ACCOUNT_FAILURES_MAX
    assert answers.count(TooManyAttempts) == 60 - ACCOUNT_FAILURES_MAX
    house.clock.advance(WINDOW_SECONDS)
    await house.sign_in()


async def test_guesses_at_once_are_no_more_than_guesses_in_turn(house: House) -> None:
    outcomes = await asyncio.gather(
        *(house.sign_in(f"guess {n}", address=f"192.0.2.{n}") for n in range(15)),
        return_exceptions=True,
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, SignInRefused)]
    assert len(refused) == ACCOUNT_FAILURES_MAX
    assert all(isinstance(outcome, Refused) for outcome in outcomes)


async def test_an_address_guesses_at_few_accounts(house: House) -> None:
    for guess in range(FAILURES_MAX):
        with pytest.raises(SignInRefused):
            await house.sign_in(login=f"somebody-{guess}", address="192.0.2.66")
    with pytest.raises(TooManyAttempts):
        await house.sign_in(address="192.0.2.66")
    await house.sign_in()


async def test_strangers_do_not_lock_an_owner_out_of_a_device_of_his_own(house: House) -> None:
    device = (await house.sign_in()).device_token
    for guess in range(ACCOUNT_FAILURES_MAX):
        with pytest.raises(SignInRefused):
            await house.sign_in(f"guess {guess}", address="192.0.2.66", device=device[::-1])
    with pytest.raises(TooManyAttempts):
        await house.sign_in(address="192.0.2.7")
    await house.sign_in(device=device)


async def test_a_stolen_device_token_opens_nothing_and_guesses_as_few(house: House) -> None:
    device = (await house.sign_in()).device_token
    for guess in range(ACCOUNT_FAILURES_MAX):
        with pytest.raises(SignInRefused):
            await house.sign_in(f"guess {guess}", device=device)
    with pytest.raises(TooManyAttempts):
        await house.sign_in(device=device)
    await house.sign_in(address="192.0.2.7")


async def test_a_device_of_one_account_is_unknown_to_another(house: House) -> None:
    device = (await house.sign_in()).device_token
    bella = replace(ANNA, id=AccountId("a-2"), login="bella")
    with house.database.write() as unit:
        unit.accounts.add(bella, None)
        assert not unit.sessions.knows_device(bella.id, device)


async def test_sessions_and_devices_of_an_account_are_bounded(house: House) -> None:
    begun = []
    for _ in range(SESSIONS_MAX + 1):
        begun.append(await house.sign_in())
        house.clock.advance(1)
    with pytest.raises(NotSignedIn):
        house.signed_in(begun[0])
    own = house.door.sessions_of(house.signed_in(begun[-1]).asker)
    assert len(own) == SESSIONS_MAX
    with house.database.read() as unit:
        known = [
            unit.sessions.knows_device(ANNA.id, hash_secret(session.device_token))
            for session in begun
        ]
    assert known.count(True) == DEVICES_MAX
    assert known[-1]


async def test_signing_out_ends_the_session_on_the_server(house: House) -> None:
    begun, other = await house.sign_in(), await house.sign_in()
    house.door.sign_out(house.signed_in(begun))
    with pytest.raises(NotSignedIn):
        house.signed_in(begun)
    house.signed_in(other)


async def test_one_ends_ones_own_sessions_and_nobody_elses(house: House) -> None:
    mine, other = await house.sign_in(), await house.sign_in()
    bella = replace(ANNA, id=AccountId("a-2"), login="bella")
    with house.database.write() as unit:
        unit.accounts.add(bella, None)
    hers = house.door.begin(bella, Visitor(HOME, None, "Firefox"))
    asker = house.signed_in(mine).asker
    for foreign in (house.signed_in(hers).session.id, SessionId("nothing")):
        with pytest.raises(Unknown):
            house.door.end(asker, foreign)
    house.door.end(asker, house.signed_in(other).session.id)
    with pytest.raises(NotSignedIn):
        house.signed_in(other)
    another = await house.sign_in()
    assert house.door.end_others(house.signed_in(mine)) == 1
    with pytest.raises(NotSignedIn):
        house.signed_in(another)
    assert house.signed_in(hers).account == bella


async def test_a_changed_password_ends_the_other_sessions(house: House) -> None:
    mine, other = await house.sign_in(), await house.sign_in()
    new = "another phrase of her own"
    await house.door.change_password(house.signed_in(mine), PASSWORD, new)
    house.signed_in(mine)
    with pytest.raises(NotSignedIn):
        house.signed_in(other)
    with pytest.raises(SignInRefused):
        await house.sign_in()
    await house.sign_in(new)


@pytest.mark.parametrize(
    ("new", "field"),
    [("short", "password"), ("a" * 20, "password"), ("my name is Anna", "password")],
)
async def test_a_weak_password_is_refused_by_its_field(house: House, new: str, field: str) -> None:
    signed_in = house.signed_in(await house.sign_in())
    with pytest.raises(FieldsRefused) as refused:
        await house.door.change_password(signed_in, PASSWORD, new)
    assert list(refused.value.fields) == [field]


async def test_a_session_left_open_does_not_let_its_finder_guess_the_password(
    house: House,
) -> None:
    signed_in = house.signed_in(await house.sign_in())
    for _ in range(ACCOUNT_FAILURES_MAX):
        with pytest.raises(FieldsRefused):
            await house.door.change_password(signed_in, "a guess at it", "a password of his")
    with pytest.raises(TooManyAttempts):
        await house.door.change_password(signed_in, PASSWORD, "a password of his")


async def test_every_coming_and_going_is_in_the_record(house: House) -> None:
    begun = await house.sign_in()
    with pytest.raises(SignInRefused):
        await house.sign_in("a guess")
    house.door.sign_out(house.signed_in(begun))
    with house.database.read() as unit:
        records = unit.audit.of_subject("account/a-1")
    assert [(it.action, it.refusal) for it in records] == [
        ("sign_out", None),
        ("sign_in", "sign_in_refused"),
        ("sign_in", None),
    ]


def _everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("veche.sqlite3*"))
