"""The timeline: events by month on pages of bounded size, and the strip that shows how many there were when.

A list of events has a front page with the newest, and a page for each month where it does not fit on one. A month's
address never changes, and a month that is over is rewritten only when something about it becomes known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from tracker.days import MONTHS, month_words
from tracker.render.views import EventView

FRONT_ROWS = 40
"""A front page has at most so many rows, in whole months as far as they fit: under 100 KB."""
PAGE_ROWS = 100
"""A month with more goes on over further pages: under 300 KB each."""
STRIP_MONTHS = 48
STRIP_HEIGHT = 40
_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Month:
    """Events whose date begins in one month, newest first."""

    anchor: str
    title: str
    events: tuple[EventView, ...]
    total: int
    """Events of the whole month, of which `events` may be a part."""
    path: str = ""
    """The page that holds the month; "" where the month has none of its own."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the strip."""

    link: str
    """An anchor on the page, or the path of another page from the site's top; "" where there was no event."""
    is_here: bool
    title: str
    initial: str
    year: str
    """Set where a year begins, and on the first bar; else empty."""
    count: int
    weeks: tuple[int, ...]
    """Heights (of STRIP_HEIGHT) of the month's weeks, days 1 to 7, 8 to 14 and so on; 0 only where there was none."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a list of events."""

    path: str
    months: tuple[Month, ...]
    """Those on this page, newest first."""
    others: tuple[Month, ...] = ()
    """On a front page: the months that are not on it whole, newest first, without their events."""
    newer: Month | None = None
    older: Month | None = None
    """On a month's page: the neighbours, without their events."""
    part: int = 1
    parts: int = 1
    is_front: bool = True


def lay_out(
    events: Sequence[EventView], front: str, folder: str, *, always_by_month: bool = False
) -> tuple[Sheet, ...]:
    """The pages of a list of events (newest first): the front page at `front`, then months in `folder` where needed.

    Without `always_by_month` a list that fits on its front page has no other.
    """
    months = _group_by_month(events)
    if not always_by_month and len(events) <= FRONT_ROWS:
        return (Sheet(front, months),)
    months = tuple(replace(month, path=f"{folder}/{month.anchor.removeprefix('month-')}.html") for month in months)
    shown = _newest(months)
    whole = {month.anchor for month in shown if len(month.events) == month.total}
    others = tuple(replace(month, events=()) for month in months if month.anchor not in whole)
    sheets = [Sheet(front, tuple(shown), others)]
    for number, month in enumerate(months):
        newer = replace(months[number - 1], events=()) if number else None
        older = replace(months[number + 1], events=()) if number + 1 < len(months) else None
        sheets.extend(_month_sheets(month, newer, older))
    return tuple(sheets)


def _newest(months: Sequence[Month]) -> list[Month]:
    """The newest months that fit a front page whole; the next one in part where the page were half empty without."""
    shown: list[Month] = []
    left = FRONT_ROWS
    for month in months:
        if month.total > left:
            if left > FRONT_ROWS // 2:
                shown.append(replace(month, events=month.events[:left]))
            break
        shown.append(month)
        left -= month.total
    return shown


def _month_sheets(month: Month, newer: Month | None, older: Month | None) -> list[Sheet]:
    """A month in parts that are counted from its oldest event on, so that a full part stays as it is."""
    ascending = month.events[::-1]
    parts = [ascending[at : at + PAGE_ROWS][::-1] for at in range(0, len(ascending), PAGE_ROWS)]
    sheets = []
    for number, rows in enumerate(parts, 1):
        path = month.path if number == 1 else f"{month.path.removesuffix('.html')}-{number}.html"
        sheets.append(Sheet(path, (replace(month, events=rows),), (), newer, older, number, len(parts), is_front=False))
    return sheets


def _group_by_month(events: Sequence[EventView]) -> tuple[Month, ...]:
    months = []
    for (year, month), rows in groupby(events, key=lambda view: (view.event.from_on.year, view.event.from_on.month)):
        held = tuple(rows)
        months.append(Month(_anchor(year, month), month_words(date(year, month, 1)), held, len(held)))
    return tuple(months)


def build_strip(events: Sequence[EventView], sheets: Sequence[Sheet], here: Sheet) -> tuple[Bar, ...]:
    """The newest STRIP_MONTHS months up to the last with an event, oldest first, with the empty ones between.

    Each leads to its month: on this page where it is here, else on its own.
    """
    if not events:
        return ()
    counts: dict[int, list[int]] = {}
    for view in events:
        on = view.event.from_on
        weeks = counts.setdefault(on.year * 12 + on.month - 1, [0] * 5)
        weeks[(on.day - 1) // _WEEK_DAYS] += 1
    most = max(max(weeks) for weeks in counts.values())
    last = max(counts)
    first = max(min(counts), last - STRIP_MONTHS + 1)
    on_page = {month.anchor for month in here.months}
    paths = {month.anchor: sheet.path for sheet in reversed(sheets) for month in sheet.months if not sheet.is_front}
    return tuple(_bar(key, counts.get(key), most, key == first, on_page, paths) for key in range(first, last + 1))


def _bar(key: int, weeks: list[int] | None, most: int, is_first: bool, on_page: set[str], paths: dict[str, str]) -> Bar:
    year, month = key // 12, key % 12 + 1
    anchor = _anchor(year, month)
    is_here = anchor in on_page
    link = (f"#{anchor}" if is_here else paths.get(anchor, "")) if weeks else ""
    heights = tuple(max(3, round(count / most * STRIP_HEIGHT)) if count else 0 for count in weeks or ())
    return Bar(
        link=link,
        is_here=is_here,
        title=f"{MONTHS[month - 1]} {year}",
        initial=MONTHS[month - 1][0],
        year=str(year) if month == 1 or is_first else "",
        count=sum(weeks or ()),
        weeks=heights,
    )


def _anchor(year: int, month: int) -> str:
    return f"month-{year:04d}-{month:02d}"
