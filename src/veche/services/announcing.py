"""Reading what is announced: one meeting for its page, lists for the front page and the feed.

Whatever it gives is public, and as it was a moment ago at most: what has been read is used again
until something is written. A meeting that has been read is still given when the database does
not answer. Changes nothing. Lives on one event loop.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from veche.domain.access import Action
from veche.domain.actor import Asker
from veche.domain.announcement import Notice, NoticePage
from veche.domain.errors import MeetingUnknown, Unavailable
from veche.domain.meeting import Meeting, MeetingNumber
from veche.store import Database

PAGE_NOTICES: Final = 30
"""Two or three screens; a busy ministry announces as many in a month."""
PAGES_MAX: Final = 10_000
FEED_NOTICES: Final = 50
"""What changed since a reader's program asked last, be it after a fortnight of holidays."""
KEPT_READINGS_MAX: Final = 512
"""Some 20 kB each. Who reads about more meetings at once than this is a machine."""
READING_SECONDS: Final = 5.0
"""How long a reading may be trusted whatever we have counted: another process that writes into
the same database (a restore, a second server) is not counted here."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Reading:
    value: object
    commits: int
    """Of the database, when it was read."""
    at: float


class Announcing:
    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._database = database
        self._now = now
        self._monotonic = monotonic
        self._readings: OrderedDict[Hashable, _Reading] = OrderedDict()
        with database.write() as unit:
            self.installation = unit.installation.name()

    async def find(self, number: MeetingNumber) -> Meeting:
        """Raises `MeetingUnknown` for a number that is unknown or not announced, alike."""

        def read() -> Meeting:
            with self._database.read() as unit:
                # The phase alone first: a draft must not take longer to be refused than a
                # number that was never given.
                if not unit.announcements.is_public(number):
                    raise MeetingUnknown
                meeting = unit.meetings.find(number)
            if meeting is None:
                raise MeetingUnknown
            Asker.stranger().require(Action.READ_ANNOUNCEMENT, meeting)
            return meeting

        return await self._fresh(number, read)

    async def page(self, page: int) -> NoticePage:
        """Page 1 begins with what comes next; past ones follow, as far back as one likes."""
        assert 1 <= page <= PAGES_MAX, "checked at the edge"
        today = self._now().date()
        first = (page - 1) * PAGE_NOTICES
        # One more than is shown says whether there is a next page.
        wanted = PAGE_NOTICES + 1

        def read() -> NoticePage:
            with self._database.read() as unit:
                skipped = max(0, first - unit.announcements.count_coming(today))
                coming = unit.announcements.coming(today, first, wanted)
                past = unit.announcements.past(today, skipped, wanted - len(coming))
            shown = coming[:PAGE_NOTICES]
            return NoticePage(
                shown,
                past[: PAGE_NOTICES - len(shown)],
                page,
                has_more=len(coming) + len(past) > PAGE_NOTICES,
            )

        return await self._fresh(("page", page, today), read)

    async def newest(self) -> tuple[Notice, ...]:
        """What was announced or changed last."""

        def read() -> tuple[Notice, ...]:
            with self._database.read() as unit:
                return unit.announcements.newest(FEED_NOTICES)

        return await self._fresh("newest", read)

    async def _fresh(self, key: Hashable, read: Callable[[], Value]) -> Value:
        kept = self._readings.get(key)
        now = self._monotonic()
        # Counted before it is read: what is committed meanwhile makes the reading an old one.
        commits = self._database.commits
        if kept and kept.commits == commits and now - kept.at < READING_SECONDS:
            self._readings.move_to_end(key)
            return kept.value  # type: ignore[return-value]  # kept under the key of its kind
        try:
            value = await asyncio.to_thread(read)
        except Unavailable:
            if kept is None:
                raise
            return kept.value  # type: ignore[return-value]  # as above
        except MeetingUnknown:
            self._readings.pop(key, None)
            raise
        if kept and kept.value == value:
            # The same object, so that whatever was made of it is found by it at once.
            value = kept.value
        self._readings[key] = _Reading(value, commits, now)
        self._readings.move_to_end(key)
        if len(self._readings) > KEPT_READINGS_MAX:
            self._readings.popitem(last=False)
        return value
