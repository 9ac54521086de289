"""The built front end: which files an entry needs, and the files themselves.

All files are read once at start and served from memory by name, so no path of a request
ever touches the disk. Names carry a hash of the content: they are cached for ever.
"""

import gzip
import json
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from starlette.requests import Request
from starlette.responses import Response

from veche.domain.errors import Misconfigured
from veche.web.problems import problem

PREFIX: Final = "/assets/"
ENTRIES: Final = {
    "cabinet": "src/entries/cabinet.tsx",
    "office": "src/entries/office.tsx",
    "room": "src/entries/room.tsx",
    "watch": "src/entries/watch.tsx",
    "pages": "src/entries/pages.ts",
}
_COMPRESSIBLE: Final = frozenset({".js", ".css", ".svg", ".json", ".txt"})
_COMPRESSION_LEVEL: Final = 6
_FOR_EVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a page that uses the entry must name, as addresses."""

    script: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    compressed: bytes | None
    media_type: str


class Assets:
    """Answers `GET /assets/<name>`."""

    def __init__(self, entries: dict[str, Entry], files: dict[str, _File]) -> None:
        self.entries = entries
        self._files = files

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises `Misconfigured` when the front end is not built, or not whole."""
        manifest = folder / ".vite" / "manifest.json"
        try:
            chunks = json.loads(manifest.read_text("utf-8"))
        except FileNotFoundError:
            raise _incomplete(f"{manifest} is not there") from None
        absent = [source for source in ENTRIES.values() if source not in chunks]
        if absent:
            raise _incomplete(f"it lacks {', '.join(absent)}")
        return cls(
            {name: _entry(source, chunks) for name, source in ENTRIES.items()},
            {
                file.relative_to(folder).as_posix(): _read(file)
                for file in sorted(folder.rglob("*"))
                if file.is_file() and not file.relative_to(folder).parts[0].startswith(".")
            },
        )

    def respond(self, request: Request, name: str) -> Response:
        file = self._files.get(name)
        if file is None:
            return problem(404)
        headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
        content = file.content
        if file.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            content = file.compressed
        return Response(content, media_type=file.media_type, headers=headers)


def _entry(source: str, chunks: dict[str, Any]) -> Entry:
    """An entry with everything it imports; a style of a shared chunk comes before its own."""
    styles: list[str] = []
    preloads: list[str] = []
    seen: set[str] = set()

    def visit(key: str) -> None:
        if key in seen:
            return
        seen.add(key)
        chunk = chunks[key]
        for imported in chunk.get("imports", []):
            visit(imported)
        # The build names an entry's own style before those it shares, which it is written upon.
        own_last = sorted(chunk.get("css", []), key=lambda style: f"_{style}" not in chunks)
        styles.extend(PREFIX + style for style in own_last)
        if key != source:
            preloads.append(PREFIX + chunk["file"])

    visit(source)
    return Entry(PREFIX + chunks[source]["file"], tuple(styles), tuple(preloads))


def _read(file: Path) -> _File:
    content = file.read_bytes()
    is_compressible = file.suffix in _COMPRESSIBLE
    return _File(
        content,
        gzip.compress(content, _COMPRESSION_LEVEL, mtime=0) if is_compressible else None,
        mimetypes.guess_type(file.name)[0] or "application/octet-stream",
    )


def _incomplete(reason: str) -> Misconfigured:
    return Misconfigured([("front end", f"is not built ({reason}); run `make build`")])
