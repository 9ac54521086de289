"""The only judge of permission: role × action × phase.

A door asks here before it acts; a door without an action fails a test. What the table does
not name is refused.
"""

from enum import StrEnum
from typing import Final

from veche.domain.errors import MeetingClosed, MeetingNotOpen, MeetingUnknown, NotOnAir, Refused
from veche.domain.meeting import Phase


class Role(StrEnum):
    """Who asks."""

    STRANGER = "stranger"
    """Anybody: reads what is announced, watches what is on the air."""
    PARTICIPANT = "participant"
    """Holds a personal link of one who joins alone."""
    HALL = "hall"
    """Holds the link of a hall."""


class Action(StrEnum):
    READ_ANNOUNCEMENT = "read_announcement"
    FOLLOW = "follow"
    """The event stream and the state of the stage."""
    WATCH = "watch"
    """A spectator's place in the media room."""
    ENTER = "enter"
    """A participant's place in the media room."""


class MediaSource(StrEnum):
    """What a place in the media room may send; LiveKit's names."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SCREEN_SHARE = "screen_share"
    SCREEN_SHARE_AUDIO = "screen_share_audio"


_HIDDEN: Final = frozenset({Phase.DRAFT, Phase.AGREED})
_OVER: Final = frozenset({Phase.CLOSED, Phase.PUBLISHED})
_PUBLIC: Final = frozenset(Phase) - _HIDDEN
_OPEN: Final = frozenset({Phase.SOUND_CHECK, Phase.ASSEMBLY, Phase.ON_AIR, Phase.BREAK})

_ALLOWED: Final[dict[Action, tuple[frozenset[Role], frozenset[Phase]]]] = {
    Action.READ_ANNOUNCEMENT: (frozenset(Role), _PUBLIC),
    Action.FOLLOW: (frozenset(Role), _PUBLIC),
    Action.WATCH: (frozenset(Role), frozenset({Phase.ON_AIR})),
    Action.ENTER: (frozenset({Role.PARTICIPANT, Role.HALL}), _OPEN),
}


def require(role: Role, action: Action, phase: Phase) -> None:
    """Returns if allowed, else raises the refusal that the asker may know."""
    roles, phases = _ALLOWED[action]
    if role in roles and phase in phases:
        return
    raise _refusal(action, phase)


def sources_of(role: Role) -> frozenset[MediaSource]:
    """What the role may send once it is in the room."""
    return frozenset() if role is Role.STRANGER else frozenset(MediaSource)


def _refusal(action: Action, phase: Phase) -> Refused:
    if action is Action.ENTER:
        return MeetingClosed() if phase in _OVER else MeetingNotOpen()
    if phase in _HIDDEN:
        return MeetingUnknown()
    return NotOnAir()
