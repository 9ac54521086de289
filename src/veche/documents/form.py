"""Letters on paper: finished words set by Typst into a PDF that can be read aloud and kept.

PDF/A-2a (ISO 19005-2): tagged, fonts inside, nothing fetched. A name in letters that the fonts
lack makes an ordinary PDF, which the archive's form forbids: a letter that shows a box is better
than none. The same words at the same moment give the same bytes. Typst reads one template of
ours and no other file.
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

_FOLDER: Final = Path(__file__).parent
_STANDARD: Final = "a-2a"


def set_letter(words: Mapping[str, Any], written_at: datetime) -> bytes:  # Any: JSON
    """`words` are those that `forms/letter.typ` prints."""
    try:
        return _compiled(words, written_at, [_STANDARD])
    except typst.TypstError:
        return _compiled(words, written_at, [])


def _compiled(
    words: Mapping[str, Any], written_at: datetime, standards: list[Any]
) -> bytes:  # Any: JSON; names of standards, which typst types and does not export
    pdf = _compiler().compile(
        input=(_FOLDER / "forms" / "letter.typ").read_bytes(),
        format="pdf",
        sys_inputs={"letter": _visible(json.dumps(words, ensure_ascii=False))},
        pdf_standards=standards,
        timestamp=written_at,
    )
    assert isinstance(pdf, bytes), "one document"
    return pdf


def _visible(text: str) -> str:
    """Without signs that have no shape: on paper they would only be read out as something else."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(_FOLDER / "fonts")],
    )
    return typst.Compiler(root=str(_FOLDER / "forms"), font_paths=fonts)
