"""Each signal message has one handler, listed here; what is not listed is answered or ignored.

The table is complete: a test compares it with the fields of `SignalRequest`, so a new protocol
version cannot bring a message without a decision.
"""

from collections.abc import Callable

from livekit.protocol import rtc

from . import describing, joining, publishing, simulation, subscribing
from .people import Participant
from .refusals import MessageRefused, RequestRefused
from .room import Room

Handler = Callable[[Room, Participant, rtc.SignalRequest], None]

_HANDLERS: dict[str, Handler] = {
    "offer": lambda r, p, m: describing.take_offer(r, p, m.offer),
    "add_track": lambda r, p, m: publishing.add_track(r, p, m.add_track),
    "mute": lambda r, p, m: publishing.mute(r, p, m.mute),
    "subscription": lambda r, p, m: subscribing.update(r, p, m.subscription),
    "track_setting": lambda r, p, m: subscribing.set_track(r, p, m.track_setting),
    "leave": lambda r, p, m: joining.leave(r, p, m.leave),
    "subscription_permission": lambda r, p, m: subscribing.set_permission(
        r, p, m.subscription_permission
    ),
    "sync_state": lambda r, p, m: joining.sync_state(r, p, m.sync_state),
    "simulate": lambda r, p, m: simulation.play(r, p, m.simulate),
    "ping": lambda r, p, m: _answer_ping(r, p),
    "ping_req": lambda r, p, m: _answer_ping_request(r, p, m.ping_req),
    "update_metadata": lambda r, p, m: joining.update_metadata(r, p, m.update_metadata),
    "update_audio_track": lambda r, p, m: publishing.update_audio(r, p, m.update_audio_track),
    "update_video_track": lambda r, p, m: publishing.update_video(r, p, m.update_video_track),
    "publish_data_track_request": lambda r, p, m: _refuse_data_tracks(),
}

IGNORED = frozenset(
    (
        "answer",  # we never offer
        "trickle",  # an ICE-lite server learns its peers from their checks (RFC 8445 section 2.5)
        "update_layers",  # obsolete
        "unpublish_data_track_request",
        "update_data_subscription",
        "store_data_blob_request",
        "get_data_blob_request",
    )
)

HANDLED = frozenset(_HANDLERS)


def dispatch(room: Room, participant: Participant, message: rtc.SignalRequest) -> None:
    """Handle one message. A refusal concerns this participant alone and is answered here."""
    kind = message.WhichOneof("message")
    handler = _HANDLERS.get(kind or "")
    if handler is None:
        return
    try:
        handler(room, participant, message)
    except RequestRefused as refusal:
        joining.refuse_request(
            room,
            participant,
            refusal,
            request_id=_request_id(message),
            add_track=message.add_track if kind == "add_track" else None,
        )
    except MessageRefused as refusal:
        joining.refuse_session(room, participant, refusal)


def _request_id(message: rtc.SignalRequest) -> int:
    if message.WhichOneof("message") == "update_metadata":
        return message.update_metadata.request_id
    return 0


def _answer_ping(room: Room, participant: Participant) -> None:
    room.post(participant, rtc.SignalResponse(pong=room.now.wall_ms))


def _answer_ping_request(room: Room, participant: Participant, ping: rtc.Ping) -> None:
    pong = rtc.Pong(last_ping_timestamp=ping.timestamp, timestamp=room.now.wall_ms)
    room.post(participant, rtc.SignalResponse(pong_resp=pong))


def _refuse_data_tracks() -> None:
    raise RequestRefused(rtc.RequestResponse.UNSUPPORTED_TYPE, "data tracks are not supported")
