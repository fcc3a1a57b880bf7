"""The OpenAPI 3.1 description of the API: what each route takes and answers, with examples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracker.serve.api import matching
from tracker.serve.api.bodies import MEDIA_TYPES
from tracker.serve.api.parameters import Parameter
from tracker.serve.api.problems import MEDIA_TYPE, PROBLEM_TYPES
from tracker.serve.api.resource import Resource
from tracker.serve.api.schemas import PLAIN, Schema, parameter_record, ref

TITLE = "Distillation dispute tracker"
ABOUT = """\
Who says that who did what to whom, how much and when, in which words of which version of which page.
An allegation is somebody's word: each claim keeps its speaker, the chain through which it came, its exact words, and
where these stand. Values that conflict stand side by side.

Lists are ordered and paged by cursors: follow `links.next` (or the `Link` header) until there is none. `fields` asks
for some fields only, `format` or the Accept header for JSON, JSON Lines or CSV. Answers carry ETag and Last-Modified.
What is wrong with a request is told as problem details (RFC 9457).
"""
_HEADERS = {
    "ETag": "For If-None-Match: 304 as long as the answer is the same.",
    "RateLimit-Policy": "How many requests (q) within how many seconds (w).",
    "RateLimit": "How many are left (r), and in how many seconds all are there again (t).",
}


def _headers() -> Schema:
    return {name: {"description": told, "schema": {"type": "string"}} for name, told in _HEADERS.items()}


def problem_responses(statuses: Iterable[int]) -> Schema:
    """The problems that a route may answer with."""
    told: Schema = {}
    for status in statuses:
        kinds = [item for item in PROBLEM_TYPES.values() if item.status == status]
        titles = "; ".join(item.title for item in kinds)
        told[str(status)] = {"description": titles, "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}
    return told


def json_response(schema: Schema, description: str, example: Any = None) -> Schema:
    """A response that is always JSON."""
    content: Schema = {"schema": schema} | ({"example": example} if example is not None else {})
    return {"description": description, "content": {"application/json": content}, "headers": _headers()}


def _data_response(schema: Schema, description: str) -> Schema:
    whole = {
        "type": "object",
        "properties": {"data": schema, "meta": ref("Meta"), "links": ref("Links")},
        "required": ["data", "meta", "links"],
        "additionalProperties": False,
    }
    content: Schema = {"application/json": {"schema": whole}}
    content |= {MEDIA_TYPES[key].partition(";")[0]: {"schema": {"type": "string"}} for key in ("jsonl", "csv")}
    return {"description": description, "content": content, "headers": _headers()}


def list_operation(resource: Resource, parameters: Sequence[Parameter]) -> Schema:
    """The description of a list."""
    return {
        "operationId": f"list_{resource.name}",
        "tags": [resource.name],
        "summary": f"List {resource.name}",
        "description": resource.description,
        "parameters": [parameter_record(item) for item in parameters],
        "responses": {
            "200": _data_response({"type": "array", "items": ref(resource.singular)}, f"A page of {resource.name}."),
            "304": {"description": "As it was."},
            **problem_responses((400, 406, 414, 429, 503)),
        },
    }


def detail_operation(resource: Resource, parameters: Sequence[Parameter]) -> Schema:
    """The description of one thing."""
    told = {"name": "id", "in": "path", "required": True, "description": "Its id.",
            "schema": {"type": "string", "minLength": 1, "pattern": PLAIN}}  # fmt: skip
    moved = {"308": {"description": "It was merged into another, where Location leads."}}
    return {
        "operationId": f"show_{resource.name}",
        "tags": [resource.name],
        "summary": f"One of the {resource.name}",
        "description": " ".join([resource.description, *(f"`{p.name}`: {p.description}" for p in resource.parts)]),
        "parameters": [told | ({"example": resource.example} if resource.example else {}),
                       *(parameter_record(item) for item in parameters)],
        "responses": {
            "200": _data_response(ref(f"{resource.singular}Detail"), "It, with what belongs to it."),
            "304": {"description": "As it was."},
            **(moved if resource.has_redirects else {}),
            **problem_responses((400, 404, 406, 414, 429, 503)),
        },
    }  # fmt: skip


def search_operation(parameters: Sequence[Parameter]) -> Schema:
    """The description of the search."""
    return {
        "operationId": "search",
        "tags": ["search"],
        "summary": "Search titles, summaries and quotes",
        "description": "Events, disputes, documents and claims in which all of the words stand.",
        "parameters": [parameter_record(item) for item in parameters],
        "responses": {
            "200": _data_response({"type": "array", "items": ref("Found")}, "A page of what is found."),
            "304": {"description": "As it was."},
            **problem_responses((400, 406, 414, 429, 503)),
        },
    }


_OBJECT: Schema = {"type": "object"}
_RESULT: Schema = {"type": "object", "properties": {"result": {"type": "array"}}, "required": ["result"]}


def reconcile_operation() -> Schema:
    """The description of the manifest and of queries by GET."""
    return {
        "operationId": "reconcile",
        "tags": ["reconcile"],
        "summary": "The service's manifest, or the candidates of a batch of names",
        "description": "Reconciliation Service API 0.2, for OpenRefine: give it this address.",
        "parameters": [parameter_record(item) for item in (matching.QUERIES, matching.EXTEND)],
        "responses": {
            "200": json_response(_OBJECT, "The manifest, or the candidates by the query's key."),
            **problem_responses((400, 414, 429, 503)),
        },
    }


def reconcile_posted() -> Schema:
    """The description of queries by POST."""
    fields = {
        item.name: {"type": "string", "description": item.description} for item in (matching.QUERIES, matching.EXTEND)
    }
    form: Schema = {"type": "object", "properties": fields, "additionalProperties": False}
    example = {"queries": matching.QUERIES.example}
    return {
        "operationId": "reconcile_posted",
        "tags": ["reconcile"],
        "summary": "The candidates of a batch of names, or properties of entities",
        "description": "The same in a form, as OpenRefine sends it.",
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": form, "example": example}},
        },
        "responses": {
            "200": json_response(_OBJECT, "The candidates by the query's key."),
            **problem_responses((400, 413, 414, 415, 429, 503)),
        },
    }


def suggest_operation(what: str) -> Schema:
    """The description of a suggest service."""
    return {
        "operationId": f"suggest_{what}",
        "tags": ["reconcile"],
        "summary": f"What begins so: {what}",
        "description": "For completing what somebody types.",
        "parameters": [parameter_record(item) for item in (matching.PREFIX, matching.SKIP)],
        "responses": {"200": json_response(_RESULT, "What begins so."), **problem_responses((400, 414, 429, 503))},
    }


def properties_operation() -> Schema:
    """The description of the proposals for data extension."""
    return {
        "operationId": "reconcile_properties",
        "tags": ["reconcile"],
        "summary": "Properties that can be fetched",
        "description": "For the data extension of OpenRefine.",
        "parameters": [parameter_record(item) for item in (matching.TYPE, matching.COUNT)],
        "responses": {"200": json_response(_OBJECT, "The properties."), **problem_responses((400, 414, 429))},
    }


def preview_operation() -> Schema:
    """The description of the preview."""
    return {
        "operationId": "reconcile_preview",
        "tags": ["reconcile"],
        "summary": "A small page about an entity",
        "description": "For a frame beside a candidate.",
        "parameters": [parameter_record(matching.ID)],
        "responses": {
            "200": {"description": "The page.", "content": {"text/html": {"schema": {"type": "string"}}}},
            **problem_responses((400, 404, 414, 429, 503)),
        },
    }
