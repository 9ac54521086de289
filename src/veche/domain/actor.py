"""Who acts and who asks.

An `Actor` is a name for the audit: it stays readable when the account or the link is gone.
An `Asker` is an actor with what gives him rights: a role, and what it is a role in. A use case
takes an asker, and asks him to be allowed before it does anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from veche.domain.access import Action, Relation, Role, require
from veche.domain.errors import Refused
from veche.domain.meeting import (
    Meeting,
    MeetingNumber,
    OrganisationId,
    ParticipationId,
    SideId,
    SiteId,
)


class ActorKind(StrEnum):
    ACCOUNT = "account"
    LINK = "link"
    """A person, an office or a hall with a personal link."""
    DEVICE = "device"
    """A paired machine of a hall."""
    SYSTEM = "system"
    """The house itself: timers, the command line, the demonstration."""
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something, as the audit keeps it."""

    kind: ActorKind
    id: str
    name: str


HOUSE: Final = Actor(ActorKind.SYSTEM, "house", "veche")
_NOBODY: Final = Actor(ActorKind.STRANGER, "", "")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, for the length of one request or one connection."""

    actor: Actor
    role: Role
    organisation: OrganisationId | None = None
    """Of an account; None: of no organisation, or of the house itself."""
    meeting: MeetingNumber | None = None
    """Of a link: the only meeting that it is about."""
    side: SideId | None = None
    participation: ParticipationId | None = None
    site: SiteId | None = None
    assignments: frozenset[tuple[MeetingNumber, Role]] = frozenset()
    """Of an account: its roles in single meetings, whoever owns them."""
    request_id: str = ""

    @classmethod
    def stranger(cls, request_id: str = "") -> Self:
        return cls(_NOBODY, Role.STRANGER, request_id=request_id)

    def may(self, action: Action, meeting: Meeting | None = None) -> bool:
        """For what is shown or left out; a door uses `require`."""
        try:
            self.require(action, meeting)
        except Refused:
            return False
        return True

    def require(self, action: Action, meeting: Meeting | None = None) -> None:
        """Returns if one of the asker's roles is allowed; without a meeting, in his own house.

        Raises the refusal of his nearest role: what an assigned operator is told is not what a
        stranger is told.
        """
        if meeting is None:
            require(self.role, action, None, Relation.OWN)
            return
        refusals = []
        for role, relation in self.standing_in(meeting):
            try:
                require(role, action, meeting.phase, relation)
            except Refused as refused:
                refusals.append((relation is Relation.FOREIGN, refused))
            else:
                return
        raise min(refusals, key=lambda refusal: refusal[0])[1]

    def require_over(self, action: Action, organisation: OrganisationId | None) -> None:
        """As `require`, for what belongs to an organisation and to no meeting."""
        require(self.role, action, None, self._relation_to(organisation, action))

    def standing_in(self, meeting: Meeting) -> Iterator[tuple[Role, Relation]]:
        """The asker's roles in a meeting, each with what it is to him."""
        for number, role in sorted(self.assignments):
            if number == meeting.number:
                yield role, Relation.OWN
        if self.actor.kind is ActorKind.ACCOUNT:
            is_own = self.organisation is not None and self.organisation == meeting.organisation
        else:
            is_own = self.meeting == meeting.number
        yield self.role, Relation.OWN if is_own else Relation.FOREIGN

    def _relation_to(self, organisation: OrganisationId | None, action: Action) -> Relation:
        # The administrator of the house keeps the accounts of every organisation, and nothing
        # else of theirs.
        keeps_house = self.role is Role.ADMIN and self.organisation is None
        is_own = organisation is not None and organisation == self.organisation
        is_own = is_own or (keeps_house and action is Action.KEEP_ACCOUNTS)
        return Relation.OWN if is_own else Relation.FOREIGN
