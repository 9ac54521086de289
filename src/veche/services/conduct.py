"""A meeting while it is conducted: commands in one order, kept, enforced, told.

Lives on one event loop and in memory, with its log in the store. Changes of one meeting follow
one another: judge, rule, save, open and close microphones, publish. What people command is
refused when it cannot be kept; what the house sees by itself (a lost line, a title that has
been read) goes on, and its log is written with the next change that can be.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

from veche.domain import watching
from veche.domain.access import Action, Role
from veche.domain.actor import HOUSE, Asker
from veche.domain.commands import ACTIONS, Command, MovePhase
from veche.domain.conduct import decide
from veche.domain.errors import OutOfTurn, Refused, Unavailable
from veche.domain.events import Changed, Event, Part, Standing
from veche.domain.lines import Line
from veche.domain.meeting import Meeting, MeetingNumber, Phase
from veche.domain.place import hall_identity, person_identity
from veche.domain.scene import Decision, Scene, told
from veche.domain.stage import Endpoint
from veche.domain.timeline import EntryKind, Logged, Moment
from veche.media.port import MediaRefused, Present
from veche.services.conducted import Conducted
from veche.services.presence import connections, gone_and_come, slides_of
from veche.services.rooms import room_of, talkback_of
from veche.store import Database
from veche.store.airs import KeptAir

OPEN_PHASES: Final = frozenset({Phase.SOUND_CHECK, Phase.ASSEMBLY, Phase.ON_AIR, Phase.BREAK})
ENFORCE_SECONDS: Final = 1.0
"""The embedded engine answers within milliseconds; what needs longer is tried again."""
LINES_MS: Final = 500
"""Between two looks at the lines: half of what is left of three seconds after a line is taken
for lost."""
FRESH_SECONDS: Final = 0.5
"""How long a planned word may be older on the air than on the page it was changed on."""
IDLE_MAX: Final = 512
"""Meetings in memory that nobody conducts: 50 kB each with a long roster."""

_log = logging.getLogger(__name__)
_HOUSE: Final = Asker(HOUSE, Role.STRANGER)
Result = TypeVar("Result")


class Room(Protocol):
    """The part of a media port that is needed here. Calls raise `MediaRefused`."""

    async def participants(self, room: str) -> list[Present]: ...

    async def lines(self, room: str) -> dict[str, Line]: ...

    async def let_be_heard(self, room: str, identities: frozenset[str]) -> None: ...


class Conduct:
    """`publish` is called on the loop, in order, for every change; `tell_lines` a few times a
    second with what the lines carry, by identity."""

    def __init__(
        self,
        database: Database,
        room: Room,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        publish: Callable[[Event], None],
        tell_lines: Callable[[MeetingNumber, dict[str, Line]], None] = lambda number, lines: None,
    ) -> None:
        self._database = database
        self._room = room
        self._now = now
        self._monotonic = monotonic
        self._publish = publish
        self._tell_lines = tell_lines
        self._conducted: dict[MeetingNumber, Conducted] = {}
        self._opening = asyncio.Lock()
        self._at_work: set[asyncio.Task[Any]] = set()

    # --- reading -----------------------------------------------------------------------------

    async def current(self, number: MeetingNumber) -> Standing:
        """The meeting at this moment, for what anybody may know of it."""
        return await self.standing(number, Asker.stranger(), Action.FOLLOW)

    async def standing(self, number: MeetingNumber, asker: Asker, action: Action) -> Standing:
        """The meeting at this moment, for one who may do this to it."""
        conducted = await self._open(number)
        asker.require(action, conducted.standing.meeting)
        return conducted.standing

    def numbers(self) -> list[MeetingNumber]:
        """Meetings that somebody has open; may be asked from any thread."""
        return list(self._conducted)

    def peek(self, number: MeetingNumber) -> Standing:
        """Of a meeting that is open: what has been published up to now, no more."""
        return self._conducted[number].standing

    def clock_ms(self, number: MeetingNumber) -> int:
        """What the meeting's own clock says now."""
        return self._moment(self._conducted[number]).ms

    async def log(
        self, number: MeetingNumber, asker: Asker, after: int, limit: int
    ) -> tuple[Logged, ...]:
        await self.standing(number, asker, Action.FOLLOW_CONDUCT)

        def read() -> tuple[Logged, ...]:
            with self._database.read() as unit:
                return unit.timeline.page(number, after=after, limit=limit)

        return await asyncio.to_thread(read)

    # --- commands ----------------------------------------------------------------------------

    async def command(self, number: MeetingNumber, asker: Asker, command: Command) -> Standing:
        """Carry it out, or raise the refusal; then nothing has changed."""
        return await self._to_the_end(self._carry_out(number, asker, command))

    async def _carry_out(self, number: MeetingNumber, asker: Asker, command: Command) -> Standing:
        conducted = await self._open(number)
        async with conducted.turn:
            now = self._moment(conducted)
            standing = conducted.standing
            try:
                asker.require(ACTIONS[type(command)], standing.meeting)
                decision = decide(Scene(standing.air, standing.meeting, asker, now), command)
            except Refused as refused:
                await self._log_refusal(conducted, asker, command, refused, now)
                raise
            await self._change(conducted, decision, asker, now, command)
            return conducted.standing

    async def begin_anew(self, number: MeetingNumber) -> None:
        """Forget how a demonstration was conducted; a real meeting is never conducted anew."""

        def forget() -> None:
            with self._database.write() as unit:
                unit.airs.forget(number)
                unit.timeline.forget(number)

        await asyncio.to_thread(forget)
        self._conducted.pop(number, None)

    # --- what the house sees -----------------------------------------------------------------

    async def resume(self) -> None:
        """After a start: what went on goes on, microphones as they were before anybody joins."""

        def find() -> tuple[MeetingNumber, ...]:
            with self._database.read() as unit:
                return unit.meetings.numbers_in(OPEN_PHASES)

        for number in await asyncio.to_thread(find):
            conducted = await self._open(number)
            await self._enforce(conducted, conducted.standing)

    def take_note(self, number: MeetingNumber) -> None:
        """Somebody came, went, or sends something else: `follow` will look."""
        if conducted := self._conducted.get(number):
            conducted.is_presence_old = True

    def note_held_back(self, number: MeetingNumber, identity: str) -> None:
        """Speech came from one who has not the floor; nobody has heard it, the log will say so."""
        if conducted := self._conducted.get(number):
            conducted.held_back.append(identity)

    async def follow(self) -> None:
        """Let time pass and look who is there; to be called some times a second."""
        for number, conducted in list(self._conducted.items()):
            if conducted.standing.meeting.phase in OPEN_PHASES:
                await self._to_the_end(self._follow(number, conducted))

    async def _follow(self, number: MeetingNumber, conducted: Conducted) -> None:
        async with conducted.turn:
            if self._monotonic() - conducted.read_at >= FRESH_SECONDS:
                await self._read_again(conducted)
            now = self._moment(conducted)
            decision = watching.time_passed(self._scene(conducted, conducted.standing, now))
            if conducted.is_presence_old:
                decision = await self._see_who_is_there(number, conducted, decision, now)
            if conducted.looked_ms is None or now.ms - conducted.looked_ms >= LINES_MS:
                conducted.looked_ms = now.ms
                decision = await self._look_at_lines(number, conducted, decision, now)
            held_back, conducted.held_back = conducted.held_back, []
            entries = tuple(told(EntryKind.VOICE_HELD_BACK, identity=it) for it in held_back)
            decision = replace(decision, entries=(*decision.entries, *entries))
            await self._change(conducted, decision, _HOUSE, now)

    async def _see_who_is_there(
        self, number: MeetingNumber, conducted: Conducted, decision: Decision, now: Moment
    ) -> Decision:
        conducted.is_presence_old = False
        present = connections(
            await self._participants(room_of(number)),
            await self._participants(talkback_of(number)),
        )
        before = conducted.standing
        if present == before.present:
            return decision
        entries = gone_and_come(before.present, present)
        shown = watching.slides_shown(
            self._scene(conducted, replace(before, air=decision.air), now),
            slides_of(present, before.meeting),
        )
        # A list is no change of the meeting: it is told without being kept.
        self._tell(conducted, replace(before, present=present, clock_ms=now.ms), ())
        return replace(decision, air=shown.air, entries=(*decision.entries, *entries))

    async def _look_at_lines(
        self, number: MeetingNumber, conducted: Conducted, decision: Decision, now: Moment
    ) -> Decision:
        try:
            lines = await self._room.lines(room_of(number))
        except MediaRefused:
            lines = {}
        self._tell_lines(number, lines)
        meeting = conducted.standing.meeting
        sites = tuple(site.id for _, site in meeting.sites_in_order())
        packets = {
            site: lines[hall_identity(site)].packets_in
            for site in sites
            if hall_identity(site) in lines
        }
        conducted.pulse = conducted.pulse.after(packets, sites, now.ms)
        is_watched = meeting.phase is Phase.ON_AIR
        lost = conducted.pulse.lost(now.ms) if is_watched else frozenset()
        standing = replace(conducted.standing, air=decision.air)
        return decision.and_then(watching.lost(self._scene(conducted, standing, now), lost))

    async def _participants(self, room: str) -> list[Present]:
        try:
            return await self._room.participants(room)
        except MediaRefused:
            return []

    # --- a change ----------------------------------------------------------------------------

    async def _change(
        self,
        conducted: Conducted,
        decision: Decision,
        asker: Asker,
        now: Moment,
        command: Command | None = None,
    ) -> None:
        before = conducted.standing
        after, logged = conducted.led_to(decision, asker.actor, now)
        is_same = not logged and after.air == before.air
        if is_same and command is None:
            await self._enforce(conducted, before)
            return
        try:
            conducted.kept = await asyncio.to_thread(
                self._save, conducted, after, logged, asker, command
            )
            conducted.owed = []
        except Unavailable as error:
            if command is not None:
                raise
            _log.warning("meeting %d goes on without its log: %s", after.meeting.number, error)
            conducted.owe(logged)
        conducted.last_entry += len(logged)
        await self._enforce(conducted, after)
        self._tell(conducted, after, logged)

    def _save(
        self,
        conducted: Conducted,
        after: Standing,
        logged: tuple[Logged, ...],
        asker: Asker,
        command: Command | None,
    ) -> KeptAir:
        number = after.meeting.number
        with self._database.write() as unit:
            kept = conducted.keep(unit, after, logged)
            if after.stage is not conducted.standing.stage:
                unit.stages.append(number, after.stage, self._now())
            if command is not None:
                unit.audit.append(
                    asker.actor,
                    _name_of(command),
                    subject=_subject(after, command),
                    at=self._now(),
                    after=command,
                    request_id=asker.request_id or None,
                )
        return kept

    async def _enforce(self, conducted: Conducted, standing: Standing) -> None:
        """Nobody is heard who may not be, before anybody is told that he may not."""
        number = standing.meeting.number
        wanted = frozenset(map(_identity, standing.air.heard(standing.meeting)))
        if wanted == conducted.heard:
            return
        conducted.heard = None
        try:
            async with asyncio.timeout(ENFORCE_SECONDS):
                await self._room.let_be_heard(room_of(number), wanted)
        except (TimeoutError, MediaRefused) as error:
            _log.error("microphones of meeting %d not set: %r", number, error)
            return
        conducted.heard = wanted

    def _tell(self, conducted: Conducted, after: Standing, logged: tuple[Logged, ...]) -> None:
        # No pause between the change and its publication: see `peek`.
        before, conducted.standing = conducted.standing, after
        for part in after.parts_unlike(before):
            added = logged if part is Part.LOG else ()
            self._publish(Changed(after.meeting.number, part, after, added))

    async def _log_refusal(
        self, conducted: Conducted, asker: Asker, command: Command, refused: Refused, now: Moment
    ) -> None:
        """Who was late at a console is in the log, beside who was faster."""
        standing = conducted.standing
        is_late = isinstance(refused, OutOfTurn)
        if not is_late or not asker.may(Action.FOLLOW_CONDUCT, standing.meeting):
            return
        if not conducted.is_first_refusal(asker, _name_of(command), refused.code, now.ms):
            return
        entry = told(EntryKind.COMMAND_REFUSED, command=_name_of(command), code=refused.code)
        after, logged = conducted.led_to(Decision(standing.air, (entry,)), asker.actor, now)
        try:
            # Not in this context: a refusal must not use up the key of the command.
            conducted.kept = await asyncio.get_running_loop().run_in_executor(
                None, self._save, conducted, after, logged, asker, None
            )
        except Unavailable as error:
            _log.warning("meeting %d goes on without its log: %s", standing.meeting.number, error)
            conducted.owe(logged)
        else:
            conducted.owed = []
        conducted.last_entry += len(logged)
        self._tell(conducted, after, logged)

    # --- inside ------------------------------------------------------------------------------

    async def _to_the_end(self, work: Coroutine[Any, Any, Result]) -> Result:
        """What was begun is finished, also when the request that began it is gone: between the
        store and the memory nothing may come."""
        task = asyncio.create_task(work)
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        return await asyncio.shield(task)

    async def _open(self, number: MeetingNumber) -> Conducted:
        """Raises `MeetingUnknown`. What was planned anew since the last look is taken over."""
        async with self._opening:
            conducted = self._conducted.get(number)
            if conducted is None:
                conducted = await asyncio.to_thread(self._load, number)
                self._conducted[number] = conducted
                self._forget_others()
                return conducted
        if self._monotonic() - conducted.read_at >= FRESH_SECONDS:
            async with conducted.turn:
                await self._read_again(conducted)
        return conducted

    async def _read_again(self, conducted: Conducted) -> None:
        """Titles and rosters follow a corrected word, the air a phase that was planned."""
        conducted.read_at = self._monotonic()
        try:
            meeting = await asyncio.to_thread(self._find_changed, conducted.standing.meeting)
        except Unavailable:
            return
        if meeting is not None:
            self._tell(conducted, conducted.reworded(meeting), ())

    def _find_changed(self, known: Meeting) -> Meeting | None:
        with self._database.read() as unit:
            mark = unit.meetings.mark(known.number)
            if mark == (known.version, known.phase):
                return None
            return unit.meetings.find(known.number)

    def _forget_others(self) -> None:
        """Meetings that only were read: the one read longest ago goes first."""
        idle = [
            (conducted.read_at, number)
            for number, conducted in self._conducted.items()
            if conducted.standing.meeting.phase not in OPEN_PHASES
        ]
        for _, number in sorted(idle)[: max(0, len(idle) - IDLE_MAX)]:
            del self._conducted[number]

    def _load(self, number: MeetingNumber) -> Conducted:
        with self._database.read() as unit:
            return Conducted.load(unit, number, self._monotonic(), self._now())

    def _moment(self, conducted: Conducted) -> Moment:
        return conducted.moment(self._monotonic(), self._now())

    def _scene(self, conducted: Conducted, standing: Standing, now: Moment) -> Scene:
        return Scene(standing.air, standing.meeting, _HOUSE, now)


def _identity(endpoint: Endpoint) -> str:
    if endpoint.site is not None:
        return hall_identity(endpoint.site)
    assert endpoint.participation is not None, "an endpoint is a hall or a person"
    return person_identity(endpoint.participation)


def _subject(standing: Standing, command: Command) -> str:
    """Of the meeting itself is its phase; what goes on in it has a subject of its own."""
    meeting = f"meeting/{standing.meeting.number}"
    return meeting if isinstance(command, MovePhase) else f"{meeting}/air"


def _name_of(command: Command) -> str:
    """`GrantFloor` is `grant_floor` in the record, as it is on the wire."""
    name = type(command).__name__
    return "".join(f"_{it.lower()}" if it.isupper() else it for it in name).lstrip("_")
