"""What may be commanded in a meeting on the air, each command with the action it needs.

Values only, whole when they exist: what is out of its limits was refused at the edge. What
follows from a command is decided in `conduct`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from veche.domain.access import Action
from veche.domain.attendance import Attendance
from veche.domain.cues import Clip, CueKind, CueNumber
from veche.domain.floor import GrantNumber, RequestNumber, Speech
from veche.domain.meeting import ParticipationId, Phase, SiteId
from veche.domain.rundown import Position
from veche.domain.stage import Layout, Transition
from veche.domain.text import Text


@dataclass(frozen=True, slots=True)
class MovePhase:
    phase: Phase
    override: str | None = None
    """Why the air begins although a hall has no valid sound-check."""


# --- the floor ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskFloor:
    participation: ParticipationId
    kind: Speech
    note: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    request: RequestNumber


@dataclass(frozen=True, slots=True)
class YieldFloor:
    """The speaker gives it up himself."""

    grant: GrantNumber


@dataclass(frozen=True, slots=True)
class CallNext:
    request: RequestNumber


@dataclass(frozen=True, slots=True)
class GrantFloor:
    participation: ParticipationId
    kind: Speech = Speech.SPEECH
    limit_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class ExtendFloor:
    grant: GrantNumber
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class PauseFloor:
    grant: GrantNumber


@dataclass(frozen=True, slots=True)
class ResumeFloor:
    grant: GrantNumber


@dataclass(frozen=True, slots=True)
class EndFloor:
    grant: GrantNumber


@dataclass(frozen=True, slots=True)
class GiveFloorBack:
    pass


@dataclass(frozen=True, slots=True)
class HandChair:
    participation: ParticipationId


# --- the picture -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """A layout, and whom to feature: a hall or a person, else whoever has the floor."""

    layout: Layout
    site: SiteId | None = None
    participation: ParticipationId | None = None


@dataclass(frozen=True, slots=True)
class PreparePicture:
    wish: Wish


@dataclass(frozen=True, slots=True)
class TakePicture:
    """On the air with it; without a wish, with the prepared one."""

    wish: Wish | None = None
    transition: Transition = Transition.CUT


@dataclass(frozen=True, slots=True)
class ShowTitle:
    participation: ParticipationId


@dataclass(frozen=True, slots=True)
class HideTitle:
    pass


# --- the rundown -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepItem:
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class BeginItem:
    position: Position


# --- ceremonies --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartCue:
    kind: CueKind
    title: Text
    seconds: int | None = None
    clip: Clip | None = None
    is_urgent: bool = False
    """Begin although a hall does not hold the clip: it shows a card with the title."""


@dataclass(frozen=True, slots=True)
class StopCue:
    pass


# --- from a hall -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportClip:
    sha256: str


@dataclass(frozen=True, slots=True)
class ReportSkew:
    cue: CueNumber
    skew_ms: int


@dataclass(frozen=True, slots=True)
class ReportCheck:
    findings: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class ReportDevices:
    """A camera, microphone or loudspeaker is another one than at the check."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class AskHelp:
    words: str = ""


# --- about a hall ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AcceptCheck:
    site: SiteId


@dataclass(frozen=True, slots=True)
class RejectCheck:
    site: SiteId
    note: str = ""


@dataclass(frozen=True, slots=True)
class AnswerHelp:
    site: SiteId


@dataclass(frozen=True, slots=True)
class TickArrival:
    participation: ParticipationId
    attendance: Attendance
    count: int | None = None
    replaced_by: Text | None = None


# --- the secretary -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MarkMoment:
    words: str


@dataclass(frozen=True, slots=True)
class PassNote:
    words: str


@dataclass(frozen=True, slots=True)
class ReadNote:
    note: int


ACTIONS: Final[Mapping[type, Action]] = {
    MovePhase: Action.LEAD_PHASE,
    AskFloor: Action.REQUEST_FLOOR,
    WithdrawRequest: Action.REQUEST_FLOOR,
    YieldFloor: Action.REQUEST_FLOOR,
    CallNext: Action.GIVE_FLOOR,
    GrantFloor: Action.GIVE_FLOOR,
    ExtendFloor: Action.GIVE_FLOOR,
    PauseFloor: Action.GIVE_FLOOR,
    ResumeFloor: Action.GIVE_FLOOR,
    EndFloor: Action.GIVE_FLOOR,
    GiveFloorBack: Action.GIVE_FLOOR,
    HandChair: Action.GIVE_FLOOR,
    PreparePicture: Action.DIRECT_STAGE,
    TakePicture: Action.DIRECT_STAGE,
    ShowTitle: Action.DIRECT_STAGE,
    HideTitle: Action.DIRECT_STAGE,
    StepItem: Action.STEP_ITEM,
    BeginItem: Action.STEP_ITEM,
    StartCue: Action.DIRECT_STAGE,
    StopCue: Action.STOP_CUE,
    ReportClip: Action.REPORT_HALL,
    ReportSkew: Action.REPORT_HALL,
    ReportCheck: Action.REPORT_HALL,
    ReportDevices: Action.REPORT_HALL,
    AskHelp: Action.REPORT_HALL,
    AcceptCheck: Action.DIRECT_STAGE,
    RejectCheck: Action.DIRECT_STAGE,
    AnswerHelp: Action.DIRECT_STAGE,
    TickArrival: Action.TICK_ARRIVAL,
    MarkMoment: Action.WRITE_NOTES,
    PassNote: Action.WRITE_NOTES,
    ReadNote: Action.READ_NOTE,
}
"""What is not named here cannot be commanded."""

Command = (
    MovePhase
    | AskFloor
    | WithdrawRequest
    | YieldFloor
    | CallNext
    | GrantFloor
    | ExtendFloor
    | PauseFloor
    | ResumeFloor
    | EndFloor
    | GiveFloorBack
    | HandChair
    | PreparePicture
    | TakePicture
    | ShowTitle
    | HideTitle
    | StepItem
    | BeginItem
    | StartCue
    | StopCue
    | ReportClip
    | ReportSkew
    | ReportCheck
    | ReportDevices
    | AskHelp
    | AcceptCheck
    | RejectCheck
    | AnswerHelp
    | TickArrival
    | MarkMoment
    | PassNote
    | ReadNote
)
