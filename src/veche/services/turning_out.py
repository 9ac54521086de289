"""Ending the media sessions of those whose links have ended.

A link is withdrawn in a thread that writes to the database; sessions live on the event loop.
Whoever is not in the room is not there to be turned out, and a media server that does not answer
keeps nobody from withdrawing a link: the join token lives for minutes at most.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from veche.domain.account import AccountId
from veche.domain.actor import ActorKind
from veche.domain.identity import MeetingNumber
from veche.domain.place import staff_identity
from veche.media.port import MediaRefused
from veche.services.rooms import room_of, talkback_of

_log = logging.getLogger(__name__)


class Remover(Protocol):
    """The part of a media port that is needed here."""

    async def remove(self, room: str, identity: str, *, revoke: bool = False) -> None: ...


class TurningOut:
    """Made on the event loop; `turn_out` may be called from any thread."""

    def __init__(self, media: Remover) -> None:
        self._media = media
        self._loop = asyncio.get_running_loop()
        self._turning = set[asyncio.Task[None]]()

    def turn_out(self, number: MeetingNumber, identities: Sequence[str]) -> None:
        self._loop.call_soon_threadsafe(self._begin, room_of(number), tuple(identities))

    def turn_out_staff(self, numbers: Sequence[MeetingNumber], account: AccountId) -> None:
        """Out of the rooms of these meetings: the one that is led, and the staff's own."""
        for number in numbers:
            for room in (room_of(number), talkback_of(number)):
                identities = (staff_identity(ActorKind.ACCOUNT, account),)
                self._loop.call_soon_threadsafe(self._begin, room, identities)

    async def settled(self) -> None:
        """Returns when everybody who was to go has been told."""
        await asyncio.gather(*self._turning)

    def _begin(self, room: str, identities: tuple[str, ...]) -> None:
        task = self._loop.create_task(self._remove(room, identities))
        self._turning.add(task)
        task.add_done_callback(self._turning.discard)

    async def _remove(self, room: str, identities: tuple[str, ...]) -> None:
        for identity in identities:
            try:
                await self._media.remove(room, identity, revoke=True)
            except MediaRefused as refused:
                _log.info("%s of %s is not turned out: %s", identity, room, refused.code)
