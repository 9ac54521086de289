"""The floor: who may be heard, who asks to be, and how long everybody has spoken.

A pure state machine. Times are milliseconds of the meeting's own clock, so that a step of a
wall clock never makes a speech longer or shorter. Promises: at most one open grant, two only
in an answer (a dialogue of two halls) or a point of order (the first one is paused then); a
grant once closed changes in one way only, given back within ten seconds; the sum of times
spoken is the sum over the grants, by person and by side alike.
"""

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, NewType, Self

from veche.domain.errors import (
    AlreadyAsked,
    FloorEmpty,
    FloorTaken,
    NothingToGiveBack,
    RequestUnknown,
    TooMany,
)
from veche.domain.meeting import ParticipationId, SideId

GrantNumber = NewType("GrantNumber", int)
RequestNumber = NewType("RequestNumber", int)

GIVE_BACK_MS: Final = 10_000
"""A chair who ended a speech by mistake sees it at once; later it is a new speech."""
NOTICE_MS: Final = 3_000
"""One who joins alone is warned before he is on the air; a hall has a chair beside it."""
LIMIT_MS_MIN: Final = 30_000
LIMIT_MS_MAX: Final = 4 * 3_600_000
REQUESTS_MAX: Final = 200
"""More than any roster of a bridge; a queue that long is a mistake of a program."""
GRANTS_MAX: Final = 5_000
"""A speech every 17 s of a whole day."""
NOTE_LETTERS_MAX: Final = 200


class Speech(StrEnum):
    """What somebody asks for; the order of the queue begins with the last."""

    SPEECH = "speech"
    REMARK = "remark"
    ANSWER = "answer"
    ORDER = "order"
    """A point of order: it interrupts."""


_FIRST: Final = {Speech.ORDER: 0}
"""Points of order come before everything; the rest comes as it was asked for."""


class MadeBy(StrEnum):
    SELF = "self"
    HALL = "hall"
    """The technician of a hall, for a person without a device."""
    CHAIR = "chair"


class EndReason(StrEnum):
    CHAIR = "chair"
    """Ended by who leads."""
    SPEAKER = "speaker"
    """Gave it up himself."""
    PHASE = "phase"
    """The meeting went into a break or was closed."""
    CEREMONY = "ceremony"
    """An anthem, a film or a minute of silence began."""


@dataclass(frozen=True, slots=True)
class FloorRequest:
    number: RequestNumber
    participation: ParticipationId
    side: SideId
    kind: Speech
    made_by: MadeBy
    made_ms: int
    note: str = ""
    is_called: bool = False
    """Told to be the next."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One speech: open while `ended_ms` is None."""

    number: GrantNumber
    participation: ParticipationId
    side: SideId
    kind: Speech
    began_ms: int
    """When it counts from; in the future while somebody is being warned."""
    limit_ms: int | None
    granted_by: str
    extensions_ms: tuple[int, ...] = ()
    paused_ms: int = 0
    """Of the pauses that are over."""
    paused_since_ms: int | None = None
    ended_ms: int | None = None
    end_reason: EndReason | None = None

    @property
    def is_open(self) -> bool:
        return self.ended_ms is None

    @property
    def is_heard(self) -> bool:
        return self.is_open and self.paused_since_ms is None

    def spoken_ms(self, now_ms: int) -> int:
        """Without the pauses; never negative."""
        until = now_ms if self.ended_ms is None else self.ended_ms
        if self.paused_since_ms is not None:
            until = min(until, self.paused_since_ms)
        return max(0, until - self.began_ms - self.paused_ms)

    def paused(self, at_ms: int) -> Self:
        return replace(self, paused_since_ms=max(at_ms, self.began_ms))

    def resumed(self, at_ms: int) -> Self:
        if self.paused_since_ms is None:
            return self
        longer_ms = max(0, at_ms - self.paused_since_ms)
        return replace(self, paused_ms=self.paused_ms + longer_ms, paused_since_ms=None)

    def closed(self, at_ms: int, reason: EndReason) -> Self:
        ended_ms = max(at_ms, self.began_ms)
        return replace(self.resumed(ended_ms), ended_ms=ended_ms, end_reason=reason)


