"""The interface under `/api/v1`, one module for each part of the work.

As `docs/interface.md` describes it. Routes parse, call one use case and shape its answer.
"""

from fastapi import APIRouter

from veche.web.api import (
    accounts,
    agreement,
    bridge,
    conduct,
    directory,
    importing,
    invitations,
    meetings,
    notes,
)
from veche.web.api.common import PREFIX

router = APIRouter(prefix=PREFIX)
router.include_router(bridge.router, tags=["bridge"])
router.include_router(accounts.router, tags=["accounts"])
router.include_router(meetings.router)
router.include_router(importing.router)
router.include_router(invitations.router)
router.include_router(directory.router)
router.include_router(agreement.router)
router.include_router(conduct.router)
router.include_router(notes.router)
