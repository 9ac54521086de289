"""A house of two organisations, everybody who may knock at its doors, and what they would send.

Everything of the ministry has its twin at the region, under another id: meeting 67 and 68, the
account `ministry-clerk` and `region-clerk`, and so on. A new kind of id, of link or of body is
added here, or the tests that walk all doors fail and name it.
"""

import json
from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi import FastAPI

from tests.support.doors import Door, sample_body
from tests.support.house import OpenHouse
from tests.support.meetings import bridge_meeting
from veche.domain.access import Relation, Role
from veche.domain.account import Account, AccountId, Assignment, GlobalRole, MeetingRole
from veche.domain.directory import Body, Organisation, Person, Series
from veche.domain.identity import (
    BodyId,
    MeetingNumber,
    OrganisationId,
    ParticipationId,
    PersonId,
    SeriesId,
    SideId,
    SiteId,
    TemplateId,
)
from veche.domain.invitation import Invitation
from veche.domain.phases import Phase
from veche.domain.roster import Participation, ParticipationRole, PersonName
from veche.domain.templates import Template
from veche.domain.text import Text
from veche.services.conduct import Conduct
from veche.services.signing_in import Visitor
from veche.web.house import House
from veche.web.live import Live
from veche.web.security import OWN_HEADER, OWN_HEADER_VALUE, SESSION_COOKIE

MINISTRY, REGION = OrganisationId("ministry"), OrganisationId("region")
MEETINGS: Final = {MINISTRY: MeetingNumber(67), REGION: MeetingNumber(68)}
OURS, THEIRS = MEETINGS[MINISTRY], MEETINGS[REGION]
TITLES: Final = {MINISTRY: "Закрытая тема министерства", REGION: "Закрытая тема области"}
"""In no answer to one who may not know of the meeting."""


@dataclass(frozen=True)
class Knocker:
    """Somebody with what he can show, and what he is to the ministry's meeting."""

    name: str
    shows: str | None
    secret: str
    standing: frozenset[tuple[Role, Relation]]
    home: tuple[Role, Relation] | None = None
    """Of an account: its role, and what the ministry is to it."""
    keeps_house: bool = False

    @property
    def headers(self) -> dict[str, str]:
        shown = {
            "session": {"cookie": f"{SESSION_COOKIE}={self.secret}"},
            "link": {"authorization": f"Link {self.secret}"},
            None: {},
        }
        return {OWN_HEADER: OWN_HEADER_VALUE, **shown[self.shows]}


STRANGER: Final = Knocker("a stranger", None, "", frozenset({(Role.STRANGER, Relation.FOREIGN)}))

LINKS: Final = {
    Role.CO_CHAIR: Invitation("", OURS, participation=ParticipationId("popkov")),
    Role.RAPPORTEUR: Invitation("", OURS, participation=ParticipationId("rapporteur")),
    Role.PARTICIPANT: Invitation("", OURS, participation=ParticipationId("participant")),
    Role.HALL: Invitation("", OURS, site=SiteId("minsk")),
    Role.OFFICE: Invitation("", OURS, side=SideId("side-1")),
}
"""Every role that a link can give."""


_GUESTS: Final = tuple(
    Participation(
        id=ParticipationId(role.value),
        side=SideId("side-1"),
        post=Text.of(ru="докладчик или участник"),
        name=Text.of(ru="Гость"),
        role=role,
    )
    for role in (ParticipationRole.RAPPORTEUR, ParticipationRole.PARTICIPANT)
)


def keep_both(opened: OpenHouse, phase: Phase) -> None:
    """The two organisations with everything that has an id."""
    for organisation, number in MEETINGS.items():
        meeting = replace(
            bridge_meeting(number=number, phase=phase),
            organisation=organisation,
            title=Text.of(ru=TITLES[organisation]),
        )
        meeting = replace(meeting, roster=(*meeting.roster, *_GUESTS))
        opened.keep(meeting)
        name = Text.of(ru=f"Справочник {organisation}")
        clerk = AccountId(f"{organisation}-clerk")
        with opened.database.write() as unit:
            unit.accounts.add(Account(clerk, clerk, clerk, GlobalRole.VIEWER, organisation), None)
            kept = unit.directory
            kept.organisations.put(Organisation(organisation, name, version=1))
            person = PersonName(surname=name, given=name)
            kept.people.put(Person(PersonId(f"{organisation}-person"), organisation, person))
            body = BodyId(f"{organisation}-body")
            kept.bodies.put(Body(body, organisation, name))
            kept.series.put(Series(SeriesId(f"{organisation}-series"), organisation, body, name))
            template = TemplateId(f"{organisation}-template")
            kept.templates.put(Template(template, organisation, name, meeting))


def fresh(opened: OpenHouse) -> House:
    """The house with nothing conducted yet."""
    conduct = Conduct(
        opened.database,
        opened.rooms,
        opened.clock.now,
        opened.clock.monotonic,
        lambda event: opened.house.live.publish(event),
    )
    return replace(
        opened.house,
        conduct=conduct,
        live=Live(opened.clock.now, conduct.peek, conduct.clock_ms),
    )


def everybody(opened: OpenHouse) -> list[Knocker]:
    """One of each kind, of the ministry and of the region."""
    return [
        STRANGER,
        *(_staff(opened, role, relation) for role in GlobalRole for relation in Relation),
        _keeper(opened),
        *(_assigned(opened, role, relation) for role in MeetingRole for relation in Relation),
        _guest_chair(opened),
        *(_holder(opened, role, relation) for role in LINKS for relation in Relation),
    ]


