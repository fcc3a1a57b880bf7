"""Qualifiers: the words before and behind a number that say whether it is exact."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.nlp.numbers import Token
from tracker.nlp.quantities.lexicon import UnitWords, phrase_before, phrase_behind
from tracker.types import Qualifier, QuantityKind

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
    tokens: Sequence[Token], first: int, number_first: int, value: float, kind: QuantityKind | None, words: UnitWords
) -> bool:
    """Whether the word read as a qualifier is a preposition of something else.

    'invest over three years' (during), 'under two laws', 'asked about three firms', 'rounded up to 29 million'.
    """
    word = tokens[number_first - 1].lower
    phrase = [token.lower for token in tokens[first:number_first]]
    previous = tokens[first - 1].lower if first else ""
    if kind == "duration" and phrase[0] in _DURING:
        return previous not in words.set_of("time_measures")
    if phrase[:2] == ["up", "to"]:
        return any(token.lower in words.set_of("rising") for token in tokens[max(0, first - 5) : first])
    if len(phrase) == 1 and word == "about" and previous in words.set_of("topic_leads"):
        return True
    if len(phrase) == 1 and word == "within":
        return kind not in ("duration", "percent", "other", "money")
    small = value < 10 and kind in ("companies", "people", "other", None)
    return len(phrase) == 1 and word in _PLACES and small
