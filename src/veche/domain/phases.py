"""Where a meeting is in its life, and which steps lead on from there.

Owns the graph and the names of its regions; what must be ready before a step is taken is
said by `planning` (words, people, agreement) and by the sound-check.
"""

from enum import StrEnum
from typing import Final

from veche.domain.errors import PhaseNotReachable


class Phase(StrEnum):
    DRAFT = "draft"
    AGREED = "agreed"
    """The offices of all sides have accepted one and the same version."""
    ANNOUNCED = "announced"
    SOUND_CHECK = "sound_check"
    ASSEMBLY = "assembly"
    ON_AIR = "on_air"
    BREAK = "break"
    CLOSED = "closed"
    MINUTES = "minutes"
    """The meeting is over, its minutes are written and agreed."""
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    """Was announced and will not take place: the address stays and says so."""
    DISCARDED = "discarded"
    """Given up before anybody outside knew of it: the number is spent, nothing is shown."""


NEXT: Final[dict[Phase, frozenset[Phase]]] = {
    Phase.DRAFT: frozenset({Phase.AGREED, Phase.DISCARDED}),
    Phase.AGREED: frozenset({Phase.DRAFT, Phase.ANNOUNCED, Phase.DISCARDED}),
    Phase.ANNOUNCED: frozenset({Phase.SOUND_CHECK, Phase.CANCELLED}),
    Phase.SOUND_CHECK: frozenset({Phase.ANNOUNCED, Phase.ASSEMBLY, Phase.CANCELLED}),
    Phase.ASSEMBLY: frozenset({Phase.SOUND_CHECK, Phase.ON_AIR, Phase.CANCELLED}),
    Phase.ON_AIR: frozenset({Phase.BREAK, Phase.CLOSED}),
    Phase.BREAK: frozenset({Phase.ON_AIR, Phase.CLOSED}),
    Phase.CLOSED: frozenset({Phase.MINUTES}),
    Phase.MINUTES: frozenset({Phase.PUBLISHED}),
    Phase.PUBLISHED: frozenset(),
    Phase.CANCELLED: frozenset(),
    Phase.DISCARDED: frozenset({Phase.DRAFT}),
}

ONWARD: Final[dict[Phase, Phase]] = {
    Phase.DRAFT: Phase.AGREED,
    Phase.AGREED: Phase.ANNOUNCED,
    Phase.ANNOUNCED: Phase.SOUND_CHECK,
    Phase.SOUND_CHECK: Phase.ASSEMBLY,
    Phase.ASSEMBLY: Phase.ON_AIR,
    Phase.BREAK: Phase.ON_AIR,
    Phase.ON_AIR: Phase.CLOSED,
    Phase.CLOSED: Phase.MINUTES,
    Phase.MINUTES: Phase.PUBLISHED,
}
"""The usual next step; from where there is none, the meeting has come to its end."""

HIDDEN: Final = frozenset({Phase.DRAFT, Phase.AGREED, Phase.DISCARDED})
"""Nobody outside may learn that there is such a meeting."""
PUBLIC: Final = frozenset(Phase) - HIDDEN
OVER: Final = frozenset({Phase.CLOSED, Phase.MINUTES, Phase.PUBLISHED, Phase.CANCELLED})
"""Nobody comes in any more."""
PLANNED: Final = frozenset(
    {Phase.DRAFT, Phase.AGREED, Phase.ANNOUNCED, Phase.SOUND_CHECK, Phase.ASSEMBLY}
)
"""The words of the meeting may still be changed; from the air on they are frozen."""


class Group(StrEnum):
    """How an office sorts its meetings."""

    PREPARING = "preparing"
    """And those that are on the air at this moment."""
    DOCUMENTS = "documents"
    """Over, waiting for their minutes."""
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    DISCARDED = "discarded"


GROUPS: Final[dict[Group, frozenset[Phase]]] = {
    Group.PREPARING: PLANNED | {Phase.ON_AIR, Phase.BREAK},
    Group.DOCUMENTS: frozenset({Phase.CLOSED, Phase.MINUTES}),
    Group.PUBLISHED: frozenset({Phase.PUBLISHED}),
    Group.CANCELLED: frozenset({Phase.CANCELLED}),
    Group.DISCARDED: frozenset({Phase.DISCARDED}),
}


def require_step(before: Phase, after: Phase) -> None:
    """Raises `PhaseNotReachable` for a step off the graph."""
    if after not in NEXT[before]:
        raise PhaseNotReachable(f"{before} is not followed by {after}")
