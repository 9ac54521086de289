"""One signal WebSocket: frames in within limits, frames out at the pace of their reader.

Owns the socket and nothing of a meeting. Binary frames only, one protobuf message each. A client
that reads too slowly, sends too much or says nothing for long loses its socket.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc
from starlette.websockets import WebSocket, WebSocketDisconnect

from . import limits
from .allowance import Allowance
from .joining import leave_message
from .refusals import JoinRefused, MessageRefused
from .rooms import Rooms
from .tokens import Claims

_log = logging.getLogger(__name__)

_DESCRIBING = ("offer", "answer", "sync_state")
_OFFER_KINDS = ("offer", "sync_state")


class Session:
    """Runs from the accepted upgrade to the closed socket; an `Outlet` for the house."""

    def __init__(self, websocket: WebSocket, rooms: Rooms, clock: Callable[[], float]) -> None:
        self._websocket = websocket
        self._rooms = rooms
        self._clock = clock
        self._frames: deque[bytes] = deque()
        self._frames_bytes = 0
        self._has_work = asyncio.Event()
        self._is_ending = False
        self._is_too_slow = False
        self._allowance = Allowance(limits.MESSAGES_PER_SECOND, limits.MESSAGE_BURST)
        self._participant_id: int | None = None

    # --- the outlet ------------------------------------------------------------------------

    def post(self, frame: bytes) -> None:
        if self._is_ending:
            return
        if self._frames_bytes + len(frame) > limits.OUTBOX_BYTES:
            self._is_too_slow = True
            self.hang_up()
            return
        self._frames.append(frame)
        self._frames_bytes += len(frame)
        self._has_work.set()

    def hang_up(self) -> None:
        self._is_ending = True
        self._has_work.set()

    # --- the run ---------------------------------------------------------------------------

    async def run(self, claims: Claims, request: rtc.JoinRequest) -> None:
        self._join(claims, request)
        reader = asyncio.create_task(self._read(), name="signal reader")
        writer = asyncio.create_task(self._write(), name="signal writer")
        try:
            await asyncio.wait((reader, writer), return_when=asyncio.FIRST_COMPLETED)
            if reader.done() and self._is_ending:  # the goodbye is still to be written
                await asyncio.wait((writer,), timeout=limits.OUTBOX_PATIENCE_S)
        finally:
            for task in (reader, writer):
                task.cancel()
            await asyncio.gather(reader, writer, return_exceptions=True)
            if self._participant_id is not None:
                self._rooms.signal_lost(self._participant_id, self)

    def _join(self, claims: Claims, request: rtc.JoinRequest) -> None:
        try:
            self._participant_id = self._rooms.join(claims, request, self)
        except MessageRefused as refusal:
            self._say_goodbye(refusal.reason, refusal.action)
        except JoinRefused:
            self._say_goodbye(models.DisconnectReason.JOIN_FAILURE, rtc.LeaveRequest.DISCONNECT)

    def _say_goodbye(
        self, reason: models.DisconnectReason, action: rtc.LeaveRequest.Action
    ) -> None:
        self.post(leave_message(reason, action).SerializeToString())
        self.hang_up()

    async def _read(self) -> None:
        try:
            while not self._is_ending:
                async with asyncio.timeout(limits.SIGNAL_SILENCE_S):
                    frame = await self._receive()
                if frame is None:
                    return
                message = self._decode(frame)
                if self._participant_id is not None:
                    self._rooms.receive(self._participant_id, message)
        except MessageRefused as refusal:
            _log.info("a signal session ended: %s", refusal)
            if self._participant_id is not None:
                self._rooms.refuse(self._participant_id, refusal)
        except (TimeoutError, WebSocketDisconnect):
            return

    async def _receive(self) -> bytes | None:
        message = await self._websocket.receive()
        if message["type"] != "websocket.receive":
            return None
        frame = message.get("bytes")
        if not isinstance(frame, bytes):
            raise MessageRefused("a text frame")
        return frame

    def _decode(self, frame: bytes) -> rtc.SignalRequest:
        if len(frame) > limits.DESCRIPTION_FRAME_BYTES:
            raise MessageRefused("a frame that is too long")
        now = self._clock()
        if not self._allowance.spend(1.0, now):
            raise MessageRefused("too many messages", action=rtc.LeaveRequest.DISCONNECT)
        try:
            message = rtc.SignalRequest.FromString(frame)
        except DecodeError:
            raise MessageRefused("a frame that cannot be decoded") from None
        kind = message.WhichOneof("message")
        if len(frame) > limits.FRAME_BYTES and kind not in _DESCRIBING:
            raise MessageRefused("a message that is too long")
        if kind in _OFFER_KINDS and not self._allowance.spend(limits.OFFER_COST, now):
            raise MessageRefused("too many offers", action=rtc.LeaveRequest.DISCONNECT)
        return message

    async def _write(self) -> None:
        try:
            while not self._is_too_slow:
                if not self._frames:
                    if self._is_ending:
                        break
                    self._has_work.clear()
                    await self._has_work.wait()
                    continue
                frame = self._frames.popleft()
                self._frames_bytes -= len(frame)
                async with asyncio.timeout(limits.OUTBOX_PATIENCE_S):
                    await self._websocket.send_bytes(frame)
            async with asyncio.timeout(limits.OUTBOX_PATIENCE_S):
                await self._websocket.close(1000)
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            # Starlette raises RuntimeError for a socket that the other side has closed already.
            return
