"""Keys of this installation, made at its first start: for join tokens, and for links in letters.

Kept in the data directory, readable by its owner only. Losing it ends nothing but the tokens
and demonstration links of the moment.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Final

from veche.domain.errors import Misconfigured

FILE_NAME: Final = "livekit-key.json"
LETTERS_FILE_NAME: Final = "letters.key"
_KEY_BYTES: Final = 8
_SECRET_BYTES: Final = 32
"""HS256 wants a secret of 256 bits at least (RFC 7518, section 3.2)."""


def kept_key(data: Path) -> tuple[str, str]:
    """Name and secret of the key; raises `Misconfigured` for a file that is none."""
    file = data / FILE_NAME
    try:
        # Made whole or not at all, and never readable by others, not even for a moment.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(file)
    made = {"key": f"veche{secrets.token_hex(_KEY_BYTES)}", "secret": _new_secret()}
    with open(descriptor, "w", encoding="utf-8") as opened:
        json.dump(made, opened)
    return made["key"], made["secret"]


def kept_letters_key(data: Path) -> bytes:
    """What links in waiting letters are made of; raises `Misconfigured` for a file that is none.

    Losing it ends the letters that have not left; links that were sent go on opening.
    """
    file = data / LETTERS_FILE_NAME
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = file.read_bytes()
        if len(kept) == _SECRET_BYTES:
            return kept
        raise Misconfigured(
            [("data", f"{file} is damaged; remove it, and send the waiting letters again")]
        ) from None
    made = secrets.token_bytes(_SECRET_BYTES)
    with open(descriptor, "wb") as opened:
        opened.write(made)
    return made


def _new_secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)


def _read(file: Path) -> tuple[str, str]:
    try:
        kept = json.loads(file.read_text("utf-8"))
        key, secret = kept["key"], kept["secret"]
        is_whole = isinstance(key, str) and isinstance(secret, str) and len(secret) >= _SECRET_BYTES
    except (OSError, ValueError, KeyError, TypeError):
        is_whole = False
    if not is_whole:
        raise Misconfigured(
            [("data", f"{file} is damaged; remove it, a new key is made at the next start")]
        )
    return key, secret
