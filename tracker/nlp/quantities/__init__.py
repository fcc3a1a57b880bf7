"""Quantities: numbers that count or measure something, with kind, bounds and qualifier.

Read by a grammar over data/lexicon/numbers.yaml and numbers_units.yaml, in English, French, German, Spanish,
Portuguese and Chinese; the meaning of each form is that of docs/annotation-guide.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from math import isfinite

from tracker.nlp.dates import find_dates
from tracker.nlp.numbers import Token, load_number_words, tokenize
from tracker.nlp.quantities.chinese import find_chinese_quantities
from tracker.nlp.quantities.doubts import Blocked, blocked_spans
from tracker.nlp.quantities.ellipsis import resolve_kinds
from tracker.nlp.quantities.figures import Figure
from tracker.nlp.quantities.grammar import Grammar
from tracker.nlp.quantities.lexicon import load_unit_words
from tracker.types import DateMention, Quantity

__all__ = ["find_quantities"]

_YUAN = re.compile(r"\b(?:yuans?|renminbi|RMB|CNY)\b", re.IGNORECASE)
_YEN = re.compile(r"\b(?:yens?|JPY|Japan|Tokyo)\b", re.IGNORECASE)
_ANY_DAY = date(2026, 6, 15)
"""Which spans name a time does not depend on the day of publication; what they mean is not asked here."""


def find_quantities(text: str, language: str = "en", dates: Sequence[DateMention] | None = None) -> list[Quantity]:
    """The quantities of a text, in order of place and without overlap.

    Args:
        text: any text; spans count its code points.
        language: BCP 47; only the primary subtag counts. A language without a grammar is read as English.
        dates: what `find_dates` found in the text against a day of publication, to spare looking again: the numbers
            of a date are no quantities.

    Durations are in days, percent as the number, money in units of its currency (`unit`, ISO 4217). Values are finite.
    """
    code = language.lower().replace("_", "-").split("-")[0]
    known = find_dates(text, _ANY_DAY, code) if dates is None else dates
    spans = [*((mention.start, mention.end) for mention in known), *blocked_spans(text)]
    if code == "zh":
        return find_chinese_quantities(text, Blocked(spans))
    words = load_unit_words(code)
    tokens = tokenize(text, load_number_words(code))
    blocked = Blocked(spans)
    figures = Grammar(tokens, words, blocked).read()
    resolve_kinds(tokens, figures, words)
    if _speaks_of_yuan(text):
        for figure in figures:
            if tokens[figure.number_first - 1].text in "¥￥" and figure.unit == "JPY":
                figure.unit = "CNY"
    return [_quantity(text, tokens, figure) for figure in figures if isfinite(figure.value)]


def _speaks_of_yuan(text: str) -> bool:
    """Whether the sign of yen and yuan means the yuan in this text."""
    return bool(_YUAN.search(text)) and not _YEN.search(text)


def _quantity(text: str, tokens: Sequence[Token], figure: Figure) -> Quantity:
    start, end = tokens[figure.first].start, tokens[figure.after - 1].end
    return Quantity(
        start, end, text[start:end], figure.kind or "other", figure.low, figure.high, figure.qualifier, figure.unit
    )
