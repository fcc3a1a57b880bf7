"""What an expression of time says, before it is resolved: values without a calendar behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tracker.nlp.dates.calendar import Part, Unit

Which = Literal["last", "this", "next"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A partial date: "23 February 2026", "June 10-12", "late April", "mid-2025", "Q1 2026" (month 1, months 3)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    part: Part | None = None
    months: int = 1
    which: Which | None = None
    """'last March', 'next June'."""
    which_year: Which | None = None
    """'January last year'."""
    last_year: int | None = None
    """The end of a range of years: "2023-2025", a decade."""


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week (Monday 0); `which` is of the day ('last Friday'), `week` of its week ('Friday last week')."""

    number: int
    which: Which | None = None
    week: Which | None = None


@dataclass(frozen=True, slots=True)
class Fixed:
    """A phrase with a rule of its own: a key of calendar.RULES."""

    rule: str


@dataclass(frozen=True, slots=True)
class Shift:
    """So many units before (negative) or after publication, or after the day that the text spoke of last."""

    count: int
    unit: Unit
    anchored: bool


@dataclass(frozen=True, slots=True)
class Window:
    """The units just before (negative) or after publication: 'the past two weeks'."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Anaphor:
    """'the same day', 'that month', 'the next day': counts from the day that the text spoke of last."""

    rule: str


@dataclass(frozen=True, slots=True)
class Ended:
    """'the quarter ended March 31': so many months, or one week, that end on a day."""

    end: Calendar
    months: int


@dataclass(frozen=True, slots=True)
class WeekOf:
    """'the week of June 8'."""

    day: Calendar


Time = Calendar | Weekday | Fixed | Shift | Window | Anaphor | Ended | WeekOf


@dataclass(frozen=True, slots=True)
class Expression:
    """A time with its place in the text."""

    start: int
    end: int
    time: Time
