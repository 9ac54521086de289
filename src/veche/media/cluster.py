"""A LiveKit cluster as the media server: the same calls, over its HTTP API."""

from google.protobuf.message import Message
from livekit.api import LiveKitAPI, TwirpError, VideoGrants

from .port import MediaRefused
from .service import Answer, ServiceMedia

_SERVICE = "RoomService"


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
    """The media port over a cluster. Its news come by webhook, from the HTTP edge."""

    def __init__(self, key: str, secret: str, calls: ClusterCalls) -> None:
        super().__init__(key, secret, calls)
