"""Conducting a meeting on the air: a state and a command in, the next state and its log out.

The one door to the rules. Pure, and total over the commands: each has one rule. Whether the
role may command at all has been judged before.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from veche.domain import assisting, directing, flooring, leading
from veche.domain import commands as do
from veche.domain.scene import Decision, Scene

# Any: each rule takes the command that it is found by
_RULES: Final[Mapping[type, Callable[[Scene, Any], Decision]]] = {
    do.MovePhase: leading.move_phase,
    do.AskFloor: flooring.ask_floor,
    do.WithdrawRequest: flooring.withdraw_request,
    do.YieldFloor: flooring.yield_floor,
    do.CallNext: flooring.call_next,
    do.GrantFloor: flooring.grant_floor,
    do.ExtendFloor: flooring.extend_floor,
    do.PauseFloor: flooring.pause_floor,
    do.ResumeFloor: flooring.resume_floor,
    do.EndFloor: flooring.end_floor,
    do.GiveFloorBack: flooring.give_floor_back,
    do.HandChair: flooring.hand_chair,
    do.PreparePicture: directing.prepare_picture,
    do.TakePicture: directing.take_picture,
    do.ShowTitle: directing.show_title,
    do.HideTitle: directing.hide_title,
    do.StepItem: directing.step_item,
    do.BeginItem: directing.begin_item,
    do.StartCue: directing.start_cue,
    do.StopCue: directing.stop_cue,
    do.ReportClip: assisting.report_clip,
    do.ReportSkew: assisting.report_skew,
    do.ReportCheck: assisting.report_check,
    do.ReportDevices: assisting.report_devices,
    do.AskHelp: assisting.ask_help,
    do.AcceptCheck: assisting.accept_check,
    do.RejectCheck: assisting.reject_check,
    do.AnswerHelp: assisting.answer_help,
    do.TickArrival: assisting.tick_arrival,
    do.MarkMoment: assisting.mark_moment,
    do.PassNote: assisting.pass_note,
    do.ReadNote: assisting.read_note,
}


def decide(scene: Scene, command: do.Command) -> Decision:
    """Raises the refusal of the rule; then nothing has changed."""
    return _RULES[type(command)](scene, command)
