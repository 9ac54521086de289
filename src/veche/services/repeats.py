"""Commands that carry a key are carried out once, however often they are sent.

Repeats that arrive while the first is at work wait for it. Only what was done is answered from
memory: a refusal changed nothing, and asking again may be answered otherwise.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from veche.domain.errors import Unavailable
from veche.store import Database
from veche.store.idempotency import Command, carrying_out

_log = logging.getLogger(__name__)


class Repeats:
    """Lives on one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._at_work: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def once(self, command: Command, work: Callable[[], Awaitable[str]]) -> str:
        """The answer of `work`, from memory if the command was carried out before.

        Raises what `work` raises; `KeyReused` for another body under the same key; `AlreadyDone`
        for a command whose answer was lost.
        """
        turn = self._at_work.setdefault(command.name, asyncio.Lock())
        async with turn:
            kept = await asyncio.to_thread(self._kept, command)
            if kept is not None:
                return kept
            with carrying_out(command) as claim:
                answer = await work()
            if claim.is_kept:
                try:
                    await asyncio.to_thread(self._keep, command, answer)
                except Unavailable as error:
                    # It is done and told; only a repeat will hear less.
                    _log.warning("answer of a command not kept: %s", error)
            return answer

    def _kept(self, command: Command) -> str | None:
        with self._database.read() as unit:
            return unit.idempotency.answer_to(command)

    def _keep(self, command: Command, answer: str) -> None:
        with self._database.write() as unit:
            unit.idempotency.keep_answer(command, answer)
