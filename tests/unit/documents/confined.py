"""Tries what a document that took over its reader would try; prints what it was refused.

A script for `test_rosters`.
"""

import os
import runpy
import socket
import subprocess
import sys
from collections.abc import Callable


def _take_memory() -> object:
    return bytearray(300 * 1024 * 1024)


def _fork() -> object:
    return subprocess.run(["/bin/true"], check=False)


ATTEMPTS: tuple[tuple[str, Callable[[], object]], ...] = (
    ("open", lambda: open("/etc/passwd", "rb")),  # noqa: SIM115 - this is what must fail
    ("write", lambda: os.open("/tmp/veche-left-behind", os.O_CREAT | os.O_WRONLY)),  # noqa: S108
    ("socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM)),
    ("local socket", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)),
    ("pipe", os.pipe),
    ("process", _fork),
    ("memory", _take_memory),
)

runpy.run_path(sys.argv[1], run_name="reader")["confine"]()
for name, attempt in ATTEMPTS:
    try:
        attempt()
    except (OSError, MemoryError):
        print(name)
