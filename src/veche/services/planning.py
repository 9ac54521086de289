"""Keeping meetings and the links into them; reading what is announced."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from veche.domain.access import Action
from veche.domain.actor import Asker
from veche.domain.errors import MeetingUnknown
from veche.domain.invitation import Invitation
from veche.domain.meeting import Meeting, MeetingNumber
from veche.store import Database


class Planning:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def announcement(self, number: MeetingNumber) -> Meeting:
        """What the public page says. Unknown and unpublished numbers are refused alike."""
        with self._database.read() as unit:
            meeting = unit.meetings.find(number)
        if meeting is None:
            raise MeetingUnknown
        Asker.stranger().require(Action.READ_ANNOUNCEMENT, meeting)
        return meeting

    def keep(self, meeting: Meeting, *, afresh: bool = False) -> None:
        """Keep the words of a meeting; one that is there stays in its phase, unless `afresh`."""
        with self._database.write() as unit:
            kept = unit.meetings.find(meeting.number)
            if kept is not None and not afresh:
                meeting = replace(meeting, phase=kept.phase, on_air_since=kept.on_air_since)
            unit.meetings.put(meeting)

    def invite(self, invitation: Invitation) -> None:
        with self._database.write() as unit:
            unit.invitations.put(invitation)

    def revoke(self, secret_hash: str) -> None:
        with self._database.write() as unit:
            unit.invitations.revoke(secret_hash, self._now())
