"""Every door has a judge: a route that no line here names fails the build."""

from pathlib import Path

from fastapi import FastAPI

from tests.support.house import open_house
from veche.domain.access import Action
from veche.web.security import RequestGuard, SecurityHeaders

JUDGED_BY = {
    "POST /api/v1/join": Action.ENTER,
    "POST /api/v1/meetings/{number}/watch": Action.WATCH,
    "GET /api/v1/meetings/{number}/stage": Action.FOLLOW,
    "GET /api/v1/meetings/{number}/live": Action.FOLLOW,
    "GET /api/v1/meetings": Action.LIST_MEETINGS,
    "GET /api/v1/meetings/{number}": Action.READ_MEETING,
    "PUT /api/v1/meetings/{number}/substance": Action.EDIT_MEETING,
    "PUT /api/v1/meetings/{number}/sides": Action.EDIT_MEETING,
    "PUT /api/v1/meetings/{number}/roster": Action.EDIT_MEETING,
    "PUT /api/v1/meetings/{number}/programme": Action.EDIT_MEETING,
    "PUT /api/v1/meetings/{number}/access": Action.EDIT_MEETING,
    "PUT /api/v1/meetings/{number}/host": Action.EDIT_MEETING,
    "PUT /api/v1/meetings/{number}/schedule": Action.PLAN_PHASE,
    "POST /api/v1/meetings/{number}/announcement": Action.PLAN_PHASE,
    "POST /api/v1/meetings/{number}/draft": Action.PLAN_PHASE,
    "POST /api/v1/meetings/{number}/cancellation": Action.PLAN_PHASE,
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
    "POST /api/v1/meetings/{number}/roster/readings": Action.EDIT_MEETING,
}
OPEN_TO_ALL = {
    "POST /api/v1/session",
    "GET /j/{secret}",
    "GET /cabinet",
    "GET /cabinet/{page}",
    "GET /assets/{name}",
    "GET /icon.svg",
    "POST /api/v1/names/forms",
    "GET /health/live",
    "GET /health/ready",
}
"""They say nothing about any meeting."""


def _routes(app: FastAPI) -> list[str]:
    described = app.openapi()["paths"]
    return [f"{method.upper()} {path}" for path, methods in described.items() for method in methods]


async def test_every_route_is_judged_or_says_nothing(tmp_path: Path) -> None:
    async with open_house(tmp_path) as opened:
        transport = opened.client._transport
        guarded = transport.app  # type: ignore[attr-defined]
        assert isinstance(guarded, SecurityHeaders)
        assert isinstance(guarded._app, RequestGuard)
        app = guarded._app._app
        assert isinstance(app, FastAPI)
        assert sorted(_routes(app)) == sorted([*JUDGED_BY, *OPEN_TO_ALL])
