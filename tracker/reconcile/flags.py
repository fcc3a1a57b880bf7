"""Flags: figures and dates that can hardly be right. They are published with a doubt, never dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from tracker.reconcile.dates import EARLIEST
from tracker.reconcile.plausible import doubt_figure
from tracker.reconcile.quoting import quote
from tracker.types import ClaimRecord, Flag, StoredDocument

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
            if why := doubt_figure(quantity, record.claim.text):
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
