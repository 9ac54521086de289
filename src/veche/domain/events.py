"""What has happened in a meeting, told to everybody who follows it."""

from dataclasses import dataclass
from datetime import datetime

from veche.domain.meeting import Meeting, MeetingNumber, Phase
from veche.domain.stage import Stage


@dataclass(frozen=True, slots=True)
class StageChanged:
    number: MeetingNumber
    meeting: Meeting
    stage: Stage


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    number: MeetingNumber
    phase: Phase
    on_air_since: datetime | None


Event = StageChanged | PhaseChanged
