"""Directing: the picture, the titles, the rundown and the ceremonies."""

from dataclasses import replace

from veche.domain import commands as do
from veche.domain.air import ShownTitle
from veche.domain.cues import LEAD_MS, Cue, CueNumber
from veche.domain.errors import ClipsMissing, NotOnAir, SiteUnknown
from veche.domain.floor import EndReason
from veche.domain.meeting import Phase
from veche.domain.scene import (
    Decision,
    Scene,
    cue_ended,
    floor_ended,
    item_begun,
    naming,
    picture_taken,
    told,
)
from veche.domain.stage import TITLE_MS, Endpoint, Picture, halls
from veche.domain.timeline import EntryKind


def prepare_picture(scene: Scene, command: do.PreparePicture) -> Decision:
    return Decision(replace(scene.air, preview=_picture(scene, command.wish)))


def take_picture(scene: Scene, command: do.TakePicture) -> Decision:
    """Raises `NotOnAir`: before the air there is one picture, the card."""
    if scene.meeting.phase is not Phase.ON_AIR:
        raise NotOnAir
    air = scene.air
    if command.wish is not None:
        air = replace(air, programme=_picture(scene, command.wish))
    else:
        # What was on the air is prepared now: one key goes there and back.
        air = replace(air, programme=air.preview, preview=air.programme)
    air = replace(air, transition=command.transition)
    return Decision(air, (picture_taken(air.programme, command.transition),))


def _picture(scene: Scene, wish: do.Wish) -> Picture:
    """Raises `SiteUnknown`, `PersonUnknown`. A person in a hall is featured by his hall."""
    if wish.site is not None:
        for hall in halls(scene.meeting):
            if hall.site == wish.site:
                return Picture(wish.layout, hall)
        raise SiteUnknown
    if wish.participation is None:
        return Picture(wish.layout)
    return Picture(wish.layout, Endpoint.of(scene.person(wish.participation)))


def show_title(scene: Scene, command: do.ShowTitle) -> Decision:
    person = scene.person(command.participation)
    title = ShownTitle(person.id, scene.now.ms + TITLE_MS)
    entry = told(EntryKind.TITLE_SHOWN, **naming(person))
    return Decision(replace(scene.air, title=title), (entry,))


def hide_title(scene: Scene, command: do.HideTitle) -> Decision:
    if scene.air.title is None:
        return Decision(scene.air)
    return Decision(replace(scene.air, title=None), (told(EntryKind.TITLE_HIDDEN),))


# --- the rundown -------------------------------------------------------------------------


def step_item(scene: Scene, command: do.StepItem) -> Decision:
    count = len(scene.meeting.agenda)
    rundown = scene.air.rundown.stepped(-1 if command.is_back else 1, count, scene.now.ms)
    assert rundown.current is not None, "a step leads to an item"
    return item_begun(scene, rundown.current)


def begin_item(scene: Scene, command: do.BeginItem) -> Decision:
    return item_begun(scene, command.position)


# --- ceremonies --------------------------------------------------------------------------


def start_cue(scene: Scene, command: do.StartCue) -> Decision:
    """Every microphone is closed for its length. Raises `CueRuns`, `ClipsMissing`, `NotOnAir`."""
    scene.require_on_air()
    air = scene.air
    sites = tuple(site.id for _, site in scene.meeting.sites_in_order())
    if command.clip is not None and not command.is_urgent:
        lacking = air.cues.lacks(command.clip, sites)
        if lacking:
            raise ClipsMissing(lacking)
    cue = Cue(
        number=CueNumber(air.cues.last + 1),
        kind=command.kind,
        title=command.title,
        starts_ms=scene.now.ms + LEAD_MS,
        seconds=command.seconds,
        clip=command.clip,
        item=air.rundown.current,
    )
    ended = [floor_ended(scene, grant, EndReason.CEREMONY) for grant in air.floor.open_grants]
    begun = told(
        EntryKind.CUE_STARTED,
        cue=cue.number,
        kind=cue.kind,
        title=cue.title.as_mapping(),
        starts_ms=cue.starts_ms,
    )
    air = replace(
        air,
        cues=air.cues.started(cue),
        floor=air.floor.cleared(scene.now.ms, EndReason.CEREMONY),
        title=None,
    )
    return Decision(air, (*ended, begun))


def stop_cue(scene: Scene, command: do.StopCue) -> Decision:
    running = scene.air.cues.running
    cues = scene.air.cues.stopped()
    assert running is not None, "what was stopped ran"
    return Decision(replace(scene.air, cues=cues), (cue_ended(running),))
