"""The SQL of a page: first the keys of its rows along an index, then their fields out of the documented view.

Every value is a parameter. A page begins after a row, not after a count of rows, so its cost does not grow with how far
one has read. Of the ways to the keys the narrowest known is taken: what belongs to one thing (`keys`), what a party
takes part in (`_party_rows`), the order of updates, or the whole table in its order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracker.serve.api.asked import Asked, filters_of
from tracker.serve.api.resource import Filter, Resource


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to the keys: the columns that pages run along, and how other conditions name the row's day and id."""

    order: tuple[str, ...]
    dated: str
    key: str
    is_newest_first: bool
    is_by_party: bool = False


def page_statement(resource: Resource, asked: Asked) -> tuple[str, dict[str, Any]]:
    """(SQL, values) of a page: its rows' fields, then the keys that a cursor takes; one row more than the limit."""
    way = _choose_way(resource, asked)
    where, values = _conditions(resource, asked, way)
    names = [f"k{number}" for number in range(len(way.order))]
    direction = " DESC" if way.is_newest_first else ""
    inner = ", ".join(f"{one} AS {name}" for one, name in zip(way.order, names, strict=True))
    told = ", ".join([*_told(resource, asked), *(f"k.{name}" for name in names)])
    sql = (
        f"SELECT {told} FROM (SELECT {inner} FROM {_source(resource, way, where)}"
        f"{' WHERE ' if where else ''}{' AND '.join(f'({one})' for one in where)}"
        f" ORDER BY {', '.join(f'{one}{direction}' for one in way.order)} LIMIT :take) AS k"
        f" CROSS JOIN {resource.name} AS v ON v.{resource.key} = k.{names[-1]}"
        f" ORDER BY {', '.join(f'k.{name}{direction}' for name in names)}"
    )
    return sql, values | {"take": asked.limit + 1}


def detail_statement(resource: Resource, asked: Asked, id: str) -> tuple[str, dict[str, Any]]:
    """(SQL, values) of one thing's fields; no row where it is not there or did not stand."""
    values: dict[str, Any] = {"id": id}
    source, stood = f"{resource.name} AS v", ""
    if asked.as_of and resource.as_of:
        source += f" CROSS JOIN {resource.table} AS t ON t.{resource.key} = v.{resource.key}"
        stood, values["as_of"] = f" AND ({resource.as_of.test})", asked.as_of
    told = ", ".join(_told(resource, asked))
    return f"SELECT {told} FROM {source} WHERE v.{resource.key} = :id{stood}", values


def _told(resource: Resource, asked: Asked) -> Iterator[str]:
    then = resource.as_of.told if asked.as_of and resource.as_of else {}
    return (f"{then.get(item.name, f'v.{item.name}')} AS {item.name}" for item in asked.fields)


def _choose_way(resource: Resource, asked: Asked) -> _Way:
    key, dated = f"t.{resource.key}", f"t.{resource.dated}"
    if asked.updated_since:
        return _Way((f"t.{resource.updated}", key), dated, key, is_newest_first=False)
    if any(item.keys for item in filters_of(resource, asked)):
        # The + keeps SQLite from walking the whole table in order where a few ids can be looked up and sorted.
        order = (f"+{dated}", f"+{key}") if resource.dated else (f"+{key}",)
        return _Way(order, dated, key, bool(resource.dated))
    if resource.party_kind and asked.parties:
        return _Way(("p.dated_on", "p.id"), "p.dated_on", "p.id", is_newest_first=True, is_by_party=True)
    return _Way((dated, key) if resource.dated else (key,), dated, key, bool(resource.dated))


def _source(resource: Resource, way: _Way, where: list[str]) -> str:
    if not way.is_by_party:
        return f"{resource.table} AS t"
    needs_table = any("t." in one for one in where)
    return "_party_rows AS p" + (f" CROSS JOIN {resource.table} AS t ON t.{resource.key} = p.id" if needs_table else "")


def _conditions(resource: Resource, asked: Asked, way: _Way) -> tuple[list[str], dict[str, Any]]:
    where: list[str] = []
    values: dict[str, Any] = {}
    for item in filters_of(resource, asked):
        if condition := _condition(item, asked.values[item.name], way):
            where.append(condition)
            values[item.name] = _bound(item, asked.values[item.name])
    if resource.party_kind:
        _add_parties(resource, asked, way, where, values)
    if asked.as_of and resource.as_of:
        where.append(resource.as_of.test)
        values["as_of"] = asked.as_of
    if asked.updated_since:
        where.append(f"t.{resource.updated} >= :updated_since")
        values["updated_since"] = asked.updated_since
    if asked.after:
        places = ", ".join(f":after{number}" for number in range(len(asked.after)))
        where.append(f"({', '.join(way.order)}) {'<' if way.is_newest_first else '>'} ({places})")
        values |= {f"after{number}": key for number, key in enumerate(asked.after)}
    return where, values


def _condition(item: Filter, value: Any, way: _Way) -> str:
    if item.keys:
        return f"{way.key} IN ({item.keys})"
    if item.test:
        return item.test.replace("{dated}", way.dated)
    if not item.column:
        return ""
    if isinstance(value, tuple) and len(value) > 1:
        return f"t.{item.column} IN (SELECT value FROM json_each(:{item.name}))"
    return f"t.{item.column} = :{item.name}"


def _bound(item: Filter, value: Any) -> Any:
    if not isinstance(value, tuple):
        return int(value) if isinstance(value, bool) else value
    if "json_each(:" + item.name in item.test or len(value) > 1:
        return json.dumps(value, ensure_ascii=False)
    return value[0]


def _add_parties(resource: Resource, asked: Asked, way: _Way, where: list[str], values: dict[str, Any]) -> None:
    for number, party in enumerate(asked.parties):
        name = f"party{number}"
        values[name] = party
        if number == 0 and way.is_by_party:
            where.append(f"p.party = :{name} AND p.kind = '{resource.party_kind}'")
        else:
            where.append(
                f"EXISTS (SELECT 1 FROM _party_rows AS q WHERE q.party = :{name} AND q.kind = '{resource.party_kind}'"
                f" AND q.dated_on = {way.dated} AND q.id = {way.key})"
            )
    if asked.parties and "actor" in asked.values:
        values["actor"] = asked.values["actor"][0]
