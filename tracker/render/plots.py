"""Small plots as values: what is drawn where, without a colour or a font.

`plots.html` draws them as SVG within the page, so that they take colours, dark mode and print from the one style sheet
and their marks can be links. Across, places are percents of the page's width, so that a plot fits a telephone without
its words shrinking; down, they are pixels.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.days import MONTHS, day_words
from tracker.render.wording import shorten

LANE = 36
"""Pixels from one lane's line to the next; its words stand above the line."""
LABEL_COLUMNS, NOTE_COLUMNS = 42, 46
"""Room for a lane's words on the smallest screen, and for its note beside them on wider ones."""
_LEFT, _WIDTH = 2.0, 96.0
"""Percents: what is drawn keeps so far from both edges that no mark is cut off."""
_MOST_TICKS = 5
_TINY = 1e-6
"""No figure of a text counts so little: less is nought."""
_WIDE = 30.0
"""From the smallest to the largest value: what spans more is drawn on a logarithmic axis."""

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Tick:
    """A value of the axis with its words."""

    x: str
    words: str
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Lane:
    """A line across the plot, `y` pixels down, with words above it. `kind` is a class of the style sheet."""

    y: int
    words: str
    note: str = ""
    language: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line; `kind` is a class of the style sheet."""

    x1: str
    y1: int
    x2: str
    y2: int
    kind: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that leads to its words: `link` is an anchor of the page ("#step-1") or a path from the site's top."""

    x: str
    y: int
    kind: str
    link: str
    words: str


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the axis over several lanes."""

    x: str
    width: str
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot; `id` is one of the page's anchors, `axis` says what is measured, `note` what is not drawn."""

    id: str
    title: str
    description: str
    """What it shows, in words, for who does not see it."""
    height: int
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    strokes: tuple[Stroke, ...]
    marks: tuple[Mark, ...]
    bands: tuple[Band, ...] = ()
    axis: str = ""
    note: str = ""


def fit_columns(text: str, columns: int) -> str:
    """One line that takes no more than `columns`; a Chinese character takes two."""
    limit = columns
    while _columns(line := shorten(text, limit)) > columns:
        limit -= 1
    return line


def _columns(line: str) -> int:
    return len(line) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in line)


def percent(share: float) -> str:
    """A share of the way across (0 to 1) as a place, always with the same digits."""
    return f"{_LEFT + _WIDTH * min(max(share, 0.0), 1.0):.2f}%"


def percent_width(from_share: float, to_share: float) -> str:
    """The width between two shares."""
    return f"{_WIDTH * (min(max(to_share, 0.0), 1.0) - min(max(from_share, 0.0), 1.0)):.2f}%"


@dataclass(frozen=True, slots=True)
class DayScale:
    """The days of a plot from left to right."""

    first: date
    last: date

    def place(self, day: date) -> float:
        """How far across a day lies, from 0 to 1."""
        days = (self.last - self.first).days
        return (day - self.first).days / days if days else 0.0

    def ticks(self) -> tuple[Tick, ...]:
        """Beginnings of years or months; both ends where the plot is too short for them."""
        for step in (1, 2, 3, 6, 12, 24, 60, 120):
            starts = _month_starts(self.first, self.last, step)
            if len(starts) < _MOST_TICKS:
                break
        if len(starts) < 2:
            ends = [Tick(percent(0), day_words(self.first), "start"), Tick(percent(1), day_words(self.last), "end")]
            return tuple(ends[: 1 if self.first == self.last else 2])
        return tuple(_tick(self.place(day), f"{MONTHS[day.month - 1][:3]} {day.year}") for day in starts)


def _month_starts(first: date, last: date, step: int) -> list[date]:
    count = first.year * 12 + first.month - (first.day == 1)
    count += -count % step
    months = range(count, last.year * 12 + last.month, step)
    return [date(number // 12, number % 12 + 1, 1) for number in months]


def _tick(share: float, words: str) -> Tick:
    """Words at an edge lean inwards, so that none is cut off."""
    return Tick(percent(share), words, "start" if share < 0.1 else "end" if share > 0.9 else "middle")


@dataclass(frozen=True, slots=True)
class ValueScale:
    """The values of a plot from left to right: linear from 0, or logarithmic where they lie far apart."""

    low: float
    high: float
    is_log: bool

    def place(self, value: float) -> float:
        """How far across a value lies, from 0 to 1."""
        if self.is_log:
            return (math.log10(max(value, self.low)) - math.log10(self.low)) / math.log10(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> tuple[Tick, ...]:
        """Powers of ten, or round steps from 0."""
        if self.is_log:
            powers = range(round(math.log10(self.low)), round(math.log10(self.high)) + 1)
            every = math.ceil(len(powers) / _MOST_TICKS)
            return tuple(_tick(self.place(10.0**power), short_number(10.0**power)) for power in powers[::every])
        step = _round_step(self.high / (_MOST_TICKS - 1))
        count = math.floor(self.high / step + 1e-9)
        return tuple(_tick(self.place(step * number), short_number(step * number)) for number in range(count + 1))


def can_be_drawn(values: Sequence[float]) -> bool:
    """Whether there is a scale for `values`."""
    return min(values, default=0) >= 0 and max(values, default=0) > _TINY


def value_scale(values: Sequence[float]) -> ValueScale:
    """The scale on which all `values` (see `can_be_drawn`) have their place."""
    positive = [value for value in values if value > _TINY]
    least, most = min(positive), max(positive)
    if most / least > _WIDE and len(positive) == len(values):
        return ValueScale(10.0 ** math.floor(math.log10(least)), 10.0 ** math.ceil(math.log10(most)), True)
    step = _round_step(most / (_MOST_TICKS - 1))
    return ValueScale(0.0, step * math.ceil(most / step - 1e-9), False)


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20 ... (or 0.1, 0.2 ...) that is not below `least`."""
    unit = 10.0 ** math.floor(math.log10(least))
    return next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= least * (1 - 1e-9))


def short_number(value: float) -> str:
    """A round value of an axis: "20,000", "1.5 million"."""
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if value >= size:
            return f"{value / size:,.10g} {name}"
    return f"{value:,.10g}"
