"""How values stand in the published database: days, instants and lists as text, numbers without a needless point."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from tracker.ids import digest_of

Value = str | int | float | None
Row = dict[str, Value]
SearchIds = dict[tuple[str, str], int]
"""(kind, id) -> the number by which the full-text indexes know it."""

_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_LARGEST_WHOLE = 2**53
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def day(on: date | None) -> str | None:
    """YYYY-MM-DD."""
    return on.isoformat()[:10] if on else None


def instant(at: datetime | None) -> str | None:
    """YYYY-MM-DDTHH:MM:SSZ, which SQLite's date functions read and which sorts by time."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z" if at else None


def last_look(at: datetime | None) -> date | None:
    """The day (UTC) of a look at a page.

    Finer than that, a file would be another one after each run that found nothing new.
    """
    return at.astimezone(UTC).date() if at else None


def listed(items: Iterable[str | Mapping[str, Any]]) -> str:
    """A JSON array."""
    held = list(items)
    return _encode(held) if held else "[]"


def number(value: float | None) -> float | int | None:
    """A number, whole where it is; None for what no number can say."""
    if value is None or not isfinite(value):
        return None
    return int(value) if value == int(value) and abs(value) < _LARGEST_WHOLE else float(value)


def storable(value: Value) -> Value:
    """The value without what SQLite or UTF-8 cannot hold (NUL, lone surrogates), each replaced so that offsets stay."""
    if not isinstance(value, str) or value.isprintable():  # most texts are, and that is told faster
        return value
    return _NOT_STORABLE.sub("\ufffd", value)


def storable_values(values: Iterable[Value]) -> list[Value]:
    """Several; nearly all are held as they are, and a call for each would take as long as SQLite does."""
    return [v if type(v) is not str or v.isprintable() else storable(v) for v in values]


def unique_ids(prefix: str, keys: Iterable[tuple[str | None, ...]]) -> list[str]:
    """An id for each key, derived from it alone; the second and later ones of the same key get their number."""
    seen: Counter[str] = Counter()
    ids = []
    for key in keys:
        id_ = f"{prefix}-{digest_of(*key)}"
        seen[id_] += 1
        ids.append(id_ if seen[id_] == 1 else f"{id_}-{seen[id_]}")
    return ids
