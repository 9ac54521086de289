"""The supervisor of the robot halls: starts their process, starts it again, stops it.

The child hears its instructions on standard input and dies with this process, even a killed
one: it ends when the other end of that pipe is gone.
"""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Final

from veche.domain.errors import Misconfigured

RESTART_SECONDS: Final = 2.0
STOP_SECONDS: Final = 3.0

_log = logging.getLogger(__name__)


def require_demo_packages() -> None:
    """Raises `Misconfigured` when the extra `demo` is not installed."""
    absent = [name for name in ("livekit.rtc", "PIL") if find_spec(name) is None]
    if absent:
        raise Misconfigured(
            [("demo", f"{', '.join(absent)} not installed; pip install 'veche[demo]'")]
        )


@asynccontextmanager
async def robots(
    server: str, meeting: int, secrets: dict[str, str], zones: dict[str, str]
) -> AsyncIterator[None]:
    """Robot halls for as long as the block lasts. Arguments as in `robot.Instructions`."""
    instructions = {"server": server, "meeting": meeting, "secrets": secrets, "zones": zones}
    keeper = asyncio.create_task(_keep(json.dumps(instructions).encode()), name="robot halls")
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)


async def _keep(instructions: bytes) -> None:
    while True:
        code = await _run_once(instructions)
        _log.warning("the robot halls ended with %s, starting them again", code)
        await asyncio.sleep(RESTART_SECONDS)


async def _run_once(instructions: bytes) -> int:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "veche.demo.robot", stdin=asyncio.subprocess.PIPE
    )
    assert child.stdin is not None, "asked for a pipe"
    try:
        child.stdin.write(instructions + b"\n")
        return await child.wait()
    finally:
        if child.returncode is None:
            await _stop(child)


async def _stop(child: asyncio.subprocess.Process) -> None:
    child.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await child.wait()
    except TimeoutError:
        child.kill()
        await child.wait()
