"""Attempts that were refused, in the record beside what was done.

Only of those who are known: a stranger's guesses are counted elsewhere. Bounded for each of
them; who is refused more often than a person can be is in the log, and fills no table.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from veche.domain.actor import ActorKind, Asker
from veche.domain.errors import Refused, TooManyAttempts, Unavailable
from veche.services.attempts import Attempts
from veche.store import Database

RECORDED_MAX: Final = 20
"""In a minute, of one asker: hands are slower, a program that tries doors is faster."""

_log = logging.getLogger(__name__)


class Refusals:
    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._database = database
        self._now = now
        self._monotonic = monotonic
        self._recent = Attempts(RECORDED_MAX)

    def record(self, asker: Asker, attempted: str, subject: str, refusal: Refused) -> None:
        """`attempted` is the door that was tried. Never raises: the refusal itself stands."""
        if asker.actor.kind is ActorKind.STRANGER:
            return
        try:
            self._recent.begin(f"{asker.actor.kind}/{asker.actor.id}", self._monotonic())
            with self._database.write() as unit:
                unit.audit.append(
                    asker.actor,
                    attempted,
                    subject=subject,
                    at=self._now(),
                    request_id=asker.request_id or None,
                    refusal=refusal.code,
                )
        except TooManyAttempts:
            return  # the log of the edge tells of each
        except Unavailable as error:
            _log.warning("a refusal was not recorded: %s", error)
