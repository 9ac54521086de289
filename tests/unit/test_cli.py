"""What the command line says when a part of the house is not there."""

import sys
from pathlib import Path

import pytest

from veche.cli import main


@pytest.mark.parametrize("command", ["serve", "sfu"])
def test_an_engine_that_is_not_built_is_told_in_words(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in [name for name in sys.modules if name.startswith("veche.")]:
        if name not in ("veche.cli", "veche.config") and not name.startswith("veche.domain"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "veche.engine", None)
    monkeypatch.chdir(tmp_path)
    assert main([command, "--port", "0"]) == 2
    said = capsys.readouterr().err
    assert "media engine: " in said
    assert "make build" in said
