"""A real OpenID provider in a process of its own, on loopback, for the length of a test run."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx

_START_SECONDS: Final = 20.0


@contextmanager
def provider(people: list[dict[str, object]]) -> Iterator[str]:
    """Its issuer. `people` are what it says about each, `sub` among it."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    claims = [part for person in people for part in ("--user-claims", json.dumps(person))]
    program = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *claims]
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            issuer = f"http://127.0.0.1:{port}"
            _await_answer(issuer, running)
            yield issuer
        finally:
            running.terminate()


def _await_answer(issuer: str, running: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=1).raise_for_status()
        except httpx.HTTPError:
            assert running.poll() is None, "the provider has ended"
            assert time.monotonic() < deadline, "the provider does not answer"
            time.sleep(0.1)
        else:
            return


def consent(address: str, subject: str) -> str:
    """What a person does there: names himself, and is sent back to the address returned."""
    answer = httpx.post(address, data={"sub": subject}, timeout=5)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]
