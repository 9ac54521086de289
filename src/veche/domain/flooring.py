"""The floor among those who may give it, ask for it and give it up.

Who asks for somebody else must be his hall or one who gives the floor; who gives it up must
have it. What the floor itself allows is `floor`'s to say.
"""

from dataclasses import replace
from datetime import timedelta

from veche.domain import commands as do
from veche.domain.access import Action
from veche.domain.air import ShownTitle
from veche.domain.errors import FloorEmpty, Forbidden
from veche.domain.floor import NOTICE_MS, EndReason, Floor, Grant, GrantNumber, MadeBy
from veche.domain.meeting import Participation
from veche.domain.scene import Decision, Scene, floor_ended, naming, told
from veche.domain.stage import TITLE_MS
from veche.domain.timeline import Entry, EntryKind


def ask_floor(scene: Scene, command: do.AskFloor) -> Decision:
    person = scene.person(command.participation)
    made_by = _standing_for(scene, person)
    floor = scene.air.floor.asked(
        person.id, person.side, command.kind, made_by, scene.now.ms, command.note
    )
    body = naming(person)
    entry = told(EntryKind.FLOOR_ASKED, **body, speech=command.kind, made_by=made_by)
    return _with(scene, floor, entry)


def withdraw_request(scene: Scene, command: do.WithdrawRequest) -> Decision:
    request = scene.air.floor.request(command.request)
    person = scene.person(request.participation)
    _standing_for(scene, person)
    floor = scene.air.floor.withdrawn(request.number)
    return _with(scene, floor, told(EntryKind.REQUEST_WITHDRAWN, **naming(person)))


def call_next(scene: Scene, command: do.CallNext) -> Decision:
    request = scene.air.floor.request(command.request)
    person = scene.person(request.participation)
    floor = scene.air.floor.called(request.number)
    return _with(scene, floor, told(EntryKind.NEXT_CALLED, **naming(person)))


def grant_floor(scene: Scene, command: do.GrantFloor) -> Decision:
    """The title goes on the air with the floor. One who joins alone is warned first."""
    scene.require_on_air()
    person = scene.person(command.participation)
    if not person.may_speak:
        raise Forbidden
    notice_ms = 0 if person.site is not None else NOTICE_MS
    limit_ms = _limit_ms(scene, command)
    floor = scene.air.floor.granted(
        person.id,
        person.side,
        command.kind,
        scene.now.ms,
        by=scene.by.actor.name,
        limit_ms=limit_ms,
        notice_ms=notice_ms,
    )
    grant = floor.grants[-1]
    entry = told(
        EntryKind.FLOOR_GRANTED,
        **naming(person),
        post=person.post.as_mapping(),
        grant=grant.number,
        speech=grant.kind,
        began_ms=grant.began_ms,
        limit_ms=grant.limit_ms,
        item=scene.air.rundown.current,
    )
    title = ShownTitle(person.id, grant.began_ms + TITLE_MS)
    return Decision(replace(scene.air, floor=floor, title=title), (entry,))


def _limit_ms(scene: Scene, command: do.GrantFloor) -> int | None:
    """As commanded, else as the item that goes on allows each speaker."""
    if command.limit_seconds is not None:
        return command.limit_seconds * 1000
    current = scene.air.rundown.current
    limit = scene.meeting.agenda[current - 1].speech_limit if current else None
    return None if limit is None else limit // timedelta(milliseconds=1)


def extend_floor(scene: Scene, command: do.ExtendFloor) -> Decision:
    grant = _open(scene, command.grant)
    floor = scene.air.floor.extended(grant.number, command.seconds * 1000)
    body = naming(scene.person(grant.participation))
    entry = told(EntryKind.FLOOR_EXTENDED, **body, grant=grant.number, by_ms=command.seconds * 1000)
    return _with(scene, floor, entry)


def pause_floor(scene: Scene, command: do.PauseFloor) -> Decision:
    grant = _open(scene, command.grant)
    floor = scene.air.floor.paused(grant.number, scene.now.ms)
    return _with(scene, floor, _told_of(scene, grant, EntryKind.FLOOR_PAUSED))


def resume_floor(scene: Scene, command: do.ResumeFloor) -> Decision:
    scene.require_on_air()
    grant = _open(scene, command.grant)
    floor = scene.air.floor.resumed(grant.number, scene.now.ms)
    return _with(scene, floor, _told_of(scene, grant, EntryKind.FLOOR_RESUMED))


def end_floor(scene: Scene, command: do.EndFloor) -> Decision:
    return _ended(scene, _open(scene, command.grant), EndReason.CHAIR)


def yield_floor(scene: Scene, command: do.YieldFloor) -> Decision:
    grant = _open(scene, command.grant)
    if _made_by(scene, scene.person(grant.participation)) is None:
        raise Forbidden
    return _ended(scene, grant, EndReason.SPEAKER)


def give_floor_back(scene: Scene, command: do.GiveFloorBack) -> Decision:
    scene.require_on_air()
    floor = scene.air.floor.given_back(scene.now.ms)
    grant = floor.open_grants[0]
    return _with(scene, floor, _told_of(scene, grant, EntryKind.FLOOR_GIVEN_BACK))


def hand_chair(scene: Scene, command: do.HandChair) -> Decision:
    """To one of those who lead a side: they are equal, and nobody else leads the meeting."""
    person = scene.person(command.participation)
    if not person.leads_side:
        raise Forbidden
    floor = scene.air.floor.led_by(person.id)
    return _with(scene, floor, told(EntryKind.CHAIR_HANDED, **naming(person)))


def _ended(scene: Scene, grant: Grant, reason: EndReason) -> Decision:
    floor = scene.air.floor.ended(grant.number, scene.now.ms, reason)
    air = replace(scene.air, floor=floor)
    if air.title is not None and air.title.participation == grant.participation:
        air = replace(air, title=None)
    return Decision(air, (floor_ended(scene, grant, reason),))


def _open(scene: Scene, number: GrantNumber) -> Grant:
    for grant in scene.air.floor.open_grants:
        if grant.number == number:
            return grant
    raise FloorEmpty


def _made_by(scene: Scene, person: Participation) -> MadeBy | None:
    """As whom the asker may speak for this person, if as himself or as his hall."""
    if scene.by.participation == person.id:
        return MadeBy.SELF
    if scene.by.site is not None and scene.by.site == person.site:
        return MadeBy.HALL
    return None


def _standing_for(scene: Scene, person: Participation) -> MadeBy:
    """Raises `Forbidden` for one who would speak for another."""
    made_by = _made_by(scene, person)
    if made_by is not None:
        return made_by
    if not scene.by.may(Action.GIVE_FLOOR, scene.meeting):
        raise Forbidden
    return MadeBy.CHAIR


def _told_of(scene: Scene, grant: Grant, kind: EntryKind) -> Entry:
    return told(kind, **naming(scene.person(grant.participation)), grant=grant.number)


def _with(scene: Scene, floor: Floor, entry: Entry) -> Decision:
    """Nothing is told of what has not changed."""
    if floor == scene.air.floor:
        return Decision(scene.air)
    return Decision(replace(scene.air, floor=floor), (entry,))
