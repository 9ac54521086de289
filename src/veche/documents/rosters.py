"""Reading a roster that somebody brought: DOCX, XLSX or plain text, told apart by their content.

A name and a media type are claims and are not asked. An office document is opened by a process
of its own with bounded memory, time and no way out (`reader_child`); text is read here, for
there is nothing in it to open.
"""

import json
import logging
import subprocess
import sys
import tempfile
import threading
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from veche.domain.errors import (
    DocumentBroken,
    DocumentLocked,
    DocumentOutdated,
    DocumentRefused,
    DocumentTooLarge,
    DocumentUnknown,
    TooManyRows,
)
from veche.domain.roster_reading import rows_of_text
from veche.domain.roster_rows import SourceRow

FILE_BYTES_MAX: Final = 8 * 1024 * 1024
"""A roster of a thousand people with the picture of an emblem takes one."""
TEXT_BYTES_MAX: Final = 1024 * 1024
READ_WITHIN_SECONDS: Final = 10.0
"""By the clock: five times what the processor's limit allows, for a machine that is busy."""
ANSWER_BYTES_MAX: Final = 32 * 1024 * 1024
"""The rows of the largest document that the child reads, as JSON."""

_CHILD: Final = Path(__file__).with_name("reader_child.py")
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Text that is a program or a document of another kind, at its beginning.
_NOT_TEXT: Final = (
    "{\\rtf",
    "%pdf",
    "%!ps",
    "<!",
    "<html",
    "<svg",
    "<?xml",
    "<script",
    "mime-version:",
)
_LAYOUT: Final = "\t\n\r\f"
_REASONS: Final[dict[str, type[DocumentRefused]]] = {
    "broken": DocumentBroken,
    "bomb": DocumentTooLarge,
    "too_large": DocumentTooLarge,
    "too_many_rows": TooManyRows,
    "locked": DocumentLocked,
    "unknown": DocumentUnknown,
}
_log = logging.getLogger(__name__)


def read_roster(data: bytes) -> Sequence[SourceRow]:
    """Its rows in order. Raises a `DocumentRefused`."""
    if len(data) > FILE_BYTES_MAX:
        raise DocumentTooLarge
    if data.startswith(_OLE):
        raise DocumentOutdated
    if data.startswith(_ZIP):
        return _rows_of(_answer_of_child(data))
    return rows_of_text(_text_of(data))


def _text_of(data: bytes) -> str:
    if len(data) > TEXT_BYTES_MAX:
        raise DocumentTooLarge
    text = _decoded(data)
    has_controls = any(
        unicodedata.category(letter) in ("Cc", "Cs") and letter not in _LAYOUT for letter in text
    )
    if has_controls or text.lstrip().casefold().startswith(_NOT_TEXT):
        raise DocumentUnknown
    return text


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        # Windows-1251 is what Notepad saved here for thirty years, and takes any bytes.
        encodings = ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentUnknown


def _answer_of_child(data: bytes) -> Any:  # Any: JSON
    with tempfile.TemporaryFile() as brought:
        brought.write(data)
        brought.seek(0)
        child = subprocess.Popen(  # noqa: S603 - our own script, nothing of it comes from outside
            [sys.executable, "-I", str(_CHILD)],
            stdin=brought,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
    assert child.stdout is not None
    with child, child.stdout as stdout:
        alarm = threading.Timer(READ_WITHIN_SECONDS, child.kill)
        alarm.start()
        try:
            answer = stdout.read(ANSWER_BYTES_MAX + 1)
        finally:
            alarm.cancel()
            child.kill()
    if len(answer) > ANSWER_BYTES_MAX:
        raise DocumentTooLarge
    try:
        return json.loads(answer)
    except ValueError:
        # Stopped by the system at one of its limits, in the middle of a word.
        _log.info("the reader of a document ended with %s", child.returncode)
        raise DocumentTooLarge from None


def _rows_of(answer: Any) -> list[SourceRow]:  # Any: JSON
    if reason := answer.get("refused"):
        _log.info("a document was refused: %s %s", reason, answer.get("because", ""))
        raise _REASONS[reason]
    return [
        SourceRow(row["number"], tuple(row["cells"]), row["part"], frozenset(row["formulas"]))
        for row in answer["rows"]
    ]
