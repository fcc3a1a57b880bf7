"""Dates in English, resolved against a day of reference: find_dates beside recognizers-text and dateparser.

The cases are the English DateTimeModel specification of Recognizers-Text (MIT), much of it assistant speech ("book a
room from 9:30am for 7 hours"). They are counted apart:
  calendar      every result of the case names days, weeks, months or years: the tracker's task
  clock times   some result has a time of day: the day of such a result counts, the hour does not
  no date       durations, repeated times and times of day alone: there the right answer is none
The set's exclusive ends become inclusive ones; of two points that the words name ("2014 to 2018", which the set ends
on 1 January 2018) the second may count or not, and so may today in "the next three days". Where it gives two readings
(the past and the coming March 3), either is right; recognizers-text also answers with both and has credit for either,
the tracker and dateparser must choose. An open end ("since May") closes at the day of reference, as the annotation
guide has it. Leading articles and prepositions count in no stretch. dateparser gives an instant and its period, which
is widened to the month or year. Half of the set writes months and weekdays in lower case, which English news does
not: "calendar, with capitals" is the same cases with these words as they are printed.

`pip install "tracker[bench]"` brings the peers; one that is not installed is skipped by name.

usage: dates.py FOLDER [--quick] [--json]
"""

from __future__ import annotations

import importlib.util
import re
import warnings
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from public_sets import Case, Marked, Report, Tally, load_cases, parse_arguments, sample

from tracker.nlp.dates import find_dates

Interval = tuple[date, date]
Readings = tuple[Interval, ...]
Answers = list[Marked[Readings]]
Reader = Callable[[str, date], Answers]
CALENDAR = ("date", "daterange")
CLOCK = ("datetime", "datetimerange")
LEAD = re.compile(r"(?:(?:on|in|at|of|for|during|the|around)\s+)+", re.IGNORECASE)
TWO_POINTS = re.compile(r"\s*(?:[-–~]| to | till | until | through | and )\s*")
WINDOW = re.compile(r"\b(?:next|coming|upcoming|within|following)\b", re.IGNORECASE)
NAMES = re.compile(
    r"\b(?:january|february|march|april|june|july|august|september|october|november|december|(?:jan|feb|mar|apr"
    r"|jun|jul|aug|sept?|oct|nov|dec)\b|may(?= \d)|(?<=in )may|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b"
)
DAY = timedelta(days=1)
FORMS = {
    "open (since, before, by)": r"\b(?:since|before|after|by|until|till|from now|prior|later|earlier|as of|>|<)",
    "year written": r"\b(?:1[5-9]|2[01])\d\d\b",
    "weekday": r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:mon|tue|wed|thu|fri|sat|sun)\b",
    "month without year": r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    "weeks": r"\bweeks?\b|\bweekend",
    "relative": r"\b(?:last|past|previous|this|next|coming|following|ago|to(?:day|morrow)|yesterday)\b"
    r"|\b(?:day|month|year)s?\b",
}
"""The forms of calendar expressions, tried in this order."""


def same_interval(gold: Readings, answer: Readings) -> bool:
    return any(item in gold for item in answer)


def day_of(text: str) -> date:
    return date.fromisoformat(text[:10])


def readings_of(values: Sequence[Mapping[str, Any]], reference: date, words: str = "") -> Readings:
    """The inclusive intervals that a resolution names, one for each reading; none where it gives no day.

    With the words of the expression also the readings that include its second point, or the day of reference.
    """
    found: list[Interval] = []
    for value in values:
        try:
            read = _intervals(value, reference)
        except (ValueError, KeyError):  # "not resolved", the 30th of February, a time without a day
            continue
        found += read
        if words and str(value.get("timex")).startswith("("):
            found += [item for pair in read for item in _with_ends(pair, words, reference)]
    return tuple(dict.fromkeys(found))


def _with_ends(interval: Interval, words: str, reference: date) -> list[Interval]:
    start, end = interval
    if start == end and not TWO_POINTS.search(words):
        return []
    if reference in (start, start - DAY) and WINDOW.search(words):
        return [(reference, end), (reference, end + DAY)]
    points = TWO_POINTS.split(words, maxsplit=1)
    if len(points) < 2:
        return []
    second, after = points[-1].lower(), end + DAY
    if re.search(r"q[1-4]|quarter", second):
        return [(start, _month_end(after, 2))]
    if re.search(r"(?<![\d/-])\d{1,2}(?!\d)", re.sub(r"\d{4}", "", second)) or re.search("[a-z]day|now", second):
        return [(start, after)]
    if re.search(FORMS["month without year"], second):
        return [(start, _month_end(after, 0))]
    return [(start, date(after.year, 12, 31))] if re.search(r"\d{4}", second) else []


def _month_end(day: date, later: int) -> date:
    years, month = divmod(day.month - 1 + later, 12)
    year = day.year + years
    return date(year, month + 1, monthrange(year, month + 1)[1])


