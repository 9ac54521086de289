"""Leading a meeting through its phases: what must be there before, what ends and begins with it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from veche.domain import commands as do
from veche.domain.errors import PhaseNotReachable, SitesNotReady
from veche.domain.floor import EndReason
from veche.domain.meeting import Meeting, Phase
from veche.domain.readiness import unready
from veche.domain.rundown import Position
from veche.domain.scene import (
    Decision,
    Scene,
    cue_ended,
    floor_ended,
    item_begun,
    picture_taken,
    told,
)
from veche.domain.stage import HOLDING, Transition, opening_picture
from veche.domain.timeline import Entry, EntryKind

LED_PHASES: Final = frozenset(
    {
        Phase.ANNOUNCED,
        Phase.SOUND_CHECK,
        Phase.ASSEMBLY,
        Phase.ON_AIR,
        Phase.BREAK,
        Phase.CLOSED,
    }
)
"""Where a meeting is led from a console; what comes before and after is planned and written."""
REHEARSAL_BEYOND: Final = timedelta(hours=6)
"""An air that begins further from its planned hour is a rehearsal: its plan is counted from its
own beginning, because late by a day says nothing."""


def move_phase(scene: Scene, command: do.MovePhase) -> Decision:
    """Raises `PhaseNotReachable` and `SitesNotReady`."""
    before, phase = scene.meeting, command.phase
    if phase not in LED_PHASES or before.phase not in LED_PHASES:
        raise PhaseNotReachable(f"{before.phase} to {phase} is not led from a console")
    meeting = before.moved_to(phase, scene.now.wall)
    air, entries = scene.air, []
    entries.append(told(EntryKind.PHASE_CHANGED, **{"from": before.phase, "to": phase}))
    if phase is Phase.ON_AIR and before.phase is Phase.ASSEMBLY:
        entries += _overridden(scene, command.override)
    scene = replace(scene, meeting=meeting)
    if phase is Phase.ON_AIR:
        opened = _on_air(scene)
    elif before.phase is Phase.ON_AIR:
        opened = _off_air(scene)
    else:
        opened = Decision(air)
    return Decision(opened.air, (*entries, *opened.entries), meeting)


def _overridden(scene: Scene, override: str | None) -> list[Entry]:
    required = tuple(site.id for _, site in scene.meeting.sites_in_order() if site.is_required)
    checks = {check.site: check for check in scene.air.checks}
    lacking = unready(required, checks, scene.now.ms)
    if not lacking:
        return []
    if not override:
        raise SitesNotReady(lacking)
    return [told(EntryKind.CHECK_OVERRIDDEN, sites=list(lacking), reason=override)]


def _on_air(scene: Scene) -> Decision:
    """Programme, record and rundown begin at one moment."""
    air, ms = scene.air, scene.now.ms
    picture = opening_picture(scene.meeting)
    entries = []
    if air.record_zero_ms is None:
        air = replace(air, record_zero_ms=ms)
        entries.append(told(EntryKind.RECORD_BEGUN))
    air = replace(air, programme=picture, preview=picture, transition=Transition.CUT)
    entries.append(picture_taken(picture, Transition.CUT))
    visits = air.rundown.visits
    position = visits[-1].position if visits else Position(1)
    if position <= len(scene.meeting.agenda):
        begun = item_begun(replace(scene, air=air), position)
        return Decision(air, tuple(entries)).and_then(begun)
    return Decision(air, tuple(entries))


def _off_air(scene: Scene) -> Decision:
    """Everything that goes on is over: speeches, a ceremony, the item."""
    air = scene.air
    entries = [floor_ended(scene, grant, EndReason.PHASE) for grant in air.floor.open_grants]
    if air.cues.running is not None:
        entries.append(cue_ended(air.cues.running))
    air = replace(
        air,
        floor=air.floor.cleared(scene.now.ms, EndReason.PHASE),
        cues=replace(air.cues, running=None),
        rundown=air.rundown.ended(scene.now.ms),
        programme=HOLDING,
        transition=Transition.DISSOLVE,
        title=None,
    )
    return Decision(air, tuple(entries))


def plan_zero(meeting: Meeting, record_zero_ms: int | None) -> int | None:
    """The moment of the meeting's clock that the first item was planned for; None before the air.

    The wall clock is asked once, when the air began: afterwards only the meeting's own counts.
    """
    if record_zero_ms is None or meeting.on_air_since is None:
        return None
    if meeting.starts_at is None:
        return record_zero_ms
    late = meeting.on_air_since - meeting.starts_at
    if abs(late) > REHEARSAL_BEYOND:
        return record_zero_ms
    return record_zero_ms - late // timedelta(milliseconds=1)
