"""The media port over RoomService calls, wherever they go: in process or to a cluster.

Mints tokens with `livekit-api` and turns our values into LiveKit's messages and back.
"""

import time
from typing import Protocol, TypeVar

from google.protobuf.message import Message
from livekit.api import AccessToken, VideoGrants
from livekit.protocol import models
from livekit.protocol import room as api

from .port import JoinPass, Listener, Permission, Present, SourceName, Track

_SOURCES: dict[SourceName, models.TrackSource] = {
    "camera": models.TrackSource.CAMERA,
    "microphone": models.TrackSource.MICROPHONE,
    "screen_share": models.TrackSource.SCREEN_SHARE,
    "screen_share_audio": models.TrackSource.SCREEN_SHARE_AUDIO,
}
_NAMES = {source: name for name, source in _SOURCES.items()}

Answer = TypeVar("Answer", bound=Message)


class Calls(Protocol):
    """Carries one RoomService call; raises `MediaRefused`."""

    async def call(self, method: str, request: Message, answer: type[Answer]) -> Answer: ...


class ServiceMedia:
    """Implements `MediaPort` with an API key and a way to call."""

    def __init__(self, key: str, secret: str, calls: Calls) -> None:
        self._key = key
        self._secret = secret
        self._calls = calls
        self._listeners: list[Listener] = []

    def mint(self, content: JoinPass) -> str:
        return mint_join_token(self._key, self._secret, content)

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def participants(self, room: str) -> list[Present]:
        answer = await self._calls.call(
            "ListParticipants",
            api.ListParticipantsRequest(room=room),
            api.ListParticipantsResponse,
        )
        return [_present(info) for info in answer.participants]

    async def remove(self, room: str, identity: str, *, revoke: bool = False) -> None:
        request = api.RoomParticipantIdentity(room=room, identity=identity)
        if revoke:
            request.revoke_token_ts = int(time.time()) + 1
        await self._calls.call("RemoveParticipant", request, api.RemoveParticipantResponse)

    async def mute(self, room: str, identity: str, track_sid: str) -> None:
        request = api.MuteRoomTrackRequest(
            room=room, identity=identity, track_sid=track_sid, muted=True
        )
        await self._calls.call("MutePublishedTrack", request, api.MuteRoomTrackResponse)

    async def permit(self, room: str, identity: str, permission: Permission) -> None:
        request = api.UpdateParticipantRequest(
            room=room, identity=identity, permission=_permission(permission)
        )
        await self._calls.call("UpdateParticipant", request, models.ParticipantInfo)

    async def send_data(
        self, room: str, topic: str, payload: bytes, to: frozenset[str] = frozenset()
    ) -> None:
        request = api.SendDataRequest(
            room=room,
            data=payload,
            kind=models.DataPacket.RELIABLE,
            destination_identities=sorted(to),
            topic=topic,
        )
        await self._calls.call("SendData", request, api.SendDataResponse)

    async def set_room_metadata(self, room: str, metadata: str) -> None:
        request = api.UpdateRoomMetadataRequest(room=room, metadata=metadata)
        await self._calls.call("UpdateRoomMetadata", request, models.Room)

    async def close_room(self, room: str) -> None:
        request = api.DeleteRoomRequest(room=room)
        await self._calls.call("DeleteRoom", request, api.DeleteRoomResponse)


def mint_join_token(key: str, secret: str, content: JoinPass) -> str:
    permission, wishes = content.permission, content.room_wishes
    grants = VideoGrants(
        room_join=True,
        room=content.room,
        can_publish=bool(permission.sources),
        can_publish_sources=sorted(permission.sources),
        can_subscribe=permission.can_subscribe,
        can_publish_data=permission.can_publish_data,
        can_update_own_metadata=permission.can_update_own_metadata,
        hidden=permission.is_hidden,
        recorder=permission.is_recorder,
    )
    config = api.RoomConfiguration(
        empty_timeout=wishes.empty_timeout_s,
        departure_timeout=wishes.departure_timeout_s,
        max_participants=wishes.max_participants,
        metadata=wishes.metadata,
        sync_streams=wishes.is_stream_synced,
    )
    token = AccessToken(key, secret).with_identity(content.identity).with_name(content.name)
    token = token.with_metadata(content.metadata).with_attributes(dict(content.attributes))
    return token.with_grants(grants).with_room_config(config).with_ttl(content.lifetime).to_jwt()


def _permission(permission: Permission) -> models.ParticipantPermission:
    return models.ParticipantPermission(
        can_subscribe=permission.can_subscribe,
        can_publish=bool(permission.sources),
        can_publish_data=permission.can_publish_data,
        can_publish_sources=sorted(_SOURCES[name] for name in permission.sources),
        can_update_metadata=permission.can_update_own_metadata,
        hidden=permission.is_hidden,
        recorder=permission.is_recorder,
    )


def _present(info: models.ParticipantInfo) -> Present:
    return Present(
        identity=info.identity,
        name=info.name,
        is_connected=info.state == models.ParticipantInfo.ACTIVE,
        is_hidden=info.permission.hidden,
        tracks=tuple(track_of(track) for track in info.tracks),
    )


def track_of(info: models.TrackInfo) -> Track:
    return Track(info.sid, _NAMES.get(info.source, "unknown"), info.muted)
