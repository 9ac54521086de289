"""A letter waits, tries again, fails or leaves; only a plain address is an address."""

from datetime import UTC, datetime, timedelta

import pytest

from veche.domain.identity import MeetingNumber
from veche.domain.invitation import (
    SECRET_BYTES,
    Recipient,
    RecipientKind,
    hash_secret,
    make_seed,
    secret_of,
)
from veche.domain.letters import (
    ADDRESS_LETTERS_MAX,
    PAUSES,
    REASON_LETTERS_MAX,
    Letter,
    LetterId,
    LetterKind,
    LetterState,
    is_address,
)
from veche.domain.text import Language

NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)
KEY = b"k" * 32


def letter(**changes: object) -> Letter:
    values: dict[str, object] = {
        "id": LetterId("l1"),
        "meeting": MeetingNumber(67),
        "recipient": Recipient(RecipientKind.PERSON, "popkov"),
        "kind": LetterKind.INVITATION,
        "language": Language.RU,
        "address": "popkov@example.by",
        "link_hash": hash_secret("x"),
        "seed": make_seed(),
        "made_at": NOON,
        "due_at": NOON,
    }
    return Letter(**(values | changes))  # type: ignore[arg-type]


def test_a_letter_is_tried_again_after_longer_and_longer_pauses_and_then_fails() -> None:
    waiting, at, waited = letter(), NOON, timedelta()
    for pause in PAUSES:
        waiting = waiting.delayed("451 try later", at)
        assert waiting.state is LetterState.WAITING
        assert waiting.due_at - at == pause
        at, waited = waiting.due_at, waited + pause
    failed = waiting.delayed("451 try later", at)
    assert failed.state is LetterState.FAILED
    assert failed.seed is not None
    assert timedelta(hours=20) < waited < timedelta(hours=24)


def test_what_the_link_is_made_of_is_forgotten_when_the_letter_has_left() -> None:
    for state in (LetterState.SENT, LetterState.HANDED, LetterState.DROPPED):
        assert letter().left(state, NOON).seed is None


def test_a_reason_of_a_foreign_server_is_one_short_line() -> None:
    failed = letter().failed("550 no\r\nforged: log line\x1b[31m" + "x" * 1_000)
    assert failed.failure is not None
    assert failed.failure.startswith("550 no forged: log line [31m")
    assert len(failed.failure) == REASON_LETTERS_MAX


def test_a_secret_is_made_of_key_and_seed_and_of_neither_alone() -> None:
    seed = make_seed()
    secret = secret_of(KEY, seed)
    assert secret == secret_of(KEY, seed)
    assert secret != secret_of(b"x" * 32, seed)
    assert secret != secret_of(KEY, make_seed())
    assert len(secret) == -(-SECRET_BYTES * 8 // 6)
    assert len({secret_of(KEY, make_seed()) for _ in range(1_000)}) == 1_000


@pytest.mark.parametrize(
    "written", ["popkov@example.by", "a.b+c_d@mail.gov.by", "x@xn--d1acj3b.xn--90ais"]
)
def test_a_plain_address(written: str) -> None:
    assert is_address(written)


@pytest.mark.parametrize(
    "written",
    [
        "", "@", "a@b", "a b@example.by", "a@example.by\r\nBcc: x@y.zz", "a@example.by\n",
        "a@example.by,b@example.by", "<a@example.by>", '"a b"@example.by', "a@[127.0.0.1]",
        "a@@example.by", ".a@example.by", "a.@example.by", "a..b@example.by", "a@-b.by", "a@b..by",
        "имя@example.by", "a@example.by\0", "a@пример.бел", "a;b@example.by", "a(b)@example.by",
        "a" * (ADDRESS_LETTERS_MAX - 10) + "@example.by",
    ],
)  # fmt: skip
def test_what_could_name_two_mailboxes_or_none_is_no_address(written: str) -> None:
    assert not is_address(written)
