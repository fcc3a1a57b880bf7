"""Intervals on the calendar: inclusive pairs of days, and the rules that give one from the day of publication."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Literal

Interval = tuple[date, date]
Part = Literal["early", "mid", "late", "end"]
Unit = Literal["day", "week", "fortnight", "month", "quarter", "year", "decade"]

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


def day_interval(day: date) -> Interval:
    """One day."""
    return day, day


def year_interval(year: int, part: Part | None = None) -> Interval:
    """A year, or its first, second or third four months."""
    first, last = {"early": (1, 4), "mid": (5, 8), "late": (9, 12), "end": (9, 12), None: (1, 12)}[part]
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def month_interval(year: int, month: int, part: Part | None = None) -> Interval:
    """A month, or its days 1-10, 11-20, 21-end."""
    end = monthrange(year, month)[1]
    first, last = {"early": (1, 10), "mid": (11, 20), "late": (21, end), "end": (21, end), None: (1, end)}[part]
    return date(year, month, first), date(year, month, last)


def week_interval(day: date, part: Part | None = None) -> Interval:
    """The week, Monday to Sunday, that holds a day; its early part is Monday and Tuesday, its end from Thursday on."""
    monday = day - timedelta(days=day.weekday())
    first, last = {"early": (0, 1), "mid": (2, 3), "late": (3, 6), "end": (3, 6), None: (0, 6)}[part]
    return monday + first * _DAY, monday + last * _DAY


def months_interval(year: int, month: int, count: int) -> Interval:
    """`count` whole months from a month on."""
    start = date(year, month, 1)
    return start, add(start, count, "month") - _DAY


def add(day: date, count: int, unit: Unit) -> date:
    """A day moved by whole units; months keep the day of the month where the month has it, else its last."""
    if unit in ("day", "week", "fortnight"):
        return day + timedelta(days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])
    months = count * {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit]
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def unit_interval(day: date, unit: Unit, part: Part | None = None) -> Interval:
    """The calendar unit (week, month, quarter, year, decade) that holds a day, or a part of it."""
    if unit == "week":
        return week_interval(day, part)
    if unit == "month":
        return month_interval(day.year, day.month, part)
    if unit == "quarter":
        return months_interval(day.year, (day.month - 1) // 3 * 3 + 1, 3)
    if unit == "year":
        return year_interval(day.year, part)
    if unit == "decade":
        first = day.year // 10 * 10
        return date(first, 1, 1), date(first + 9, 12, 31)
    return day_interval(day)


def weekend(day: date) -> Interval:
    """Saturday and Sunday of the week that holds a day."""
    saturday = week_interval(day)[0] + 5 * _DAY
    return saturday, saturday + _DAY


def until_before(start: date, published: date) -> Interval:
    """From a day to the day before publication; the day itself where that would be empty."""
    return start, max(start, published - _DAY)


def rest_of(published: date, unit: Unit) -> Interval:
    """From the day after publication to the end of the unit that holds it."""
    end = unit_interval(published, unit)[1]
    return min(published + _DAY, end), end


def _in_unit(offset: int, unit: Unit, part: Part | None = None) -> Callable[[date], Interval]:
    return lambda published: unit_interval(add(published, offset, unit), unit, part)


def _to_end(unit: Unit) -> Callable[[date], Interval]:
    return lambda published: (published, unit_interval(published, unit)[1])


def _past_weekend(published: date) -> Interval:
    return weekend(published) if published.weekday() == 6 else weekend(published - _WEEK)


def _rules() -> dict[str, Callable[[date], Interval]]:
    rules: dict[str, Callable[[date], Interval]] = {
        "today": day_interval,
        "yesterday": lambda published: day_interval(published - _DAY),
        "day_before_yesterday": lambda published: day_interval(published - 2 * _DAY),
        "tomorrow": lambda published: day_interval(published + _DAY),
        "day_after_tomorrow": lambda published: day_interval(published + 2 * _DAY),
        "last_weekend": _past_weekend,
        "this_weekend": weekend,
        "next_weekend": lambda published: weekend(published + _WEEK),
        "past_half_year": lambda published: (add(published, -6, "month"), published),
        "year_to_date": lambda published: (date(published.year, 1, 1), published),
        "past_year": lambda published: (add(published, -1, "year"), published),
    }
    units: tuple[Unit, ...] = ("week", "month", "quarter", "year", "decade")
    parts: tuple[Part, ...] = ("early", "mid", "late")
    for unit in units:
        for name, offset in (("last", -1), ("this", 0), ("next", 1)):
            rules[f"{name}_{unit}"] = _in_unit(offset, unit)
            rules.update({f"{part}_{name}_{unit}": _in_unit(offset, unit, part) for part in parts})
        rules[f"earlier_this_{unit}"] = lambda day, u=unit: until_before(unit_interval(day, u)[0], day)  # type: ignore[misc]
        rules[f"later_this_{unit}"] = lambda day, u=unit: rest_of(day, u)  # type: ignore[misc]
        rules[f"end_of_{unit}"] = _to_end(unit)
    return rules


RULES: Mapping[str, Callable[[date], Interval]] = _rules()
"""What a fixed phrase of data/lexicon/dates.yaml means, by the name of its rule: published -> interval."""
