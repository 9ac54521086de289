"""The only judge of permission: role × action × phase × relation to the meeting.

A door asks here before it acts; a door without an action fails a test. What the table does
not name is refused. `docs/reference/access.md` is made of the table.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from veche.domain.errors import (
    Forbidden,
    MeetingClosed,
    MeetingNotOpen,
    MeetingUnknown,
    NotOnAir,
    OutOfTurn,
    Refused,
    Unknown,
)
from veche.domain.phases import HIDDEN, OVER, PUBLIC, Phase


class Role(StrEnum):
    """Who asks. The first ten come with a meeting, the last four with an organisation."""

    STRANGER = "stranger"
    """Anybody: reads what is announced, watches what is on the air."""
    SPECTATOR = "spectator"
    """Watches by a link, where the broadcast is not for everybody."""
    PARTICIPANT = "participant"
    """Holds a personal link of one who joins alone."""
    RAPPORTEUR = "rapporteur"
    """A participant who speaks to an item of the agenda."""
    CO_CHAIR = "co_chair"
    """Leads his side: gives the floor, opens and closes. Two sides, two equals."""
    SECRETARY = "secretary"
    """Keeps the minutes."""
    HALL = "hall"
    """The machine of a hall, by its link or its device key."""
    TECHNICIAN = "technician"
    """Stands in a hall with a tablet: volume, camera, arrivals, help."""
    OFFICE = "office"
    """The office of one side: agrees, and keeps its own delegation."""
    OPERATOR = "operator"
    """Directs the picture: of one meeting by assignment, of all by the organisation's staff."""
    VIEWER = "viewer"
    """Staff that reads and changes nothing."""
    ORGANISER = "organiser"
    """Staff that plans: makes meetings, announces, invites."""
    ADMIN = "admin"
    """An organiser who also keeps the accounts."""


class Relation(StrEnum):
    """How what is asked about belongs to who asks."""

    OWN = "own"
    """Of the asker's organisation, of his link, or assigned to him."""
    FOREIGN = "foreign"


class Action(StrEnum):
    # What anybody may, as far as the meeting is public
    READ_ANNOUNCEMENT = "read_announcement"
    FOLLOW = "follow"
    """The event stream and the state of the stage."""
    WATCH = "watch"
    """A spectator's place in the media room."""
    # What a place in the meeting may
    ENTER = "enter"
    """The place in the media room of one who joins alone: not before the air, so that nobody who
    waits hears or learns anything."""
    ENTER_HALL = "enter_hall"
    """The place of a hall, from the sound-check on."""
    FOLLOW_PLACE = "follow_place"
    """The event stream of those who take part."""
    REPORT_HALL = "report_hall"
    """What a hall's machine or its technician says of it: check, devices, help, clips."""
    TALK_BACK = "talk_back"
    """The staff's own voice line, which the programme never hears."""
    REQUEST_FLOOR = "request_floor"
    READ_INVITATION = "read_invitation"
    ANSWER_INVITATION = "answer_invitation"
    # Conduct
    FOLLOW_CONDUCT = "follow_conduct"
    """The stream of the consoles: requests, alarms, who is connected."""
    LEAD_PHASE = "lead_phase"
    GIVE_FLOOR = "give_floor"
    DIRECT_STAGE = "direct_stage"
    STEP_ITEM = "step_item"
    """The next item of the agenda, or another one."""
    STOP_CUE = "stop_cue"
    READ_NOTE = "read_note"
    """A quiet note of the secretary."""
    MONITOR = "monitor"
    """A silent place in the media room for those who conduct; on the list of who is connected."""
    EXPEL = "expel"
    TICK_ARRIVAL = "tick_arrival"
    WRITE_NOTES = "write_notes"
    # Planning
    LIST_MEETINGS = "list_meetings"
    CREATE_MEETING = "create_meeting"
    READ_MEETING = "read_meeting"
    """All of it, unannounced words and history too."""
    EDIT_MEETING = "edit_meeting"
    PLAN_PHASE = "plan_phase"
    """Agree, announce, move, cancel."""
    READ_DIRECTORY = "read_directory"
    EDIT_DIRECTORY = "edit_directory"
    # Agreement of the offices
    READ_AGREEMENT = "read_agreement"
    ANSWER_AGREEMENT = "answer_agreement"
    """Comment, accept, keep one's own delegation."""
    # Invitations
    INVITE = "invite"
    """Send, send again, revoke; read the outbox."""
    # Accounts
    READ_OWN_ACCOUNT = "read_own_account"
    EDIT_OWN_ACCOUNT = "edit_own_account"
    """Password, sessions, language."""
    KEEP_ACCOUNTS = "keep_accounts"
    ASSIGN_STAFF = "assign_staff"
    """Give an account a role in one meeting."""


