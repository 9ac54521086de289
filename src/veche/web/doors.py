"""Every door of the HTTP edge and the action that it is judged by.

A route that is not named here fails the build, and so does a door whose use case asks the judge
for something else. `veche access` prints it with the table of rights.
"""

from collections.abc import Iterator
from typing import Final

from veche.domain.access import TABLE, Action, Role, Rule
from veche.domain.commands import ACTIONS
from veche.domain.phases import Phase

JUDGED_BY: Final[dict[str, Action | tuple[Action, ...]]] = {
    "POST /api/v1/join": (Action.ENTER, Action.ENTER_HALL),
    "POST /api/v1/meetings/{number}/watch": Action.WATCH,
    "GET /api/v1/meetings/{number}/stage": Action.FOLLOW,
    "GET /api/v1/meetings/{number}/live": Action.FOLLOW,
    "GET /api/v1/meetings": Action.LIST_MEETINGS,
    "POST /api/v1/meetings": Action.CREATE_MEETING,
    "GET /api/v1/directory/organisations": (Action.READ_DIRECTORY, Action.KEEP_ACCOUNTS),
    "POST /api/v1/directory/organisations": Action.KEEP_ACCOUNTS,
    "GET /api/v1/directory/organisations/{entry}": (Action.READ_DIRECTORY, Action.KEEP_ACCOUNTS),
    "PUT /api/v1/directory/organisations/{entry}": (Action.EDIT_DIRECTORY, Action.KEEP_ACCOUNTS),
    "GET /api/v1/directory/people": Action.READ_DIRECTORY,
    "POST /api/v1/directory/people": Action.EDIT_DIRECTORY,
    "GET /api/v1/directory/people/{entry}": Action.READ_DIRECTORY,
    "PUT /api/v1/directory/people/{entry}": Action.EDIT_DIRECTORY,
    "DELETE /api/v1/directory/people/{entry}": Action.EDIT_DIRECTORY,
    "GET /api/v1/directory/bodies": Action.READ_DIRECTORY,
    "POST /api/v1/directory/bodies": Action.EDIT_DIRECTORY,
    "GET /api/v1/directory/bodies/{entry}": Action.READ_DIRECTORY,
    "PUT /api/v1/directory/bodies/{entry}": Action.EDIT_DIRECTORY,
    "DELETE /api/v1/directory/bodies/{entry}": Action.EDIT_DIRECTORY,
    "GET /api/v1/directory/series": Action.READ_DIRECTORY,
    "POST /api/v1/directory/series": Action.EDIT_DIRECTORY,
    "GET /api/v1/directory/series/{entry}": Action.READ_DIRECTORY,
    "PUT /api/v1/directory/series/{entry}": Action.EDIT_DIRECTORY,
    "DELETE /api/v1/directory/series/{entry}": Action.EDIT_DIRECTORY,
    "POST /api/v1/directory/people/alike": Action.READ_DIRECTORY,
    "GET /api/v1/directory/series/{entry}/next": Action.READ_DIRECTORY,
    "GET /api/v1/templates": Action.LIST_MEETINGS,
    "POST /api/v1/templates": (Action.CREATE_MEETING, Action.READ_MEETING),
    "DELETE /api/v1/templates/{entry}": Action.EDIT_DIRECTORY,
    "GET /api/v1/meetings/{number}": Action.READ_MEETING,
    "PUT /api/v1/meetings/{number}/substance": Action.EDIT_MEETING,
    "PUT /api/v1/meetings/{number}/sides": Action.EDIT_MEETING,
    "PUT /api/v1/meetings/{number}/roster": Action.EDIT_MEETING,
    "POST /api/v1/meetings/{number}/roster/readings": (
        Action.EDIT_MEETING,
        Action.ANSWER_AGREEMENT,
    ),
    "GET /api/v1/meetings/{number}/invitations": Action.INVITE,
    "POST /api/v1/meetings/{number}/invitations": Action.INVITE,
    "POST /api/v1/meetings/{number}/invitations/reminders": Action.INVITE,
    "POST /api/v1/meetings/{number}/invitations/withdrawals": Action.INVITE,
    "GET /api/v1/meetings/{number}/letters": Action.INVITE,
    "GET /api/v1/meetings/{number}/letters/{letter}.eml": Action.INVITE,
    "GET /api/v1/meetings/{number}/letters/{letter}.pdf": Action.INVITE,
    "POST /api/v1/meetings/{number}/letters/{letter}/handed": Action.INVITE,
    "GET /i/{secret}": Action.READ_INVITATION,
    "POST /i/{secret}": (Action.READ_INVITATION, Action.ANSWER_INVITATION),
    "PUT /api/v1/meetings/{number}/programme": Action.EDIT_MEETING,
    "PUT /api/v1/meetings/{number}/access": Action.EDIT_MEETING,
    "PUT /api/v1/meetings/{number}/host": Action.EDIT_MEETING,
    "GET /api/v1/meetings/{number}/history": Action.READ_MEETING,
    "POST /api/v1/meetings/{number}/undo": (Action.READ_MEETING, Action.EDIT_MEETING),
    "GET /api/v1/meetings/{number}/agreement": Action.READ_AGREEMENT,
    "POST /api/v1/meetings/{number}/agreement": Action.PLAN_PHASE,
    "POST /api/v1/meetings/{number}/agreement/{side}/link": Action.INVITE,
    "POST /api/v1/meetings/{number}/agreement/{side}/acceptance": Action.PLAN_PHASE,
    "POST /api/v1/meetings/{number}/agreement/remarks/{remark}/reply": Action.PLAN_PHASE,
    "POST /api/v1/meetings/{number}/agreement/remarks/{remark}/closing": Action.PLAN_PHASE,
    "GET /api/v1/office": Action.READ_AGREEMENT,
    "PUT /api/v1/office/delegation": (Action.READ_AGREEMENT, Action.ANSWER_AGREEMENT),
    "POST /api/v1/office/remarks": Action.ANSWER_AGREEMENT,
    "POST /api/v1/office/remarks/{remark}/closing": Action.ANSWER_AGREEMENT,
    "POST /api/v1/office/acceptance": (Action.READ_AGREEMENT, Action.ANSWER_AGREEMENT),
    "PUT /api/v1/meetings/{number}/schedule": (Action.READ_MEETING, Action.PLAN_PHASE),
    "POST /api/v1/meetings/{number}/announcement": Action.PLAN_PHASE,
    "POST /api/v1/meetings/{number}/draft": Action.PLAN_PHASE,
    "POST /api/v1/meetings/{number}/cancellation": Action.PLAN_PHASE,
    "GET /api/v1/meetings/{number}/live/desk": Action.FOLLOW_CONDUCT,
    "GET /api/v1/meetings/{number}/live/place": Action.FOLLOW_PLACE,
    "GET /api/v1/meetings/{number}/log": Action.FOLLOW_CONDUCT,
    "POST /api/v1/meetings/{number}/commands": tuple(dict.fromkeys(ACTIONS.values())),
    "GET /api/v1/meetings/{number}/notes": Action.FOLLOW_CONDUCT,
    "PUT /api/v1/meetings/{number}/notes/{position}/{field}": Action.WRITE_NOTES,
    "POST /api/v1/meetings/{number}/monitor": Action.MONITOR,
    "POST /api/v1/meetings/{number}/talkback": Action.TALK_BACK,
    "GET /": Action.READ_ANNOUNCEMENT,
    "GET /feed.atom": Action.READ_ANNOUNCEMENT,
    "GET /oembed": Action.READ_ANNOUNCEMENT,
    "GET /m/{number}": Action.READ_ANNOUNCEMENT,
    "GET /m/{number}.ics": Action.READ_ANNOUNCEMENT,
    "GET /m/{number}/{language}": Action.READ_ANNOUNCEMENT,
    "GET /m/{number}/embed/{language}": Action.READ_ANNOUNCEMENT,
    "GET /api/v1/session": Action.READ_OWN_ACCOUNT,
    "DELETE /api/v1/session": Action.EDIT_OWN_ACCOUNT,
    "PUT /api/v1/session/password": Action.EDIT_OWN_ACCOUNT,
    "GET /api/v1/sessions": Action.READ_OWN_ACCOUNT,
    "DELETE /api/v1/sessions": Action.EDIT_OWN_ACCOUNT,
    "DELETE /api/v1/sessions/{session}": Action.EDIT_OWN_ACCOUNT,
    "GET /api/v1/accounts": Action.KEEP_ACCOUNTS,
    "POST /api/v1/accounts": Action.KEEP_ACCOUNTS,
    "PUT /api/v1/accounts/{account}": Action.KEEP_ACCOUNTS,
    "POST /api/v1/accounts/{account}/password": Action.KEEP_ACCOUNTS,
    "GET /api/v1/meetings/{number}/staff": Action.ASSIGN_STAFF,
    "POST /api/v1/meetings/{number}/staff": Action.ASSIGN_STAFF,
    "DELETE /api/v1/meetings/{number}/staff/{account}/{role}": Action.ASSIGN_STAFF,
}
"""Of several actions, each where the command asks for it."""

