"""Letting people into the media room: a link or a public number becomes a join token.

A token is personal, says exactly what its place may do, and lives for minutes: whoever
steals one later holds nothing. The secret of a link is hashed at the door and forgotten.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from veche.domain.access import Action, MediaSource, Relation, Role, require, sources_of
from veche.domain.actor import Asker
from veche.domain.errors import InvitationUnknown, MeetingUnknown
from veche.domain.invitation import SECRET_LETTERS_MAX, hash_secret
from veche.domain.meeting import Meeting, MeetingNumber
from veche.domain.place import Place
from veche.media.port import JoinPass, Permission, SourceName
from veche.services.attempts import Attempts
from veche.store import Database

TOKEN_LIFETIME: Final = timedelta(minutes=10)


_NAMES: Final[dict[MediaSource, SourceName]] = {
    MediaSource.CAMERA: "camera",
    MediaSource.MICROPHONE: "microphone",
    MediaSource.SCREEN_SHARE: "screen_share",
    MediaSource.SCREEN_SHARE_AUDIO: "screen_share_audio",
}


class Mint(Protocol):
    """The part of a media port that is needed here."""

    def mint(self, content: JoinPass) -> str:
        """A signed join token."""
        ...


@dataclass(frozen=True, slots=True)
class Admitted:
    meeting: Meeting
    place: Place | None
    """None for a spectator."""
    token: str
    expires_at: datetime


class Admission:
    def __init__(
        self,
        database: Database,
        mint: Mint,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._database = database
        self._mint = mint
        self._now = now
        self._monotonic = monotonic
        self._attempts = Attempts()

    def join(self, secret: str, address: str) -> Admitted:
        """The place behind a personal link; `address` is who asks, to count failed guesses."""
        self._attempts.require_few(address, self._monotonic())
        try:
            meeting, place = self._find(secret)
        except InvitationUnknown:
            self._attempts.record_failure(address, self._monotonic())
            raise
        require(place.role, Action.ENTER, meeting.phase, Relation.OWN)
        attributes = {"veche.kind": _kind(place), "veche.side": place.side}
        if place.site is not None:
            attributes["veche.site"] = place.site
        name, post = (it.in_language(meeting.language) for it in (place.name, place.post))
        if place.site is None and post != name:
            attributes["veche.post"] = post
        return self._admit(meeting, place, place.identity, name, attributes)

    def watch(self, number: MeetingNumber) -> Admitted:
        """A spectator's place: hears and sees, is not seen, says nothing."""
        with self._database.read() as unit:
            meeting = unit.meetings.find(number)
        if meeting is None:
            raise MeetingUnknown
        Asker.stranger().require(Action.WATCH, meeting)
        identity = f"spectator-{secrets.token_hex(8)}"
        return self._admit(meeting, None, identity, "", {"veche.kind": "spectator"})

    def _find(self, secret: str) -> tuple[Meeting, Place]:
        if not 0 < len(secret) <= SECRET_LETTERS_MAX:
            raise InvitationUnknown
        with self._database.read() as unit:
            invitation = unit.invitations.find(hash_secret(secret))
            if invitation is None:
                raise InvitationUnknown
            invitation.require_open(self._now())
            meeting = unit.meetings.find(invitation.meeting)
        assert meeting is not None, "the store keeps no link into nothing"
        return meeting, Place.opened_by(invitation, meeting)

    def _admit(
        self,
        meeting: Meeting,
        place: Place | None,
        identity: str,
        name: str,
        attributes: dict[str, str],
    ) -> Admitted:
        expires_at = self._now() + TOKEN_LIFETIME
        token = self._mint.mint(
            JoinPass(
                room=room_of(meeting.number),
                identity=identity,
                permission=_permission(place),
                lifetime=TOKEN_LIFETIME,
                name=name,
                attributes=attributes,
            )
        )
        return Admitted(meeting, place, token, expires_at)


def room_of(number: MeetingNumber) -> str:
    """Name of the media room of a meeting."""
    return f"meeting-{number}"


def meeting_of(room: str) -> MeetingNumber | None:
    """The meeting of a media room, if it is one of ours."""
    number = room.removeprefix("meeting-")
    is_ours = room.startswith("meeting-") and number.isascii() and number.isdecimal()
    return MeetingNumber(int(number)) if is_ours else None


def _permission(place: Place | None) -> Permission:
    sources = sources_of(place.role if place else Role.STRANGER)
    return Permission(
        can_publish_data=place is not None,
        sources=frozenset(_NAMES[source] for source in sources),
        is_hidden=place is None,
    )


def _kind(place: Place) -> str:
    return "hall" if place.role is Role.HALL else "person"
