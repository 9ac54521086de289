"""What the house itself sees in a meeting on the air: time that is over, lines that break.

Nobody commands it, so nothing here is refused; what is no news changes nothing.
"""

from dataclasses import replace

from veche.domain.air import Air, LostSite
from veche.domain.meeting import SiteId
from veche.domain.scene import Decision, Scene, cue_ended, told
from veche.domain.stage import Endpoint
from veche.domain.timeline import EntryKind


def time_passed(scene: Scene) -> Decision:
    """A title has been read, a ceremony has played to its end."""
    air, entries = scene.air, []
    if air.title is not None and scene.now.ms >= air.title.until_ms:
        air = replace(air, title=None)
    running = air.cues.running
    if running is not None and running.is_over(scene.now.ms):
        air = replace(air, cues=air.cues.stopped())
        entries.append(cue_ended(running))
    return Decision(air, tuple(entries))


def lost(scene: Scene, sites: frozenset[SiteId]) -> Decision:
    """These halls are without a line now: those that were not are lost, those that were return."""
    air, entries = scene.air, []
    stay = []
    for gap in air.lost:
        if gap.site in sites:
            stay.append(gap)
        else:
            lasted_ms = max(0, scene.now.ms - gap.since_ms)
            entries.append(told(EntryKind.SITE_RETURNED, site=gap.site, lasted_ms=lasted_ms))
    for site in sorted(sites - {gap.site for gap in air.lost}):
        stay.append(LostSite(site, scene.now.ms))
        entries.append(told(EntryKind.SITE_LOST, site=site))
    return Decision(replace(air, lost=tuple(stay)), tuple(entries)) if entries else Decision(air)


def slides_shown(scene: Scene, endpoint: Endpoint | None) -> Decision:
    """Somebody shows a document, or nobody does any more."""
    return Decision(_with_slides(scene.air, endpoint))


def _with_slides(air: Air, endpoint: Endpoint | None) -> Air:
    return air if air.slides == endpoint else replace(air, slides=endpoint)
