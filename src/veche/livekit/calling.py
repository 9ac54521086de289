"""Calls from the server to a participant: one request out, an acknowledgement and a response in.

RPC is a matter between participants; the server takes part under an identity of its own for each
call, which nobody else can have, and takes what is addressed to it off the relay.
"""

from collections.abc import Callable
from dataclasses import dataclass

from livekit.protocol import models

from veche.engine import Command

from . import limits
from .people import Participant
from .room import Room, Timer
from .sids import random_letters

_CALLER_PREFIX = "server-call-"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """A payload, or why there is none: `code` is Twirp's word."""

    payload: str = ""
    code: str = ""
    text: str = ""


@dataclass(slots=True, eq=False)
class ServerCall:
    number: int
    caller: str
    callee: Participant
    finish: Callable[[Outcome], None]


def call(
    room: Room,
    callee: Participant,
    method: str,
    payload: str,
    response_timeout_s: float,
    finish: Callable[[Outcome], None],
) -> None:
    """Ask; `finish` is called exactly once."""
    if len(payload.encode()) > limits.RPC_PAYLOAD_BYTES:
        finish(Outcome(code="invalid_argument", text="the payload is too long"))
        return
    number = room.around.ids.next()
    caller = _CALLER_PREFIX + random_letters(16)
    request = models.RpcRequest(
        id=caller,
        method=method,
        payload=payload,
        response_timeout_ms=int(response_timeout_s * 1000),
        version=_VERSION,
    )
    packet = models.DataPacket(
        kind=models.DataPacket.RELIABLE,
        participant_identity=caller,
        destination_identities=[callee.identity],
        rpc_request=request,
    )
    room.calls[caller] = ServerCall(number, caller, callee, finish)
    room.set_timer(Timer.CALL_ACKNOWLEDGED, number, limits.RPC_ACKNOWLEDGE_S)
    room.set_timer(Timer.CALL_ANSWERED, number, response_timeout_s)
    room.order(Command.SendData([callee.id], "_reliable", packet.SerializeToString()))


def take(room: Room, sender: Participant, packet: models.DataPacket) -> bool:
    """Whether the packet belongs to a call of ours; then it goes no further."""
    kind = packet.WhichOneof("value")
    if kind not in ("rpc_ack", "rpc_response"):
        return False
    entry = room.calls.get(
        packet.rpc_ack.request_id if kind == "rpc_ack" else packet.rpc_response.request_id
    )
    if entry is None or entry.callee is not sender:
        return False
    if kind == "rpc_ack":
        room.stop_timer(Timer.CALL_ACKNOWLEDGED, entry.number)
        return True
    response = packet.rpc_response
    if response.HasField("error"):
        text = f"{response.error.code}: {response.error.message}"
        _finish(room, entry, Outcome(code="aborted", text=text))
    else:
        _finish(room, entry, Outcome(payload=response.payload))
    return True


def ran_out(room: Room, number: int) -> None:
    for entry in list(room.calls.values()):
        if entry.number == number:
            _finish(room, entry, Outcome(code="deadline_exceeded", text="no response in time"))


def callee_left(room: Room, participant: Participant) -> None:
    for entry in list(room.calls.values()):
        if entry.callee is participant:
            _finish(room, entry, Outcome(code="unavailable", text="the participant left"))


def _finish(room: Room, entry: ServerCall, outcome: Outcome) -> None:
    del room.calls[entry.caller]
    room.stop_timers_of(entry.number)
    entry.finish(outcome)
