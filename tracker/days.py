"""Days and spans of days in words, each at its own precision."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Literal

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def day_words(day: date) -> str:
    """23 February 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_words(day: date) -> str:
    """February 2026."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def _ends_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def precision_of(from_on: date, to_on: date) -> Literal["day", "month", "year", "range"]:
    """How precisely an inclusive interval names a time."""
    if from_on == to_on:
        return "day"
    if from_on.day == 1 and _ends_month(to_on) and from_on.year == to_on.year:
        if from_on.month == to_on.month:
            return "month"
        if (from_on.month, to_on.month) == (1, 12):
            return "year"
    return "range"


def interval_words(from_on: date, to_on: date) -> str:
    """An inclusive interval of days at its own precision: a day, a month, a year, or both ends."""
    precision = precision_of(from_on, to_on)
    if precision == "day":
        return day_words(from_on)
    if precision == "month":
        return month_words(from_on)
    if precision == "year":
        return str(from_on.year)
    if from_on.day == 1 and _ends_month(to_on) and from_on.year == to_on.year:
        return f"{MONTHS[from_on.month - 1]} – {month_words(to_on)}"
    if (from_on.year, from_on.month) == (to_on.year, to_on.month):
        return f"{from_on.day}–{day_words(to_on)}"
    if from_on.year == to_on.year:
        return f"{from_on.day} {MONTHS[from_on.month - 1]} – {day_words(to_on)}"
    return f"{day_words(from_on)} – {day_words(to_on)}"


def interval_machine(from_on: date, to_on: date) -> str | None:
    """The interval as HTML's `datetime` value, None for a range, which has none."""
    values = {"day": from_on.isoformat(), "month": from_on.isoformat()[:7], "year": f"{from_on.year:04d}"}
    return values.get(precision_of(from_on, to_on))
