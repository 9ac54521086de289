"""The first administrator, made where the server stands."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from veche.cli import main
from veche.domain.actor import ActorKind
from veche.store import Database

Typing = Callable[..., None]


@pytest.fixture(name="types")
def type_passwords(monkeypatch: pytest.MonkeyPatch) -> Typing:
    """Somebody sits at the terminal and types these."""

    def types(*typed: str) -> None:
        answers = iter(typed)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
        monkeypatch.setattr("getpass.getpass", lambda _: next(answers))

    return types


def _user(data: Path, *arguments: str) -> int:
    return main(["user", *arguments, "--data", str(data)])


def test_no_account_is_there_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _user(tmp_path, "list") == 0
    assert capsys.readouterr().out == ""


def test_the_first_administrator_gets_a_password_that_is_printed_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _user(tmp_path, "add", "--admin", "Anna") == 0
    told, password = capsys.readouterr().out.splitlines()
    assert told.split() == ["anna", "admin", "of", "the", "house", "Anna"]
    assert len(password.removeprefix("password: ")) == 20
    assert _user(tmp_path, "list") == 0
    assert "password" not in capsys.readouterr().out


def test_a_typed_password_is_not_printed(
    tmp_path: Path, types: Typing, capsys: pytest.CaptureFixture[str]
) -> None:
    types("a long phrase of hers", "a long phrase of hers")
    assert _user(tmp_path, "add", "--role", "organiser", "anna", "--organisation", "ministry") == 0
    told = capsys.readouterr().out
    assert "organiser  of ministry" in told
    assert "phrase" not in told


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (["short"], "password: at least 12 letters"),
        (["a long phrase of hers", "another phrase of hers"], "was not the same twice"),
    ],
)
def test_a_wrong_password_is_refused_in_words_and_nothing_is_made(
    tmp_path: Path,
    types: Typing,
    capsys: pytest.CaptureFixture[str],
    typed: list[str],
    reason: str,
) -> None:
    types(*typed)
    assert _user(tmp_path, "add", "--admin", "anna") == 2
    assert reason in capsys.readouterr().err
    _user(tmp_path, "list")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("add", "--admin", "anna"), "login: is taken"),
        (("add", "--admin", "two words"), "login: letters, digits"),
        (("disable", "bella"), "login: nobody signs in as bella"),
    ],
)
def test_what_cannot_be_done_is_told_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], reason: str
) -> None:
    _user(tmp_path, "add", "--admin", "anna")
    assert _user(tmp_path, *arguments) == 2
    assert reason in capsys.readouterr().err


def test_an_account_is_disabled_enabled_and_reset_and_all_of_it_is_in_the_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _user(tmp_path, "add", "--admin", "anna")
    for verb in ("disable", "enable", "reset"):
        assert _user(tmp_path, verb, "anna") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "disabled" in lines[2]
    assert "disabled" not in lines[3]
    assert lines[4] != lines[1]
    with Database.open(tmp_path, lambda: datetime.now(UTC)) as database, database.read() as unit:
        (account,) = unit.accounts.all()
        records = unit.audit.of_subject(f"account/{account.id}")
    assert {record.actor.kind for record in records} == {ActorKind.SYSTEM}
    assert [record.action for record in records] == [
        "reset_password",
        "change_account",
        "change_account",
        "add_account",
    ]
