"""Values of the domain as records, as `dataclasses.asdict` gives them, without its copy of every leaf.

Leaves are shared, not copied: they are frozen, or plain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

Record = dict[str, Any]


def as_record(value: Any) -> Record:
    """A dataclass with what it holds as a dict, field by field in their order; tuples stay tuples."""
    kind: Any = type(value)
    names, get = _fields_of(kind)
    return dict(zip(names, map(_plain, get(value)), strict=True))


@cache
def _fields_of(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(field.name for field in fields(kind))
    get = attrgetter(*names)
    return names, get if len(names) > 1 else lambda value: (get(value),)


@cache
def _has_fields(kind: Any) -> bool:
    return hasattr(kind, "__dataclass_fields__")


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    if kind is str or value is None:
        return value
    if kind is tuple:
        return tuple(map(_plain, value)) if value else value
    return as_record(value) if _has_fields(kind) else value
