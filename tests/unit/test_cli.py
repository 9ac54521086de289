"""What the command line says when a part of the house is not there."""

import subprocess
import sys
from pathlib import Path

import pytest

_WITHOUT_ENGINE = """
import sys
sys.modules["veche.engine"] = None
from veche.cli import main
raise SystemExit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("command", ["serve", "sfu"])
def test_an_engine_that_is_not_built_is_told_in_words(command: str, tmp_path: Path) -> None:
    """In a process of its own: what is taken out of the imports stays out only there."""
    ended = subprocess.run(
        [sys.executable, "-c", _WITHOUT_ENGINE, command, "--port", "0"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 2
    assert "media engine: " in ended.stderr
    assert "make build" in ended.stderr
    assert "Traceback" not in ended.stderr
