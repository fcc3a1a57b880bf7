"""Qualifiers: the words before and behind a number that say whether it is exact."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.nlp.numbers import Token
from tracker.nlp.quantities.lexicon import UnitWords, phrase_before, phrase_behind
from tracker.nlp.quantities.measures import Measure
from tracker.types import Qualifier

_STRONG = ("over", "under")
_DURING = frozenset({"over", "über", "en"})
_PLACES = frozenset(("under", "above", "below", "near", "beyond", "within", "over", "unter", "über", "sous", "around"))


def qualifier_before(tokens: Sequence[Token], at: int, words: UnitWords) -> tuple[int, Qualifier]:
    """(first token, qualifier) of what stands before tokens[at]; (at, "exact") where nothing does.

    Of two in a row the outer one counts if it bounds ('up to about 25,000' is under).
    """
    found = phrase_before(tokens, at, words.before)
    if found is None:
        return at, "exact"
    first, qualifier = found
    outer = phrase_before(tokens, first, words.before)
    if outer is not None and first - outer[0] == 1 and tokens[outer[0]].lower in _PLACES:
        return first, qualifier  # 'über knapp 25.000 Konten': by way of them
    if outer is not None and (outer[1] in _STRONG or qualifier == "exact"):
        return outer
    if outer is not None and outer[1] == "about":
        return outer[0], qualifier if qualifier in _STRONG else "about"
    return first, qualifier


def qualifier_behind(tokens: Sequence[Token], at: int, words: UnitWords) -> tuple[int, Qualifier | None]:
    """(token after, qualifier) of what stands at tokens[at]: '-odd', 'or so', '+'; (at, None) where nothing does."""
    found = phrase_behind(tokens, at, words.behind)
    if found is None:
        return at, None
    if tokens[at].text == "+" and tokens[at].start != tokens[at - 1].end:
        return at, None
    return found


def is_preposition(
    tokens: Sequence[Token], first: int, number_first: int, value: float, measure: Measure | None, words: UnitWords
) -> bool:
    """Whether the word read as a qualifier is a preposition or particle of something else.

    'invest over three years' (during), 'under two laws', 'asked about three firms', 'rounded up to 29 million',
    'hand over $1.5 billion', 'spread over 27 accounts', 'owned up to some 90,000 calls'.
    """
    word = tokens[number_first - 1].lower
    phrase = [token.lower for token in tokens[first:number_first]]
    previous = tokens[first - 1].lower if first else ""
    kind = measure.kind if measure else None
    if kind == "duration" and phrase[0] in _DURING:
        return previous not in words.set_of("time_measures")
    if phrase[:2] == ["up", "to"]:
        return _rises(tokens, first, words)
    if len(phrase) == 1 and word == "about" and previous in words.set_of("topic_leads"):
        return True
    if len(phrase) == 1 and word == "within":
        return kind not in ("duration", "percent", "other", "money")
    if word == "over" and previous in words.set_of("over_particles"):
        return True
    if measure is not None and len(phrase) == 1 and tokens[measure.after - 1].lower in words.set_of("borne"):
        return word in ("under", "unter", "sous")  # 'under 370 false names'
    if len(phrase) == 1 and word == "under" and kind == "accounts" and words.code == "en":
        return previous not in words.set_of("before_bound")  # 'queries run under 14 accounts': by way of them
    if measure is not None and kind == "other" and measure.known:
        return False  # 'under three tonnes'
    small = value < 10 and kind in ("companies", "people", "other", None)
    return len(phrase) == 1 and word in _PLACES and small


def _rises(tokens: Sequence[Token], at: int, words: UnitWords) -> bool:
    """Whether a verb of rounding, rising or owning takes the "up to" at tokens[at]."""
    if at and tokens[at - 1].lower in words.set_of("owning"):
        return True
    for i in range(max(0, at - 5), at):
        if tokens[i].lower in words.set_of("rising") and (i == 0 or tokens[i - 1].text not in "-‐‑"):
            return True
    return False
