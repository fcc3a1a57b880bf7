"""The site's JSON files: a line for each key, and for each item of a list under it.

So a change shows as the lines that changed, and Python's encoder in C does the work: it knows no indents, and the one
that does takes ten times as long.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any


def json_bytes(value: Mapping[str, Any] | list[Any]) -> bytes:
    """Days and instants as ISO 8601 has them; escaped to ASCII, so that a lone surrogate makes no file unreadable.

    Raises:
        TypeError: there is something in it that JSON has no form for.
    """
    return (_object(value) if isinstance(value, Mapping) else _array(value)).encode("ascii") + b"\n"


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} has no form in JSON")


_encode = json.JSONEncoder(ensure_ascii=True, default=_iso).encode


def _object(value: Mapping[str, Any]) -> str:
    rows = (
        f"{_encode(key)}: {_array(item) if type(item) in (list, tuple) else _encode(item)}"
        for key, item in value.items()
    )
    return "{\n" + ",\n".join(rows) + "\n}" if value else "{}"


def _array(items: list[Any] | tuple[Any, ...]) -> str:
    if all(type(item) is str for item in items):  # ids, names: many to a line
        return _encode(items)
    return "[\n" + ",\n".join(map(_encode, items)) + "\n]"
