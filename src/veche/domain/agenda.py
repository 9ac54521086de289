"""What happens in a meeting, item by item, with its planned length."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from veche.domain.identity import ItemId, ParticipationId, SideId
from veche.domain.text import Text

AGENDA_MAX: Final = 200
"""Items of one meeting: a two-day conference by quarters of an hour is under a hundred."""
ITEM_LENGTH_MAX: Final = timedelta(hours=12)
_MINUTE: Final = timedelta(minutes=1)


class ItemKind(StrEnum):
    CEREMONY = "ceremony"
    SPEECH = "speech"
    DISCUSSION = "discussion"
    CLOSING = "closing"
    FILM = "film"
    ANTHEM = "anthem"
    SILENCE = "silence"
    """A minute of silence: nobody is heard."""
    BREAK = "break"

    @property
    def is_ceremonial(self) -> bool:
        return self in (ItemKind.CEREMONY, ItemKind.ANTHEM, ItemKind.SILENCE, ItemKind.FILM)


@dataclass(frozen=True, slots=True)
class AgendaItem:
    id: ItemId
    kind: ItemKind
    title: Text
    length: timedelta
    note: Text | None = None
    """Who speaks and from where."""
    short_title: Text | None = None
    """For narrow lists; the title where it is short enough."""
    rapporteurs: tuple[ParticipationId, ...] = ()
    speech_limit: timedelta | None = None
    """For one speaker of a discussion."""
    side: SideId | None = None
    """Whose time it is; None: of all sides."""

    @property
    def minutes(self) -> int:
        """As people are told it: a begun minute is a minute."""
        return -(-self.length // _MINUTE)
