"""Those who help a meeting along: halls, their technicians, the operator for them, secretaries."""

from dataclasses import replace

from veche.domain import commands as do
from veche.domain.air import NOTES_MAX, Air, Help, Note
from veche.domain.attendance import Arrival
from veche.domain.errors import Forbidden, NoCheck, Unknown
from veche.domain.meeting import SiteId
from veche.domain.readiness import CheckState, SoundCheck
from veche.domain.scene import Decision, Scene, naming, told
from veche.domain.timeline import EntryKind

# --- halls -------------------------------------------------------------------------------


def report_clip(scene: Scene, command: do.ReportClip) -> Decision:
    cues = scene.air.cues.fetched(scene.own_site(), command.sha256)
    return Decision(replace(scene.air, cues=cues))


def report_skew(scene: Scene, command: do.ReportSkew) -> Decision:
    cues = scene.air.cues.reported(command.cue, scene.own_site(), command.skew_ms)
    return Decision(replace(scene.air, cues=cues))


def report_check(scene: Scene, command: do.ReportCheck) -> Decision:
    site = scene.own_site()
    name = scene.by.actor.name
    check = SoundCheck(site, CheckState.REPORTED, scene.now.ms, name, command.findings)
    entry = told(EntryKind.CHECK_REPORTED, site=site, findings=dict(command.findings))
    return Decision(_with_check(scene.air, check), (entry,))


def report_devices(scene: Scene, command: do.ReportDevices) -> Decision:
    """What was measured is not what will be heard: the check is stale."""
    site = scene.own_site()
    air, check = scene.air, scene.air.check_of(site)
    if check is not None and check.state is CheckState.ACCEPTED:
        air = _with_check(air, check.made_stale())
    return Decision(air, (told(EntryKind.DEVICES_CHANGED, site=site, words=command.words),))


def accept_check(scene: Scene, command: do.AcceptCheck) -> Decision:
    check = _reported(scene, command.site).accepted(scene.now.ms, scene.by.actor.name)
    entry = told(EntryKind.CHECK_DECIDED, site=command.site, state=check.state)
    return Decision(_with_check(scene.air, check), (entry,))


def reject_check(scene: Scene, command: do.RejectCheck) -> Decision:
    reported = _reported(scene, command.site)
    check = reported.rejected(scene.now.ms, scene.by.actor.name, command.note)
    entry = told(EntryKind.CHECK_DECIDED, site=command.site, state=check.state, note=command.note)
    return Decision(_with_check(scene.air, check), (entry,))


def _reported(scene: Scene, site: SiteId) -> SoundCheck:
    scene.require_site(site)
    check = scene.air.check_of(site)
    if check is None:
        raise NoCheck
    return check


def _with_check(air: Air, check: SoundCheck) -> Air:
    others = tuple(it for it in air.checks if it.site != check.site)
    return replace(air, checks=(*others, check))


def ask_help(scene: Scene, command: do.AskHelp) -> Decision:
    site = scene.own_site()
    others = tuple(it for it in scene.air.helps if it.site != site)
    helps = (*others, Help(site, command.words, scene.now.ms))
    entry = told(EntryKind.HELP_ASKED, site=site, words=command.words)
    return Decision(replace(scene.air, helps=helps), (entry,))


def answer_help(scene: Scene, command: do.AnswerHelp) -> Decision:
    scene.require_site(command.site)
    helps = tuple(it for it in scene.air.helps if it.site != command.site)
    if helps == scene.air.helps:
        return Decision(scene.air)
    entry = told(EntryKind.HELP_GIVEN, site=command.site)
    return Decision(replace(scene.air, helps=helps), (entry,))


def tick_arrival(scene: Scene, command: do.TickArrival) -> Decision:
    """A technician ticks the people of his own hall only."""
    person = scene.person(command.participation)
    if scene.by.site is not None and person.site != scene.by.site:
        raise Forbidden
    arrival = Arrival(
        participation=person.id,
        attendance=command.attendance,
        at_ms=scene.now.ms,
        by=scene.by.actor.name,
        count=command.count,
        replaced_by=command.replaced_by,
    )
    others = tuple(it for it in scene.air.arrivals if it.participation != person.id)
    entry = told(
        EntryKind.ARRIVAL_TICKED,
        **naming(person),
        attendance=arrival.attendance,
        count=arrival.count,
        replaced_by=arrival.replaced_by.as_mapping() if arrival.replaced_by else None,
    )
    return Decision(replace(scene.air, arrivals=(*others, arrival)), (entry,))


# --- the secretary -----------------------------------------------------------------------


def mark_moment(scene: Scene, command: do.MarkMoment) -> Decision:
    return Decision(scene.air, (told(EntryKind.MOMENT_MARKED, words=command.words),))


def pass_note(scene: Scene, command: do.PassNote) -> Decision:
    number = scene.air.notes[-1].number + 1 if scene.air.notes else 1
    note = Note(number, command.words, scene.by.actor.name, scene.now.ms)
    notes = (*scene.air.notes, note)[-NOTES_MAX:]
    entry = told(EntryKind.NOTE_PASSED, note=number)
    return Decision(replace(scene.air, notes=notes), (entry,))


def read_note(scene: Scene, command: do.ReadNote) -> Decision:
    if all(note.number != command.note for note in scene.air.notes):
        raise Unknown
    notes = tuple(
        replace(note, is_read=True) if note.number == command.note else note
        for note in scene.air.notes
    )
    if notes == scene.air.notes:
        return Decision(scene.air)
    return Decision(
        replace(scene.air, notes=notes), (told(EntryKind.NOTE_READ, note=command.note),)
    )
