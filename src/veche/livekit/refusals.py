"""Why a client's wish is refused: typed, with a text that holds no secret.

Refusal
├── JoinRefused       before the WebSocket exists: an HTTP status and a sentence
├── MessageRefused    during a session: the client is told to come back afresh, or to stay away
├── RequestRefused    one request fails, the session goes on: a `request_response` reason
└── CallRefused       an API call: a Twirp code and a sentence
"""

from livekit.protocol import models, rtc


class Refusal(Exception):
    """A client's wish that is not granted."""


class JoinRefused(Refusal):
    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class MessageRefused(Refusal):
    """Ends the session with a `leave`."""

    def __init__(
        self,
        text: str,
        reason: models.DisconnectReason = models.DisconnectReason.STATE_MISMATCH,
        action: rtc.LeaveRequest.Action = rtc.LeaveRequest.RECONNECT,
    ) -> None:
        super().__init__(text)
        self.reason = reason
        self.action = action


class RequestRefused(Refusal):
    def __init__(self, reason: rtc.RequestResponse.Reason, text: str) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text


class CallRefused(Refusal):
    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