@dataclass(frozen=True, slots=True)
class Floor:
    chair: ParticipationId | None = None
    """Who leads now: heard while nobody has the floor."""
    version: int = 0
    """Counts changes: a command that was made for another one has been overtaken."""
    requests: tuple[FloorRequest, ...] = ()
    """In the order in which they will be called."""
    grants: tuple[Grant, ...] = ()
    """All of them, in the order in which they were given."""
    last_request: int = 0

    # --- what it says ------------------------------------------------------------------------

    @property
    def open_grants(self) -> tuple[Grant, ...]:
        return tuple(grant for grant in self.grants if grant.is_open)

    def heard(self) -> tuple[ParticipationId, ...]:
        """Who is heard: those with the floor, or who leads while nobody has it."""
        heard = tuple(grant.participation for grant in self.grants if grant.is_heard)
        if heard or self.chair is None:
            return heard
        return (self.chair,)

    def spoken_by_person(self, now_ms: int) -> dict[ParticipationId, int]:
        spoken: Counter[ParticipationId] = Counter()
        for grant in self.grants:
            spoken[grant.participation] += grant.spoken_ms(now_ms)
        return dict(spoken)

    def spoken_by_side(self, now_ms: int) -> dict[SideId, int]:
        spoken: Counter[SideId] = Counter()
        for grant in self.grants:
            spoken[grant.side] += grant.spoken_ms(now_ms)
        return dict(spoken)

    def returnable(self, now_ms: int) -> Grant | None:
        """The speech that may be given back at this moment."""
        last = max(
            (grant for grant in self.grants if grant.ended_ms is not None),
            key=lambda grant: grant.ended_ms or 0,
            default=None,
        )
        if last is None or last.ended_ms is None or self.open_grants:
            return None
        return last if now_ms - last.ended_ms <= GIVE_BACK_MS else None

    # --- requests ----------------------------------------------------------------------------

    def asked(
        self,
        participation: ParticipationId,
        side: SideId,
        kind: Speech,
        made_by: MadeBy,
        at_ms: int,
        note: str = "",
    ) -> Self:
        """Raises `AlreadyAsked`, `TooMany`."""
        if any(request.participation == participation for request in self.requests):
            raise AlreadyAsked
        if len(self.requests) >= REQUESTS_MAX:
            raise TooMany
        number = RequestNumber(self.last_request + 1)
        request = FloorRequest(number, participation, side, kind, made_by, at_ms, note)
        requests = sorted((*self.requests, request), key=_order)
        return self._next(requests=tuple(requests), last_request=number)

    def withdrawn(self, number: RequestNumber) -> Self:
        """Raises `RequestUnknown`."""
        request = self.request(number)
        return self._next(requests=tuple(it for it in self.requests if it is not request))

    def called(self, number: RequestNumber) -> Self:
        """This one is the next, and told so. Raises `RequestUnknown`."""
        wanted = self.request(number)
        others = tuple(
            replace(it, is_called=False) for it in self.requests if it.number != wanted.number
        )
        return self._next(requests=(replace(wanted, is_called=True), *others))

    def request(self, number: RequestNumber) -> FloorRequest:
        """Raises `RequestUnknown`."""
        for request in self.requests:
            if request.number == number:
                return request
        raise RequestUnknown

    # --- grants ------------------------------------------------------------------------------

    def granted(
        self,
        participation: ParticipationId,
        side: SideId,
        kind: Speech,
        at_ms: int,
        *,
        by: str,
        limit_ms: int | None = None,
        notice_ms: int = 0,
    ) -> Self:
        """The floor for somebody; his request is answered by it.

        An answer may stand beside one other speech, of another person; a point of order pauses
        the speech it interrupts. Raises `FloorTaken`, `TooMany`.
        """
        open_grants = self.open_grants
        joins = kind in (Speech.ANSWER, Speech.ORDER) and len(open_grants) == 1
        is_twice = any(grant.participation == participation for grant in open_grants)
        if is_twice or (open_grants and not joins):
            raise FloorTaken
        if len(self.grants) >= GRANTS_MAX:
            raise TooMany
        before = self.grants
        if kind is Speech.ORDER:
            before = tuple(it.paused(at_ms) if it.is_heard else it for it in before)
        grant = Grant(
            number=GrantNumber(len(before) + 1),
            participation=participation,
            side=side,
            kind=kind,
            began_ms=at_ms + notice_ms,
            limit_ms=limit_ms,
            granted_by=by,
        )
        waiting = tuple(it for it in self.requests if it.participation != participation)
        return self._next(grants=(*before, grant), requests=waiting)

    def extended(self, number: GrantNumber, by_ms: int) -> Self:
        """Raises `FloorEmpty`. One without a limit stays without."""
        grant = self._open(number)
        if grant.limit_ms is None:
            return self
        limit_ms = min(LIMIT_MS_MAX, grant.limit_ms + by_ms)
        longer = replace(grant, limit_ms=limit_ms, extensions_ms=(*grant.extensions_ms, by_ms))
        return self._with(longer)

    def paused(self, number: GrantNumber, at_ms: int) -> Self:
        """Raises `FloorEmpty`; a paused one stays as it is."""
        grant = self._open(number)
        return self if not grant.is_heard else self._with(grant.paused(at_ms))

    def resumed(self, number: GrantNumber, at_ms: int) -> Self:
        """Raises `FloorEmpty`, and `FloorTaken` while a point of order stands over it."""
        grant = self._open(number)
        if grant.is_heard:
            return self
        if any(it.kind is Speech.ORDER and it is not grant for it in self.open_grants):
            raise FloorTaken
        return self._with(grant.resumed(at_ms))

    def ended(self, number: GrantNumber, at_ms: int, reason: EndReason) -> Self:
        """A speech that a point of order interrupted goes on by itself. Raises `FloorEmpty`."""
        grant = self._open(number)
        floor = self._with(grant.closed(at_ms, reason))
        if grant.kind is not Speech.ORDER:
            return floor
        resumed = tuple(it.resumed(at_ms) if it.is_open else it for it in floor.grants)
        return replace(floor, grants=resumed)

    def cleared(self, at_ms: int, reason: EndReason) -> Self:
        """Nobody has the floor any more; who asked for it still does."""
        if not self.open_grants:
            return self
        return self._next(
            grants=tuple(it.closed(at_ms, reason) if it.is_open else it for it in self.grants)
        )

    def given_back(self, at_ms: int) -> Self:
        """The last speech goes on; the time between counts for nobody.

        Raises `NothingToGiveBack`.
        """
        last = self.returnable(at_ms)
        if last is None or last.ended_ms is None:
            raise NothingToGiveBack
        gap_ms = max(0, at_ms - last.ended_ms)
        return self._with(
            replace(last, ended_ms=None, end_reason=None, paused_ms=last.paused_ms + gap_ms)
        )

    def led_by(self, chair: ParticipationId) -> Self:
        return self if self.chair == chair else self._next(chair=chair)

    # --- inside ------------------------------------------------------------------------------

    def _open(self, number: GrantNumber) -> Grant:
        for grant in self.open_grants:
            if grant.number == number:
                return grant
        raise FloorEmpty

    def _with(self, grant: Grant) -> Self:
        return self._next(
            grants=tuple(grant if it.number == grant.number else it for it in self.grants)
        )

    # Any: the values of these fields, as `dataclasses.replace` takes them
    def _next(self, **changes: Any) -> Self:
        return replace(self, version=self.version + 1, **changes)


def _order(request: FloorRequest) -> tuple[bool, int, int]:
    return (not request.is_called, _FIRST.get(request.kind, 1), request.number)
