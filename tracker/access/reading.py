"""Rows of the documented views as values: flags, days, instants and lists as Python has them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def read_row(kind: type[T], row: Mapping[str, Any]) -> T:
    """A row as a value of `kind`; columns that it does not have are passed over.

    A column that the file does not have, since an older tracker made it, is None or an empty list.
    """
    if kind not in _MAKERS:
        hints = get_type_hints(kind)
        _MAKERS[kind] = {name: _maker(hint) for name, hint in hints.items()}
    return kind(**{name: make(row.get(name)) for name, make in _MAKERS[kind].items()})


_MAKERS: dict[type, dict[str, Callable[[Any], Any]]] = {}
"""How each field of a kind is made: what the types say is looked up once."""


def _maker(hint: Any) -> Callable[[Any], Any]:
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        return lambda value: tuple(_items(item, value))
    if get_origin(hint) is UnionType:
        (hint,) = (one for one in get_args(hint) if one is not NoneType)
    convert = _CONVERTERS.get(hint)
    return _same if convert is None else lambda value: None if value is None else convert(value)


def _same(value: Any) -> Any:
    return value


_CONVERTERS: dict[Any, Callable[[Any], Any]] = {
    bool: bool,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


def _items(kind: Any, value: Any) -> list[Any]:
    held = json.loads(value) if value else []
    return held if kind is str else [read_row(kind, item) for item in held]
