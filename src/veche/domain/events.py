"""What has changed in a meeting, told to everybody who follows it.

A change names the part that is another one and carries the whole standing after it: whoever
follows needs no history to be right.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from veche.domain.air import Air
from veche.domain.meeting import Meeting, MeetingNumber
from veche.domain.presence import Connection
from veche.domain.stage import Stage
from veche.domain.timeline import Logged


class Part(StrEnum):
    """Parts of the standing, each told as a whole; `LOG` tells what has been added."""

    PHASE = "phase"
    STAGE = "stage"
    PREVIEW = "preview"
    FLOOR = "floor"
    RUNDOWN = "rundown"
    CUES = "cues"
    SITES = "sites"
    ROSTER = "roster"
    ARRIVALS = "arrivals"
    NOTES = "notes"
    PRESENCE = "presence"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Standing:
    """A meeting at one moment: words, air, picture, who is there, the end of the log."""

    meeting: Meeting
    air: Air
    stage: Stage
    clock_ms: int
    """Of the meeting's own clock, when this came to stand."""
    present: tuple[Connection, ...] = ()
    log: tuple[Logged, ...] = ()

    def parts_unlike(self, before: Self) -> tuple[Part, ...]:
        """What is another part now, in the order in which it is told."""
        air, old = self.air, before.air
        is_other = {
            Part.PHASE: self.meeting.phase != before.meeting.phase,
            Part.ROSTER: self.meeting != before.meeting
            and self.meeting.phase == before.meeting.phase,
            Part.STAGE: not self.stage.shows_same(before.stage),
            Part.PREVIEW: air.preview != old.preview,
            Part.FLOOR: air.floor != old.floor,
            Part.RUNDOWN: air.rundown != old.rundown,
            Part.CUES: air.cues != old.cues,
            Part.SITES: (air.lost, air.checks, air.helps) != (old.lost, old.checks, old.helps),
            Part.ARRIVALS: air.arrivals != old.arrivals,
            Part.NOTES: air.notes != old.notes,
            Part.PRESENCE: self.present != before.present,
            Part.LOG: self.log != before.log,
        }
        return tuple(part for part in Part if is_other[part])


@dataclass(frozen=True, slots=True)
class Changed:
    number: MeetingNumber
    part: Part
    standing: Standing
    added: tuple[Logged, ...] = ()
    """With `LOG`: the new entries."""


Event = Changed
