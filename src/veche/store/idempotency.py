"""Commands that may come again: each is carried out once, and a repeat gets the same answer.

The claim is written in the transaction of the change itself (`Database.write` does it for the
command that the context carries), so a crash or a lost connection cannot part the two: either
both are kept, and a repeat is answered, or neither, and a repeat is carried out. The answer
follows in a transaction of its own; where it was lost a repeat hears `AlreadyDone`.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from sqlalchemy import Connection, delete, insert, select, update

from veche.domain.actor import Actor
from veche.domain.errors import AlreadyDone, KeyReused
from veche.store.tables import commands

KEPT: Final = timedelta(hours=24)
"""A client repeats within minutes; a day also covers a tablet that slept through the night."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing asked for: by whom, at which door, under which key, with which words."""

    name: str
    body_hash: str

    @classmethod
    def of(cls, actor: Actor, route: str, key: str, body: bytes) -> Self:
        """Only hashes are kept: a body may hold what belongs nowhere else."""
        parts = (actor.kind.value, actor.id, route, key)
        name = "\n".join(f"{len(part)}:{part}" for part in parts)
        return cls(hashlib.sha256(name.encode()).hexdigest(), hashlib.sha256(body).hexdigest())


class Claim:
    """A command until the first unit that writes under it is kept."""

    __slots__ = ("command", "is_kept")

    def __init__(self, command: Command) -> None:
        self.command = command
        self.is_kept = False


_claim: ContextVar[Claim | None] = ContextVar("claim", default=None)


@contextmanager
def carrying_out(command: Command) -> Iterator[Claim]:
    """The first unit written in this context, in threads it awaits too, claims the command."""
    claim = Claim(command)
    token = _claim.set(claim)
    try:
        yield claim
    finally:
        _claim.reset(token)


def claim_carried_out() -> Claim | None:
    """The claim that the next unit written here has to keep."""
    claim = _claim.get()
    return None if claim is None or claim.is_kept else claim


class Idempotency:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def answer_to(self, command: Command) -> str | None:
        """The kept answer; None for a command that was not carried out.

        Raises `KeyReused` for another body under the key, `AlreadyDone` where the answer is lost.
        """
        row = self._connection.execute(
            select(commands).where(commands.c.name == command.name)
        ).one_or_none()
        if row is None:
            return None
        if row.body_hash != command.body_hash:
            raise KeyReused
        if row.answer is None:
            raise AlreadyDone
        answer: str = row.answer
        return answer

    def claim(self, command: Command, at: datetime) -> None:
        """Raises as `answer_to` for one that was carried out meanwhile. Forgets old ones."""
        self._connection.execute(delete(commands).where(commands.c.done_at < at - KEPT))
        if self.answer_to(command) is not None:
            raise AlreadyDone
        self._connection.execute(
            insert(commands).values(name=command.name, body_hash=command.body_hash, done_at=at)
        )

    def keep_answer(self, command: Command, answer: str) -> None:
        self._connection.execute(
            update(commands).where(commands.c.name == command.name).values(answer=answer)
        )
