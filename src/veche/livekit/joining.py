"""Coming, going and coming back: the life of a participant, and of the room around it.

Owns a participant's state from the join to the end, with all its ends: left, removed, replaced,
lost, failed. Whoever ends is told why by a `leave` before the socket closes, because clients take
a bare close for a broken line and come again.
"""

import logging
from dataclasses import replace

from livekit.protocol import models, rtc

from veche.engine import Command

from . import announcing, calling, codecs, describing, limits, publishing, relaying, subscribing
from .people import Participant, State
from .refusals import JoinRefused, MessageRefused, RequestRefused
from .room import Room, Timer
from .sids import ice_pwd, ice_ufrag, participant_sid
from .tokens import Claims

_log = logging.getLogger(__name__)

Reason = models.DisconnectReason
Action = rtc.LeaveRequest

# 1.8.0 is the first version with which livekit-client offers RPC; above 1.13.6 it expects
# simulcast of VP9 and AV1 from the server.
CLAIMED_VERSION = "1.13.5"
CLAIMED_PROTOCOL = 17
_SUCCESS_PROTOCOL = 15
"""From here on clients want to hear of success too."""


def server_info(room: Room) -> models.ServerInfo:
    return models.ServerInfo(
        edition=models.ServerInfo.Standard,
        version=CLAIMED_VERSION,
        protocol=CLAIMED_PROTOCOL,
        node_id=room.around.node_id,
    )


# --- coming ------------------------------------------------------------------------------


def check_admission(room: Room, claims: Claims) -> None:
    """The refusals that must be heard before the WebSocket opens."""
    if claims.not_before <= room.revoked_before.get(claims.identity, float("-inf")):
        raise JoinRefused(401, "this access token has been revoked")
    if room.is_full and room.find(claims.identity) is None:
        raise JoinRefused(403, "the room is full")


def admit(room: Room, claims: Claims, request: rtc.JoinRequest, participant_id: int) -> Participant:
    """Take a new participant in; the older session of the same identity ends without a trace."""
    older = room.find(claims.identity)
    if older is not None:
        expel(room, older, Reason.DUPLICATE_IDENTITY, Action.DISCONNECT, is_replaced=True)
    attributes = {**claims.attributes, **request.participant_attributes}
    participant = Participant(
        id=participant_id,
        sid=participant_sid(),
        claims=claims,
        client=request.client_info,
        settings=request.connection_settings,
        joined_wall_ms=room.now.wall_ms,
        joined_at=room.now.monotonic,
        ufrag=ice_ufrag(),
        pwd=ice_pwd(),
        name=claims.name,
        metadata=request.metadata or claims.metadata,
        attributes={key: value for key, value in attributes.items() if value},
        state=State.JOINED,
        version=1,
    )
    room.participants[participant.id] = participant
    room.stop_timer(Timer.CLOSE_ROOM, 0)
    room.set_timer(Timer.CONNECT, participant.id, limits.CONNECT_S)
    room.order(Command.AddParticipant(participant.id, room.id, participant.ufrag, participant.pwd))
    room.post(participant, rtc.SignalResponse(join=_join_response(room, participant)))
    refresh_token(room, participant)
    for other in room.others(participant):
        for publication in other.publications.values():
            subscribing.notice(room, participant, publication)
    _take_first_requests(room, participant, request)
    return participant


def _take_first_requests(room: Room, participant: Participant, request: rtc.JoinRequest) -> None:
    for add_track in request.add_track_requests[: limits.PUBLICATIONS + 1]:
        try:
            publishing.add_track(room, participant, add_track)
        except RequestRefused as refusal:
            refuse_request(room, participant, refusal, add_track=add_track)
    if request.publisher_offer.sdp:
        describing.take_offer(room, participant, request.publisher_offer)


def refuse_request(
    room: Room,
    participant: Participant,
    refusal: RequestRefused,
    *,
    request_id: int = 0,
    add_track: rtc.AddTrackRequest | None = None,
) -> None:
    response = rtc.RequestResponse(
        request_id=request_id, reason=refusal.reason, message=refusal.text, add_track=add_track
    )
    room.post(participant, rtc.SignalResponse(request_response=response))


def _join_response(room: Room, participant: Participant) -> rtc.JoinResponse:
    return rtc.JoinResponse(
        room=room.info(),
        participant=participant.info(),
        other_participants=[p.info() for p in room.others(participant) if p.is_visible],
        server_version=CLAIMED_VERSION,
        subscriber_primary=False,
        ping_interval=limits.PING_INTERVAL_S,
        ping_timeout=limits.PING_TIMEOUT_S,
        server_info=server_info(room),
        enabled_publish_codecs=codecs.ENABLED_PUBLISH_CODECS,
        fast_publish=participant.grants.can_publish,
    )


