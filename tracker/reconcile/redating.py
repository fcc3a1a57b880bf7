"""Weekdays in words that were put into a page later: they are days of the update, not of the first publication.

A page of Wednesday that gains "the company denied it on Friday" by Friday evening means that Friday. Its date of
publication, from which the reader counts, has not moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from tracker.types import DateMention, Version

_WEEKDAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)s?\b"
    r"|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
    r"|\b(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b"
    r"|\b(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?\b"
    r"|(?:周|星期|礼拜|週|禮拜)[一二三四五六日天]",
    re.IGNORECASE,
)
_OF_ANOTHER_WEEK = re.compile(
    r"\b(?:last|next|previous|following|letzte[nr]?|nächste[nr]?|vorige[nr]?|dernier|prochain|pasado|próximo|passad[oa]"
    r"|próxima|ago|week)\b|[上下]",
    re.IGNORECASE,
)
_WEEK = timedelta(days=7)


def redate(dates: Iterable[DateMention], before: Version, version: Version) -> tuple[DateMention, ...]:
    """The dates of words that stand in `version` and did not in the one before it.

    A bare weekday is the last one up to the first look at the new words, where less than a week lies between that and
    the last look at the old ones. After a longer time it could be any, and the reader's day stays.
    """
    last = day_of_update(before, version)
    if last is None:
        return tuple(dates)
    return tuple(_moved(mention, last) if _is_weekday(mention) else mention for mention in dates)


def day_of_update(before: Version, version: Version) -> date | None:
    """The day on which words were put into a page, as late as it can be; None where a week or more leaves it open,
    and where the page gives itself a later day."""
    last = version.fetched_at.date()
    known = last - before.last_seen_at.date() < _WEEK and (version.published is None or version.published <= last)
    return last if known else None


def _moved(mention: DateMention, last: date) -> DateMention:
    day = mention.from_on + max(0, (last - mention.from_on).days // 7) * _WEEK
    return replace(mention, from_on=day, to_on=day)


def _is_weekday(mention: DateMention) -> bool:
    bare = _WEEKDAY.search(mention.text) and not _OF_ANOTHER_WEEK.search(mention.text)
    return bool(bare) and mention.basis == "relative" and mention.from_on == mention.to_on
