"""A place in the media room: who somebody is there, under which name.

Identities are made of ids that never change, so the same link always takes the same place
and a second window replaces the first.
"""

from dataclasses import dataclass
from typing import Final, Self

from veche.domain.access import Role
from veche.domain.actor import ActorKind
from veche.domain.errors import InvitationRevoked
from veche.domain.invitation import Invitation
from veche.domain.meeting import Meeting, Participation, ParticipationId, SideId, SiteId
from veche.domain.roster import ParticipationRole
from veche.domain.text import Text

_HALL: Final = "hall-"
_PERSON: Final = "person-"
_OFFICE: Final = "office-"


@dataclass(frozen=True, slots=True)
class Place:
    identity: str
    role: Role
    name: Text
    post: Text
    side: SideId
    site: SiteId | None

    @classmethod
    def opened_by(cls, invitation: Invitation, meeting: Meeting) -> Self:
        """The place of a person or of a hall; a hall is named by its name and shows its city.

        Raises `InvitationRevoked` when the meeting has no such place any more.
        """
        if invitation.participation is not None:
            person = meeting.participation(invitation.participation)
            if person is None:
                raise InvitationRevoked
            return cls(
                identity=person_identity(person.id),
                role=_role_of(person),
                name=person.name or person.post,
                post=person.post,
                side=person.side,
                site=None,
            )
        if invitation.side is not None:
            office = next((side for side in meeting.sides if side.id == invitation.side), None)
            if office is None:
                raise InvitationRevoked
            return cls(
                identity=_OFFICE + office.id,
                role=Role.OFFICE,
                name=office.name,
                post=office.name,
                side=office.id,
                site=None,
            )
        found = [pair for pair in meeting.sites_in_order() if pair[1].id == invitation.site]
        if not found:
            raise InvitationRevoked
        side, site = found[0]
        return cls(
            identity=hall_identity(site.id),
            role=Role.HALL,
            name=site.name,
            post=side.name,
            side=side.id,
            site=site.id,
        )


def _role_of(person: Participation) -> Role:
    """Who leads a side may lead the meeting from his own tablet."""
    if person.leads_side or person.role is ParticipationRole.CO_CHAIR:
        return Role.CO_CHAIR
    if person.role is ParticipationRole.RAPPORTEUR:
        return Role.RAPPORTEUR
    return Role.PARTICIPANT


def hall_identity(site: SiteId) -> str:
    return _HALL + site


def staff_identity(kind: ActorKind, known: str) -> str:
    """Of one who conducts, by account or by link."""
    return f"staff-{kind}-{known}".replace("/", "-")


def person_identity(person: ParticipationId) -> str:
    return _PERSON + person


def site_of(identity: str) -> SiteId | None:
    """The hall behind an identity of the media room, if it is a hall."""
    return SiteId(identity.removeprefix(_HALL)) if identity.startswith(_HALL) else None


def person_of(identity: str) -> ParticipationId | None:
    """The person behind an identity of the media room, if it is one who joins alone."""
    is_person = identity.startswith(_PERSON)
    return ParticipationId(identity.removeprefix(_PERSON)) if is_person else None
