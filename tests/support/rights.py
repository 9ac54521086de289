"""What the house means to allow, in sentences of its own: the judge is compared with them.

Written from the rules of meetings and not from the judge's table: who adds an action says here
in words what it is for, or the build fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from veche.domain.access import Action, Relation, Role
from veche.domain.phases import Phase

EVERYBODY: Final = set(Role)
PLANNERS: Final = {Role.ORGANISER, Role.ADMIN}
STAFF: Final = {*PLANNERS, Role.OPERATOR, Role.VIEWER}
SPEAKERS: Final = {Role.PARTICIPANT, Role.RAPPORTEUR, Role.CO_CHAIR}

BEFORE_ANYBODY_KNOWS: Final = {Phase.DRAFT, Phase.AGREED, Phase.DISCARDED}
DOORS_OPEN: Final = {Phase.SOUND_CHECK, Phase.ASSEMBLY, Phase.ON_AIR, Phase.BREAK}
AFTERWARDS: Final = {Phase.CLOSED, Phase.MINUTES, Phase.PUBLISHED}
ENDED: Final = {*AFTERWARDS, Phase.CANCELLED}
ALWAYS: Final = set(Phase)
KNOWN: Final = ALWAYS - BEFORE_ANYBODY_KNOWS


@dataclass(frozen=True)
class Sentence:
    words: str
    actions: set[Action]
    who: set[Role]
    when: set[Phase] | None = None
    """None: it is not about a meeting."""
    is_for_anybody: bool = False
    """In every meeting, whoever's it is."""


