"""What the list of pages gives to a page: the things that it is about, and the words and numbers beside them.

Values of a page are made by a `functools.partial` over its arguments. Things of the dataset among them are named, as if
the page had read them; all else counts by what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache, partial
from typing import Any, Literal

from markupsafe import Markup

from tracker.ids import int_digest
from tracker.render.catalogue import Catalogue
from tracker.render.page import DataFile, FileSet, Page
from tracker.render.views import DocumentView, EventView, Views
from tracker.types import ClaimRecord, Dispute, Entity, Event, StoredDocument

_NAMED = (Event, StoredDocument, Entity, ClaimRecord, EventView, DocumentView, Dispute)
_PLAIN = (str, int, float, bool, type(None), date, bytes)


class _Opaque(Exception):
    """Something among the arguments of which nobody can tell whether it is what it was."""


def what_is_given(item: Page | DataFile | FileSet) -> tuple[frozenset[str], int] | None:
    """(names of the things that a page is about, digest of everything else); None where that cannot be told."""
    if isinstance(item, FileSet) or item.shows_all:
        return frozenset(["dataset:*"]), 0
    made = item.values if isinstance(item, Page) else item.body
    if not isinstance(made, partial) and getattr(made, "__closure__", None) is not None:
        return None
    names: set[str] = set()
    parts: list[str] = [item.template, str(item.is_listed)] if isinstance(item, Page) else []
    try:
        _take(made, names, parts)
    except _Opaque:
        return None
    return frozenset(names), int_digest(*parts)


def names_of(things: Iterable[object]) -> frozenset[str]:
    """The names under which things of the dataset are read."""
    return frozenset(map(_name_of, things)) - {""}


def _take(value: Any, names: set[str], parts: list[str]) -> None:
    kind: Any = type(value)
    sort = _sort_of(kind)
    if sort == "plain":
        parts.append(repr(value))
    elif sort == "named":
        names.add(name := _name_of(value))
        parts.append(name)
    elif sort == "partial":
        _take_all((value.func, value.args, value.keywords), names, parts)
    elif sort == "list":
        _take_all(value, names, parts)
    elif sort == "mapping":
        _take_all([part for row in value.items() for part in row], names, parts)
    elif sort == "fields":
        _take_all([getattr(value, name) for name in _names_of_fields(kind)], names, parts)
    elif sort == "other":
        if not callable(value) or not hasattr(value, "__qualname__") or hasattr(value, "__self__"):
            raise _Opaque
        parts.append(f"{value.__module__}.{value.__qualname__}")


_Sort = Literal["site", "named", "plain", "partial", "list", "mapping", "fields", "other"]


@cache
def _sort_of(kind: Any) -> _Sort:
    """How values of a kind are taken: there are some dozens of kinds, and hundreds of thousands of values."""
    if issubclass(kind, Views | Catalogue):
        return "site"
    if issubclass(kind, _NAMED):
        return "named"
    if issubclass(kind, Markup | date) or kind in _PLAIN:
        return "plain"
    if issubclass(kind, partial):
        return "partial"
    if issubclass(kind, tuple | list):
        return "list"
    if issubclass(kind, Mapping):
        return "mapping"
    return "fields" if is_dataclass(kind) else "other"


@cache
def _names_of_fields(kind: Any) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind))


def _take_all(values: Any, names: set[str], parts: list[str]) -> None:
    parts.append(f"{type(values).__name__}({len(values)})")
    for value in values:
        _take(value, names, parts)


def _name_of(value: Any) -> str:
    """The name under which a thing of the dataset, or a view of one, is read."""
    if isinstance(value, Event):
        return f"events_by_id:{value.id}"
    if isinstance(value, StoredDocument):
        return f"documents:{value.id}"
    if isinstance(value, Entity):
        return f"entities:{value.id}"
    if isinstance(value, ClaimRecord):
        return f"claims:{value.id}"
    if isinstance(value, EventView):
        return f"view:event:{value.event.id}"
    if isinstance(value, DocumentView):
        return f"view:document:{value.document.id}"
    return f"dispute:{value.id}" if isinstance(value, Dispute) else ""
