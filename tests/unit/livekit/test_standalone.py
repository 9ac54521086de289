"""Keys of `veche sfu`: LiveKit's own form, and no weak secret beyond loopback."""

import pytest

from veche.livekit.standalone import SECRET_LETTERS, SettingRefused, check_keys, parse_keys
from veche.livekit.tokens import Keys

STRONG = "s" * SECRET_LETTERS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("key: secret", {"key": "secret"}),
        ("key:secret", {"key": "secret"}),
        ("one: 1\ntwo: 2\n", {"one": "1", "two": "2"}),
        ("one: 1, two: 2", {"one": "1", "two": "2"}),
        ("", {}),
        ("key: with:colon", {"key": "with:colon"}),
    ],
)
def test_keys_are_read_in_livekits_form(text: str, expected: dict[str, str]) -> None:
    assert parse_keys(text).secrets == expected


@pytest.mark.parametrize("text", ["weird", "weird:", ": weird", "key: ok, weird"])
def test_a_broken_pair_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(SettingRefused) as refusal:
        parse_keys(text)
    assert refusal.value.key == "keys"
    assert "weird" not in str(refusal.value)


@pytest.mark.parametrize("bind", ["127.0.0.1", "::1", "localhost", "127.1.2.3"])
def test_a_weak_secret_is_a_warning_on_loopback(bind: str) -> None:
    (warning,) = check_keys(Keys({"weak": "secret", "strong": STRONG}), bind)
    assert "weak" in warning
    assert "'secret'" not in warning


@pytest.mark.parametrize("bind", ["192.0.2.1", "::", "example.org"])
@pytest.mark.parametrize(("length", "is_accepted"), [(-1, False), (0, True), (1, True)])
def test_a_weak_secret_stops_the_start_elsewhere(bind: str, length: int, is_accepted: bool) -> None:
    keys = Keys({"key": "s" * (SECRET_LETTERS + length)})
    if is_accepted:
        assert check_keys(keys, bind) == []
    else:
        with pytest.raises(SettingRefused, match="key"):
            check_keys(keys, bind)


def test_no_key_at_all_stops_the_start() -> None:
    with pytest.raises(SettingRefused):
        check_keys(Keys({}), "127.0.0.1")