class MediaSource(StrEnum):
    """What a place in the media room may send; LiveKit's names."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SCREEN_SHARE = "screen_share"
    SCREEN_SHARE_AUDIO = "screen_share_audio"


_ALL: Final = frozenset(Phase)
_OPEN: Final = frozenset({Phase.SOUND_CHECK, Phase.ASSEMBLY, Phase.ON_AIR, Phase.BREAK})
_AIR: Final = frozenset({Phase.ON_AIR, Phase.BREAK})

_EVERYBODY: Final = frozenset(Role)
_SPEAKERS: Final = frozenset({Role.PARTICIPANT, Role.RAPPORTEUR, Role.CO_CHAIR})
_PLACES: Final = _SPEAKERS | {Role.HALL}
_PLANNERS: Final = frozenset({Role.ORGANISER, Role.ADMIN})
_STAFF: Final = _PLANNERS | {Role.OPERATOR, Role.VIEWER}
_ENTRANCES: Final = frozenset({Action.ENTER, Action.ENTER_HALL})
_DESK: Final = frozenset({Role.CO_CHAIR, Role.SECRETARY, Role.OPERATOR})


@dataclass(frozen=True, slots=True)
class Rule:
    own: frozenset[Role]
    foreign: frozenset[Role]
    phases: frozenset[Phase] | None
    """None: the action is not about a meeting."""


def _anybody(phases: frozenset[Phase]) -> Rule:
    return Rule(_EVERYBODY, _EVERYBODY, phases)


def _own(*roles: Role | frozenset[Role], phases: frozenset[Phase] = _ALL) -> Rule:
    return Rule(_union(roles), frozenset(), phases)


def _staff(*roles: Role | frozenset[Role]) -> Rule:
    return Rule(_union(roles), frozenset(), None)


def _union(roles: tuple[Role | frozenset[Role], ...]) -> frozenset[Role]:
    return frozenset().union(*({role} if isinstance(role, Role) else role for role in roles))


TABLE: Final[dict[Action, Rule]] = {
    Action.READ_ANNOUNCEMENT: _anybody(PUBLIC),
    Action.FOLLOW: _anybody(PUBLIC),
    Action.WATCH: _anybody(frozenset({Phase.ON_AIR})),
    # A place in the meeting
    Action.ENTER: _own(_SPEAKERS, phases=_AIR),
    Action.ENTER_HALL: _own(Role.HALL, phases=_OPEN),
    Action.FOLLOW_PLACE: _own(_PLACES, Role.TECHNICIAN, phases=PUBLIC),
    Action.REPORT_HALL: _own(Role.HALL, Role.TECHNICIAN, phases=_OPEN),
    Action.TALK_BACK: _own(Role.OPERATOR, Role.SECRETARY, Role.TECHNICIAN, phases=_OPEN),
    Action.REQUEST_FLOOR: _own(_PLACES, Role.TECHNICIAN, Role.OPERATOR, phases=_OPEN),
    Action.READ_INVITATION: _own(_SPEAKERS),
    Action.ANSWER_INVITATION: _own(_SPEAKERS, phases=_ALL - OVER),
    # Conduct
    Action.FOLLOW_CONDUCT: _own(_DESK, _PLANNERS, phases=PUBLIC),
    Action.LEAD_PHASE: _own(Role.CO_CHAIR, Role.OPERATOR, _PLANNERS, phases=PUBLIC),
    Action.GIVE_FLOOR: _own(Role.CO_CHAIR, Role.OPERATOR, phases=_OPEN),
    Action.DIRECT_STAGE: _own(Role.OPERATOR, phases=_OPEN),
    Action.STEP_ITEM: _own(Role.CO_CHAIR, Role.OPERATOR, phases=_AIR),
    Action.STOP_CUE: _own(Role.CO_CHAIR, Role.OPERATOR, phases=_AIR),
    Action.READ_NOTE: _own(Role.CO_CHAIR, phases=_OPEN),
    Action.MONITOR: _own(_DESK, phases=_OPEN),
    Action.EXPEL: _own(Role.CO_CHAIR, Role.OPERATOR, phases=_OPEN),
    Action.TICK_ARRIVAL: _own(Role.TECHNICIAN, Role.OPERATOR, Role.SECRETARY, phases=_OPEN),
    Action.WRITE_NOTES: _own(Role.SECRETARY, phases=_OPEN | OVER - {Phase.CANCELLED}),
    # Planning
    Action.LIST_MEETINGS: _staff(_STAFF),
    Action.CREATE_MEETING: _staff(_PLANNERS),
    Action.READ_MEETING: _own(_STAFF, _DESK),
    Action.EDIT_MEETING: _own(_PLANNERS, phases=_ALL - OVER),
    Action.PLAN_PHASE: _own(_PLANNERS),
    Action.READ_DIRECTORY: _staff(_STAFF),
    Action.EDIT_DIRECTORY: _staff(_PLANNERS),
    # Agreement of the offices
    Action.READ_AGREEMENT: _own(Role.OFFICE, _STAFF),
    Action.ANSWER_AGREEMENT: _own(Role.OFFICE, phases=_ALL - OVER - _AIR),
    # Invitations
    Action.INVITE: _own(_PLANNERS, phases=_ALL - OVER),
    # Accounts
    Action.READ_OWN_ACCOUNT: _staff(_STAFF),
    Action.EDIT_OWN_ACCOUNT: _staff(_STAFF),
    Action.KEEP_ACCOUNTS: _staff(Role.ADMIN),
    Action.ASSIGN_STAFF: _own(_PLANNERS),
}


def require(role: Role, action: Action, phase: Phase | None, relation: Relation) -> None:
    """Returns if allowed, else raises the refusal that the asker may know.

    `phase` is None only for what is not about a meeting. A foreign meeting is refused like one
    that does not exist, whatever is asked about it.
    """
    rule = TABLE[action]
    assert (phase is None) == (rule.phases is None), f"{action} with the phase of no meeting"
    may = role in (rule.own if relation is Relation.OWN else rule.foreign)
    if may and (rule.phases is None or phase in rule.phases):
        return
    raise _refusal(rule, action, phase, relation, may_in_another_phase=may)


def sources_of(role: Role) -> frozenset[MediaSource]:
    """What the role may send once it is in the room."""
    return frozenset(MediaSource) if role in _PLACES else frozenset()


def _refusal(
    rule: Rule,
    action: Action,
    phase: Phase | None,
    relation: Relation,
    *,
    may_in_another_phase: bool,
) -> Refused:
    if not may_in_another_phase:
        if relation is Relation.OWN:
            return Forbidden()
        return Unknown() if phase is None else MeetingUnknown()
    if phase in HIDDEN and rule.foreign:
        return MeetingUnknown()
    if action is Action.WATCH:
        return NotOnAir()
    if phase in OVER:
        return MeetingClosed()
    return MeetingNotOpen() if action in _ENTRANCES else OutOfTurn()
