"""Which figures can hardly be right: a slip of the source, or of the reading. They are doubted, never dropped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite

from tracker.reconcile.quoting import number_words, quote
from tracker.types import Quantity, QuantityKind

_MOST: Mapping[QuantityKind, tuple[float, str]] = {
    "accounts": (1e10, "more accounts than there are people"),
    "users": (1e10, "more users than there are people"),
    "people": (1e10, "more than there are people"),
    "companies": (1e9, "more companies than there are"),
    "exchanges": (1e11, "more exchanges than the largest service has with all of its users in a month"),
    "tokens": (1e17, "a thousand times what any model was trained on"),
}
_MOST_MONEY = 1e13
"""Twice the worth of the dearest company; in units that are small beside the dollar a hundred times as much."""
_LARGE_UNITS = frozenset({"USD", "EUR", "GBP", "CHF", "CAD", "AUD", "SGD"})
_SHARE = re.compile(
    r"\bshare\b(?! (?:price|capital|issue))|\bproportion of\b|(?:%|\bper ?cent|\bpercent)\s+of\b"
    r"|\b(?:Anteil|Marktanteil|cuota|fatia)\b|\b(?:part|parts) de\b|占|份额|比例",
    re.IGNORECASE,
)
"""Words of a share; growth may be more than a hundred per cent."""


def doubt_figure(quantity: Quantity, sentence: str) -> str | None:
    """Why a figure of a claim can hardly be right, as a sentence; None where nothing speaks against it."""
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
    return f"{quote(quantity.text)}, read as {number_words(value)}, is {reason}." if value > most else None
