"""Text to expressions of time: which patterns match where, and what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import cast

from tracker.nlp.dates.calendar import RULES, Part, Unit
from tracker.nlp.dates.expressions import (
    Anaphor,
    Calendar,
    Ended,
    Expression,
    Fixed,
    Shift,
    Time,
    Weekday,
    WeekOf,
    Which,
    Window,
)
from tracker.nlp.dates.lexicon import DateWords, load_date_words
from tracker.nlp.dates.patterns import day_in_words, patterns_for


class _Match:
    """A match whose groups may be missing from its pattern."""

    def __init__(self, match: re.Match[str], words: DateWords) -> None:
        self.match = match
        self.groups = match.groupdict()
        self.words = words

    def text(self, *names: str) -> str:
        """The first of the groups that took part, in lower case with single spaces; "" if none did."""
        for name in names:
            if value := self.groups.get(name):
                return " ".join(value.lower().split())
        return ""

    def number(self, *names: str) -> int | None:
        value = self.text(*names)
        return int(value) if value else None

    def count(self, *names: str) -> int:
        value = self.text(*names)
        return int(value) if value.isdigit() else self.words.counts.get(value, 1)

    def month(self) -> int | None:
        return self.words.months.get(self.text("m", "m3"))

    def part(self) -> Part | None:
        return cast("Part | None", self.words.parts.get(self.text("part")))

    def unit(self, *names: str) -> Unit:
        return cast(Unit, self.words.units[self.text(*(names or ("unit",)))])

    def which(self) -> Which | None:
        before, after = self.text("which"), self.text("post")
        for which in ("last", "this", "next"):
            block = self.words.block
            if before in (block.get(which) or ()) or after in (block.get(f"{which}_post") or ()):
                return which if before or after else None
        return None

    def which_year(self) -> Which | None:
        word = self.text("wy")
        if self.text("ty"):
            return "this"
        return cast(Which, word) if word else None


def _date(m: _Match) -> Time | None:
    return Calendar(
        year=m.number("y"),
        month=m.month(),
        day=m.number("d"),
        last_day=m.number("d2"),
        which_year=m.which_year(),
    )


def _iso(m: _Match) -> Time | None:
    return Calendar(year=m.number("y"), month=m.number("mm"), day=m.number("d"))


def _numeric(m: _Match) -> Time | None:
    first, second = m.number("n1") or 0, m.number("n2") or 0
    month, day = (first, second) if m.words.block["order"] == "mdy" and m.text("sep") == "/" else (second, first)
    if month > 12:
        month, day = day, month
    return Calendar(year=m.number("y"), month=month, day=day)


def _month(m: _Match) -> Time | None:
    return Calendar(year=m.number("y"), month=m.month(), part=m.part(), which=m.which(), which_year=m.which_year())


def _year(m: _Match) -> Time | None:
    year, last = m.number("y") or 0, m.text("y2")
    if not last:
        return Calendar(year=year, part=m.part())
    end = int(last) if len(last) == 4 else year // 100 * 100 + int(last)
    if end <= year or (len(last) == 2 and end != year + 1):
        return None
    return Calendar(year=year, last_year=end)


def _quarter(m: _Match) -> Time | None:
    if half := m.number("h"):
        if m.match.group()[0] == "T":
            return Calendar(year=m.number("y"), month=half * 3 - 2, months=3)
        return Calendar(year=m.number("y"), month=half * 6 - 5, months=6) if half < 3 else None
    quarter = m.number("q", "q3", "q4") or 1
    return Calendar(year=m.number("y", "y3"), month=quarter * 3 - 2, months=3)


def _season(m: _Match) -> Time | None:
    month = m.words.block["seasons"][m.text("season", "season2", "season3", "season4", "season5")]
    return Calendar(year=m.number("y"), month=month, months=3, which=m.which(), which_year=m.which_year())


def _weekday(m: _Match) -> Time | None:
    week = m.text("week")
    return Weekday(m.words.weekdays[m.text("wd", "wd2")], m.which(), cast("Which | None", week or None))


def _window(m: _Match) -> Time | None:
    if not m.text("n", "n2") and m.text("unit").endswith("s") and m.words.code == "en":
        return None
    sign = -1 if m.text("past", "past2") else 1
    unit = m.unit("unit", "unit2")
    lone = not m.text("n", "n2")
    if lone and (
        m.words.code != "en"
        or unit in ("day", "quarter")
        or not re.match(r"(the|these)\s|past\s", m.match.group(), re.I)
    ):
        return None
    return Window(sign * m.count("n", "n2"), unit)


def _ago(m: _Match) -> Time | None:
    back = bool(m.text("ago", "earlier"))
    anchored = bool(m.text("earlier", "later"))
    return Shift(-m.count("n") if back else m.count("n"), m.unit(), anchored)


def _fixed(m: _Match) -> Time | None:
    table = {" ".join(key.lower().split()): rule for key, rule in m.words.block["fixed"].items()}
    rule = table.get(m.text("fixed"), "")
    return Fixed(rule) if rule in RULES else None


def _anaphor(m: _Match) -> Time | None:
    table = {key.lower(): rule for key, rule in m.words.block["anaphora"].items()}
    return Anaphor(table[m.text("anaphor")])


def _unit(m: _Match) -> Time | None:
    which, unit, part = m.which(), m.text("unit"), m.text("part")
    if which is None:
        return None
    if part in ("earlier", "later"):
        rule = f"{part}_{which}_{unit}" if which == "this" else f"{which}_{unit}"
        return Fixed(rule)
    if m.words.parts.get(part) == "end" and which == "this":
        return Fixed(f"late_this_{unit}")
    name = m.words.parts.get(part)
    name = "late" if name == "end" else name
    rule = f"{name}_{which}_{unit}" if name else f"{which}_{unit}"
    return Fixed(rule) if rule in RULES else None


def _unit_the(m: _Match) -> Time | None:
    part, unit = m.text("part"), m.text("unit")
    if part in ("earlier in", "later in"):
        return Fixed(f"{part.split()[0]}_this_{unit}")
    name = m.words.parts.get(part, "")
    if name == "end":
        return Fixed(f"end_of_{unit}")
    return Fixed(f"{name}_this_{unit}") if name in ("early", "mid", "late") else None


def _ordinal_quarter(m: _Match) -> Time | None:
    """'the third quarter', 'le premier semestre 2026'; 'last quarter' without its year is the one before this."""
    word, year, which = m.text("ord", "ord2"), m.number("y", "y2"), m.which_year()
    if word == "last" and year is None and which is None:
        return Fixed("last_quarter")
    number = m.words.block["ordinals"][word]
    if m.text("unit") in ("semestre", "halbjahr", "half"):
        return Calendar(year=year, month=number * 6 - 5, months=6, which_year=which) if number < 3 else None
    return Calendar(year=year, month=number * 3 - 2, months=3, which_year=which)


def _half_alone(m: _Match) -> Time | None:
    return Calendar(month=1 if m.text("ord") == "first" else 7, months=6)


def _day_in_words(m: _Match) -> Time | None:
    return Calendar(year=m.number("y"), month=m.month(), day=day_in_words(m.text("day")))


def _in_time(m: _Match) -> Time | None:
    """'in two weeks': counted from publication; whether it is a time or a length is for `is_no_time` to say."""
    return Shift(m.count("n"), m.unit(), anchored=False)


def _half(m: _Match) -> Time | None:
    month = 1 if m.text("ord", "ord2") == "first" else 7
    return Calendar(year=m.number("y", "y2"), month=month, months=6, which_year=m.which_year())


def _months_of_year(m: _Match) -> Time | None:
    """'the first four months of 2026', 'the final three months of last year'."""
    months = m.count("n")
    if not 0 < months < 12:
        return None
    first = 1 if m.text("ord") in ("first", "opening") else 13 - months
    return Calendar(year=m.number("y"), month=first, months=months, which_year=m.which_year())


def _month_half(m: _Match) -> Time | None:
    first = m.text("ord") == "first"
    return Calendar(year=m.number("y"), month=m.month(), day=1 if first else 16, last_day=15 if first else 31)


def _month_week(m: _Match) -> Time | None:
    """'the final week of May', 'the first day of June': seven days of the month, or one."""
    span = 7 if m.text("unit") == "week" else 1
    if year := m.number("y2"):
        return _year_week(m, year, span)
    if m.text("unit") in ("weeks", "days"):
        part: Part = "early" if m.text("ord") in ("first", "opening") else "late"
        return Calendar(year=m.number("y"), month=m.month(), part=part)
    place = {"first": 0, "opening": 0, "second": 1, "third": 2}.get(m.text("ord"))
    first = 1 + span * place if place is not None else -span
    return Calendar(year=m.number("y"), month=m.month(), day=first, last_day=first + span - 1)


def _year_week(m: _Match, year: int, span: int) -> Time | None:
    """'the last week of 2025', 'the first day of 2026'."""
    if m.text("unit") in ("weeks", "days") or m.text("ord") not in ("first", "opening", "last", "final", "closing"):
        return None
    if m.text("ord") in ("first", "opening"):
        return Calendar(year=year, month=1, day=1, last_day=span)
    return Calendar(year=year, month=12, day=-span, last_day=31)


def _ended(m: _Match) -> Time | None:
    unit = m.text("unit").rstrip("s")
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(unit, 0) * m.count("n")
    end = Calendar(year=m.number("y", "y3"), month=m.month(), day=m.number("d", "d3"))
    return Ended(end, months) if end.day or m.text("n") else None


def _week_of(m: _Match) -> Time | None:
    day = Calendar(year=m.number("y", "y3"), month=m.month(), day=m.number("d", "d3"))
    return WeekOf(day) if day.day else None


def _decade(m: _Match) -> Time | None:
    year = m.number("decade") or 0
    first, last = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get(m.text("part"), (0, 9))
    return Calendar(year=year + first, last_year=year + last)


_READERS: dict[str, Callable[[_Match], Time | None]] = {
    "dmy": _date, "mdy": _date, "iso": _iso, "numeric": _numeric, "month": _month, "year": _year,
    "quarter": _quarter, "season": _season, "weekday": _weekday, "window": _window, "window_post": _window,
    "ago": _ago, "ago_pre": _ago, "fixed": _fixed, "anaphor": _anaphor, "unit": _unit, "unit_the": _unit_the,
    "ordinal_quarter": _ordinal_quarter, "half": _half, "month_half": _month_half, "month_week": _month_week,
    "months_of_year": _months_of_year, "dashed": _date, "day_in_words": _day_in_words,
    "years_quarter": _ordinal_quarter, "half_alone": _half_alone, "in_time": _in_time, "short_weekday": _weekday,
    "ended": _ended, "week_of": _week_of, "decade": _decade,
}  # fmt: skip


@lru_cache(maxsize=1)
def _needed() -> Mapping[str, Sequence[tuple[str, ...]]]:
    """What an English text must hold, in lower case, for a pattern to match in it: one of each of these.

    Most texts are spared most of the patterns. Each is one word or a part of it, since white space may be of any kind.
    """
    words = load_date_words("en")
    month = tuple(sorted({form[:3] for form in words.months}))
    season = tuple(form.lower() for form in words.block["seasons"])
    unit, year = (*words.units, "half"), ("19", "20")
    fixed, anaphora = (
        tuple(sorted({max(phrase.lower().split(), key=len) for phrase in words.block[key]}))
        for key in ("fixed", "anaphora")
    )
    return {
        "dmy": (month,), "mdy": (month,), "dashed": (("-",), month, year), "iso": (("-",), year),
        "numeric": ((".", "/"), year), "month": (month,), "year": (year,), "quarter": (("q", *year),),
        "season": (season,), "half": (("half",),), "half_alone": (("half",),), "month_half": (("half",), month),
        "decade": (("0s",), year), "months_of_year": (("months",), ("of",)),
        "month_week": (("week", "day"), (*month, *year)),
        "day_in_words": (month, ("st", "nd", "rd", "th")), "years_quarter": (("year’s", "year's"),),
        "week_of": (("week",), month), "in_time": (unit,), "ordinal_quarter": (("quarter",),), "unit": (unit,),
        "unit_the": (unit,), "ended": (unit, month), "ago": (unit,),
        "ago_pre": (words.words("ago_pre"),), "window": (unit,), "fixed": (fixed,),
        "anaphor": (anaphora,),
    }  # fmt: skip


def _all_matches(text: str, language: str) -> Iterator[tuple[int, int, str, re.Match[str]]]:
    needed = _needed() if language == "en" else {}
    lowered = text.lower()
    held: dict[tuple[str, ...], bool] = {}
    for name, pattern in patterns_for(language).items():
        for words in needed.get(name, ()):
            if words not in held:
                held[words] = any(word in lowered for word in words)
        if not all(held[words] for words in needed.get(name, ())):
            continue
        for match in pattern.finditer(text):
            if match.end() > match.start():
                yield match.start(), -match.end(), name, match


def read_expressions(text: str, language: str) -> list[Expression]:
    """The times that a text names, in order and without overlap; what only looks like a time is left out."""
    from tracker.nlp.dates.doubts import is_no_time

    words = load_date_words(language)
    found: list[Expression] = []
    taken = 0
    for start, minus_end, name, match in sorted(_all_matches(text, language), key=lambda item: item[:3]):
        end = -minus_end - (text[-minus_end - 1] == ".")
        if start < taken:
            continue
        time = _READERS[name](_Match(match, words))
        if time is None or is_no_time(text, start, end, name, match, words):
            continue
        found.append(Expression(start, end, time))
        taken = end
    return found
