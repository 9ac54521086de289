"""The front end decodes what the server says it answers, by a file made of that saying."""

import runpy
from pathlib import Path

WEB = Path(__file__).parents[3] / "web"


def test_the_decoders_are_made_of_the_interface_as_it_is() -> None:
    shapes = runpy.run_path(str(WEB / "scripts" / "shapes.py"))["shapes"]
    kept = (WEB / "src" / "api" / "shapes.ts").read_text("utf-8")
    assert kept == shapes(), "run `python web/scripts/shapes.py`"