def staff_of(opened: OpenHouse, organisation: OrganisationId, role: GlobalRole) -> Knocker:
    """One more of the staff, with an account of its own."""
    return _staff(
        opened, role, Relation.OWN if organisation == MINISTRY else Relation.FOREIGN, "another "
    )


def _staff(opened: OpenHouse, role: GlobalRole, relation: Relation, prefix: str = "") -> Knocker:
    organisation = MINISTRY if relation is Relation.OWN else REGION
    name = f"{prefix}{role} of the {organisation}"
    token = _sign_in(opened, name, role, organisation)
    standing = (role.role, relation)
    return Knocker(name, "session", token, frozenset({standing}), standing)


def _keeper(opened: OpenHouse) -> Knocker:
    token = _sign_in(opened, "admin of the house", GlobalRole.ADMIN, None)
    return Knocker(
        "admin of the house",
        "session",
        token,
        frozenset({(Role.ADMIN, Relation.FOREIGN)}),
        (Role.ADMIN, Relation.FOREIGN),
        keeps_house=True,
    )


def _assigned(opened: OpenHouse, role: MeetingRole, relation: Relation) -> Knocker:
    number = OURS if relation is Relation.OWN else THEIRS
    name = f"{role} of meeting {number}"
    token = _sign_in(opened, name, GlobalRole.VIEWER, OrganisationId("elsewhere"), number, role)
    home = (Role.VIEWER, Relation.FOREIGN)
    standing = {home} | ({(role.role, Relation.OWN)} if number == OURS else set())
    return Knocker(name, "session", token, frozenset(standing), home)


def _guest_chair(opened: OpenHouse) -> Knocker:
    """Plans at home, and is the guest's co-chair here: the one right must not lend the other."""
    name = "organiser of the region and co-chair of meeting 67"
    token = _sign_in(opened, name, GlobalRole.ORGANISER, REGION, OURS, MeetingRole.CO_CHAIR)
    home = (Role.ORGANISER, Relation.FOREIGN)
    return Knocker(name, "session", token, frozenset({home, (Role.CO_CHAIR, Relation.OWN)}), home)


def _holder(opened: OpenHouse, role: Role, relation: Relation) -> Knocker:
    number = OURS if relation is Relation.OWN else THEIRS
    secret = opened.invite(replace(LINKS[role], meeting=number))
    return Knocker(
        f"{role} by a link of meeting {number}", "link", secret, frozenset({(role, relation)})
    )


def _sign_in(
    opened: OpenHouse,
    name: str,
    role: GlobalRole,
    organisation: OrganisationId | None,
    meeting: MeetingNumber | None = None,
    assigned: MeetingRole | None = None,
) -> str:
    account = Account(AccountId(name), name, name, role, organisation)
    with opened.database.write() as unit:
        unit.accounts.add(account, None)
        if meeting is not None and assigned is not None:
            unit.accounts.assign(Assignment(meeting, account.id, assigned))
    return opened.house.signing_in.begin(account, Visitor("192.0.2.10", None, "a test")).token


# ── what is sent ──


def parameters_of(door: Door, organisation: OrganisationId) -> dict[str, str]:
    """Values for the names in a path: ids of this organisation. A new name belongs here."""
    known = {
        "number": str(MEETINGS[organisation]),
        "language": "ru",
        "account": f"{organisation}-clerk",
        "role": "secretary",
        "session": f"session of the {organisation}",
        "side": "side-1" if organisation == MINISTRY else "side-of-the-region",
        "position": "1",
        "page": "meetings",
        "name": "nothing.js",
        "field": "heard",
        "letter": f"letter-of-the-{organisation}",
        "remark": f"remark of the {organisation}",
    }
    for word, entry in _ENTRIES.items():
        if f"/{word}/{{entry}}" in door.path:
            known["entry"] = entry.format(organisation)
    return {name: known[name] for name in door.parameters if name != "secret"}


_ENTRIES: Final = {
    "organisations": "{}",
    "people": "{}-person",
    "bodies": "{}-body",
    "series": "{}-series",
    "templates": "{}-template",
}


def path_of(door: Door, organisation: OrganisationId, **other: str) -> str:
    """`other` are parameters in place of the organisation's own."""
    path = door.path.format_map({**parameters_of(door, organisation), **other})
    if door.name == "GET /oembed":
        path += f"?url=https%3A%2F%2Fveche.test%2Fm%2F{MEETINGS[organisation]}%2Fru"
    return path


def body_of(
    app: FastAPI, door: Door, organisation: OrganisationId, secret: str, kind: str | None = None
) -> tuple[bytes, str]:
    """The least body that gets past the shape, about this organisation, and its media type."""
    if door.name == "POST /i/{secret}":
        return b"answer=coming", "application/x-www-form-urlencoded"
    if door.name == "POST /api/v1/meetings/{number}/roster/readings":
        return "Иванов Иван Иванович, председатель".encode(), "text/plain"
    body: Any = sample_body(app, door, kind)
    if body is None:
        return b"", ""
    of_organisation: dict[str, dict[str, Any]] = {
        "POST /api/v1/join": {"secret": secret},
        "POST /api/v1/accounts": {"organisation": organisation},
        "PUT /api/v1/accounts/{account}": {"organisation": organisation, "version": 1},
        "PUT /api/v1/directory/organisations/{entry}": {"version": 1},
        "POST /api/v1/meetings/{number}/staff": {"login": f"{organisation}-clerk"},
        "POST /api/v1/templates": {"number": MEETINGS[organisation]},
        "POST /api/v1/directory/series": {"body": f"{organisation}-body"},
        "PUT /api/v1/directory/series/{entry}": {"body": f"{organisation}-body"},
    }
    body |= of_organisation.get(door.name, {})
    return json.dumps(body).encode(), "application/json"