def refresh_token(room: Room, participant: Participant) -> None:
    claims = replace(
        participant.claims,
        name=participant.name,
        metadata=participant.metadata,
        attributes=participant.attributes,
    )
    token = room.around.refresh_token(claims, room.now.wall_ms / 1000)
    room.post(participant, rtc.SignalResponse(refresh_token=token))
    room.set_timer(Timer.REFRESH_TOKEN, participant.id, limits.TOKEN_REFRESH_S)


# --- what the engine sees ------------------------------------------------------------------


def connected(room: Room, participant: Participant) -> None:
    participant.is_connected = True
    for timer in (Timer.CONNECT, Timer.ICE_FAILED, Timer.CLEAN_UP):
        room.stop_timer(timer, participant.id)
    if participant.state == State.JOINED:
        participant.state = State.ACTIVE
        announcing.changed(room, participant, at_once=participant.is_publisher)
        announcing.room_changed(room, at_once=False)
        room.tell("participant_joined", participant)


def disconnected(room: Room, participant: Participant) -> None:
    participant.is_connected = False
    room.set_timer(Timer.ICE_FAILED, participant.id, limits.ICE_FAILED_S)


def ice_failed(room: Room, participant: Participant) -> None:
    """Media is dead: a client with a living signal is told to resume, and has a while for it."""
    if participant.has_signal:
        _post_leave(room, participant, Reason.CONNECTION_TIMEOUT, Action.RESUME)
        signal_ended(room, participant)
    room.set_timer(Timer.CLEAN_UP, participant.id, limits.LOST_CLEANUP_S)


def gone(room: Room, participant: Participant, cause: str) -> None:
    """The engine ended the transport: only a new session can follow.

    A client that leaves closes its transport before its goodbye arrives: cause "closed".
    """
    reason = Reason.CLIENT_INITIATED if cause == "closed" else Reason.STATE_MISMATCH
    _log.log(
        logging.INFO if cause == "closed" else logging.WARNING,
        "the engine ended %s: %s",
        participant.sid,
        cause,
    )
    expel(room, participant, reason, Action.RECONNECT, has_transport=False)


# --- the signal comes and goes -------------------------------------------------------------


def signal_ended(room: Room, participant: Participant) -> None:
    """We close the socket, and keep the participant."""
    room.hang_up(participant)
    signal_lost(room, participant)


def signal_lost(room: Room, participant: Participant) -> None:
    participant.has_signal = False
    participant.signal_lost_at = room.now.monotonic
    if participant.is_active:
        room.set_timer(Timer.SIGNAL_LOST, participant.id, limits.SIGNAL_LOST_S)
    else:
        remove(room, participant, Reason.SIGNAL_CLOSE)


def resume(room: Room, participant: Participant, request: rtc.JoinRequest) -> None:
    """A new socket for a living participant; `reconnect` must be the first word on it."""
    fault, participant.resume_fault = participant.resume_fault, ""
    participant.has_signal = True
    if fault == "disconnect_signal_on_resume_no_messages":
        signal_ended(room, participant)
        return
    for timer in (Timer.SIGNAL_LOST, Timer.CLEAN_UP):
        room.stop_timer(timer, participant.id)
    if not participant.is_connected:
        room.set_timer(Timer.ICE_FAILED, participant.id, limits.PING_TIMEOUT_S)
    response = rtc.ReconnectResponse(
        server_info=server_info(room), last_message_seq=participant.last_sequence
    )
    room.post(participant, rtc.SignalResponse(reconnect=response))
    if fault:
        signal_ended(room, participant)
        return
    announcing.everybody(room, participant)
    room.post(participant, rtc.SignalResponse(room_update=rtc.RoomUpdate(room=room.info())))
    refresh_token(room, participant)
    if request.HasField("sync_state"):
        sync_state(room, participant, request.sync_state)


def sync_state(room: Room, participant: Participant, state: rtc.SyncState) -> None:
    publishing.check_known(participant, (entry.track.sid for entry in state.publish_tracks))
    subscribing.update(room, participant, state.subscription)
    subscribing.disable(room, participant, state.track_sids_disabled)
    relaying.replay_after(room, participant, state.datachannel_receive_states)


# --- going -------------------------------------------------------------------------------


def leave(room: Room, participant: Participant, request: rtc.LeaveRequest) -> None:
    """The client says goodbye; it closes the socket itself, or we do."""
    room.hang_up(participant)
    remove(room, participant, request.reason or Reason.CLIENT_INITIATED)


def expel(
    room: Room,
    participant: Participant,
    reason: models.DisconnectReason,
    action: rtc.LeaveRequest.Action,
    *,
    is_replaced: bool = False,
    has_transport: bool = True,
) -> None:
    _post_leave(room, participant, reason, action)
    room.hang_up(participant)
    remove(room, participant, reason, is_replaced=is_replaced, has_transport=has_transport)


