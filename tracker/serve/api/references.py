"""What ids refer to: where a merged one leads, and what may have been meant by one that is nobody's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tracker.access.finding import follow_redirects
from tracker.query import Limits, Published
from tracker.serve.api.problems import Wrong, bad_parameters, near, shown
from tracker.serve.api.resource import Resource

_MOST_NEAR = 200
_BEGINNING = 3
"""Letters that are taken to be right in an id that is not."""
_TABLES = {
    "claim": "_claims",
    "dispute": "_disputes",
    "document": "_documents",
    "entity": "_entities",
    "event": "_events",
}
_MERGED = ("dispute", "event")
"""Kinds whose ids may have been merged into others."""


def first_standing(database: Published, table: str, key: str, ids: Iterable[str]) -> str | None:
    """The first of these ids that a row of the table has."""
    sql = f"SELECT 1 FROM {table} WHERE {key} = :id LIMIT 1"
    return next((one for one in ids if database.ask(sql, {"id": one}).rows), None)


def nearest_ids(database: Published, table: str, key: str, id: str, seconds: float) -> tuple[str, ...]:
    """Ids that may have been meant: of those that begin with it, or as it does.

    Raises:
        QueryTooSlow: it took longer than `seconds`.
    """
    sql = f"SELECT {key} FROM {table} WHERE {key} >= :start AND {key} < :end ORDER BY {key} LIMIT {_MOST_NEAR}"
    found: list[str] = []
    for start in dict.fromkeys((id[:200], id[:200].lower(), id[:_BEGINNING].lower())):
        values = {"start": start, "end": f"{start}\U0010ffff"}
        ids = [str(row[0]) for row in database.ask(sql, values, Limits(seconds, _MOST_NEAR)).rows]
        if len(start) > _BEGINNING and ids:
            return near(id, ids) or tuple(ids[:3])
        found += ids
    return near(id, found)


def follow_ids(database: Published, resource: Resource, values: Mapping[str, Any], seconds: float) -> dict[str, str]:
    """The ids that filters of a resource stand for, by filter: each as it is, or what it was merged into.

    Raises:
        Problem: a filter has an id that is nobody's; tells which may have been meant.
        QueryTooSlow: it took longer than `seconds`.
    """
    told: dict[str, str] = {}
    errors = []
    for item in resource.filters:
        if not item.of or item.name not in values:
            continue
        found = _follow(database, item.of, str(values[item.name]))
        if found is None:
            errors.append(_unknown(database, item.name, item.of, str(values[item.name]), seconds))
        else:
            told[item.name] = found
    if errors:
        raise bad_parameters(errors)
    return told


def _follow(database: Published, kind: str, id: str) -> str | None:
    ids = [id, *(follow_redirects(database, id) if kind in _MERGED else ())]
    return first_standing(database, _TABLES[kind], "id", ids)


def _unknown(database: Published, name: str, kind: str, id: str, seconds: float) -> Wrong:
    likely = nearest_ids(database, _TABLES[kind], "id", id, seconds)
    hint = f"did you mean {' or '.join(likely)}?" if likely else f"/{_TABLES[kind][1:]} lists them"
    return Wrong(name, f"{name}: there is no {kind} {shown(id)}; {hint}", likely)
