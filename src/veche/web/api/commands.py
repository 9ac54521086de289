"""Commands as they are sent: one shape for each, told apart by `command`, parsed into values.

The name of a shape's `command` is that of the command in the record. A limit that is passed is
a 422 that names the field.
"""

from collections.abc import Callable
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from veche.domain import commands as do
from veche.domain.attendance import COUNT_MAX, NAME_LETTERS_MAX, Attendance
from veche.domain.cues import SECONDS_MAX, SKEW_MS_MAX, Clip, CueKind, CueNumber
from veche.domain.errors import WordsRefused
from veche.domain.floor import (
    LIMIT_MS_MAX,
    LIMIT_MS_MIN,
    NOTE_LETTERS_MAX,
    GrantNumber,
    RequestNumber,
    Speech,
)
from veche.domain.meeting import ParticipationId, Phase, SiteId
from veche.domain.rundown import Position
from veche.domain.stage import Layout, Transition
from veche.domain.text import Text

ID_LETTERS_MAX: Final = 64
WORDS_LETTERS_MAX: Final = 2_000
"""A quiet note or a mark: what is longer belongs into the minutes."""
FINDINGS_MAX: Final = 64
EXTENSION_SECONDS_MAX: Final = 3_600

Id = Annotated[str, Field(min_length=1, max_length=ID_LETTERS_MAX)]
Count = Annotated[int, Field(ge=1, le=2**31 - 1)]
Written = Annotated[str, Field(min_length=1, max_length=WORDS_LETTERS_MAX)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
InLanguages = Annotated[dict[str, str], Field(min_length=1, max_length=3)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PictureBody(_Body):
    """A layout, and whom it features in the place of who has the floor."""

    layout: Layout
    site: Id | None = None
    participation: Id | None = None

    def parsed(self) -> do.Wish:
        return do.Wish(
            self.layout,
            SiteId(self.site) if self.site is not None else None,
            ParticipationId(self.participation) if self.participation is not None else None,
        )


class MovePhase(_Body):
    command: Literal["move_phase"]
    phase: Phase
    override: Annotated[str | None, Field(min_length=3, max_length=WORDS_LETTERS_MAX)] = None
    """Only to go on the air without valid sound-checks: why."""

    def parsed(self) -> do.Command:
        return do.MovePhase(self.phase, self.override)


class AskFloor(_Body):
    command: Literal["ask_floor"]
    participation: Id
    kind: Speech = Speech.SPEECH
    note: Annotated[str, Field(max_length=NOTE_LETTERS_MAX)] = ""

    def parsed(self) -> do.Command:
        return do.AskFloor(ParticipationId(self.participation), self.kind, self.note)


class WithdrawRequest(_Body):
    command: Literal["withdraw_request"]
    request: Count

    def parsed(self) -> do.Command:
        return do.WithdrawRequest(RequestNumber(self.request))


class CallNext(_Body):
    command: Literal["call_next"]
    request: Count

    def parsed(self) -> do.Command:
        return do.CallNext(RequestNumber(self.request))


class GrantFloor(_Body):
    command: Literal["grant_floor"]
    participation: Id
    kind: Speech = Speech.SPEECH
    limit_seconds: Annotated[
        int | None, Field(ge=LIMIT_MS_MIN // 1000, le=LIMIT_MS_MAX // 1000)
    ] = None
    """Absent: what the item allows each speaker, else no limit."""

    def parsed(self) -> do.Command:
        return do.GrantFloor(ParticipationId(self.participation), self.kind, self.limit_seconds)


class OfGrant(_Body):
    command: Literal["end_floor", "yield_floor", "pause_floor", "resume_floor"]
    grant: Count

    def parsed(self) -> do.Command:
        return _OF_GRANT[self.command](GrantNumber(self.grant))


_OF_GRANT: Final[dict[str, Callable[[GrantNumber], do.Command]]] = {
    "end_floor": do.EndFloor,
    "yield_floor": do.YieldFloor,
    "pause_floor": do.PauseFloor,
    "resume_floor": do.ResumeFloor,
}


class ExtendFloor(_Body):
    command: Literal["extend_floor"]
    grant: Count
    seconds: Annotated[int, Field(ge=1, le=EXTENSION_SECONDS_MAX)] = 60

    def parsed(self) -> do.Command:
        return do.ExtendFloor(GrantNumber(self.grant), self.seconds)


class HandChair(_Body):
    command: Literal["hand_chair"]
    participation: Id

    def parsed(self) -> do.Command:
        return do.HandChair(ParticipationId(self.participation))


class PreparePicture(_Body):
    command: Literal["prepare_picture"]
    picture: PictureBody

    def parsed(self) -> do.Command:
        return do.PreparePicture(self.picture.parsed())


class TakePicture(_Body):
    command: Literal["take_picture"]
    picture: PictureBody | None = None
    transition: Transition = Transition.CUT

    def parsed(self) -> do.Command:
        wish = self.picture.parsed() if self.picture else None
        return do.TakePicture(wish, self.transition)


class ShowTitle(_Body):
    command: Literal["show_title"]
    participation: Id

    def parsed(self) -> do.Command:
        return do.ShowTitle(ParticipationId(self.participation))


class Bare(_Body):
    """Commands that need no word more."""

    command: Literal["give_floor_back", "hide_title", "next_item", "previous_item", "stop_cue"]

    def parsed(self) -> do.Command:
        return _BARE[self.command]


_BARE: Final[dict[str, do.Command]] = {
    "give_floor_back": do.GiveFloorBack(),
    "hide_title": do.HideTitle(),
    "next_item": do.StepItem(),
    "previous_item": do.StepItem(is_back=True),
    "stop_cue": do.StopCue(),
}


class BeginItem(_Body):
    command: Literal["begin_item"]
    position: Count

    def parsed(self) -> do.Command:
        return do.BeginItem(Position(self.position))


class ClipBody(_Body):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    sha256: Sha256


class StartCue(_Body):
    command: Literal["start_cue"]
    kind: CueKind
    title: InLanguages
    seconds: Annotated[int | None, Field(ge=1, le=SECONDS_MAX)] = None
    clip: ClipBody | None = None
    is_urgent: bool = False

    def parsed(self) -> do.Command:
        clip = Clip(self.clip.name, self.clip.sha256) if self.clip else None
        return do.StartCue(self.kind, Text.parse(self.title), self.seconds, clip, self.is_urgent)


class ReportClip(_Body):
    command: Literal["report_clip"]
    sha256: Sha256

    def parsed(self) -> do.Command:
        return do.ReportClip(self.sha256)


class ReportSkew(_Body):
    command: Literal["report_skew"]
    cue: Count
    skew_ms: Annotated[int, Field(ge=-SKEW_MS_MAX, le=SKEW_MS_MAX)]

    def parsed(self) -> do.Command:
        return do.ReportSkew(CueNumber(self.cue), self.skew_ms)


class ReportCheck(_Body):
    command: Literal["report_check"]
    findings: Annotated[
        dict[Id, Annotated[float, Field(allow_inf_nan=False)]], Field(max_length=FINDINGS_MAX)
    ]

    def parsed(self) -> do.Command:
        return do.ReportCheck(tuple(sorted(self.findings.items())))


class Spoken(_Body):
    """From a hall, with a word or without."""

    command: Literal["report_devices", "ask_help"]
    words: Annotated[str, Field(max_length=WORDS_LETTERS_MAX)] = ""

    def parsed(self) -> do.Command:
        return (
            do.AskHelp(self.words) if self.command == "ask_help" else do.ReportDevices(self.words)
        )


class OfSite(_Body):
    command: Literal["accept_check", "reject_check", "answer_help"]
    site: Id
    note: Annotated[str, Field(max_length=WORDS_LETTERS_MAX)] = ""
    """With `reject_check`: what to do again."""

    def parsed(self) -> do.Command:
        site = SiteId(self.site)
        if self.command == "reject_check":
            return do.RejectCheck(site, self.note)
        return do.AcceptCheck(site) if self.command == "accept_check" else do.AnswerHelp(site)


class TickArrival(_Body):
    command: Literal["tick_arrival"]
    participation: Id
    attendance: Attendance
    count: Annotated[int | None, Field(ge=0, le=COUNT_MAX)] = None
    replaced_by: dict[str, Annotated[str, Field(max_length=NAME_LETTERS_MAX)]] | None = None
    """Name and post, with `replaced` and only then."""

    def parsed(self) -> do.Command:
        if (self.attendance is Attendance.REPLACED) != (self.replaced_by is not None):
            raise WordsRefused("replaced_by")
        return do.TickArrival(
            ParticipationId(self.participation),
            self.attendance,
            self.count,
            Text.parse(self.replaced_by) if self.replaced_by is not None else None,
        )


class Noted(_Body):
    command: Literal["mark_moment", "pass_note"]
    words: Written

    def parsed(self) -> do.Command:
        kind = do.MarkMoment if self.command == "mark_moment" else do.PassNote
        return kind(self.words)


class ReadNote(_Body):
    command: Literal["read_note"]
    note: Count

    def parsed(self) -> do.Command:
        return do.ReadNote(self.note)


CommandBody = Annotated[
    MovePhase
    | AskFloor
    | WithdrawRequest
    | CallNext
    | GrantFloor
    | OfGrant
    | ExtendFloor
    | HandChair
    | PreparePicture
    | TakePicture
    | ShowTitle
    | Bare
    | BeginItem
    | StartCue
    | ReportClip
    | ReportSkew
    | ReportCheck
    | Spoken
    | OfSite
    | TickArrival
    | Noted
    | ReadNote,
    Field(discriminator="command"),
]
