"""The Reconciliation Service API 0.2 of the W3C community group, by which OpenRefine matches a column of names.

https://reconciliation-api.github.io/specs/0.2/ has the protocol; its JSON schemas are
in https://github.com/reconciliation-api/specs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urljoin

from tracker import __version__
from tracker.render.wording import ENTITY_TYPE_WORDS
from tracker.serve.api.candidates import (
    COMPARED,
    DEFAULT_CANDIDATES,
    MOST_CANDIDATES,
    PROPERTIES,
    NameBook,
    NameQuery,
    describe,
)
from tracker.serve.api.fields import SITE
from tracker.serve.api.names import Named
from tracker.serve.api.problems import Problem, near, shown
from tracker.types import ENTITY_TYPES

MOST_QUERIES = 50
MOST_IDS = 500
_MOST_NAME_CHARS = 300
_MOST_VALUES = 20
PREVIEW_SIZE = (420, 180)
TYPES: dict[str, str] = {key: ENTITY_TYPE_WORDS[key][0] for key in ENTITY_TYPES}
SUGGESTED = 20


def manifest(base: str, site: str, title: str) -> dict[str, Any]:
    """The service's manifest; `base` is the API's whole address, `site` that of the site."""
    here = f"{base}/reconcile"

    def service(what: str) -> dict[str, str]:
        return {"service_url": here, "service_path": f"/suggest/{what}"}

    width, height = PREVIEW_SIZE
    return {
        "versions": ["0.1", "0.2"],
        "name": f"{title}: companies, models, people, bodies, laws",
        "identifierSpace": f"{base}/entities/",
        "schemaSpace": f"{base}/docs#entities",
        "documentation": f"{base}/docs",
        "serviceVersion": __version__,
        "defaultTypes": [{"id": key, "name": name} for key, name in TYPES.items()],
        "view": {"url": f"{site}entities/{{{{id}}}}.html"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": width, "height": height},
        "suggest": {what: service(what) for what in ("entity", "type", "property")},
        "extend": {"propose_properties": {"service_url": here, "service_path": "/properties"}, "property_settings": []},
    }


def read_queries(text: str) -> dict[str, NameQuery]:
    """A batch of queries.

    Raises:
        Problem: it is no JSON object of queries, or has too many of them.
    """
    held = _object(text, "queries")
    if len(held) > MOST_QUERIES:
        raise _bad(f"queries: {len(held)} at once; at most {MOST_QUERIES}")
    return {key: _read_query(key, query) for key, query in held.items()}


def _object(text: str, name: str) -> dict[str, Any]:
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        raise _bad(f"{name}: it is no JSON") from None
    if not isinstance(held, dict):
        raise _bad(f"{name}: it is no JSON object")
    return held


def _bad(detail: str) -> Problem:
    return Problem("bad-request", detail)


def _read_query(key: str, held: Any) -> NameQuery:
    where = f"queries, {shown(key)}"
    if not isinstance(held, dict):
        raise _bad(f'{where}: it is no object such as {{"query": "Alibaba"}}')
    name = held.get("query", "")
    types = held.get("type", [])
    types = [types] if isinstance(types, str) else types
    limit = held.get("limit", DEFAULT_CANDIDATES)
    if not isinstance(name, str) or len(name) > _MOST_NAME_CHARS:
        raise _bad(f"{where}: query is no text of at most {_MOST_NAME_CHARS} characters")
    if not isinstance(types, list) or not all(isinstance(item, str) for item in types) or len(types) > _MOST_VALUES:
        raise _bad(f"{where}: type is neither a text nor a list of texts")
    if not isinstance(limit, int | float) or isinstance(limit, bool) or not 1 <= limit <= 10_000:
        raise _bad(f"{where}: limit is no number of 1 or more")
    strict = held.get("type_strict", "any")
    if strict not in ("any", "should", "all"):
        raise _bad(f"{where}: type_strict is any, should or all")
    properties = _read_properties(where, held.get("properties", []))
    return NameQuery(name, tuple(types), strict != "should", properties, min(int(limit), MOST_CANDIDATES))


def _read_properties(where: str, held: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(held, list) or len(held) > _MOST_VALUES:
        raise _bad(f"{where}: properties is no list of at most {_MOST_VALUES}")
    found = []
    for item in held:
        if not isinstance(item, dict) or not isinstance(item.get("pid"), str) or "v" not in item:
            raise _bad(f'{where}: a property is no object such as {{"pid": "jurisdiction", "v": "CN"}}')
        if item["pid"] not in COMPARED:
            raise _bad(f"{where}: {shown(item['pid'])} is not compared; {', '.join(COMPARED)} are")
        values = item["v"] if isinstance(item["v"], list) else [item["v"]]
        found.append((item["pid"], tuple(_value(where, value) for value in values[:_MOST_VALUES])))
    return tuple(found)


def _value(where: str, held: Any) -> str:
    if isinstance(held, dict):
        held = held.get("name") or held.get("id")
    if not isinstance(held, str | int | float):
        raise _bad(f"{where}: a property's value is neither a text, a number nor an object with an id")
    return str(held)[:_MOST_NAME_CHARS]


def answer_queries(book: NameBook, queries: Mapping[str, NameQuery]) -> dict[str, Any]:
    """The candidates of each query, by its key."""
    return {key: {"result": [item.record(TYPES) for item in book.candidates(query)]} for key, query in queries.items()}


def suggest(book: NameBook, what: str, prefix: str, skip: int) -> dict[str, Any]:
    """Entities, types or properties whose name begins so."""
    if what == "entity":
        hits = book.suggest(prefix, skip + SUGGESTED)[skip:]
        return {"result": [
            {"id": item.id, "name": item.names[0], "description": describe(item),
             "notable": [{"id": item.type, "name": TYPES.get(item.type, item.type)}]}
            for item in hits
        ]}  # fmt: skip
    held = TYPES if what == "type" else {key: PROPERTIES[key] for key in COMPARED}
    start = prefix.casefold().strip()
    found = [(key, name) for key, name in held.items() if start in key.casefold() or start in name.casefold()]
    return {"result": [{"id": key, "name": name} for key, name in found[skip : skip + SUGGESTED]]}


def read_extension(text: str) -> tuple[list[str], list[str]]:
    """(ids, properties) of a request for data extension.

    Raises:
        Problem: it is no JSON object of them, or asks for too many.
    """
    held = _object(text, "extend")
    ids = held.get("ids")
    properties = held.get("properties")
    if not isinstance(ids, list) or not all(isinstance(item, str) for item in ids) or len(ids) > MOST_IDS:
        raise _bad(f"extend: ids is no list of at most {MOST_IDS} ids")
    if not isinstance(properties, list) or not all(isinstance(item, dict) for item in properties):
        raise _bad('extend: properties is no list of objects such as {"id": "jurisdiction"}')
    names = [str(item.get("id")) for item in properties[:_MOST_VALUES]]
    for name in names:
        if name not in PROPERTIES:
            raise _bad(
                f"extend: there is no property {shown(name)}; {' or '.join(near(name, PROPERTIES) or PROPERTIES)}"
            )
    return ids, names


def extend(book: NameBook, ids: list[str], properties: list[str], site: str) -> dict[str, Any]:
    """The values of properties of entities; an id that is nobody's has none. `site` is the site's whole address."""
    rows = {}
    for id_ in ids:
        entity = book.names.entities.get(id_)
        rows[id_] = {name: _values(entity, name, site) if entity else [] for name in properties}
    return {"meta": [{"id": name, "name": PROPERTIES[name]} for name in properties], "rows": rows}


def _values(entity: Named, name: str, site: str) -> list[dict[str, Any]]:
    if name == "claims":
        return [{"int": entity.claim_count}]
    if name == "parent":
        return [{"id": entity.parent, "name": entity.parent_name}] if entity.parent and entity.parent_name else []
    if name == "alias":
        return [{"str": item} for item in entity.names[1:]]
    page = urljoin(site, entity.page)  # a cell of a spreadsheet has no page that it could be relative to
    held = {"jurisdiction": entity.jurisdiction, "type": TYPES.get(entity.type, entity.type), "page": page}[name]
    return [{"str": held}] if held else []


def properties(limit: int | None, type_: str | None) -> dict[str, Any]:
    """What can be fetched of entities of a type (the data extension's proposals)."""
    found = [{"id": key, "name": name} for key, name in PROPERTIES.items()]
    told: dict[str, Any] = {"properties": found[:limit] if limit else found}
    return told | ({"type": type_, "limit": limit} if type_ and limit else {"type": type_} if type_ else {})


def preview(entity: Named) -> str:
    """A small page about an entity, for a frame of PREVIEW_SIZE."""
    page = entity.page if entity.page.startswith(("https://", "http://")) else f"{SITE}{entity.page}"
    others = ", ".join(entity.names[1:8])
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{escape(entity.names[0])}</title><style>body{{font:14px/1.4 system-ui,sans-serif;margin:8px}}"
        "h1{font-size:16px;margin:0 0 4px}p{margin:0 0 4px;overflow-wrap:anywhere}</style>"
        f'<h1><a href="{escape(page)}" target="_blank" rel="noopener">{escape(entity.names[0])}</a></h1>'
        f"<p>{escape(describe(entity))}</p>" + (f"<p>Also called {escape(others)}</p>" if others else "") + "</html>"
    )
