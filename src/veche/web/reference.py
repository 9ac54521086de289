"""The document of the interface: what FastAPI knows of the routes, and what holds for all of them.

`describe` gives OpenAPI for programs, `as_page` the page for people; both stand in
`docs/reference` and are compared with the routes by a test. Nothing of it is served: a running
house shows what it does, not how it is made.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI

from veche.web.api.common import PREFIX
from veche.web.problems import example_of
from veche.web.security import UNSAFE_METHODS

Json = dict[str, Any]  # Any: OpenAPI is JSON of many shapes

_PROBLEM_TYPE: Final = "application/problem+json"
_PROBLEM: Final[Json] = {
    "title": "Problem",
    "description": "A refusal (RFC 9457). `code` is stable and made for programs.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string", "description": "English, for logs."},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": ["string", "null"]},
        "fields": {
            "type": "object",
            "description": "Of a refused form: what is wrong with each field, by its path.",
            "additionalProperties": True,
        },
        "lacks": {
            "type": "array",
            "description": "Of a phase that cannot begin: what is missing.",
            "items": {},
        },
        "current": {
            "type": "object",
            "description": "Of a save from an older version: the whole newer value.",
            "additionalProperties": True,
        },
        "changed_by": {"type": "string", "description": "Who saved it, by name."},
        "changed_at": {"type": "string", "format": "date-time"},
    },
}
_WHEN: Final = {
    400: "The request could not be understood.",
    401: "Nobody is signed in, or the session has ended.",
    403: "The asker may not do this, or another site asks.",
    404: "There is no such thing, or none that the asker may know of.",
    408: "The body did not come in time.",
    409: "Not in this phase, or a newer version was saved, or the command is done already.",
    410: "The link was withdrawn, or its time is over.",
    413: "The body is too large.",
    415: "The body is of another kind.",
    422: "A field is wrong; each is named.",
    429: "Asked too often; `Retry-After` says when to come back.",
    503: "For the moment not; `Retry-After` says when to come back.",
}


def describe(app: FastAPI) -> Json:
    """The OpenAPI document of the interface, pages left out."""
    document = app.openapi()
    document["info"]["version"] = PREFIX.rpartition("/")[2]
    document["info"]["description"] = (
        "How the pages of veche speak with it, open to other programs of the house. "
        "`docs/interface.md` tells what holds for all of it."
    )
    document["paths"] = {
        path: methods
        for path, methods in sorted(document["paths"].items())
        if path.startswith(f"{PREFIX}/")
    }
    for path, method, operation in _operations(document):
        _describe_problems(path, method, operation)
    schemas = document["components"]["schemas"]
    for made_by_framework in ("HTTPValidationError", "ValidationError"):
        schemas.pop(made_by_framework, None)
    schemas["Problem"] = _PROBLEM
    document["components"]["responses"] = {
        f"Refused{status}": _refused(status, told) for status, told in _WHEN.items()
    }
    _tell_of_local_times(document)
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    return document


def as_json(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def as_page(document: Json) -> str:
    """The list of all doors in Markdown, with the shapes of what goes in and comes out."""
    lines = [
        "# Interface",
        "",
        "Made by `veche reference` from the routes; do not edit. The same for programs, with every",
        "shape and example, is [openapi.json](openapi.json). What holds for all of it, the event",
        "stream and the rules of saving stand in [the interface](../interface.md).",
    ]
    section = None
    for path, method, operation in _operations(document):
        tag = operation.get("tags", ["bridge"])[0]
        if tag != section:
            section = tag
            lines += ["", f"## {tag.capitalize()}"]
        lines += ["", f"### `{method} {path}`", ""]
        if told := operation.get("description"):
            lines += [told.strip(), ""]
        lines += list(_told(operation))
    lines += ["", "## Shapes"]
    for name, schema in document["components"]["schemas"].items():
        lines += ["", f"### {name}", *_fields(schema)]
    return "\n".join(lines) + "\n"


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """By the part of the work they belong to, then by path."""
    every = [
        (path, method.upper(), operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    yield from sorted(every, key=lambda it: (it[2].get("tags", ["bridge"])[0], it[0], it[1]))


def _tell_of_local_times(part: Any) -> None:  # Any: JSON
    """An hour of a city has no offset, which the format `time` of JSON Schema demands."""
    if isinstance(part, dict):
        if part.get("format") == "time":
            part["format"] = "time-local"
        for inner in part.values():
            _tell_of_local_times(inner)
    elif isinstance(part, list):
        for inner in part:
            _tell_of_local_times(inner)


def _refused(status: int, told: str) -> Json:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example_of(status)}
    described: Json = {"description": told, "content": {_PROBLEM_TYPE: problem}}
    if status in (429, 503):
        described["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer"}}}
    return described


def _describe_problems(path: str, method: str, operation: Json) -> None:
    responses = operation["responses"]
    for status in _refusals(path, method, operation):
        responses[str(status)] = {"$ref": f"#/components/responses/Refused{status}"}
    operation["responses"] = dict(sorted(responses.items()))


def _refusals(path: str, method: str, operation: Json) -> Iterator[int]:
    """Which problems a door may answer with, by what it takes and whom it asks."""
    yield from (400, 403, 503)
    schemes = {name for scheme in operation.get("security", []) for name in scheme}
    if schemes:
        yield 401
    if "link" in schemes or path.endswith("/join"):
        yield from (404, 410, 429)
    if "{" in path:
        yield from (404, 409)
    if operation.get("parameters") or "requestBody" in operation:
        yield 422
    if method in UNSAFE_METHODS:
        yield from (408, 409, 413, 415, 429)
    if "requestBody" in operation:
        yield 404  # what the body names


def _told(operation: Json) -> Iterator[str]:
    for parameter in operation.get("parameters", []):
        must = "" if parameter.get("required") else ", may be left out"
        told = parameter.get("description", "")
        yield f"- `{parameter['name']}` ({parameter['in']}{must}) {told}".rstrip()
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"- takes `{_shape(content.get('schema', {}))}` as `{media_type}`"
    for status, answer in operation["responses"].items():
        if int(status) < 400:
            content = answer.get("content", {})
            shapes = [
                f"`{_shape(it.get('schema', {}))}` as `{kind}`" for kind, it in content.items()
            ]
            yield f"- {status}: {', '.join(shapes) or 'no content'}"
    refusals = [status for status in operation["responses"] if int(status) >= 400]
    yield f"- refuses with {', '.join(refusals)}"


def _fields(schema: Json) -> Iterator[str]:
    if told := schema.get("description"):
        yield from ("", " ".join(told.split()))
    yield ""
    if "properties" not in schema:
        yield _shape(schema)
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        must = "" if name in required else ", may be left out"
        told = " ".join(field.get("description", "").split())
        yield f"- `{name}`: {_shape(field)}{must}{'. ' if told else ''}{told}"


def _shape(schema: Json) -> str:
    if reference := schema.get("$ref"):
        return str(reference).rpartition("/")[2]
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if options := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return " or ".join(_shape(option) for option in options)
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_shape(schema.get('items', {}))}"
    if kind == "object" and isinstance(values := schema.get("additionalProperties"), dict):
        return f"object of {_shape(values)}"
    written = " or ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{written} ({schema['format']})" if "format" in schema else written
