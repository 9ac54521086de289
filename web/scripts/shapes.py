"""Writes the answers of the server's interface as decoders of the front end: `src/api/shapes.ts`.

    python web/scripts/shapes.py

Made of the same OpenAPI document that describes the interface, so that no shape is kept twice;
a test fails when the file is behind. Only the answers in `ASKED_FOR` are written, with all
they are made of: what is sent has the type of what was read. Times become milliseconds, days
and hours stay as they are written.
"""

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI

from veche.web import api

Schema = dict[str, Any]  # Any: a JSON Schema

TARGET: Final = Path(__file__).parents[1] / "src" / "api" / "shapes.ts"
ASKED_FOR: Final = (
    "AccountShape",
    "AgreementAnswer",
    "BodiesAnswer",
    "HistoryAnswer",
    "InvitationsAnswer",
    "LinkAnswer",
    "MeetingList",
    "NameFormsAnswer",
    "NewAccountAnswer",
    "NewPasswordAnswer",
    "OfficeAnswer",
    "OrganisationsAnswer",
    "OwnAccountAnswer",
    "PeopleAnswer",
    "PlanAnswer",
    "ReadingsAnswer",
    "SeriesAnswer",
    "SessionShape",
    "StaffShape",
    "TemplatesAnswer",
    "WaysAnswer",
)
"""What pages take from this file; the test of unused exports holds the other end."""
_HEAD: Final = """\
// Made by scripts/shapes.py of the server's own description of its interface; not to be edited.
// A decoder for each answer that pages ask for, and the type that it gives.
"""
_LANGUAGES: Final = {"be", "ru", "en"}
_TEXT: Final = "text"
_REF: Final = "#/components/schemas/"
_SIMPLE: Final = {"integer": "number", "number": "number", "boolean": "boolean"}


class Writer:
    """Decoders by the name of their schema, in an order in which each knows what it is made of."""

    def __init__(self, schemas: dict[str, Schema]) -> None:
        self._schemas = schemas
        self._written: dict[str, str] = {}
        self._used: set[str] = set()

    def write(self, names: Iterable[str]) -> str:
        for name in names:
            self._declare(name)
        used = ", ".join(sorted(self._used | {"type Decoded"}, key=str.lower))
        imports = [f'import {{ {used} }} from "./decode";']
        if any(f"{_TEXT}" in re.findall(r"\w+", body) for body in self._written.values()):
            imports.insert(0, f'import {{ {_TEXT} }} from "./contract";')
        return "\n".join([_HEAD + "\n".join(imports), "", *self._written.values()])

    def _declare(self, name: str) -> str:
        constant, kind = _constant(name), _type(name)
        name = name if name in self._schemas else f"{name}-Output"
        if name not in self._written:
            self._written[name] = ""  # keeps its place: a shape of itself would be ours to notice
            body = self._decoder(self._schemas[name])
            del self._written[name]
            self._written[name] = (
                f"export const {constant} = /* @__PURE__ */ {body};\n"
                f"export type {kind} = Decoded<typeof {constant}>;\n"
            )
        return constant

    def _decoder(self, schema: Schema) -> str:
        if "$ref" in schema:
            return self._declare(schema["$ref"].removeprefix(_REF))
        if choices := schema.get("anyOf"):
            return self._choice(choices)
        if "enum" in schema or "const" in schema:
            values = schema.get("enum", [schema.get("const")])
            return f"{self._use('oneOf')}({', '.join(json.dumps(value) for value in values)})"
        match schema.get("type"):
            case "string":
                return self._use("instant" if schema.get("format") == "date-time" else "string")
            case "array":
                return f"{self._use('list')}({self._decoder(schema['items'])})"
            case "object":
                return self._object(schema)
            case str(simple) if simple in _SIMPLE:
                return self._use(_SIMPLE[simple])
        return self._use("anything")

    def _choice(self, choices: list[Schema]) -> str:
        real = [choice for choice in choices if choice.get("type") != "null"]
        if len(real) != 1:
            return self._use("anything")
        inner = self._decoder(real[0])
        return f"{self._use('nullable')}({inner})" if len(real) < len(choices) else inner

    def _object(self, schema: Schema) -> str:
        properties = schema.get("properties", {})
        if properties and set(properties) <= _LANGUAGES and not schema.get("required"):
            return _TEXT
        if not properties:
            more = schema.get("additionalProperties")
            inner = self._decoder(more) if isinstance(more, dict) else self._use("anything")
            return f"{self._use('dictionary')}({inner})"
        fields = "".join(f"  {key}: {self._decoder(value)},\n" for key, value in properties.items())
        return f"{self._use('record')}({{\n{fields}}})"

    def _use(self, name: str) -> str:
        self._used.add(name)
        return name


def shapes() -> str:
    app = FastAPI()
    app.include_router(api.router)
    schemas = app.openapi()["components"]["schemas"]
    return Writer(schemas).write(ASKED_FOR)


def _type(name: str) -> str:
    """Two shapes of one name are told apart by their module: `PlanShapesSiteShape`."""
    *modules, own = name.removesuffix("-Output").split("__")
    module = modules[-1].title().replace("_", "") if modules else ""
    return re.sub(r"\W", "", module + own)


def _constant(name: str) -> str:
    kind = _type(name)
    return kind[0].lower() + kind[1:]


if __name__ == "__main__":
    TARGET.write_text(shapes(), "utf-8")
    sys.exit(0)
