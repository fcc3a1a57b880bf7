"""The JSON Schemas of what the API answers and is asked, made from the fields and parameters themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracker.serve.api.fields import Field
from tracker.serve.api.parameters import LANGUAGE, MOST_VALUE_CHARS, Parameter
from tracker.serve.api.problems import PROBLEM_TYPES
from tracker.serve.api.resource import Part, Resource
from tracker.serve.api.searching import FIELDS

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_SELF: Schema = {"type": "string", "description": "Where the API has it."}
_KIND_SCHEMAS: dict[str, Schema] = {
    "day": {"type": "string", "format": "date"},
    "flag": {"type": "boolean"},
    "language": {"type": "string", "pattern": f"^({LANGUAGE})$"},
    "number": {"type": "number"},
    "instant": {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]},
}
_CONTROLS = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
PLAIN = rf"^[^{_CONTROLS}]*[^\s{_CONTROLS}][^{_CONTROLS}]*$"
"""A text without control characters that is not only spaces (ECMA-262)."""


def ref(name: str) -> Schema:
    """A reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def components(resources: Iterable[Resource]) -> dict[str, Schema]:
    """All schemas by name."""
    found: dict[str, Schema] = {"Problem": _problem(), "Meta": _meta(), "Links": _links(), "Found": _record(FIELDS)}
    for resource in resources:
        found[resource.singular] = _record(resource.fields)
        found[f"{resource.singular}Detail"] = _record(resource.fields, resource.parts)
    return found


def _record(fields: Sequence[Field], parts: Sequence[Part] = ()) -> Schema:
    properties: dict[str, Schema] = {item.name: item.schema() for item in fields}
    properties |= {part.name: _part(part) for part in parts}
    if parts:
        told = "Lists that were too long to be given whole."
        properties["cut"] = {"type": "array", "items": _TEXT, "description": told}
    return {
        "type": "object",
        "properties": properties | {"self": _SELF},
        "required": ["self"],
        "additionalProperties": False,
    }


def _part(part: Part) -> Schema:
    items: Schema = {"type": ["object", "string"]}
    return {"type": "array", "items": items, "maxItems": part.most, "description": part.description}


def _links() -> Schema:
    told = "The next page; without it this is the last."
    return {
        "type": "object",
        "properties": {"self": _SELF, "next": {"type": "string", "description": told}},
        "required": ["self"],
        "additionalProperties": False,
    }


def _meta() -> Schema:
    texts = {"type": "array", "items": _TEXT}
    as_of = {
        "type": "object",
        "description": "Of an answer as of an instant: which fields are left out, which are as they are read today.",
        "properties": {"at": _TEXT, "left_out": texts, "as_now": texts, "note": _TEXT},
        "required": ["at", "left_out", "as_now", "note"],
        "additionalProperties": False,
    }
    properties = {
        "built_on": {"type": ["string", "null"], "format": "date", "description": "The day that the data are of."},
        "database": {"type": ["string", "null"], "description": "Checksum of the data (about.content_sha256)."},
        "limit": {"type": "integer"},
        "count": {"type": "integer", "description": "Rows on this page."},
        "as_of": as_of,
    }
    return {"type": "object", "properties": properties, "required": ["built_on", "database"],
            "additionalProperties": False}  # fmt: skip


def _problem() -> Schema:
    wrong = {
        "type": "object",
        "properties": {
            "parameter": _TEXT,
            "detail": _TEXT,
            "did_you_mean": {"type": "array", "items": _TEXT},
            "allowed": {"type": "array", "items": _TEXT},
        },
        "required": ["parameter", "detail"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "description": "Problem details (RFC 9457).",
        "properties": {
            "type": {"type": "string", "description": f"One of {', '.join(PROBLEM_TYPES)}, at its description."},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "instance": _TEXT,
            "errors": {"type": "array", "items": wrong},
        },
        "required": ["type", "title", "status", "detail", "instance"],
        "additionalProperties": False,
    }


def parameter_record(parameter: Parameter) -> Schema:
    """A parameter as OpenAPI describes it."""
    told: Schema = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "required": parameter.is_required,
        "schema": parameter_schema(parameter),
    }
    if parameter.most_values > 1:
        told |= {"style": "form", "explode": parameter.kind in ("party", "jurisdiction")}
    if parameter.example:
        several = parameter.most_values > 1
        told["example"] = parameter.example.split(",") if several else _plain(parameter)
    return told


def _plain(parameter: Parameter) -> Any:
    if parameter.kind in ("number", "count"):
        return float(parameter.example) if "." in parameter.example else int(parameter.example)
    return parameter.example == "true" if parameter.kind == "flag" else parameter.example


def parameter_schema(parameter: Parameter) -> Schema:
    """The schema of its value."""
    if parameter.kind == "count":
        return {"type": "integer", "minimum": int(parameter.least or 0), "maximum": int(parameter.most or 0)}
    if parameter.kind in _KIND_SCHEMAS:
        return _KIND_SCHEMAS[parameter.kind]
    words: Schema = {"type": "string", "minLength": 1, "maxLength": MOST_VALUE_CHARS, "pattern": PLAIN}
    one: Schema = {"type": "string", "enum": list(parameter.choices)} if parameter.choices else words
    if parameter.kind == "json":
        return {"type": "string", "minLength": 2}
    if parameter.most_values == 1:
        return one
    return {"type": "array", "items": one, "minItems": 1, "maxItems": parameter.most_values}
