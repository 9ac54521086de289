"""Bombs over a real socket: refused at once, for next to no work, and nothing is shown by them."""

import os
import socket
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from tests.support.server import Server, running

CPU_SECONDS_MAX = 0.05
REPEATS = 10
"""The clock of a process counts in hundredths of a second: one request is too short for it."""
HEAD = "POST /api/v1/join HTTP/1.1\r\nHost: veche.test\r\nContent-Type: application/json\r\n"


@pytest.fixture(name="server", scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("data")
    with running("serve", folder) as server:
        server.get("/")
        yield server


def _cpu_seconds(server: Server) -> float:
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _send(server: Server, request: bytes) -> bytes:
    """The status line, or nothing where the line was cut."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        try:
            line.sendall(request)
            return line.recv(65536).partition(b"\r\n")[0]
        except ConnectionError:
            return b""


def _with_body(body: str, head: str = HEAD) -> bytes:
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


BOMBS = {
    "a nest of lists": (_with_body("[" * 60_000), {400, 422}),
    "a nest of objects": (_with_body('{"secret":' * 6_000), {400, 422}),
    "a number without end": (_with_body('{"secret": ' + "9" * 60_000 + "}"), {400, 422}),
    "a body that is too large": (_with_body("[" * (10 << 20)), {413}),
    "a length without end": (f"{HEAD}Content-Length: {'9' * 5_000}\r\n\r\n".encode(), {400, 413}),
    "a length that is none": (f"{HEAD}Content-Length: -1\r\n\r\n".encode(), {400, 413}),
    "two lengths": (f"{HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\n[]".encode(), {400}),
    "a length and pieces": (
        f"{HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode(),
        {400, 422},
    ),
    "pieces of no size": (f"{HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n".encode(), {400}),
    "ten thousand headers": ((HEAD + "X: y\r\n" * 10_000 + "\r\n").encode(), {400, 422, 431}),
    "a header without end": (f"{HEAD}X: {'y' * 1_000_000}\r\n\r\n".encode(), {400, 431}),
    "a form with files": (
        _with_body("--b\r\n" * 10_000, HEAD.replace("application/json", "multipart/form-data")),
        {415},
    ),
    "ranges without number": (
        f"GET /icon.svg HTTP/1.1\r\nHost: veche.test\r\nRange: bytes={'0-,' * 9_000}0-\r\n\r\n"
        .encode(),
        {200, 206, 416},
    ),
    "languages without number": (
        f"GET / HTTP/1.1\r\nHost: veche.test\r\nAccept-Language: {'be;q=0.1,' * 3_000}\r\n\r\n"
        .encode(),
        {200},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_cheap(server: Server, name: str) -> None:
    request, statuses = BOMBS[name]
    before = _cpu_seconds(server)
    for _ in range(REPEATS):
        told = _send(server, request)
        # What is refused before it was read to the end may find its line cut.
        assert not told or int(told.split()[1]) in statuses, told
    assert (_cpu_seconds(server) - before) / REPEATS <= CPU_SECONDS_MAX
    assert server.get("/health/live")[0] == 200


def test_a_second_request_cannot_be_smuggled_behind_a_refused_one(server: Server) -> None:
    """A proxy before us must never take the answer to one request for that to another."""
    inner = "GET /health/live HTTP/1.1\r\nHost: veche.test\r\n\r\n"
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(_with_body(inner, HEAD.replace("application/json", "text/plain")))
        received = b""
        while part := line.recv(65536):
            received += part
            if b"unsupported_media_type" in received:
                line.shutdown(socket.SHUT_WR)
    assert received.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "path",
    [
        "/docs", "/redoc", "/openapi.json", "/api", "/api/v1", "/api/v1/docs", "/metrics",
        "/debug", "/debug/vars", "/admin", "/server-status", "/.env", "/.git/config", "/assets/",
        "/assets/.vite/manifest.json", "/static/", "/veche.sqlite3", "/health", "/health/",
        "/api/v1/openapi.json", "/console", "/phpinfo.php", "/robots.txt.bak", "/icon.svg.map",
    ],
)  # fmt: skip
def test_nothing_is_shown_that_no_page_needs(server: Server, path: str) -> None:
    status, headers, body = server.get(path)
    assert status == 404, path
    told = (str(headers) + body).lower()
    for word in ("uvicorn", "fastapi", "starlette", "python", "h11", "traceback"):
        assert word not in told


def test_health_tells_nobody_more_than_it_must(server: Server) -> None:
    assert server.get("/health/live")[2] == "ok\n"
    assert server.get("/health/ready")[2] == "ready\n"


def test_no_address_is_believed_that_the_client_gives_itself(server: Server) -> None:
    """Twenty wrong links from one address are enough, whatever names it gives itself."""
    statuses = [
        server.post(
            "/api/v1/join",
            '{"secret": "guess"}',
            **{
                "X-Forwarded-For": f"203.0.113.{number}",
                "Forwarded": f"for=203.0.113.{number}",
                "X-Real-IP": f"203.0.113.{number}",
            },
        )[0]
        for number in range(25)
    ]
    assert statuses[0] == 404
    assert statuses[-1] == 429


def test_no_page_is_made_under_a_name_that_a_header_slips_in(server: Server) -> None:
    forged = {
        "X-Forwarded-Host": "evil.test",
        "X-Forwarded-Server": "evil.test",
        "X-Original-URL": "/m/1",
        "X-Rewrite-URL": "/m/1",
        "X-HTTP-Method-Override": "DELETE",
        "Forwarded": "host=evil.test;proto=https",
    }
    plain = server.get("/")
    status, _, body = server.get("/", **forged)
    assert (status, body) == (plain[0], plain[2])
    assert "evil.test" not in body


def test_what_is_built_for_the_browser_carries_no_sources() -> None:
    static = Path(str(files("veche.web").joinpath("static")))
    scripts = list(static.rglob("*.js"))
    assert scripts, "built by `make build`"
    assert list(static.rglob("*.map")) == []
    assert not any(b"sourceMappingURL" in script.read_bytes()[-400:] for script in scripts)
