"""Dates that sources and pages state of themselves: read strictly, or not at all.

A reading never fills a missing part from the present, and a text that can mean two days ("06/10/2026") means none.
A day is the one that the text writes down: "2026-06-10T23:30:00-04:00" is 10 June, whatever day it was in UTC.
"""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_tz

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janvier janv januar jänner enero gennaio",
            "feb february février févr fevrier februar febrero febbraio",
            "mar march mars märz marz marzo",
            "apr april avril avr abril aprile",
            "may mai mayo maggio",
            "jun june juin juni junio giugno",
            "jul july juillet juil juli julio luglio",
            "aug august août aout agosto",
            "sep sept september septembre septiembre settembre",
            "oct october octobre oktober okt octubre ottobre",
            "nov november novembre noviembre",
            "dec december décembre déc decembre dezember dez diciembre dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+"
    r"|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|montag|dienstag|mittwoch|donnerstag|freitag|samstag"
    r"|sonntag|lunes|martes|miércoles|jueves|viernes|sábado|domingo),?\s+)?"
)
_LABEL = r"(?:(?:first\s+)?(?:published|posted|date|dated|released|issued)(?:\s+(?:on|at))?\s*:?\s+|on\s+)?"
_TIME = (
    r"(?:,?\s+(?:at\s+|-\s+|\|\s+|–\s+|à\s+|um\s+)?\d{1,2}(?:[:.h]\d{2}(?::\d{2})?)?"
    r"\s*(?:[ap]\.?m\.?)?(?:\s*\(?[A-Z][\w:+/ -]{1,11}\)?)?)?"
)
_ALPHABETIC_FORMS = tuple(
    re.compile(rf"{_LABEL}{_WEEKDAY}{form}{_TIME}\.?", re.IGNORECASE)
    for form in (
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        rf"(?:le\s+|the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s+(?:of\s+|de\s+)?{_MONTH},?\s+(?:de\s+|del\s+)?(?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})-{_MONTH}-(?P<year>\d{{4}})",
        r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})",
        r"(?P<year>\d{4})\.(?P<month>\d{1,2})\.(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.(?P<year>\d{4})",
    )
)
_FORMS = (
    *_ALPHABETIC_FORMS,
    re.compile(
        r"(?:发布时间|发布日期|日期|时间|發佈時間)?[:：]?\s*(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号號]"
        r"(?:\s*星期[一二三四五六日天])?(?:\s*\d{1,2}[:：]\d{2}(?::\d{2})?)?"
    ),
)
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)?\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_ISO_BASIC = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}(?:Z|[+-]\d{4})?)?")
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3,9}\s+\d{2,4}\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s+[\w+-]{1,6})?"
)
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MAX_LENGTH = 100


def parse_published(text: str) -> date | None:
    """The day that a text as a whole states, or None.

    Reads ISO 8601, RFC 822 (RFC 5322), "June 10, 2026", "10 June 2026" (also French, German, Spanish and Italian
    month names), "2026年6月10日", "2026/06/10", "10.06.2026", and "13/06/2026" where only one order makes a date.
    A weekday, a time of day and a label such as "Published:" may stand around it; other words may not.
    """
    text = " ".join(text.split())
    if not 8 <= len(text) <= _MAX_LENGTH:
        return None
    for form in (_ISO, _ISO_BASIC):
        if match := form.fullmatch(text):
            return _day(int(match[1]), int(match[2]), int(match[3]))
    if _RFC_822.fullmatch(text) and (parsed := parsedate_tz(text)):
        return _day(*parsed[:3])
    if match := _SLASHES.fullmatch(text):
        return _unambiguous(int(match[1]), int(match[2]), int(match[3]))
    for form in _FORMS:
        if match := form.fullmatch(text):
            month = match["month"]
            number = int(month) if month.isdigit() else _MONTHS.get(month.lower())
            if number is not None:
                return _day(int(match["year"]), number, int(match["day"]))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    if not 1900 <= year <= 2100:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _unambiguous(first: int, second: int, year: int) -> date | None:
    days = {_day(year, first, second), _day(year, second, first)} - {None}
    return days.pop() if len(days) == 1 else None


_PATH_DAY = re.compile(r"/((?:19|20)\d{2})/(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])(?:/|$)")


def find_path_date(path: str) -> date | None:
    """The day in a path of the form /YYYY/MM/DD/ (a whole one, and the only one)."""
    found = {_day(int(year), int(month), int(day)) for year, month, day in _PATH_DAY.findall(path)}
    return found.pop() if len(found) == 1 else None
