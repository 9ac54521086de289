"""The robot halls, watched by an unmodified LiveKit SDK through the real server."""

import asyncio
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.server import Server, running
from tests.support.watcher import HALLS, Watcher

WITHIN_SECONDS = 60.0
"""A speech of ten seconds and the silence after it come round in 25 s; the rest is for a crowd."""


async def _until(is_true: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, "it did not come"
        await asyncio.sleep(0.1)


def _robots(server: Server) -> list[int]:
    """Processes that the server has started."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return [int(number) for number in children.read_text().split()]


def _is_running(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _speaker(server: Server) -> str | None:
    stage = json.loads(server.get("/api/v1/meetings/67/stage")[2])["stage"]
    speaking = [cell["identity"] for cell in stage["cells"] if cell["is_speaking"]]
    assert len(speaking) <= 1
    return speaking[0] if speaking else None


async def test_both_halls_are_seen_and_heard_and_the_stage_follows_them(tmp_path: Path) -> None:
    with running("demo", tmp_path / "data") as server:
        followed: set[str | None] = set()
        async with Watcher(server.url) as watcher:

            def all_is_there() -> bool:
                followed.add(_speaker(server))
                return watcher.has_seen_and_heard_both() and followed.issuperset(HALLS | {None})

            await _until(all_is_there)


async def test_a_robot_that_falls_comes_back(tmp_path: Path) -> None:
    with running("demo", tmp_path / "data") as server:
        async with Watcher(server.url) as watcher:
            await _until(lambda: all(watcher.pictures[hall] for hall in HALLS))
            (before,) = _robots(server)
            os.kill(before, 9)
            await _until(lambda: _robots(server) not in ([], [before]))
            watcher.pictures.clear()
            await _until(lambda: all(watcher.pictures[hall] for hall in HALLS))


async def test_a_killed_server_leaves_no_robot_behind(tmp_path: Path) -> None:
    with running("demo", tmp_path / "data") as server:
        await _until(lambda: _robots(server))
        (robot,) = _robots(server)
        server.process.kill()
        await _until(lambda: not _is_running(robot))
