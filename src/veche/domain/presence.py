"""Who is connected: the media server's own list, with the words of the roster.

Nobody is left out: spectators, staff and a recorder are on it, hidden in the room or not.
"""

from dataclasses import dataclass
from enum import StrEnum

from veche.domain.meeting import ParticipationId, SiteId
from veche.domain.place import person_of, site_of


class Kind(StrEnum):
    HALL = "hall"
    PERSON = "person"
    STAFF = "staff"
    SPECTATOR = "spectator"
    RECORDER = "recorder"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Connection:
    identity: str
    name: str
    kind: Kind
    is_connected: bool
    """Media stands; false while joining."""
    sources: tuple[str, ...] = ()
    """What is sent and not muted by its owner; LiveKit's names."""
    is_talkback: bool = False
    """In the staff's own room, which the programme never hears."""

    @property
    def site(self) -> SiteId | None:
        return site_of(self.identity)

    @property
    def participation(self) -> ParticipationId | None:
        return person_of(self.identity)


def kind_of(identity: str) -> Kind:
    """By the form of the name, which the server alone gives."""
    if site_of(identity) is not None:
        return Kind.HALL
    if person_of(identity) is not None:
        return Kind.PERSON
    kind, _, _ = identity.partition("-")
    return Kind(kind) if kind in ("staff", "spectator", "recorder") else Kind.OTHER
