"""The server as an operator meets it: starting, refusing to start, stopping, starting again."""

import json
import re
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.support.server import Server, run_veche, running

STOP_SECONDS = 10


def _links(server: Server) -> list[str]:
    return re.findall(r"/j/(\S+)", "".join(server.lines))


def _join(server: Server, secret: str) -> dict[str, object]:
    status, _, body = server.post("/api/v1/join", json.dumps({"secret": secret}))
    assert status == 200, body
    answer: dict[str, object] = json.loads(body)
    return answer


def test_a_server_that_says_ready_is_ready_and_stops_when_asked(tmp_path: Path) -> None:
    with running("serve", tmp_path / "data") as server:
        assert server.get("/health/ready")[0] == 200
        assert server.get("/")[0] == 200
        assert server.get("/m/67")[0] == 404, "no demonstration unless asked for"
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < STOP_SECONDS
        assert "Traceback" not in "".join(server.lines)


def test_interrupting_is_stopping(tmp_path: Path) -> None:
    with running("serve", tmp_path / "data") as server:
        assert server.stop(signal.SIGINT) == 0
        assert "Traceback" not in "".join(server.lines)


def test_an_open_event_stream_does_not_hold_the_stop_back(tmp_path: Path) -> None:
    with running("demo", tmp_path / "data") as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as stream:
            stream.sendall(
                b"GET /api/v1/meetings/67/live HTTP/1.1\r\nHost: " + host.encode() + b"\r\n\r\n"
            )
            assert b"200 OK" in stream.recv(65536)
            assert server.stop() == 0


def test_the_demonstration_is_on_the_air_and_its_links_open_places(tmp_path: Path) -> None:
    with running("demo", tmp_path / "data") as server:
        page = server.get("/m/67/ru")[2]
        assert "Прямой эфир" in page
        assert "Сергей Попков" in page
        secrets = _links(server)
        assert len(secrets) == 2
        sides = [_join(server, secret)["participant"]["side"] for secret in secrets]  # type: ignore[index]
        assert sides == ["side-1", "side-2"]


def test_after_a_restart_everything_is_where_it_was(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running("demo", data) as server:
        secrets = _links(server)
        before = json.loads(server.get("/api/v1/meetings/67/stage")[2])
        server.process.kill()
    with running("demo", data) as server:
        assert _links(server) == secrets, "a page that comes back finds its place"
        _join(server, secrets[0])
        after = json.loads(server.get("/api/v1/meetings/67/stage")[2])
    assert after["on_air_since"] == before["on_air_since"]
    assert after["stage"]["sequence"] >= before["stage"]["sequence"]


def test_a_web_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = run_veche("serve", "--port", port, "--data", str(tmp_path))
    assert refused.returncode == 2
    assert f"web.port: {port} on 127.0.0.1 is used by another program" in refused.stderr
    assert "--port" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_media_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        arguments = ("--port", "0", "--media-port", port, "--data", str(tmp_path))
        refused = run_veche("serve", *arguments)
    assert refused.returncode == 2
    assert f"media.port: {port} on 127.0.0.1 is used by another program" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_data_directory_in_use_is_named(tmp_path: Path) -> None:
    with running("serve", tmp_path):
        refused = run_veche("serve", "--port", "0", "--media-port", "0", "--data", str(tmp_path))
    assert refused.returncode == 2
    assert "data: " in refused.stderr
    assert "another veche" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (("--set", "web.prot=1"), {}, "web.prot: unknown key; did you mean web.port?"),
        (("--set", "nonsense"), {}, "--set: 'nonsense' is not KEY=VALUE"),
        (("--port", "many"), {}, "web.port: "),
        ((), {"VECHE_MEDIA_PROT": "1"}, "VECHE_MEDIA_PROT: unknown variable"),
        (("--host", "203.0.113.7"), {}, "web.host: this machine has no address 203.0.113.7"),
        (("--config", "/nowhere.toml"), {}, "/nowhere.toml: cannot be read"),
        (("--set", "livekit.keys=key: short"), {}, "livekit.keys: the secret of key is shorter"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(
    tmp_path: Path, arguments: tuple[str, ...], environment: dict[str, str], words: str
) -> None:
    data = () if "--port" in arguments else ("--port", "0")
    refused = run_veche(
        "serve", *data, "--data", str(tmp_path / "data"), *arguments, environment=environment
    )
    assert refused.returncode == 2
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    refused = run_veche("serve", "--port", "0", "--data", str(tmp_path / "file" / "data"))
    assert refused.returncode == 2
    assert "data: " in refused.stderr


def test_the_key_of_the_installation_is_read_by_its_owner_only(tmp_path: Path) -> None:
    with running("serve", tmp_path):
        kept = tmp_path / "livekit-key.json"
        assert kept.stat().st_mode & 0o077 == 0
        secret = json.loads(kept.read_text())["secret"]
    kept.write_text("{}")
    refused = run_veche("serve", "--port", "0", "--data", str(tmp_path))
    assert refused.returncode == 2
    assert "livekit-key.json is damaged" in refused.stderr
    assert secret not in refused.stderr


def test_secrets_in_addresses_reach_no_log(tmp_path: Path) -> None:
    with running("demo", tmp_path / "data") as server:
        server.get("/rtc/v1/validate?access_token=word-of-a-token")
        server.get("/j/word-of-a-link")
        server.post("/api/v1/join", '{"secret": "word-of-a-guess"}')
        answered = _join(server, _links(server)[0])
        server.stop()
        written = "".join(server.lines)
    assert "word-of-a" not in written
    assert answered["media"]["token"] not in written  # type: ignore[index]


def test_a_request_line_of_sixteen_kilobytes_is_read_and_an_endless_one_is_not(
    tmp_path: Path,
) -> None:
    with running("serve", tmp_path / "data") as server:
        assert server.get("/rtc/v1/validate?join_request=" + "a" * 16_000)[0] in (400, 401)
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as endless:
            endless.sendall(b"GET /?")
            with pytest.raises(OSError, match=r"reset|[Pp]ipe"):
                endless.sendall(b"a" * 64_000_000)
        assert server.get("/health/live")[0] == 200


def test_the_doctor_finds_a_working_house_and_names_what_is_missing(tmp_path: Path) -> None:
    ports = ("--port", "0", "--media-port", "0", "--data", str(tmp_path))
    well = run_veche("doctor", *ports)
    assert well.returncode == 0, well.stdout
    assert "arrives" in well.stdout
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ill = run_veche("doctor", "--port", port, "--media-port", "0", "--data", "/proc/veche")
    assert ill.returncode == 1
    assert f"web.port: {port} on 127.0.0.1 is used by another program" in ill.stdout
    assert "data: /proc cannot be written" in ill.stdout


def test_the_doctor_warns_of_what_browsers_refuse(tmp_path: Path) -> None:
    ports = ("--port", "0", "--media-port", "0", "--data", str(tmp_path))
    told = run_veche("doctor", *ports, "--set", "web.base_url=http://veche.example")
    assert "browsers give no camera" in told.stdout


@pytest.mark.parametrize("command", ["serve", "demo", "sfu", "doctor", "settings", "version"])
def test_every_command_has_help(command: str) -> None:
    told = run_veche(command, "--help")
    assert told.returncode == 0
    assert "usage: veche" in told.stdout


def test_the_settings_are_printed_for_the_operator() -> None:
    assert "`web.tls_certificate`" in run_veche("settings").stdout
