"""A led room: sound is forwarded from those who have the floor and from nobody else.

The server's own rule besides LiveKit's permissions: taking a permission away would end the
track, and giving it back would cost a negotiation. Here the track stays and the forwarder's
gate is closed, whatever its owner sends or says of being muted. Everything that sounds is
meant, also what calls itself a camera.
"""

from veche.engine import Command

from .people import Participant, Publication
from .room import Room


def is_held_back(room: Room, publisher: Participant, kind: str) -> bool:
    """`kind`: "audio" or "video"."""
    return kind == "audio" and room.heard is not None and publisher.identity not in room.heard


def let_be_heard(room: Room, identities: frozenset[str]) -> None:
    """From now on these, and nobody else; closed gates first."""
    room.heard = identities
    for must_open in (False, True):
        for publication in room.publications.values():
            held = is_held_back(room, publication.publisher, publication.kind)
            if publication.is_held_back != held and held != must_open:
                _set(room, publication, held)


def voice_held_back(room: Room, publication_id: int) -> None:
    """Speech has come from one without the floor; the application may want to know who."""
    publication = room.publications[publication_id]
    if publication.is_held_back:
        room.tell("voice_held_back", publication.publisher, publication.info)


def _set(room: Room, publication: Publication, held: bool) -> None:
    was_open = publication.is_open
    publication.is_held_back = held
    if publication.is_open != was_open:
        room.order(Command.SetGate(publication.id, publication.is_open))