OPEN_TO_ALL: Final = {
    "POST /api/v1/session",
    "POST /api/v1/names/forms",
    "GET /api/v1/session/ways",
    "GET /openid/start",
    "GET /openid/back",
    "GET /j/{secret}",
    "GET /o/{secret}",
    "GET /cabinet",
    "GET /cabinet/{page}",
    "GET /assets/{name}",
    "GET /icon.svg",
    "GET /health/live",
    "GET /health/ready",
}
"""They say nothing about any meeting; those that sign in judge by a proof."""


def actions_of(door: str) -> tuple[Action, ...]:
    """What the door may be judged by; empty for one that is open to all."""
    declared = JUDGED_BY.get(door, ())
    return (declared,) if isinstance(declared, Action) else declared


def access_reference() -> str:
    """The page `docs/reference/access.md`, made of the table that judges."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from (
        "# Who may do what",
        "",
        "Made by `veche access` from the table that judges; do not edit.",
        "",
        "A right is of a role, in the phases named, and in one's own meetings: those of the",
        "organisation for its staff, the one meeting of the link for who holds a link, and those",
        "that an account is assigned to. **Anybody** includes strangers, and other people's",
        "meetings. What is not in the table is refused. A foreign meeting is refused like one that",
        "does not exist.",
        "",
        "| Action | Roles | Phases | Doors |",
        "|---|---|---|---|",
    )
    for action, rule in TABLE.items():
        doors = [f"`{door}`" for door in JUDGED_BY if action in actions_of(door)]
        yield f"| `{action}` | {_roles(rule)} | {_phases(rule)} | {'<br>'.join(doors)} |"
    yield from ("", "Doors that say nothing about any meeting:", "")
    yield from (f"- `{door}`" for door in sorted(OPEN_TO_ALL))


def _roles(rule: Rule) -> str:
    if rule.foreign == frozenset(Role):
        return "**anybody**"
    assert not rule.foreign, "a right in foreign meetings that not everybody has"
    return ", ".join(role.value for role in Role if role in rule.own)


def _phases(rule: Rule) -> str:
    if rule.phases is None:
        return "not of a meeting"
    if rule.phases == frozenset(Phase):
        return "all"
    return ", ".join(phase.value for phase in Phase if phase in rule.phases)
