"""Dates: expressions that name a time on the calendar, resolved to inclusive intervals.

Read by a grammar over data/lexicon/dates.yaml, in English, French, German, Spanish, Portuguese and Chinese; the
meaning of each form is that of docs/annotation-guide.md.
"""

from __future__ import annotations

from datetime import date

from tracker.nlp.dates.chinese import find_chinese_dates
from tracker.nlp.dates.joining import join_expressions
from tracker.nlp.dates.lexicon import load_date_words, written_days
from tracker.nlp.dates.reading import read_expressions
from tracker.types import DateMention

__all__ = ["find_dates", "written_days"]


def find_dates(text: str, published: date | None, language: str = "en") -> list[DateMention]:
    """The dates that a text names, in order of place and without overlap.

    Args:
        text: any text; spans count its code points.
        published: the day that relative expressions count from. Without it they are left out; full dates stay.
        language: BCP 47; only the primary subtag counts. A language without a grammar is read as English.
    """
    code = language.lower().replace("_", "-").split("-")[0]
    if code == "zh":
        return find_chinese_dates(text, published)
    words = load_date_words(code)
    return join_expressions(text, read_expressions(text, code), published, words)
