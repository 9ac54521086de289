"""Shapes of a meeting on the air, as its event stream sends them.

Times in `_ms` are milliseconds of the meeting's own clock, which every event tells as
`clock_ms`: a client counts on from there by its own monotonic clock, and no wall clock matters.
"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from veche.domain.attendance import Attendance
from veche.domain.floor import MadeBy, Speech
from veche.domain.presence import Kind
from veche.domain.readiness import CheckState
from veche.domain.stage import Layout
from veche.domain.timeline import EntryKind
from veche.web.shapes import CueShape, StageShape, Words


class AirShape(BaseModel):
    model_config = ConfigDict(frozen=True)


class PersonShape(AirShape):
    participation: str
    name: Words
    post: Words
    side: str
    site: str | None
    """None: joins alone."""
    is_group: bool
    leads_side: bool
    may_speak: bool


class GrantShape(AirShape):
    """Spoken until now: (paused_since_ms or the clock) - began_ms - paused_ms, at least 0."""

    number: int
    participation: str
    name: Words
    post: Words
    side: str
    site: str | None
    kind: Speech
    began_ms: int
    limit_ms: int | None
    paused_ms: int
    paused_since_ms: int | None
    granted_by: str


class RequestShape(AirShape):
    number: int
    participation: str
    name: Words
    post: Words
    side: str
    site: str | None
    kind: Speech
    made_by: MadeBy
    made_ms: int
    note: str
    is_next: bool
    place: int
    """In the whole queue, from 1."""


class SpokenShape(AirShape):
    id: str
    spoken_ms: int


class ReturnableShape(AirShape):
    participation: str
    until_ms: int


class FloorShape(AirShape):
    version: int
    chair: str | None
    speaking: list[GrantShape]
    requests: list[RequestShape]
    """A place is told its own only."""
    returnable: ReturnableShape | None
    spoken_by_side: list[SpokenShape]
    """At `clock_ms`; who speaks now adds to it until the next event."""
    spoken_by_person: list[SpokenShape]


class ItemRunShape(AirShape):
    position: int
    kind: str
    title: Words
    short_title: Words | None
    rapporteurs: list[str]
    planned_ms: int
    planned_at_ms: int | None
    """On the meeting's clock; None before the air."""
    limit_ms: int | None
    began_ms: int | None
    ended_ms: int | None
    took_ms: int


class RundownShape(AirShape):
    current: int | None
    items: list[ItemRunShape]
    drift_ms: int
    """At `clock_ms`: later than planned; grows with the clock while the item overruns."""
    overrun_from_ms: int | None
    """The moment of the clock from which the drift grows."""


class RunningCueShape(CueShape):
    skews_ms: dict[str, int]
    spread_ms: int | None


class CuesShape(AirShape):
    running: RunningCueShape | None
    ready: dict[str, list[str]]
    """Clips that each site holds, by SHA-256."""


class CheckShape(AirShape):
    state: CheckState
    reported_ms: int
    reported_by: str
    findings: dict[str, float]
    decided_ms: int | None
    decided_by: str | None
    note: str


class HelpShape(AirShape):
    words: str
    asked_ms: int


class SiteRunShape(AirShape):
    id: str
    side: str
    identity: str
    city: Words
    name: Words
    is_required: bool
    lost_since_ms: int | None
    check: CheckShape | None
    help: HelpShape | None


class ArrivalShape(AirShape):
    participation: str
    attendance: Attendance
    at_ms: int
    by: str
    count: int | None
    replaced_by: Words | None


class NoteShape(AirShape):
    number: int
    words: str
    by: str
    at_ms: int
    is_read: bool


class ConnectionShape(AirShape):
    identity: str
    name: str
    kind: Kind
    is_connected: bool
    sources: list[str]
    is_talkback: bool


class PresenceShape(AirShape):
    total: int
    """Everybody whom the media server knows, hidden ones included."""
    spectators: int
    connections: list[ConnectionShape]
    """All but spectators."""


class EntryShape(AirShape):
    number: int
    at_ms: int
    at: datetime
    by: str
    kind: EntryKind
    body: dict[str, Any]  # Any: JSON


class PictureShape(AirShape):
    layout: Layout
    site: str | None
    participation: str | None
    """Whom it features; both null: whoever has the floor."""
    stage: StageShape
    """As it would stand on the air."""


class PhaseShape(AirShape):
    phase: str
    on_air_since: datetime | None
    record_zero_ms: int | None


class LineShape(AirShape):
    identity: str
    round_trip_ms: float | None
    lost_in: float
    lost_out: float
    bitrate_in_bps: int
    bitrate_out_bps: int
    level: float
    """Of its voice, 0 to 1."""
