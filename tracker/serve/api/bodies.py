"""Answers as bytes: JSON, JSON Lines (a record a line) or CSV, and which of them a request accepts."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any, Literal

from tracker.render.exports import csv_cell
from tracker.serve.api.problems import Problem, shown
from tracker.serve.api.resource import Record

Format = Literal["json", "jsonl", "csv"]
MEDIA_TYPES: dict[Format, str] = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8; header=present",
}
_ACCEPTED: dict[str, Format] = {
    "application/json": "json",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "text/csv": "csv",
}
_WEIGHT = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")
_MOST_RANGES = 50
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def choose_format(accept: str, wanted: tuple[str, ...] | None) -> Format:
    """The format by the parameter, or else by the Accept header (RFC 9110, 12.5.1): of equals the first of ours.

    Raises:
        Problem: the header accepts none of ours.
    """
    if wanted:
        return next(item for item in MEDIA_TYPES if item == wanted[0])
    if not accept.strip():
        return "json"
    ranges = [_weighed(item) for item in accept.split(",")[:_MOST_RANGES]]
    weights: dict[Format, float] = {}
    for media, format_ in _ACCEPTED.items():
        weights[format_] = max(weights.get(format_, 0.0), _weight_of(media, ranges))
    best = max(weights, key=lambda item: weights[item])
    if not weights[best]:
        told = f"Accept {shown(accept)} asks for none of {', '.join(_ACCEPTED)}"
        raise Problem("not-acceptable", told)
    return best


def _weighed(text: str) -> tuple[str, float]:
    media, *rest = (part.strip().lower() for part in text.split(";"))
    weight = next((part[2:].strip() for part in rest if part.startswith("q=")), "1")
    return media, float(weight) if _WEIGHT.fullmatch(weight) else 0.0


def _weight_of(media: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The weight of the most particular range that holds it."""
    for pattern in (media, f"{media.partition('/')[0]}/*", "*/*"):
        found = [weight for held, weight in ranges if held == pattern]
        if found:
            return max(found)
    return 0.0


def list_body(format_: Format, records: Sequence[Record], names: Sequence[str], around: Record) -> bytes:
    """A list as bytes; `around` is what JSON has beside `data`, `names` heads a CSV."""
    if format_ == "json":
        return _bytes(_encode({"data": records, **around}) + "\n")
    if format_ == "jsonl":
        return _bytes("".join(f"{_encode(record)}\n" for record in records))
    return csv_body(records, names)


def detail_body(format_: Format, record: Record, names: Sequence[str], around: Record) -> bytes:
    """One thing as bytes."""
    if format_ == "json":
        return _bytes(_encode({"data": record, **around}) + "\n")
    return list_body(format_, [record], names, {})


def csv_body(records: Sequence[Record], names: Sequence[str]) -> bytes:
    """CSV (RFC 4180) with lists as JSON, and nothing that a spreadsheet would run as a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_cell(record.get(name)) for name in names] for record in records)
    return _bytes(buffer.getvalue())


def _cell(value: Any) -> Any:
    """A CSV cell, with words for yes and no as JSON has them."""
    return ("true" if value else "false") if isinstance(value, bool) else csv_cell(value)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
