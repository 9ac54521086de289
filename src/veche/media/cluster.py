"""A LiveKit cluster as the media server: the same calls, over its HTTP API."""

from google.protobuf.message import Message
from livekit.api import LiveKitAPI, TwirpError, VideoGrants
from livekit.protocol import models
from livekit.protocol import room as api

from veche.domain.lines import Line

from .port import MediaRefused
from .service import Answer, ServiceMedia

_SERVICE = "RoomService"
_SOUNDS = (models.TrackSource.MICROPHONE, models.TrackSource.SCREEN_SHARE_AUDIO)


class ClusterCalls:
    """Owns the HTTP session; `close` it. Each call carries a token for exactly its room."""

    def __init__(self, url: str, key: str, secret: str) -> None:
        self._api = LiveKitAPI(url, key, secret)

    async def call(self, method: str, request: Message, answer: type[Answer]) -> Answer:
        room = getattr(request, "room", "")
        grants = VideoGrants(room_admin=bool(room), room=room, room_create=True, room_list=True)
        service = self._api.room
        try:
            response: Answer = await service._client.request(
                _SERVICE, method, request, service._auth_header(grants), answer
            )
        except TwirpError as error:
            raise MediaRefused(error.code, error.message) from error
        return response

    async def close(self) -> None:
        await self._api.aclose()


class ClusterMedia(ServiceMedia):
    """The media port over a cluster. Its news come by webhook, from the HTTP edge.

    A LiveKit server has no gate: who may not be heard is not allowed to send sound, which ends
    his track, and who may be heard again sends it anew. Slower than the embedded engine by a
    negotiation, and as certain.
    """

    def __init__(self, key: str, secret: str, calls: ClusterCalls) -> None:
        super().__init__(key, secret, calls)

    async def let_be_heard(self, room: str, identities: frozenset[str]) -> None:
        request = api.ListParticipantsRequest(room=room)
        try:
            answer = await self._calls.call(
                "ListParticipants", request, api.ListParticipantsResponse
            )
        except MediaRefused as refused:
            if refused.code == "not_found":
                return
            raise
        for info in answer.participants:
            await self._allow_sound(room, info, info.identity in identities)

    async def _allow_sound(self, room: str, info: models.ParticipantInfo, is_heard: bool) -> None:
        permission = models.ParticipantPermission()
        permission.CopyFrom(info.permission)
        pictures = [it for it in permission.can_publish_sources if it not in _SOUNDS]
        sources = sorted({*pictures, *(_SOUNDS if is_heard else ())})
        may_publish = is_heard or (permission.can_publish and bool(pictures))
        is_set = sources == sorted(permission.can_publish_sources)
        if is_set and may_publish == permission.can_publish:
            return
        permission.can_publish = may_publish
        del permission.can_publish_sources[:]
        permission.can_publish_sources.extend(sources)
        request = api.UpdateParticipantRequest(
            room=room, identity=info.identity, permission=permission
        )
        await self._calls.call("UpdateParticipant", request, models.ParticipantInfo)

    async def lines(self, room: str) -> dict[str, Line]:
        return {}
