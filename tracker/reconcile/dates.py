"""When: which dates of a claim are those of the deed, how they lie to the day of publication, and an event's date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tracker.types import ACCUSING_TYPES, ClaimRecord, DateBasis, DateMention

Timing = Literal["recent", "old", "undated"]
"""How a claim's own date lies to its document's publication."""

_RECENT_DAYS = 7
"""A deed that ended within this many days before publication is news and not background."""
_RECENT_START_DAYS = 13
"""... and began within these: "last week" begins at most 13 days before."""
_LONGEST_DAYS = 31
"""A longer interval says too little to date an event by."""
_AHEAD_DAYS = 6
"""An interval that ends later than this after publication points ahead ("by the end of the year")."""

EARLIEST = date(2015, 1, 1)
"""Distillation of networks got its name in 2015; a day before it is a slip or another matter, and dates no event."""

_RANGE = re.compile(
    r"\b(from|between|since|until|through|to|entre|depuis|jusqu|vom|von|zwischen|seit|bis|desde|hasta)\b"
    r"|[至到–—]|\bdu .* au\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Inclusive days."""

    from_on: date
    to_on: date
    basis: DateBasis = "stated"

    @property
    def days(self) -> int:
        return (self.to_on - self.from_on).days + 1

    def gap(self, other: Interval) -> int:
        """Days between the two; 0 where they touch."""
        return max((self.from_on - other.to_on).days, (other.from_on - self.to_on).days, 0)

    def holds(self, other: Interval) -> bool:
        return self.from_on <= other.from_on and other.to_on <= self.to_on


def day(on: date) -> Interval:
    """A single day, known from the publication alone."""
    return Interval(on, on, "publication")


def _is_duration_of_deed(mention: DateMention, published: date | None) -> bool:
    """Whether a date beside an accusation says how long the alleged deed lasted, and not when it was alleged."""
    if _RANGE.search(mention.text):
        return True
    long = (mention.to_on - mention.from_on).days >= _LONGEST_DAYS
    year_to_date = published is not None and mention.from_on == date(published.year, 1, 1)
    return long and not year_to_date


def own_dates(record: ClaimRecord, published: date | None) -> tuple[Interval, ...]:
    """The dates on which the claim's act or word happened, as its document gives them.

    Nothing that lies ahead, and nothing that lies before the matter existed: such a day stays on the claim.

    Beside an accusation, "from May 2 to June 9" is how long the alleged deed lasted, so it is left out.
    """
    dates = []
    for mention in record.dates:
        if record.claim.type in ACCUSING_TYPES and _is_duration_of_deed(mention, published):
            continue
        if mention.to_on < EARLIEST:
            continue
        if published and (mention.from_on > published or (mention.to_on - published).days > _AHEAD_DAYS):
            continue
        dates.append(Interval(mention.from_on, mention.to_on, mention.basis))
    return tuple(sorted(dates))


def timing_of(dates: Sequence[Interval], published: date | None, lead: bool) -> Timing:
    """Whether a claim with these own dates is news in a document of that day, or background.

    Without a day of publication, a dated claim is news where the document leads with it.
    """
    if not dates:
        return "undated"
    if published is None:
        return "recent" if lead else "old"
    earliest_end = published - timedelta(days=_RECENT_DAYS)
    earliest_start = published - timedelta(days=_RECENT_START_DAYS)
    recent = any(date.to_on >= earliest_end and date.from_on >= earliest_start for date in dates)
    return "recent" if recent else "old"


def usable(dates: Iterable[Interval]) -> tuple[Interval, ...]:
    """Those precise enough to date an event by, the narrowest first."""
    return tuple(sorted((d for d in set(dates) if d.days <= _LONGEST_DAYS), key=lambda d: (d.days, d)))


def choose_date(dates_by_document: Iterable[tuple[str, Interval]]) -> Interval | None:
    """The date that most documents support; among equals the most precise, then the earliest.

    A document supports a date that lies within one of the intervals that it gives: "last week" supports Thursday.
    """
    given: dict[str, set[Interval]] = defaultdict(set)
    for document_id, interval in dates_by_document:
        given[document_id].add(interval)
    candidates = {interval for intervals in given.values() for interval in intervals}

    def support(candidate: Interval) -> int:
        return sum(any(interval.holds(candidate) for interval in intervals) for intervals in given.values())

    basis_order = {"stated": 0, "relative": 1, "publication": 2}
    return min(candidates, key=lambda c: (-support(c), c.days, c.from_on, c.to_on, basis_order[c.basis]), default=None)
