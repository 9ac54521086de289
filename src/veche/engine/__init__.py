"""The media engine's door: the only import of the compiled module.

Refuses a binary that was not built from the Rust sources beside it: a stale engine under new
Python is the strangest of bugs. Installed without sources there is nothing to compare.
"""

import hashlib
from pathlib import Path

from veche.engine._native import (
    SOURCE_DIGEST,
    Command,
    Engine,
    EngineStats,
    Event,
    Layer,
    ParticipantStats,
)

__all__ = [
    "SOURCE_DIGEST",
    "Command",
    "Engine",
    "EngineStats",
    "Event",
    "Layer",
    "ParticipantStats",
    "source_digest",
]

_CRATES = ("node", "python", "sfu")


def source_digest(root: Path) -> str:
    """Digest of the Rust sources under a workspace, as `engine/python/build.rs` computes it."""
    files = [root / "Cargo.toml", root / "Cargo.lock", root / "engine/python/build.rs"]
    for crate in _CRATES:
        folder = root / "engine" / crate
        files += [folder / "Cargo.toml", *folder.glob("src/**/*.rs")]
    digest = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.relative_to(root).as_posix().encode()):
        content = path.read_bytes()
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(f"\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _refuse_a_stale_binary() -> None:
    root = Path(__file__).resolve().parents[3]
    if (root / "engine/python/build.rs").is_file() and source_digest(root) != SOURCE_DIGEST:
        raise ImportError(
            "the media engine was not built from the sources in "
            f"{root / 'engine'}; rebuild it with: make build"
        )


_refuse_a_stale_binary()
