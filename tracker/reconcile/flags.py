"""Flags: figures and dates that can hardly be right. They are published with a doubt, never dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from math import isfinite

from tracker.reconcile.dates import EARLIEST
from tracker.reconcile.valuewords import number, quote
from tracker.types import ClaimRecord, Flag, Quantity, QuantityKind, StoredDocument

_MOST: Mapping[QuantityKind, tuple[float, str]] = {
    "accounts": (1e10, "more accounts than people live"),
    "users": (1e10, "more users than people live"),
    "people": (1e10, "more people than live"),
    "companies": (1e9, "more companies than there are"),
    "exchanges": (1e11, "more exchanges than the largest service has with all of its users in a month"),
    "tokens": (1e17, "a thousand times what any model was trained on"),
}
_MOST_MONEY = 1e13
"""Twice the worth of the dearest company; in units that are small beside the dollar a hundred times as much."""
_LARGE_UNITS = frozenset({"USD", "EUR", "GBP", "CHF", "CAD", "AUD", "SGD"})
_SHARE = re.compile(
    r"\b(?:share|proportion|portion|part) of\b|(?:%|\bper ?cent|\bpercent)\s+(?:share\b|of\b)"
    r"|\b(?:Anteil|parte?|cuota|fatia) |占|份额|比例",
    re.IGNORECASE,
)
_MOST_YEARS_AHEAD = 10


def find_flags(
    records: Iterable[ClaimRecord], from_on: date, to_on: date, documents: Mapping[str, StoredDocument]
) -> tuple[Flag, ...]:
    """What a reader should doubt about an event: by claim, its figures before its dates, and the event's own day.

    `from_on` and `to_on` are the event's days; `documents`, by id, hold those of the records. "Far in the future" is
    counted from the day on which the tracker first had the words.
    """
    flags: dict[Flag, None] = {}
    latest = date.min
    for record in records:
        seen_at = record.first_seen_at or documents[record.document_id].first_seen_at
        horizon = _horizon(seen_at.date())
        latest = max(latest, horizon)
        for quantity in record.quantities:
            if why := _doubt_figure(quantity, record.claim.text):
                flags[Flag("implausible_figure", why, record.id)] = None
        for mention in record.dates:
            if why := _doubt_days(mention.from_on, mention.to_on, horizon):
                flags[Flag("implausible_date", f"{quote(mention.text)} {why}", record.id)] = None
    if why := _doubt_days(from_on, to_on, latest if latest > date.min else date.max):
        flags[Flag("implausible_date", f"The event’s day, {from_on.isoformat()}, {why}")] = None
    return tuple(flags)


def _horizon(seen: date) -> date:
    return date(min(seen.year + _MOST_YEARS_AHEAD, date.max.year), seen.month, min(seen.day, 28))


def _doubt_days(from_on: date, to_on: date, horizon: date) -> str | None:
    if from_on < EARLIEST:
        return f"is before {EARLIEST.year}, when the matter did not exist."
    if to_on > horizon:
        return f"is more than {_MOST_YEARS_AHEAD} years after the page was first seen."
    return None


def _doubt_figure(quantity: Quantity, sentence: str) -> str | None:
    ends = [end for end in (quantity.low, quantity.high) if end is not None]
    if not all(isfinite(end) for end in ends):
        return f"{quote(quantity.text)} is no finite number."
    value = max(ends, default=0.0)
    if quantity.kind == "money":
        most = _MOST_MONEY if quantity.unit in _LARGE_UNITS else _MOST_MONEY * 100
        reason = "more money than any company was ever worth"
    elif quantity.kind == "percent":
        most, reason = (100.0, "a share of more than the whole") if _SHARE.search(sentence) else (float("inf"), "")
    else:
        most, reason = _MOST.get(quantity.kind, (float("inf"), ""))
    return f"{quote(quantity.text)}, read as {number(value)}, is {reason}." if value > most else None
