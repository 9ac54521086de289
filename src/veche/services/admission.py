"""Letting people into the media room: a link or a public number becomes a join token.

A token is personal, says exactly what its place may do, and lives for minutes: whoever
steals one later holds nothing. The secret of a link is hashed at the door and forgotten.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from veche.domain.access import Action, MediaSource, Role, sources_of
from veche.domain.actor import Asker
from veche.domain.errors import MeetingUnknown
from veche.domain.meeting import Meeting, MeetingNumber
from veche.domain.place import Place, staff_identity
from veche.media.port import JoinPass, Permission, SourceName
from veche.services.asking import Asking, asker_of
from veche.services.rooms import room_of, talkback_of
from veche.store import Database

TOKEN_LIFETIME: Final = timedelta(minutes=10)


_NAMES: Final[dict[MediaSource, SourceName]] = {
    MediaSource.CAMERA: "camera",
    MediaSource.MICROPHONE: "microphone",
    MediaSource.SCREEN_SHARE: "screen_share",
    MediaSource.SCREEN_SHARE_AUDIO: "screen_share_audio",
}


_SILENT: Final = Permission(is_hidden=True)


class Mint(Protocol):
    """The part of a media port that is needed here."""

    def mint(self, content: JoinPass) -> str:
        """A signed join token."""
        ...


@dataclass(frozen=True, slots=True)
class Admitted:
    meeting: Meeting
    place: Place | None
    """None for a spectator and for staff."""
    token: str
    expires_at: datetime


class Admission:
    def __init__(
        self,
        database: Database,
        mint: Mint,
        asking: Asking,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._mint = mint
        self._asking = asking
        self._now = now

    def join(self, secret: str, address: str) -> Admitted:
        """The place behind a personal link; `address` is who asks, to count failed guesses."""
        opened = self._asking.open_link(secret, address)
        meeting, place = opened.meeting, opened.place
        action = Action.ENTER_HALL if place.role is Role.HALL else Action.ENTER
        asker_of(opened).require(action, meeting)
        attributes = {"veche.kind": _kind(place), "veche.side": place.side}
        if place.site is not None:
            attributes["veche.site"] = place.site
        name, post = (it.in_language(meeting.language) for it in (place.name, place.post))
        if place.site is None and post != name:
            attributes["veche.post"] = post
        return self._admit(meeting, place, place.identity, name, attributes, _permission(place))

    def monitor(self, meeting: Meeting, asker: Asker) -> Admitted:
        """A place of one who conducts: hears and sees, is hidden in the room, says nothing.

        He is on the list of who is connected all the same: that list is the media server's.
        """
        asker.require(Action.MONITOR, meeting)
        return self._admit(
            meeting, None, _staff(asker), asker.actor.name, {"veche.kind": "staff"}, _SILENT
        )

    def talk_back(self, meeting: Meeting, asker: Asker) -> Admitted:
        """A place in the staff's own room, to speak and to listen."""
        asker.require(Action.TALK_BACK, meeting)
        permission = Permission(sources=frozenset({"microphone"}))
        attributes = {"veche.kind": "staff"}
        if asker.site is not None:
            attributes["veche.site"] = asker.site
        return self._admit(
            meeting,
            None,
            _staff(asker),
            asker.actor.name,
            attributes,
            permission,
            talkback_of(meeting.number),
        )

    def watch(self, number: MeetingNumber) -> Admitted:
        """A spectator's place: hears and sees, is not seen, says nothing."""
        with self._database.read() as unit:
            meeting = unit.meetings.find(number)
        if meeting is None:
            raise MeetingUnknown
        Asker.stranger().require(Action.WATCH, meeting)
        identity = f"spectator-{secrets.token_hex(8)}"
        return self._admit(meeting, None, identity, "", {"veche.kind": "spectator"}, _SILENT)

    def _admit(
        self,
        meeting: Meeting,
        place: Place | None,
        identity: str,
        name: str,
        attributes: dict[str, str],
        permission: Permission,
        room: str | None = None,
    ) -> Admitted:
        expires_at = self._now() + TOKEN_LIFETIME
        token = self._mint.mint(
            JoinPass(
                room=room or room_of(meeting.number),
                identity=identity,
                permission=permission,
                lifetime=TOKEN_LIFETIME,
                name=name,
                attributes=attributes,
            )
        )
        return Admitted(meeting, place, token, expires_at)


def _permission(place: Place) -> Permission:
    sources = frozenset(_NAMES[source] for source in sources_of(place.role))
    return Permission(can_publish_data=True, sources=sources)


def _kind(place: Place) -> str:
    return "hall" if place.role is Role.HALL else "person"


def _staff(asker: Asker) -> str:
    """One place for one person, whichever window he opened last."""
    return staff_identity(asker.actor.kind, asker.actor.id)
