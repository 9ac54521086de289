"""Opening the demonstration: the meeting is planned, links are made, the air begins.

May be done again at every start: the meeting stays where it was, the links stay the same.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from veche.demo.meeting import GUESTS, MINISTRY, NUMBER, demo_meeting
from veche.demo.others import demo_directory, demo_meetings, demo_organisation
from veche.domain import commands as do
from veche.domain.access import Role
from veche.domain.actor import HOUSE, Actor, ActorKind, Asker
from veche.domain.directory import Organisation
from veche.domain.errors import MeetingUnknown, Unknown
from veche.domain.invitation import SECRET_BYTES, Invitation, hash_secret
from veche.domain.meeting import Meeting, Participation, Phase, SiteId
from veche.services.conduct import Conduct
from veche.services.directory import Directory
from veche.services.planning import Planning

STALE_AFTER: Final = timedelta(hours=3)
"""Twice the planned length of the meeting: an air that began before that is another day's."""


_NO_CHECK: Final = "robot halls have nothing to check"
DEMO: Final = Asker(Actor(ActorKind.SYSTEM, "demo", "veche demo"), Role.OPERATOR, meeting=NUMBER)
"""Leads the demonstration as an operator of this meeting does."""


@dataclass(frozen=True, slots=True)
class OpenedDemo:
    meeting: Meeting
    hall_secrets: dict[SiteId, str]
    guests: tuple[tuple[Participation, str], ...]
    """Persons and the secrets of their links, host side first."""


async def open_demo(
    planning: Planning, conduct: Conduct, key: str, now: Callable[[], datetime]
) -> OpenedDemo:
    """The meeting on the air. `key` is a secret of this installation that links are made from."""
    meeting = demo_meeting()
    is_stale = _is_stale(planning, now())
    planning.keep(meeting, afresh=is_stale)
    if is_stale:
        await conduct.begin_anew(NUMBER)
    for other in demo_meetings():
        planning.keep(other)
    sites = [site.id for _, site in meeting.sites_in_order()]
    hall_secrets = {site: _link_secret(key, f"hall {site}") for site in sites}
    for site, secret in hall_secrets.items():
        planning.invite(Invitation(hash_secret(secret), NUMBER, site=site))
    persons = {person.id: person for person in meeting.roster}
    guests = tuple((persons[guest], _link_secret(key, f"person {guest}")) for guest in GUESTS)
    for person, secret in guests:
        planning.invite(Invitation(hash_secret(secret), NUMBER, participation=person.id))
    standing = await conduct.current(NUMBER)
    if standing.meeting.phase is Phase.ASSEMBLY:
        await conduct.command(NUMBER, DEMO, do.MovePhase(Phase.ON_AIR, _NO_CHECK))
    return OpenedDemo(meeting, hall_secrets, guests)


def open_directory(directory: Directory) -> None:
    """What the ministry keeps between meetings; entries that people have changed stay."""
    keeper = Asker(HOUSE, Role.ADMIN)
    office = Asker(HOUSE, Role.ORGANISER, organisation=MINISTRY)
    organisation = demo_organisation()
    if organisation.id not in {it.id for it in directory.all(keeper, Organisation)}:
        directory.add(keeper, organisation)
    for entry in demo_directory():
        try:
            directory.find(office, type(entry), entry.id)
        except Unknown:
            directory.add(office, entry)


def _is_stale(planning: Planning, now: datetime) -> bool:
    try:
        began = planning.announcement(NUMBER).on_air_since
    except MeetingUnknown:
        return False
    return began is not None and now - began > STALE_AFTER


def _link_secret(key: str, place: str) -> str:
    """The same at every start, so that a page that comes back finds its place; not guessable."""
    digest = hmac.digest(key.encode(), f"veche demo link: {place}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:SECRET_BYTES]).rstrip(b"=").decode()
