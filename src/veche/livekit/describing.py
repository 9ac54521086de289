"""An offer comes in, an answer goes out: the room's side of a negotiation round.

Every offer is answered, in order, with the latest state. What the offer changed becomes facts for
the engine, all in one list of commands, so a half-applied description does not exist.
"""

from livekit.protocol import rtc

from veche.engine import Command

from . import publishing, subscribing
from .answer import ABSOLUTE_SEND_TIME, AUDIO_LEVEL, MID, REPAIRED_RID, RID, TRANSPORT_SEQUENCE
from .negotiation import Transport
from .people import Participant
from .refusals import MessageRefused
from .room import Room
from .sdp import Offer, parse_offer
from .sids import ice_pwd, ice_ufrag

_KNOWN_EXTENSIONS = (MID, RID, REPAIRED_RID, AUDIO_LEVEL, ABSOLUTE_SEND_TIME, TRANSPORT_SEQUENCE)


def take_offer(room: Room, participant: Participant, description: rtc.SessionDescription) -> None:
    if description.type != "offer":
        raise MessageRefused("a description that is not an offer")
    offer = parse_offer(description.sdp)
    begun = participant.negotiation.begin(offer)
    participant.last_offer_at = room.now.monotonic
    _adopt_transport(room, participant, offer, begun.transport)
    if begun.has_new_extensions:
        _adopt_extensions(room, participant, offer)
    for mid in begun.lost_mids:
        subscribing.lose_section(room, participant, mid)
    publishing.settle(room, participant, begun.stopped_mids)
    subscribing.bind_waiting(room, participant)
    text, mids = participant.negotiation.answer(room.local(participant))
    answer = rtc.SessionDescription(
        type="answer", sdp=text, id=description.id, mid_to_track_id=mids
    )
    room.post(participant, rtc.SignalResponse(answer=answer))
    subscribing.offer_came(room, participant)


def _adopt_transport(
    room: Room, participant: Participant, offer: Offer, transport: Transport
) -> None:
    match transport:
        case Transport.NEW:
            room.order(Command.SetRemote(participant.id, offer.ufrag, offer.pwd, offer.fingerprint))
        case Transport.RESTARTED:
            participant.ufrag, participant.pwd = ice_ufrag(), ice_pwd()
            room.order(
                Command.RestartIce(
                    participant.id, participant.ufrag, participant.pwd, offer.ufrag, offer.pwd
                )
            )
        case Transport.SAME:
            pass


def _adopt_extensions(room: Room, participant: Participant, offer: Offer) -> None:
    ids = offer.extensions
    known = [(uri, ids[uri]) for uri in _KNOWN_EXTENSIONS if uri in ids]
    room.order(Command.SetExtensions(participant.id, known))
