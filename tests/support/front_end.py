"""A built front end of a few bytes, in the form that the build makes."""

import json
from pathlib import Path


def build_front_end(folder: Path) -> Path:
    """Every entry; `room` and `watch` share a chunk that brings a style sheet."""
    files = {
        "cabinet-1a.js": "cabinet",
        "office-1a.js": "office",
        "room-1a.js": "room",
        "watch-1b.js": "watch",
        "pages-1c.js": "pages",
        "pages-1d.css": "p {}",
        "base-1h.css": "html {}",
        "stage-1e.js": "stage",
        "stage-1f.css": ".stage {}",
    }
    shared = {"file": "stage-1e.js", "css": ["stage-1f.css"]}
    manifest = {
        "_stage.js": shared,
        "src/entries/cabinet.tsx": {"file": "cabinet-1a.js", "isEntry": True},
        "src/entries/office.tsx": {"file": "office-1a.js", "isEntry": True},
        "src/entries/room.tsx": {"file": "room-1a.js", "imports": ["_stage.js"], "isEntry": True},
        "src/entries/watch.tsx": {"file": "watch-1b.js", "imports": ["_stage.js"], "isEntry": True},
        "_base-1h.css": {"file": "base-1h.css"},
        "src/entries/pages.ts": {
            "file": "pages-1c.js",
            "css": ["pages-1d.css", "base-1h.css"],
            "isEntry": True,
        },
    }
    (folder / ".vite").mkdir(parents=True)
    (folder / ".vite" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    for name, content in files.items():
        (folder / name).write_text(content, "utf-8")
    return folder
