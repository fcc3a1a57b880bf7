"""Expressions of time to intervals, against the day of publication and the day that the text spoke of last."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.nlp.dates.calendar import (
    RULES,
    Interval,
    add,
    day_interval,
    month_interval,
    months_interval,
    unit_interval,
    week_interval,
    year_interval,
)
from tracker.nlp.dates.expressions import Anaphor, Calendar, Ended, Fixed, Shift, Time, Weekday, WeekOf, Window
from tracker.nlp.dates.tense import Direction

_DAY = timedelta(days=1)
_OFFSET = {"last": -1, "this": 0, "next": 1}
_FAR_BACK_DAYS, _SOON_DAYS = 240, 92
_JUST_NOW_DAYS, _A_YEAR_OFF_DAYS = 45, 300


@dataclass(frozen=True, slots=True)
class Setting:
    """What a time is resolved against."""

    published: date | None
    direction: Direction | None = None
    anchor: Interval | None = None
    """The day (or month) that the text spoke of last before this one."""


def resolve(time: Time, setting: Setting) -> Interval | None:
    """The interval that a time names, or None where it counts from an unknown day or lies outside the calendar."""
    try:
        return _resolve(time, setting)
    except (ValueError, OverflowError):
        return None


def is_stated(time: Time) -> bool:
    """Whether the time is absolute: it needs no day to be resolved against."""
    if isinstance(time, Ended):
        return time.end.year is not None
    if isinstance(time, WeekOf):
        return time.day.year is not None
    return isinstance(time, Calendar) and time.year is not None


def _resolve(time: Time, setting: Setting) -> Interval | None:
    if isinstance(time, Calendar):
        return _calendar(time, setting)
    if isinstance(time, Ended):
        end = _calendar(time.end, setting)
        return _ended(end[1], time.months) if end else None
    if isinstance(time, WeekOf):
        day = _calendar(time.day, setting)
        return week_interval(day[0]) if day else None
    if isinstance(time, Anaphor):
        return _anaphor(time.rule, setting.anchor)
    if isinstance(time, Shift) and time.anchored:
        if setting.anchor is None or setting.anchor[0] != setting.anchor[1]:
            return None
        return day_interval(add(setting.anchor[0], time.count, time.unit))
    published = setting.published
    if published is None:
        return None
    if isinstance(time, Fixed):
        return RULES[time.rule](published)
    if isinstance(time, Shift):
        return day_interval(add(published, time.count, time.unit))
    if isinstance(time, Window):
        other = add(published, time.count, time.unit)
        return (other, published) if time.count < 0 else (published, other)
    return day_interval(_weekday(time, published, setting.direction))


def _ended(end: date, months: int) -> Interval:
    if not months:
        return end - 6 * _DAY, end
    if end.day == monthrange(end.year, end.month)[1]:
        first = add(date(end.year, end.month, 1), 1 - months, "month")
        return first, end
    return add(end, -months, "month") + _DAY, end


def _weekday(time: Weekday, published: date, direction: Direction | None) -> date:
    monday = published - timedelta(days=published.weekday())
    week = time.week or (time.which if time.which != "last" else None)
    if week:
        return monday + timedelta(days=7 * _OFFSET[week] + time.number)
    back = (published.weekday() - time.number) % 7
    if time.which == "last":
        return published - timedelta(days=back or 7)
    if direction == "future":
        return published + timedelta(days=(time.number - published.weekday()) % 7)
    return published - timedelta(days=back)


def _anaphor(rule: str, anchor: Interval | None) -> Interval | None:
    if anchor is None:
        return None
    step, unit = rule.split("_")
    offset = {"same": 0, "next": 1, "previous": -1}[step]
    if unit == "day":
        return day_interval(anchor[0] + offset * _DAY) if anchor[0] == anchor[1] else None
    if unit == "week" and (anchor[1] - anchor[0]).days < 7:
        return week_interval(add(anchor[0], offset, "week"))
    if unit == "month" and (anchor[0].year, anchor[0].month) == (anchor[1].year, anchor[1].month):
        return unit_interval(add(anchor[0], offset, "month"), "month")
    if unit == "year" and anchor[0].year == anchor[1].year:
        return year_interval(anchor[0].year + offset)
    return None


def in_year(time: Calendar, year: int) -> Interval:
    """The interval of a partial date in a given year.

    Raises:
        ValueError: there is no such day (29 February, 31 June).
    """
    if time.last_year is not None and time.month is None:
        return year_interval(year)[0], year_interval(time.last_year)[1]
    if time.month is None:
        return year_interval(year, time.part)
    if time.day is not None:
        return _days(time, year, time.month, time.day)
    if time.months > 1:
        return months_interval(year, time.month, time.months)
    return month_interval(year, time.month, time.part)


def _days(time: Calendar, year: int, month: int, day: int) -> Interval:
    """A day or days of a month; a negative day counts from the month's end (-7 to -1: its last week)."""
    length = monthrange(year, month)[1]
    if day < 0:
        return date(year, month, length + 1 + day), date(year, month, length)
    last = time.last_day if time.last_day and time.last_day >= day else day
    return date(year, month, day), date(year, month, min(last, length) if time.last_day else last)


def _calendar(time: Calendar, setting: Setting) -> Interval | None:
    if time.year is not None:
        return in_year(time, time.year)
    if setting.published is None:
        return None
    published = setting.published
    if time.which_year:
        return in_year(time, published.year + _OFFSET[time.which_year])
    if time.which:
        return _which_month(time, published)
    return _nearest(time, published, setting.direction)


def _which_month(time: Calendar, published: date) -> Interval:
    month = time.month or 1
    plain = replace(time, which=None)
    if time.which == "last":
        whole = in_year(replace(plain, part=None), published.year)
        return in_year(
            plain, published.year if whole[1] < published and month < published.month else published.year - 1
        )
    if time.which == "next":
        return in_year(plain, published.year + (month <= published.month))
    return in_year(plain, published.year)


def _candidates(time: Calendar, published: date) -> list[Interval]:
    found = []
    for year in range(published.year - 4, published.year + 5):
        try:
            found.append(in_year(time, year))
        except (ValueError, OverflowError):
            continue
    return found


def _nearest(time: Calendar, published: date, direction: Direction | None) -> Interval | None:
    candidates = _candidates(time, published)
    past = [interval for interval in candidates if interval[0] <= published]
    future = [interval for interval in candidates if interval[1] >= published]
    if not past or not future:
        return past[-1] if past else future[0] if future else None
    back, ahead = (published - past[-1][1]).days, (future[0][0] - published).days
    if direction == "future":
        # a writer who means next year says so: told soon after, the day lies back whatever the nearest verb is
        return past[-1] if back <= _JUST_NOW_DAYS and ahead >= _A_YEAR_OFF_DAYS else future[0]
    if direction is None and back > _FAR_BACK_DAYS and ahead <= _SOON_DAYS:
        return future[0]
    if time.day is not None and back >= _A_YEAR_OFF_DAYS and ahead <= _JUST_NOW_DAYS:
        return future[0]  # 'a hearing was set for March 2', told in February
    return past[-1]


def before_year(time: Calendar, end: date) -> Interval | None:
    """The last interval of a date without a year that begins on or before a day: the left end of a range."""
    past = [interval for interval in _candidates(time, end) if interval[0] <= end]
    return past[-1] if past else None
