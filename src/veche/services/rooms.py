"""Names of media rooms: the one of a meeting, and the one in which its staff talk."""

from typing import Final

from veche.domain.meeting import MeetingNumber

_MEETING: Final = "meeting-"
_TALKBACK: Final = "talkback-"


def room_of(number: MeetingNumber) -> str:
    return f"{_MEETING}{number}"


def talkback_of(number: MeetingNumber) -> str:
    """A room of its own: what is said there cannot reach the programme by any mistake."""
    return f"{_TALKBACK}{number}"


def meeting_of(room: str) -> MeetingNumber | None:
    """The meeting behind either of its rooms."""
    for prefix in (_MEETING, _TALKBACK):
        number = room.removeprefix(prefix)
        if room.startswith(prefix) and number.isascii() and number.isdecimal():
            return MeetingNumber(int(number))
    return None


def is_led(room: str) -> bool:
    """Whether the floor decides who is heard in it."""
    return room.startswith(_MEETING) and meeting_of(room) is not None
