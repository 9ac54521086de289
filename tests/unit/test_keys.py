"""Keys are made once, are their owner's alone, and a damaged one stops the start."""

from pathlib import Path

import pytest

from veche.domain.errors import Misconfigured
from veche.keys import LETTERS_FILE_NAME, kept_letters_key


def test_the_key_of_letters_is_made_once_and_read_by_its_owner(tmp_path: Path) -> None:
    key = kept_letters_key(tmp_path)
    assert len(key) == 32
    assert kept_letters_key(tmp_path) == key
    assert (tmp_path / LETTERS_FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_a_damaged_key_of_letters_is_named(tmp_path: Path) -> None:
    (tmp_path / LETTERS_FILE_NAME).write_bytes(b"short")
    with pytest.raises(Misconfigured) as refused:
        kept_letters_key(tmp_path)
    assert "letters.key is damaged" in refused.value.problems[0][1]