def _post_leave(
    room: Room,
    participant: Participant,
    reason: models.DisconnectReason,
    action: rtc.LeaveRequest.Action,
) -> None:
    room.post(participant, leave_message(reason, action))


def leave_message(
    reason: models.DisconnectReason, action: rtc.LeaveRequest.Action
) -> rtc.SignalResponse:
    # Clients of protocol 12 and older read `can_reconnect` alone.
    return rtc.SignalResponse(
        leave=rtc.LeaveRequest(
            reason=reason, action=action, can_reconnect=action != Action.DISCONNECT
        )
    )


def remove(
    room: Room,
    participant: Participant,
    reason: models.DisconnectReason,
    *,
    is_replaced: bool = False,
    has_transport: bool = True,
) -> None:
    """The end of a participant. A replaced one leaves silently: its successor takes its place."""
    if participant.id not in room.participants:
        return
    was_active = participant.is_active
    # Whoever joined since its last change has it from the join, not from an announcement.
    participant.was_announced |= participant.is_visible
    subscribing.drop_all(room, participant)
    for publication in list(participant.publications.values()):
        publishing.end(room, publication)
    if has_transport:
        room.order(Command.RemoveParticipant(participant.id))
    del room.participants[participant.id]
    room.ended_participants.append(participant.id)
    calling.callee_left(room, participant)
    room.stop_timers_of(participant.id)
    participant.state = State.DISCONNECTED
    participant.disconnect_reason = reason
    room.news.pop(participant.id, None)
    if participant.was_announced and not is_replaced:
        announcing.changed(room, participant)
    announcing.room_changed(room, at_once=False)
    room.tell("participant_left" if was_active else "participant_connection_aborted", participant)
    if not room.participants:
        room.set_timer(Timer.CLOSE_ROOM, 0, room.config.departure_timeout_s)


def close(room: Room, reason: models.DisconnectReason, action: rtc.LeaveRequest.Action) -> None:
    for participant in list(room.participants.values()):
        expel(room, participant, reason, action, is_replaced=True)
    room.is_closed = True
    room.tell("room_finished")


# --- one's own words ---------------------------------------------------------------------


def update_metadata(
    room: Room, participant: Participant, request: rtc.UpdateParticipantMetadata
) -> None:
    if not participant.grants.can_update_own_metadata:
        raise RequestRefused(
            rtc.RequestResponse.NOT_ALLOWED, "this participant may not change its own data"
        )
    change_words(
        room,
        participant,
        metadata=request.metadata,
        name=request.name,
        attributes=dict(request.attributes),
    )
    if participant.client.protocol >= _SUCCESS_PROTOCOL:
        # Python waits five seconds for it.
        success = rtc.RequestResponse(request_id=request.request_id, reason=rtc.RequestResponse.OK)
        room.post(participant, rtc.SignalResponse(request_response=success))


def change_words(
    room: Room,
    participant: Participant,
    *,
    metadata: str = "",
    name: str = "",
    attributes: dict[str, str] | None = None,
) -> None:
    """Empty means "leave as it is"; an empty attribute is taken away. The sender hears it too."""
    merged = {**participant.attributes, **(attributes or {})}
    merged = {key: value for key, value in merged.items() if value}
    check_words(metadata, name, merged)
    participant.metadata = metadata or participant.metadata
    participant.name = name or participant.name
    participant.attributes = merged
    announcing.changed(room, participant)
    refresh_token(room, participant)


def check_words(metadata: str, name: str, attributes: dict[str, str]) -> None:
    size = sum(len(key.encode()) + len(value.encode()) for key, value in attributes.items())
    if (
        len(metadata.encode()) > limits.METADATA_BYTES
        or len(name) > limits.NAME_LETTERS
        or size > limits.ATTRIBUTES_BYTES
    ):
        raise RequestRefused(
            rtc.RequestResponse.LIMIT_EXCEEDED, "name, metadata or attributes are too long"
        )


def change_permission(
    room: Room, participant: Participant, permission: models.ParticipantPermission
) -> None:
    """A live change: forbidden tracks end now, so do subscriptions when listening is taken away."""
    participant.set_grants(participant.grants.with_permission(permission))
    publishing.enforce_grants(room, participant)
    if not participant.grants.can_subscribe:
        subscribing.drop_all(room, participant)
    elif participant.settings.auto_subscribe:
        for publication in room.publications.values():
            subscribing.notice(room, participant, publication)
    announcing.changed(room, participant)
    refresh_token(room, participant)


def refuse_session(room: Room, participant: Participant, refusal: MessageRefused) -> None:
    expel(room, participant, refusal.reason, refusal.action)


def wait_for_first(room: Room) -> None:
    """A room that was made on purpose stays empty for as long as it was told to."""
    if not room.participants:
        room.set_timer(Timer.CLOSE_ROOM, 0, room.config.empty_timeout_s)
