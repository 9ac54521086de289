"""The SDK's native library in the test process: how it is let go."""

import os
import sys

import pytest

_exit_status = pytest.StashKey[int]()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[_exit_status] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave without finalising the interpreter where the SDK has been used.

    Its threads call back into Python until the very end; CPython ends such a thread by unwinding
    it through Rust, which aborts the process after a green run (seen once in about ten runs).
    """
    if "livekit.rtc" in sys.modules and _exit_status in config.stash:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.stash[_exit_status])
