"""RoomService: what an application may ask of a meeting, as LiveKit's server API names it.

Each call is a function from a request to a response over the house; grants are checked by whoever
calls. `twirp` puts them on HTTP, `media.embedded` calls them in process.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any  # the protobuf classes of eleven calls share no narrower type

from google.protobuf.message import Message
from livekit.protocol import models, rtc
from livekit.protocol import room as api

from . import announcing, calling, joining, limits, publishing, relaying, subscribing
from .people import Participant
from .refusals import CallRefused, JoinRefused, RequestRefused
from .room import Room
from .rooms import Rooms

Reason = models.DisconnectReason


def create_room(rooms: Rooms, request: api.CreateRoomRequest) -> models.Room:
    if not 1 <= len(request.name) <= limits.NAME_LETTERS:
        raise CallRefused("invalid_argument", "the room's name is empty or too long")
    _check_metadata(request.metadata)
    try:
        room = rooms.open(request.name)
    except JoinRefused as refusal:
        raise CallRefused("resource_exhausted", refusal.text) from None
    with rooms.entered(room):
        room.config.adopt(request)
        joining.wait_for_first(room)
        announcing.room_changed(room, at_once=bool(room.participants))
        return room.info()


def list_rooms(rooms: Rooms, request: api.ListRoomsRequest) -> api.ListRoomsResponse:
    wanted = set(request.names)
    return api.ListRoomsResponse(
        rooms=[room.info() for room in rooms if not wanted or room.name in wanted]
    )


def delete_room(rooms: Rooms, request: api.DeleteRoomRequest) -> api.DeleteRoomResponse:
    room = _room(rooms, request.room)
    with rooms.entered(room):
        joining.close(room, Reason.ROOM_DELETED, rtc.LeaveRequest.DISCONNECT)
    return api.DeleteRoomResponse()


def list_participants(
    rooms: Rooms, request: api.ListParticipantsRequest
) -> api.ListParticipantsResponse:
    room = _room(rooms, request.room)
    return api.ListParticipantsResponse(participants=[p.info() for p in room.participants.values()])


def get_participant(rooms: Rooms, request: api.RoomParticipantIdentity) -> models.ParticipantInfo:
    return _participant(_room(rooms, request.room), request.identity).info()


def remove_participant(
    rooms: Rooms, request: api.RoomParticipantIdentity
) -> api.RemoveParticipantResponse:
    room = _room(rooms, request.room)
    participant = _participant(room, request.identity)
    with rooms.entered(room):
        if request.revoke_token_ts:
            room.revoked_before[participant.identity] = float(request.revoke_token_ts)
        joining.expel(room, participant, Reason.PARTICIPANT_REMOVED, rtc.LeaveRequest.DISCONNECT)
    return api.RemoveParticipantResponse()


def mute_track(rooms: Rooms, request: api.MuteRoomTrackRequest) -> api.MuteRoomTrackResponse:
    room = _room(rooms, request.room)
    publication = _participant(room, request.identity).publications.get(request.track_sid)
    if publication is None:
        raise CallRefused("not_found", "track is not found")
    if not request.muted:
        # A microphone is opened by the one who sits before it (LiveKit's default too).
        raise CallRefused("failed_precondition", "remote unmute is not enabled")
    with rooms.entered(room):
        message = rtc.MuteTrackRequest(sid=request.track_sid, muted=True)
        room.post(publication.publisher, rtc.SignalResponse(mute=message))
        publishing.set_muted(room, publication, True)
    return api.MuteRoomTrackResponse(track=publication.info)


def update_participant(
    rooms: Rooms, request: api.UpdateParticipantRequest
) -> models.ParticipantInfo:
    room = _room(rooms, request.room)
    participant = _participant(room, request.identity)
    with rooms.entered(room):
        try:
            joining.change_words(
                room,
                participant,
                metadata=request.metadata,
                name=request.name,
                attributes=dict(request.attributes),
            )
        except RequestRefused as refusal:
            raise CallRefused("invalid_argument", refusal.text) from None
        if request.HasField("permission"):
            joining.change_permission(room, participant, request.permission)
    return participant.info()


def update_subscriptions(
    rooms: Rooms, request: api.UpdateSubscriptionsRequest
) -> api.UpdateSubscriptionsResponse:
    room = _room(rooms, request.room)
    participant = _participant(room, request.identity)
    track_sids = [
        *request.track_sids,
        *(sid for tracks in request.participant_tracks for sid in tracks.track_sids),
    ]
    with rooms.entered(room):
        subscribing.change(room, participant, track_sids, request.subscribe)
    return api.UpdateSubscriptionsResponse()


def send_data(rooms: Rooms, request: api.SendDataRequest) -> api.SendDataResponse:
    room = _room(rooms, request.room)
    if len(request.data) > limits.DATA_PACKET_BYTES - limits.KIB:
        raise CallRefused("invalid_argument", "the data is too long")
    if len(request.nonce) not in (0, 16):
        raise CallRefused("invalid_argument", "a nonce has 16 bytes")
    user = models.UserPacket(payload=request.data, nonce=request.nonce)
    if request.HasField("topic"):
        user.topic = request.topic
    packet = models.DataPacket(
        kind=request.kind,
        destination_identities=[*request.destination_identities, *request.destination_sids],
        user=user,
    )
    with rooms.entered(room):
        relaying.send_from_server(room, packet, request.nonce)
    return api.SendDataResponse()


def update_room_metadata(rooms: Rooms, request: api.UpdateRoomMetadataRequest) -> models.Room:
    room = _room(rooms, request.room)
    _check_metadata(request.metadata)
    with rooms.entered(room):
        room.config.metadata = request.metadata
        announcing.room_changed(room, at_once=True)
    return room.info()


async def perform_rpc(rooms: Rooms, request: api.PerformRpcRequest) -> api.PerformRpcResponse:
    room = _room(rooms, request.room)
    callee = _participant(room, request.destination_identity)
    timeout_s = request.response_timeout_ms / 1000 or limits.RPC_RESPONSE_S
    answered: asyncio.Future[calling.Outcome] = asyncio.get_running_loop().create_future()
    with rooms.entered(room):
        calling.call(
            room,
            callee,
            request.method,
            request.payload,
            min(timeout_s, limits.RPC_RESPONSE_LONGEST_S),
            answered.set_result,
        )
    outcome = await asyncio.shield(answered)
    if outcome.code:
        raise CallRefused(outcome.code, outcome.text)
    return api.PerformRpcResponse(payload=outcome.payload)


@dataclass(frozen=True, slots=True)
class Call:
    request: type[Message]
    needs: str
    """`create`, `list` or `admin` (of the request's room)."""
    function: Callable[[Rooms, Any], Message | Awaitable[Message]]

    async def perform(self, rooms: Rooms, request: Message) -> Message:
        response = self.function(rooms, request)
        return response if isinstance(response, Message) else await response


CALLS = {
    "CreateRoom": Call(api.CreateRoomRequest, "create", create_room),
    "ListRooms": Call(api.ListRoomsRequest, "list", list_rooms),
    "DeleteRoom": Call(api.DeleteRoomRequest, "create", delete_room),
    "ListParticipants": Call(api.ListParticipantsRequest, "admin", list_participants),
    "GetParticipant": Call(api.RoomParticipantIdentity, "admin", get_participant),
    "RemoveParticipant": Call(api.RoomParticipantIdentity, "admin", remove_participant),
    "MutePublishedTrack": Call(api.MuteRoomTrackRequest, "admin", mute_track),
    "UpdateParticipant": Call(api.UpdateParticipantRequest, "admin", update_participant),
    "UpdateSubscriptions": Call(api.UpdateSubscriptionsRequest, "admin", update_subscriptions),
    "SendData": Call(api.SendDataRequest, "admin", send_data),
    "PerformRpc": Call(api.PerformRpcRequest, "admin", perform_rpc),
    "UpdateRoomMetadata": Call(api.UpdateRoomMetadataRequest, "admin", update_room_metadata),
}

UNIMPLEMENTED = frozenset(("ForwardParticipant", "MoveParticipant"))
"""They are missing from the open-source LiveKit server as well."""


def _room(rooms: Rooms, name: str) -> Room:
    room = rooms.find(name)
    if room is None:
        raise CallRefused("not_found", "requested room does not exist")
    return room


def _participant(room: Room, identity: str) -> Participant:
    participant = room.find(identity)
    if participant is None:
        raise CallRefused("not_found", "participant does not exist")
    return participant


def _check_metadata(metadata: str) -> None:
    if len(metadata.encode()) > limits.METADATA_BYTES:
        raise CallRefused("invalid_argument", "the metadata is too long")
