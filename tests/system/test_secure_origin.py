"""TLS by certificate files, and behind a real nginx with the file we ship."""

import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.certificate import TestCertificate, make_certificate
from tests.support.server import Server, run_veche, running
from veche.certificates import CertificateUnusable, read_certificate

NGINX = Path(__file__).parents[2] / "deploy" / "nginx.conf"
START_SECONDS = 10.0


@pytest.fixture(name="certificate")
def make_for_test(tmp_path: Path) -> TestCertificate:
    return make_certificate(tmp_path, "DNS:localhost", "IP:127.0.0.1")


def _tls(certificate: TestCertificate) -> tuple[str, ...]:
    files = (f"web.tls_certificate={certificate.chain}", f"web.tls_key={certificate.key}")
    return tuple(part for file in files for part in ("--set", file))


def test_with_certificate_files_the_server_speaks_tls(
    tmp_path: Path, certificate: TestCertificate
) -> None:
    with running(
        "demo", tmp_path / "data", *_tls(certificate), trust=certificate.trust()
    ) as server:
        assert server.url.startswith("https://")
        status, headers, body = server.post("/api/v1/meetings/67/watch")
        assert status == 200
        assert "max-age" in headers["strict-transport-security"]
        assert json.loads(body)["media"]["url"].startswith("wss://")


def test_the_doctor_reads_the_certificate(tmp_path: Path, certificate: TestCertificate) -> None:
    common = ("doctor", "--port", "0", "--media-port", "0", "--data", str(tmp_path))
    told = run_veche(*common, *_tls(certificate)).stdout
    assert "localhost, 127.0.0.1; ends in 89 days" in told
    base = ("--set", "web.base_url=https://veche.example")
    told = run_veche(*common, *_tls(certificate), *base).stdout
    assert "does not name veche.example" in told


def test_a_certificate_that_cannot_be_used_stops_the_start(
    tmp_path: Path, certificate: TestCertificate
) -> None:
    other = make_certificate(tmp_path, "DNS:localhost", name="other")
    mixed = TestCertificate(certificate.chain, other.key)
    for unusable in (mixed, TestCertificate(tmp_path / "absent.pem", certificate.key)):
        data = ("--port", "0", "--media-port", "0", "--data", str(tmp_path / "data"))
        refused = run_veche("serve", *data, *_tls(unusable))
        assert refused.returncode == 2
        assert "web.tls_certificate: cannot be used" in refused.stderr
        with pytest.raises(CertificateUnusable):
            read_certificate(unusable.chain, unusable.key)


def test_a_certificate_tells_its_names_and_its_end(certificate: TestCertificate) -> None:
    read = read_certificate(certificate.chain, certificate.key)
    assert read.names == ("localhost", "127.0.0.1")
    assert abs(read.expires_at - datetime.now(UTC) - timedelta(days=90)) < timedelta(hours=1)


def test_a_wildcard_covers_one_level(tmp_path: Path) -> None:
    made = make_certificate(tmp_path, "DNS:*.veche.example")
    read = read_certificate(made.chain, made.key)
    assert read.covers("minsk.veche.example")
    assert not read.covers("veche.example")
    assert not read.covers("a.minsk.veche.example")


@contextmanager
def _nginx(folder: Path, server: Server, certificate: TestCertificate) -> Iterator[str]:
    """The shipped file with other ports and files, run by a real nginx; the address it serves."""
    executable = shutil.which("nginx") or "/usr/sbin/nginx"
    assert Path(executable).exists(), "nginx is not installed; `make test` installs it"
    ports = [_free_port(), _free_port()]
    shipped = NGINX.read_text("utf-8")
    changed = (
        shipped.replace("127.0.0.1:8067", server.url.removeprefix("http://"))
        .replace("listen 80;", f"listen 127.0.0.1:{ports[0]};")
        .replace("listen 443 ssl;", f"listen 127.0.0.1:{ports[1]} ssl;")
        .replace("/etc/ssl/veche/fullchain.pem", str(certificate.chain))
        .replace("/etc/ssl/veche/privkey.pem", str(certificate.key))
    )
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ {temporary}\n{changed}\n}}\n"
    )
    process = subprocess.Popen([executable, "-p", str(folder), "-c", str(file)])
    try:
        _wait_for(ports[1])
        yield f"https://127.0.0.1:{ports[1]}"
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "nginx did not come up"
            time.sleep(0.02)
        else:
            return


def test_behind_nginx_everything_works_under_the_public_name(
    tmp_path: Path, certificate: TestCertificate
) -> None:
    trusted = ("--set", "web.trusted_proxies=127.0.0.1/32")
    with (
        running("demo", tmp_path / "data", *trusted) as server,
        _nginx(tmp_path, server, certificate) as url,
    ):
        outside = Server(url, server.process, trust=certificate.trust())
        page, headers, body = outside.get("/m/67/ru")
        assert page == 200
        assert f"{url}/m/67/ru" in body, "links are made under the name that was asked for"
        assert "Strict-Transport-Security" in {name.title() for name in headers}
        status, _, answer = outside.post("/api/v1/meetings/67/watch", Origin=url)
        assert status == 200
        assert json.loads(answer)["media"]["url"] == url.replace("https", "wss")
        assert outside.get("/rtc/v1/validate?join_request=" + "a" * 16_000)[0] in (400, 401)
        assert outside.post("/api/v1/join", '{"a": "' + "x" * 70_000 + '"}')[0] == 413
        assert _first_event(outside) == "event: snapshot"


def test_only_a_trusted_proxy_is_believed_about_its_clients(tmp_path: Path) -> None:
    claims = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
    for trusted, scheme in (("192.0.2.1/32", "ws"), ("127.0.0.0/8", "wss")):
        with running(
            "demo", tmp_path / scheme, "--set", f"web.trusted_proxies={trusted}"
        ) as server:
            _, _, body = server.post("/api/v1/meetings/67/watch", **claims)
            assert re.match(rf"{scheme}://127", json.loads(body)["media"]["url"])


def _first_event(server: Server) -> str:
    """Through the proxy's buffers or not at all."""
    host, port = server.url.removeprefix("https://").split(":")
    assert server.trust is not None
    with (
        socket.create_connection((host, int(port)), timeout=10) as plain,
        server.trust.wrap_socket(plain, server_hostname=host) as stream,
    ):
        asked = f"GET /api/v1/meetings/67/live HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n"
        stream.sendall(asked.encode())
        received = b""
        while b"\nevent: " not in received:
            received += stream.recv(65536)
    return "event: " + received.partition(b"\nevent: ")[2].partition(b"\n")[0].decode()
