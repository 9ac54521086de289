"""Errors as HTTP says them: the one mapping of the tree, and `application/problem+json`.

What a stranger sent never comes back in an answer, and neither does a trace.
"""

from typing import Any, Final

from starlette.responses import JSONResponse

from veche.domain.errors import (
    AlreadyDone,
    ChangedMeanwhile,
    DocumentRefused,
    FieldsRefused,
    Forbidden,
    KeyReused,
    NotReady,
    NotSignedIn,
    OfSites,
    OutOfTurn,
    Over,
    Refused,
    TooManyAttempts,
    Unavailable,
    Unknown,
    VecheError,
    WordsRefused,
)
from veche.web.conflicts import current_shape

RETRY_AFTER_SECONDS: Final = 5

_STATUS: Final[tuple[tuple[type[Refused], int], ...]] = (
    (Unknown, 404),
    (NotSignedIn, 401),
    (Over, 410),
    (OutOfTurn, 409),
    (Forbidden, 403),
    (TooManyAttempts, 429),
    (FieldsRefused, 422),
    (DocumentRefused, 422),
    (WordsRefused, 422),
    (ChangedMeanwhile, 409),
    (AlreadyDone, 409),
    (KeyReused, 422),
)
_TITLES: Final = {
    400: ("bad_request", "The request could not be understood"),
    401: ("not_signed_in", "Sign in first"),
    403: ("foreign_origin", "The request comes from another site"),
    404: ("not_found", "There is nothing at this address"),
    405: ("method_not_allowed", "This address does not answer to that method"),
    408: ("request_too_slow", "The body did not come in time"),
    413: ("request_too_large", "The request is too large"),
    415: ("unsupported_media_type", "The body must be application/json"),
    422: ("invalid_request", "The request is not of the described shape"),
    500: ("internal_error", "The server failed"),
    501: ("not_spoken", "This form of the answer is not spoken here"),
    503: ("unavailable", "Not available for the moment"),
}


def problem(
    status: int,
    code: str | None = None,
    *,
    detail: str | None = None,
    headers: dict[str, str] | None = None,
    more: dict[str, Any] | None = None,  # Any: JSON
) -> JSONResponse:
    """A problem response; without a code, the usual one of the status.

    `more` are members of its own (RFC 9457, section 3.2).
    """
    usual_code, title = _TITLES.get(status, ("http_error", "The request was refused"))
    return JSONResponse(
        {
            "type": "about:blank",
            "title": title,
            "status": status,
            "code": code or usual_code,
            "detail": detail,
            **(more or {}),
        },
        status_code=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        media_type="application/problem+json",
    )


def example_of(status: int) -> dict[str, Any]:  # Any: JSON
    """What a refusal with this status commonly looks like."""
    code, title = _TITLES.get(status, ("http_error", "The request was refused"))
    return {"type": "about:blank", "title": title, "status": status, "code": code, "detail": None}


def problem_of(error: VecheError) -> JSONResponse:
    if isinstance(error, Unavailable):
        return problem(503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    assert isinstance(error, Refused), "an operator's mistake is told at start, not over HTTP"
    status = status_of(error)
    if isinstance(error, ChangedMeanwhile):
        return problem(status, error.code, more=_what_changed(error))
    if isinstance(error, NotReady):
        return problem(status, error.code, more={"lacks": list(error.lacks)})
    if isinstance(error, OfSites):
        return problem(status, error.code, more={"sites": list(error.sites)})
    if isinstance(error, FieldsRefused):
        return problem(status, error.code, more={"fields": error.fields})
    headers = {}
    if isinstance(error, TooManyAttempts):
        headers["Retry-After"] = str(error.retry_after_seconds)
    return problem(status, error.code, headers=headers)


def status_of(error: Refused) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def _what_changed(error: ChangedMeanwhile) -> dict[str, Any]:  # Any: JSON
    return {
        "current": current_shape(error.current),
        "changed_by": error.changed_by.name,
        "changed_at": error.changed_at.isoformat(),
    }
