"""Failures on request: the `simulate` message, by which SDK test suites drive reconnection.

On in the standalone engine, where test suites of SDKs need it, and off under a meeting: a
participant could end its own session at will, which harms nobody else, and pretend to speak,
which does.
"""

from livekit.protocol import models, rtc

from veche.engine import Command

from . import announcing, joining
from .people import Participant
from .refusals import RequestRefused
from .room import Room


def play(room: Room, participant: Participant, scenario: rtc.SimulateScenario) -> None:
    if not room.around.simulates_faults:
        raise RequestRefused(rtc.RequestResponse.NOT_ALLOWED, "simulation is switched off")
    match scenario.WhichOneof("scenario"):
        case "speaker_update":
            announcing.speakers_changed(
                room, [(p.id, 0.9) for p in room.participants.values() if not p.is_hidden]
            )
        case "node_failure":
            # Forgotten without a word: its resume must then be answered by "come afresh".
            room.hang_up(participant)
            joining.remove(room, participant, models.DisconnectReason.SERVER_SHUTDOWN)
        case "disconnect_signal_on_resume" | "disconnect_signal_on_resume_no_messages" as fault:
            participant.resume_fault = fault
            joining.signal_ended(room, participant)
        case "migration":
            joining.signal_ended(room, participant)
        case "server_leave":
            joining.expel(
                room,
                participant,
                models.DisconnectReason.SERVER_SHUTDOWN,
                rtc.LeaveRequest.DISCONNECT,
            )
        case "leave_request_full_reconnect":
            joining.expel(
                room,
                participant,
                models.DisconnectReason.STATE_MISMATCH,
                rtc.LeaveRequest.RECONNECT,
            )
        case "subscriber_bandwidth":
            limit_bps = scenario.subscriber_bandwidth if scenario.subscriber_bandwidth > 0 else None
            room.order(Command.LimitBandwidth(participant.id, limit_bps))
        case _:
            pass  # the candidate protocol: there is one port
