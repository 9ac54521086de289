"""Letters that are due go to the mail server, one after another, until it has taken them.

A letter is written when it leaves. A server that is down or says "later" is asked again after
longer and longer pauses, one that says "never" is believed, and both are told in the outbox.
Nothing here may stop the house: a letter that cannot be written is a letter that has failed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from veche.domain.access import Role
from veche.domain.actor import HOUSE, Asker
from veche.domain.errors import VecheError
from veche.domain.letters import Letter, LetterState
from veche.domain.meeting import Meeting, Phase
from veche.domain.phases import OVER
from veche.outbound.mail import LetterDelayed, LetterRefused
from veche.services.inviting import Inviting, OpenLetter
from veche.store import Database

AT_ONCE_MAX: Final = 20
"""Letters of one round: the store is asked anew between rounds, so that a withdrawn link holds
back what has not left yet."""

_log = logging.getLogger(__name__)
_HOUSE_ASKER: Final = Asker(HOUSE, Role.ADMIN)


class Mailing:
    """`write` makes the message of a letter, `deliver` gives it to the mail server."""

    def __init__(
        self,
        database: Database,
        inviting: Inviting,
        write: Callable[[OpenLetter], bytes],
        deliver: Callable[[str, bytes], Awaitable[None]],
        now: Callable[[], datetime],
        remind_before: timedelta | None = None,
    ) -> None:
        self._database = database
        self._inviting = inviting
        self._write = write
        self._deliver = deliver
        self._now = now
        self._remind_before = remind_before

    async def run_once(self) -> int:
        """Try what is due; how many letters were tried."""
        if self._remind_before is not None:
            until = self._now() + self._remind_before
            await asyncio.to_thread(self._inviting.remind_unanswered, _HOUSE_ASKER, until)
        due = await asyncio.to_thread(self._due)
        for letter in due:
            await self._try(letter)
        return len(due)

    def _due(self) -> list[Letter]:
        with self._database.read() as unit:
            return unit.letters.due(self._now(), AT_ONCE_MAX)

    async def _try(self, letter: Letter) -> None:
        opened = await asyncio.to_thread(self._opened, letter)
        if opened is None:
            return
        assert letter.address is not None, "only letters with an address are due"
        try:
            message = await asyncio.to_thread(self._write, opened)
            await self._deliver(letter.address, message)
        except LetterDelayed as delayed:
            tried = letter.delayed(str(delayed), self._now())
        except LetterRefused as refused:
            tried = letter.failed(str(refused))
        except Exception:
            _log.exception("letter %s could not be written", letter.id)
            tried = letter.failed("could not be written")
        else:
            tried = letter.left(LetterState.SENT, self._now())
        await asyncio.to_thread(self._keep, tried)

    def _opened(self, letter: Letter) -> OpenLetter | None:
        """None when it shall not leave any more."""
        with self._database.read() as unit:
            current = unit.letters.find(letter.id)
            meeting = unit.meetings.find(letter.meeting)
            link = unit.invitations.find(letter.link_hash)
        opens = link is not None and link.is_open(self._now())
        is_waiting = current is not None and current.state is LetterState.WAITING
        if not is_waiting or meeting is None or not opens or not _is_ahead(meeting):
            if is_waiting:
                self._keep(letter.left(LetterState.DROPPED, self._now()))
            return None
        try:
            return self._inviting.opened(letter, meeting)
        except VecheError as error:
            self._keep(letter.failed(type(error).__name__))
            return None

    def _keep(self, tried: Letter) -> None:
        with self._database.write() as unit:
            current = unit.letters.find(tried.id)
            if current is None or current.state is not LetterState.WAITING:
                return
            unit.letters.put(tried)
            if tried.state is LetterState.WAITING:
                return
            unit.audit.append(
                HOUSE,
                f"letter_{tried.state}",
                subject=f"meeting/{tried.meeting}/invitations",
                at=self._now(),
                after={"letter": tried.id, "failure": tried.failure},
            )
        _log.info("letter %s: %s", tried.id, tried.state)


def _is_ahead(meeting: Meeting) -> bool:
    return meeting.phase not in OVER and meeting.phase is not Phase.DISCARDED
