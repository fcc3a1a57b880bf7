"""Figures without a noun: which of them count something, by their size, their words and their neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.nlp.numbers import Number, Token, parse_number
from tracker.nlp.quantities.ellipsis import is_partitive
from tracker.nlp.quantities.lexicon import UnitWords
from tracker.nlp.quantities.measures import read_measure
from tracker.types import Qualifier

_DASHES = frozenset("-–—‑‐")


def _lower(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].lower if 0 <= at < len(tokens) else ""


def stands_alone(
    tokens: Sequence[Token], number: Number, words: UnitWords, first: int, at: int, behind: Qualifier | None
) -> bool:
    """Whether a figure without a noun counts something: it is qualified, large, or written out."""
    if number.vague:
        return True
    token = tokens[number.first]
    if number.in_words:
        return _is_bare_word(tokens, number, words)
    if number.has_scale or number.value >= 1000:
        return number.value.is_integer() or number.has_scale
    if behind is not None or (first < at and tokens[at - 1].lower not in ("all", "just", "only", "another")):
        return True
    if _is_rate(tokens, number, words) or _is_listed(tokens, number, words) or _is_pointed_at(tokens, number, words):
        return True
    return is_partitive(tokens, number.after) and token.value is not None and token.value > 1


def _is_rate(tokens: Sequence[Token], number: Number, words: UnitWords) -> bool:
    """'26 a day', '300 each'."""
    following, unit = _lower(tokens, number.after), _lower(tokens, number.after + 1)
    return following in ("each", "apiece", "daily") or (following in ("a", "per") and unit in words.time)


def _is_listed(tokens: Sequence[Token], number: Number, words: UnitWords) -> bool:
    """'Birch (150)', and the '30' of '30 and 12 per cent': a figure among figures."""
    after = number.after
    if _lower(tokens, number.first - 1) == "(" and _lower(tokens, after) == ")":
        return number.value >= 100
    if _lower(tokens, after) not in ("and", "or", ",", "to", "et", "und", "y", "e", "ou", "oder", "o"):
        return False
    following = parse_number(tokens, after + 1, words.numbers)
    if following is None or following.in_words:
        return False
    measure = read_measure(tokens, following.after, following, words)
    return measure is not None and measure.kind in ("percent", "duration", "accounts", "exchanges")


def _is_pointed_at(tokens: Sequence[Token], number: Number, words: UnitWords) -> bool:
    """'all 240 are shut', 'a further 900', 'the other 57 can', 'which is 48 and not 46'."""
    if not tokens[number.first].text.isdigit() or number.value < 10:
        return False
    before, after = _lower(tokens, number.first - 1), _lower(tokens, number.after)
    if before in words.set_of("further_figures"):
        return True
    if before in ("the", "all", "these", "those") and (after in words.set_of("pronoun_subjects") or after == "can"):
        return True
    if before in ("from", "to") and _is_change(tokens, number):
        return True
    if after == "," and _lower(tokens, number.after + 1) == "of":
        return _lower(tokens, number.after + 2) in ("which", "whom", "them")
    near = {_lower(tokens, k) for k in range(number.first - 8, number.first)}
    if before in ("is", "was", "at", "to", "be") and near & {"number", "total", "count", "tally", "figure"}:
        return True
    return before in ("is", "was", "not", "of") and (
        after in ("and", "not", ";") or (before == "not" and after in ("", "."))
    )


def _is_change(tokens: Sequence[Token], number: Number) -> bool:
    """'from 500 to 40', 'to 260, from 2,600': one of two figures of a change."""
    after = number.after
    other = {"from": "to", "to": "from"}[_lower(tokens, number.first - 1)]
    after += _lower(tokens, after) == ","
    if _lower(tokens, after) == other and after + 1 < len(tokens) and tokens[after + 1].kind == "number":
        return True
    before = number.first - 2
    before -= _lower(tokens, before) == ","
    return before > 0 and tokens[before].kind == "number" and _lower(tokens, before - 1) == other


def _is_bare_word(tokens: Sequence[Token], number: Number, words: UnitWords) -> bool:
    if number.value < 2 or (_lower(tokens, number.first) in ("second", "cent") and not number.has_scale):
        return False
    if _lower(tokens, number.first - 1) == "at" and _lower(tokens, number.after) in ("on", "in", "sharp"):
        return False  # 'at nine on Thursday'
    if words.code != "en" and not number.has_scale:
        if _lower(tokens, number.first - 1) in words.set_of("definite") and number.value <= 12:
            return True  # 'die drei', 'as três'
        return _lower(tokens, number.after) in words.set_of("pronoun_subjects")
    if [_lower(tokens, number.first - k) for k in (2, 1)] == ["between", "the"]:
        return False
    following = _lower(tokens, number.after)
    return not (following in _DASHES and tokens[number.after].start == tokens[number.after - 1].end)