SENTENCES: Final = (
    Sentence(
        "What is announced is everybody's to read and to follow, and stays so for ever",
        {Action.READ_ANNOUNCEMENT, Action.FOLLOW},
        EVERYBODY,
        KNOWN,
        is_for_anybody=True,
    ),
    Sentence(
        "The picture is everybody's while it is on the air, and nobody's before",
        {Action.WATCH},
        EVERYBODY,
        {Phase.ON_AIR},
        is_for_anybody=True,
    ),
    Sentence(
        "Who joins alone comes in when it is on the air, and hears nothing before",
        {Action.ENTER},
        SPEAKERS,
        {Phase.ON_AIR, Phase.BREAK},
    ),
    Sentence(
        "A hall comes in while the doors are open: it is checked before",
        {Action.ENTER_HALL},
        {Role.HALL},
        DOORS_OPEN,
    ),
    Sentence(
        "Who has a place is told what concerns it, from the announcement on",
        {Action.FOLLOW_PLACE},
        {*SPEAKERS, Role.HALL, Role.TECHNICIAN},
        KNOWN,
    ),
    Sentence(
        "A hall tells of itself, by its machine and by its technician",
        {Action.REPORT_HALL},
        {Role.HALL, Role.TECHNICIAN},
        DOORS_OPEN,
    ),
    Sentence(
        "The staff talks among itself while the doors are open",
        {Action.TALK_BACK},
        {Role.OPERATOR, Role.SECRETARY, Role.TECHNICIAN},
        DOORS_OPEN,
    ),
    Sentence(
        "The floor is asked for by who can speak, and for people without a device by their hall "
        "and by the operator",
        {Action.REQUEST_FLOOR},
        {*SPEAKERS, Role.HALL, Role.TECHNICIAN, Role.OPERATOR},
        DOORS_OPEN,
    ),
    Sentence(
        "Who is invited reads his invitation for ever",
        {Action.READ_INVITATION},
        SPEAKERS,
        ALWAYS,
    ),
    Sentence(
        "Who is invited answers until it is over",
        {Action.ANSWER_INVITATION},
        SPEAKERS,
        ALWAYS - ENDED,
    ),
    Sentence(
        "The consoles are for those who conduct and plan, from the announcement on",
        {Action.FOLLOW_CONDUCT},
        {Role.CO_CHAIR, Role.SECRETARY, Role.OPERATOR, *PLANNERS},
        KNOWN,
    ),
    Sentence(
        "A meeting is led from phase to phase by its chairs, its operator and its planners",
        {Action.LEAD_PHASE},
        {Role.CO_CHAIR, Role.OPERATOR, *PLANNERS},
        KNOWN,
    ),
    Sentence(
        "The chair gives the floor and shows the door, and the operator for the chair",
        {Action.GIVE_FLOOR, Action.EXPEL},
        {Role.CO_CHAIR, Role.OPERATOR},
        DOORS_OPEN,
    ),
    Sentence("The picture is the operator's", {Action.DIRECT_STAGE}, {Role.OPERATOR}, DOORS_OPEN),
    Sentence(
        "The agenda is stepped through, and a ceremony is stopped, by the chair or the operator",
        {Action.STEP_ITEM, Action.STOP_CUE},
        {Role.CO_CHAIR, Role.OPERATOR},
        {Phase.ON_AIR, Phase.BREAK},
    ),
    Sentence("A quiet note is for the chair", {Action.READ_NOTE}, {Role.CO_CHAIR}, DOORS_OPEN),
    Sentence(
        "Those at the desk see and hear every hall, as places that are on the list",
        {Action.MONITOR},
        {Role.CO_CHAIR, Role.SECRETARY, Role.OPERATOR},
        DOORS_OPEN,
    ),
    Sentence(
        "Arrivals are ticked where people are counted",
        {Action.TICK_ARRIVAL},
        {Role.TECHNICIAN, Role.OPERATOR, Role.SECRETARY},
        DOORS_OPEN,
    ),
    Sentence(
        "The minutes are the secretary's, from the first guest to their publication",
        {Action.WRITE_NOTES},
        {Role.SECRETARY},
        DOORS_OPEN | AFTERWARDS,
    ),
    Sentence(
        "All of the staff reads what its organisation has",
        {
            Action.LIST_MEETINGS,
            Action.READ_DIRECTORY,
            Action.READ_OWN_ACCOUNT,
            Action.EDIT_OWN_ACCOUNT,
        },
        STAFF,
    ),
    Sentence(
        "Planners make meetings and keep the directory",
        {Action.CREATE_MEETING, Action.EDIT_DIRECTORY},
        PLANNERS,
    ),
    Sentence(
        "A whole meeting is read by the staff and by those who conduct it",
        {Action.READ_MEETING},
        {*STAFF, Role.CO_CHAIR, Role.SECRETARY},
        ALWAYS,
    ),
    Sentence(
        "Planners change a meeting and invite to it until it is over",
        {Action.EDIT_MEETING, Action.INVITE},
        PLANNERS,
        ALWAYS - ENDED,
    ),
    Sentence(
        "Planners say whether it takes place and who conducts it; what follows the domain says",
        {Action.PLAN_PHASE, Action.ASSIGN_STAFF},
        PLANNERS,
        ALWAYS,
    ),
    Sentence(
        "An agreement is read by the offices and the staff",
        {Action.READ_AGREEMENT},
        {Role.OFFICE, *STAFF},
        ALWAYS,
    ),
    Sentence(
        "An office answers for its side until the air",
        {Action.ANSWER_AGREEMENT},
        {Role.OFFICE},
        ALWAYS - ENDED - {Phase.ON_AIR, Phase.BREAK},
    ),
    Sentence("Accounts are the administrator's", {Action.KEEP_ACCOUNTS}, {Role.ADMIN}),
)


def sentence_about(action: Action) -> Sentence:
    (found,) = [it for it in SENTENCES if action in it.actions]
    return found


def is_meant(role: Role, action: Action, phase: Phase | None, relation: Relation) -> bool:
    """Whether the house means to allow it; `phase` of the meeting that is asked about."""
    sentence = sentence_about(action)
    if relation is Relation.FOREIGN and not sentence.is_for_anybody:
        return False
    return role in sentence.who and (sentence.when is None or phase in sentence.when)


def cells() -> Iterator[tuple[Role, Action, Phase | None, Relation]]:
    """Every cell of the table."""
    for action in Action:
        phases = [None] if sentence_about(action).when is None else list(Phase)
        for role in Role:
            for phase in phases:
                for relation in Relation:
                    yield role, action, phase, relation