def _intervals(value: Mapping[str, Any], reference: date) -> list[Interval]:
    kind = value["type"]
    if kind in ("date", "datetime"):
        return [(day_of(value["value"]), day_of(value["value"]))]
    if kind not in ("daterange", "datetimerange"):
        return []
    start = day_of(value["start"]) if "start" in value else None
    end = day_of(value["end"]) if "end" in value else None
    if end is not None and (kind == "daterange" or value["end"][11:] in ("00:00:00", "")):
        end -= DAY
    if start is not None and end is not None:
        # a stretch that runs up to now: the set leaves today out, the guide has it in
        return [(start, end), (start, end + DAY)] if end + DAY == reference else [(start, max(start, end))]
    if start is not None:
        nearer = start + DAY  # "after May 4" begins on May 5, which the set writes as May 4
        return [(day, max(day, reference)) for day in ((start, nearer) if value.get("Mod") == "after" else (start,))]
    if end is not None:
        return [(min(day, reference), day) for day in (end, end + DAY)]  # "before" and "by" are written alike
    return []


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without leading articles and prepositions."""
    lead = LEAD.match(text, start, end)
    return (lead.end() if lead and lead.end() < end else start), end


def ours(text: str, reference: date) -> Answers:
    return [
        Marked(*trimmed(text, item.start, item.end), ((item.from_on, item.to_on),))
        for item in find_dates(text, reference)
    ]


def recognizers_reader() -> Reader:
    from recognizers_date_time import recognize_datetime
    from recognizers_number import Culture

    def read(text: str, reference: date) -> Answers:
        try:
            items = recognize_datetime(text, Culture.English, reference=datetime.combine(reference, time()))
        except Exception:  # it stops on some inputs of its own set; that input then has no answer
            return []
        found = [
            Marked(*trimmed(text, item.start, item.end + 1), readings_of(item.resolution["values"], reference))
            for item in items
            if item.resolution
        ]
        return [item for item in found if item.value]

    return read


def dateparser_reader() -> Reader:
    warnings.filterwarnings("ignore", module="dateparser")
    from dateparser.date import DateDataParser
    from dateparser.search import search_dates

    def read(text: str, reference: date) -> Answers:
        settings: Any = {"RELATIVE_BASE": datetime.combine(reference, time())}
        found: Answers = []
        at = 0
        parser = DateDataParser(languages=["en"], settings=settings)
        for words, instant in search_dates(text, languages=["en"], settings=settings) or ():
            start = text.find(words, at)
            if start < 0:
                continue
            at = start + len(words)
            period = parser.get_date_data(words).period
            found.append(Marked(*trimmed(text, start, at), (widened(instant.date(), period),)))
        return found

    return read


def widened(day: date, period: str | None) -> Interval:
    """The whole month or year that dateparser says it read."""
    if period == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    if period == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if period == "week":
        monday = day - DAY * day.weekday()
        return monday, monday + DAY * 6
    return day, day


def gold_of(case: Case, reference: date) -> tuple[Answers, Answers]:
    """(what names days, what does not) of a case."""
    dated: Answers = []
    others: Answers = []
    for item in case.results:
        readings = readings_of(item.value[1]["values"], reference, case.text[item.start : item.end])
        marked = Marked(*trimmed(case.text, item.start, item.end), readings)
        (dated if readings and item.value[0] in CALENDAR + CLOCK else others).append(marked)
    return dated, others


def group_of(case: Case) -> str:
    kinds = {item.value[0] for item in case.results}
    if not kinds:
        return "no date"
    if kinds <= set(CALENDAR):
        return "calendar"
    return "clock times" if kinds & set(CLOCK) else "no date"


def form_of(words: str) -> str:
    return next((name for name, form in FORMS.items() if re.search(form, words.lower())), "numbers and others")


def main() -> None:
    arguments = parse_arguments(__doc__ or "", ["DateTimeModel.json"], "recognizers")
    cases = load_cases(arguments.folder / "DateTimeModel.json")
    report = Report()
    systems: dict[str, Reader] = {"tracker": ours}
    for name, package, make in (
        ("recognizers-text", "recognizers_date_time", recognizers_reader),
        ("dateparser", "dateparser", dateparser_reader),
    ):
        if importlib.util.find_spec(package) is None:
            report.notes.append(f"{name} is not installed: skipped")
        else:
            systems[name] = make()
    tallies: dict[tuple[str, str], Tally] = {}
    invented = dict.fromkeys(systems, 0)
    undated = 0
    for case in sample(cases, 4 if arguments.quick else 1):
        if case.published is None:
            continue
        dated, others = gold_of(case, case.published)
        group = group_of(case)
        undated += group == "no date"
        printed = NAMES.sub(lambda match: match.group().capitalize(), case.text)
        for system, read in systems.items():
            answers = read(case.text, case.published)
            # what the set itself could not resolve ("February 30") counts for and against nobody
            answers = [a for a in answers if group == "no date" or not any(_touch(a, other) for other in others)]
            if group == "no date":
                invented[system] += bool(answers)
                continue
            tallies.setdefault((group, system), Tally()).add(dated, answers, same_interval)
            if group == "calendar":
                answers = read(printed, case.published)
                answers = [a for a in answers if not any(_touch(a, other) for other in others)]
                tallies.setdefault(("calendar, with capitals", system), Tally()).add(dated, answers, same_interval)
                for item in dated:
                    form = "of these: " + form_of(case.text[item.start : item.end])
                    mine = [a for a in answers if _touch(a, item)]
                    tallies.setdefault((form, system), Tally()).add([item], mine, same_interval)
    for (group, system), tally in sorted(tallies.items(), key=lambda item: item[0][0]):
        if not group.startswith("of these"):
            report.add(group, system, tally.cases, tally.figures())
    report.compare("value_f1")
    for (group, system), tally in sorted(tallies.items(), key=lambda item: item[0][0]):
        if group.startswith("of these"):
            report.add(group, system, tally.gold, {"value_r": round(tally.value / tally.gold, 3)})
    for system, count in invented.items():
        report.add("no date", system, undated, {"dated": round(count / undated, 3)})
    report.notes.append("`dated`: the share of inputs without any calendar date in which a system found one.")
    report.print(arguments.json)


def _touch(a: Marked[Any], b: Marked[Any]) -> bool:
    return a.start < b.end and b.start < a.end


if __name__ == "__main__":
    main()
