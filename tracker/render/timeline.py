"""The timeline: events by month, and the strip that shows how many there were when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from tracker.render.views import EventView
from tracker.render.wording import MONTHS, month_words

STRIP_MONTHS = 48
STRIP_HEIGHT = 40


@dataclass(frozen=True, slots=True)
class Month:
    """The events whose date begins in one month, newest first."""

    anchor: str
    title: str
    events: tuple[EventView, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the strip."""

    anchor: str
    title: str
    initial: str
    year: str
    """Set where a year begins, and on the first bar; else empty."""
    count: int
    height: int
    """Of STRIP_HEIGHT; 0 only where there was no event."""


def group_by_month(events: Sequence[EventView]) -> tuple[Month, ...]:
    """Months that have events, in the order given (newest first)."""
    return tuple(
        Month(_anchor(year, month), month_words(date(year, month, 1)), tuple(rows))
        for (year, month), rows in groupby(events, key=lambda view: (view.event.from_on.year, view.event.from_on.month))
    )


def build_strip(events: Sequence[EventView]) -> tuple[Bar, ...]:
    """The newest STRIP_MONTHS months up to the last with an event, oldest first, with the empty ones between."""
    if not events:
        return ()
    counts: dict[int, int] = {}
    for view in events:
        key = view.event.from_on.year * 12 + view.event.from_on.month - 1
        counts[key] = counts.get(key, 0) + 1
    last, most = max(counts), max(counts.values())
    first = max(min(counts), last - STRIP_MONTHS + 1)
    return tuple(_bar(key, counts.get(key, 0), most, key == first) for key in range(first, last + 1))


def _bar(key: int, count: int, most: int, is_first: bool) -> Bar:
    year, month = key // 12, key % 12 + 1
    return Bar(
        anchor=_anchor(year, month),
        title=f"{MONTHS[month - 1]} {year}",
        initial=MONTHS[month - 1][0],
        year=str(year) if month == 1 or is_first else "",
        count=count,
        height=max(3, round(count / most * STRIP_HEIGHT)) if count else 0,
    )


def _anchor(year: int, month: int) -> str:
    return f"month-{year:04d}-{month:02d}"
