"""The stub is what Python developers read; the binary is what runs. They must say the same."""

import subprocess
import sys
from pathlib import Path

import pytest

import veche.engine as engine

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def test_the_stub_says_what_the_binary_does() -> None:
    allowlist = HERE / "stub_allowlist.txt"
    compared = subprocess.run(
        [
            sys.executable,
            *("-m", "mypy.stubtest", "veche.engine._native", "--allowlist", str(allowlist)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert compared.returncode == 0, compared.stdout + compared.stderr


def test_a_binary_of_other_sources_is_refused_by_the_command_that_rebuilds_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "SOURCE_DIGEST", "0" * 64)
    with pytest.raises(ImportError, match="make build"):
        engine._refuse_a_stale_binary()


def test_a_command_says_what_is_malformed_in_it_and_nothing_of_its_list_is_applied() -> None:
    malformed = {
        "ICE credentials": engine.Command.AddParticipant(1, 1, "abc", "p" * 22),
        "fingerprint": engine.Command.SetRemote(1, "abcd", "p" * 22, "sha-1 00"),
        "codec": engine.Command.Publish(
            1, 1, "0", "vp9", 96, None, False, False, [engine.Layer()], True
        ),
        "layer": engine.Command.SetSubscription(1, False, 3),
        "temporal_layer": engine.Command.SetSubscription(1, False, 2, temporal_layer=4),
        "payload length": engine.Command.SendData([1], "_reliable", bytes(64 * 1024 + 1)),
        "extensions": engine.Command.SetExtensions(1, [("urn:a", 0)]),
    }
    with engine.Engine([("127.0.0.1", 0)]) as media:
        for name, command in malformed.items():
            with pytest.raises(ValueError, match=name):
                media.submit([engine.Command.Echo(1), command])
        media.snapshot()  # a round trip: what was submitted before it has been applied
        assert media.drain() == []


def test_faults_are_refused_where_they_are_not_allowed() -> None:
    with engine.Engine([("127.0.0.1", 0)]) as media, pytest.raises(PermissionError):
        media.submit([engine.Command.Inject(1, "open", "panic")])


def test_an_address_that_cannot_be_bound_is_named() -> None:
    with (
        engine.Engine([("127.0.0.1", 0)]) as first,
        pytest.raises(OSError, match=f"127.0.0.1:{first.addresses[0][1]}"),
    ):
        engine.Engine([("127.0.0.1", first.addresses[0][1])])


def test_a_closed_engine_takes_no_commands() -> None:
    media = engine.Engine([("127.0.0.1", 0)])
    media.close()
    media.close()
    with pytest.raises(RuntimeError, match="closed"):
        media.submit([engine.Command.Echo(1)])
