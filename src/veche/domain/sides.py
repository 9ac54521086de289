"""The parties of a meeting and the halls they sit in.

Sides are equal. Their order is the protocol's: the host first, and every list of the house
follows it, so that another host changes all of them at once.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from veche.domain.identity import SideId, SiteId
from veche.domain.text import Text

SIDES_MAX: Final = 12
"""A bridge of nine cities is the largest of its kind that we know of."""
SITES_MAX: Final = 64
SCREENS_MAX: Final = 2
"""A hall shows the programme on one and slides or a gallery on the other."""


class AudioProfile(StrEnum):
    MIXER_LINE = "mixer_line"
    """A desk with its own processing: ours is switched off."""
    ROOM_MICROPHONE = "room_microphone"
    """One microphone for the room: echo, noise and level are ours to treat."""


class Wording(StrEnum):
    """How a side's people are named to the public."""

    NAMES = "names"
    GROUPS = "groups"
    """The leader by name, all others by what they are."""


@dataclass(frozen=True, slots=True)
class Site:
    """A hall: many people, one connection."""

    id: SiteId
    city: Text
    city_with: Text
    """The city in the case that follows «связь с»: instrumental in Belarusian and Russian."""
    name: Text
    zone: str
    """IANA name of its time zone."""
    address: Text | None = None
    technician: str | None = None
    phone: str | None = None
    """The technician's."""
    reserve_phone: str | None = None
    """Takes the hall's place when its line is lost."""
    audio: AudioProfile = AudioProfile.MIXER_LINE
    screens: int = 1
    is_required: bool = True
    """The meeting does not begin without it."""


@dataclass(frozen=True, slots=True)
class Side:
    id: SideId
    name: Text
    sites: tuple[Site, ...]
    office_contact: str | None = None
    """E-mail of the office that agrees for this side."""
    wording: Wording = Wording.NAMES
    has_others: bool = False
    """The announced list of this side ends with "and others"."""
