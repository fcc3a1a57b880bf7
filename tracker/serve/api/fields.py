"""The fields of a resource: the columns of its documented view, as JSON types."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from tracker.render.database import load_schema
from tracker.render.database.schema import Column

_HIDDEN = {"search_id"}
_NOT_NULL = re.compile(r"^  (\w+) (?:TEXT|INTEGER|NUMERIC|REAL) NOT NULL", re.MULTILINE)
_SCHEMAS: dict[str, dict[str, Any]] = {
    "day": {"type": "string", "format": "date"},
    "instant": {"type": "string", "format": "date-time"},
    "number": {"type": "number"},
    "count": {"type": "integer"},
    "offset": {"type": "integer"},
    "flag": {"type": "boolean"},
    "json": {"type": "array"},
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `kind` as in the database's `columns`."""

    name: str
    kind: str
    description: str
    is_nullable: bool = True

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        schema = dict(_SCHEMAS.get(self.kind, {"type": "string"}))
        if self.is_nullable:
            schema["type"] = [schema["type"], "null"]
        return schema | {"description": self.description}

    @property
    def conversion(self) -> Callable[[Any], Any] | None:
        """What makes JSON of what the database holds, where that is not the same; None and empty lists apart."""
        return _page if self.name == "page" else _CONVERSIONS.get(self.kind)


def convert_rows(fields: Sequence[Field], rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """Rows, whose first columns are the fields, as records of JSON values."""
    names = [item.name for item in fields]
    others = [(number, item.name, item.conversion) for number, item in enumerate(fields) if item.conversion]
    records = []
    for row in rows:
        record = dict(zip(names, row, strict=False))
        for number, name, convert in others:
            held = row[number]
            if held is not None:
                record[name] = convert(held) if held != "[]" else []
        records.append(record)
    return records


SITE = "/"
"""Where the site begins for pages whose address is relative: the API is served beside it."""


def _page(held: str) -> str:
    return held if held.startswith(("https://", "http://")) else f"{SITE}{held}"


_CONVERSIONS: dict[str, Callable[[Any], Any]] = {"flag": bool, "json": json.loads}


@cache
def view_fields(view: str, table: str) -> tuple[Field, ...]:
    """The fields of a documented view; those that its table never leaves empty are not nullable."""
    schema = load_schema()
    relation = next(item for item in schema.relations if item.name == view)
    columns = [column for column in relation.columns if column.name not in _HIDDEN]
    filled = _filled(schema.tables_sql, table)
    return tuple(_field(column, filled) for column in columns)


def _field(column: Column, filled: frozenset[str]) -> Field:
    return Field(column.name, column.kind, column.description, column.name not in filled)


def _filled(tables_sql: str, table: str) -> frozenset[str]:
    """The columns of a table that are never null."""
    start = tables_sql.index(f"CREATE TABLE {table} (")
    body = tables_sql[start : tables_sql.index("\n)", start)]
    keys = re.findall(r"^  (\w+) TEXT PRIMARY KEY", body, re.MULTILINE)
    return frozenset([*_NOT_NULL.findall(body), *keys])


def path_of(root: str, resource: str, id: str) -> str:
    """Where the API has a thing."""
    return f"{root}/{resource}/{quote(id, safe='')}"
