"""Counting guesses: limits, forgetting, and whose address it is."""

import pytest

from veche.domain.errors import TooManyAttempts
from veche.services.attempts import (
    FAILURES_MAX,
    KEYS_MAX,
    WINDOW_SECONDS,
    Attempts,
    address_key,
)


def test_an_attempt_less_than_the_limit_stops_nobody() -> None:
    attempts = Attempts()
    for _ in range(FAILURES_MAX):
        attempts.begin("a", 0)
    with pytest.raises(TooManyAttempts) as refused:
        attempts.begin("a", 1)
    assert refused.value.retry_after_seconds == WINDOW_SECONDS - 1
    attempts.begin("b", 1)
    attempts.begin("a", WINDOW_SECONDS)


def test_attempts_at_once_are_counted_before_any_of_them_has_failed() -> None:
    attempts = Attempts(failures_max=3)
    for _ in range(3):
        attempts.begin("a", 0)
    with pytest.raises(TooManyAttempts):
        attempts.begin("a", 0)


def test_a_right_answer_is_taken_back_and_those_before_it_are_not() -> None:
    attempts = Attempts(failures_max=2)
    attempts.begin("a", 0)
    for second in range(1, 10):
        attempts.begin("a", second)
        attempts.forgive("a", second)
    attempts.begin("a", 10)
    with pytest.raises(TooManyAttempts):
        attempts.begin("a", 10)


def test_the_count_of_guessers_is_bounded_and_who_was_forgiven_is_not_counted() -> None:
    attempts = Attempts()
    for number in range(KEYS_MAX + 1):
        attempts.begin(str(number), 0)
    assert len(attempts._failures) == KEYS_MAX
    attempts.forgive(str(KEYS_MAX), 0)
    assert len(attempts._failures) == KEYS_MAX - 1


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.66", "192.0.2.66"),
        ("::ffff:192.0.2.66", "192.0.2.66"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_a_guesser_is_an_address_or_a_network_of_ipv6(address: str, key: str) -> None:
    assert address_key(address) == key
