"""What a number counts or measures: the unit or noun phrase that follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.nlp.numbers import Number, Token
from tracker.nlp.quantities.lexicon import UnitWords, matches_at
from tracker.types import QuantityKind

_MOST_NOUN_TOKENS = 8
_HYPHENS = frozenset("-‐‑")
_FEW_CUSTOMERS = 50
"""Fewer customers than this are customers that one counts one by one: firms."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The kind of what is measured, the factor to its unit (days), money's code, and the token after it."""

    kind: QuantityKind
    after: int
    factor: float = 1.0
    unit: str | None = None
    known: bool = True
    """Whether the lexicon knows the noun; an unknown noun is `other`."""


def _lower(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].lower if 0 <= at < len(tokens) else ""


def _is_joined(tokens: Sequence[Token], at: int) -> bool:
    """Whether tokens[at] is a hyphen that touches both neighbours."""
    return (
        0 < at < len(tokens) - 1
        and tokens[at].lower in _HYPHENS
        and tokens[at - 1].end == tokens[at].start
        and tokens[at].end == tokens[at + 1].start
    )


def read_measure(tokens: Sequence[Token], at: int, number: Number, words: UnitWords) -> Measure | None:
    """The measure that begins at tokens[at], just after a number; None for a bare figure."""
    if at >= len(tokens):
        return None
    return (
        _percent(tokens, at, words)
        or _time(tokens, at, words)
        or _currency(tokens, at, number, words)
        or _multiple(tokens, at, number, words)
        or _hyphenated(tokens, at, words)
        or _noun_phrase(tokens, at, number, words)
    )


def _percent(tokens: Sequence[Token], at: int, words: UnitWords) -> Measure | None:
    at = at + 1 if _is_joined(tokens, at) else at
    for phrase in words.percent.get(_lower(tokens, at), ()):
        if matches_at(tokens, at, phrase):
            return Measure("percent", at + len(phrase))
    return None


def _time(tokens: Sequence[Token], at: int, words: UnitWords) -> Measure | None:
    i = at + 1 if _is_joined(tokens, at) else at
    links = words.set_of("noun_link")
    vague = at > 0 and tokens[at - 1].lower in words.numbers.magnitudes
    if (_lower(tokens, i) in links and tokens[i - 1].kind == "word") or (_lower(tokens, i) == "of" and vague):
        i += 1  # 'hundreds of hours'
    for _ in range(3):
        days = words.time.get(_lower(tokens, i))
        if days is not None and tokens[i].kind == "word":
            if (
                days < 1
                and i == at
                and at
                and (tokens[at - 1].value or 0) >= words.large_from
                and _lower(tokens, i + 1) == "of"
            ):
                return Measure("other", i + 1)  # '87,000 hours of speech'
            if _is_joined(tokens, i + 1) and _lower(tokens, i + 2) in ("long", "old"):
                return Measure("duration", i + 3, days)
            return Measure("duration", i + 1, days)
        if _lower(tokens, i) not in words.set_of("time_adjectives"):
            return None
        i += 1
    return None


def _currency(tokens: Sequence[Token], at: int, number: Number, words: UnitWords) -> Measure | None:
    i = at + 1 if _is_joined(tokens, at) else at
    if number.has_scale and _lower(tokens, i) in (
        words.set_of("currency_link") | {"of"} if number.vague else words.set_of("currency_link")
    ):
        i += 1
    if i >= len(tokens):
        return None
    sign = words.signs.get(tokens[i].lower)
    if sign and tokens[i].kind == "mark" and not _starts_amount(tokens, i):
        return Measure("money", i + 1, 1.0, sign)
    for phrase, iso in words.currencies.get(tokens[i].lower, ()):
        if matches_at(tokens, i, phrase) and _is_money(phrase, number, words):
            return Measure("money", i + len(phrase), 1.0, iso)
    cents = (words.block.get("cents") or {}).get(tokens[i].lower)
    if cents:
        return Measure("money", i + 1, 0.01, str(cents))
    iso_code = words.codes.get(tokens[i].text)
    if iso_code:
        scale = words.numbers.scales.get(_lower(tokens, i + 1))
        return Measure("money", i + 2, scale, iso_code) if scale else Measure("money", i + 1, 1.0, iso_code)
    if tokens[i].kind == "word" and tokens[i].text[:1].isupper() and words.code == "en":
        for phrase, iso in words.currencies.get(_lower(tokens, i + 1), ()):
            if matches_at(tokens, i + 1, phrase) and _is_money(("adjective", *phrase), number, words):
                return Measure("money", i + 1 + len(phrase), 1.0, iso)
    if _lower(tokens, i) in ("us", "hk") and _lower(tokens, i + 1) == "$" and not _starts_amount(tokens, i + 1):
        return Measure("money", i + 2, 1.0, words.signs[tokens[i].lower + "$"])
    return None


def _starts_amount(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sign of money belongs to the number after it: "24,000 $5 cards" against "5 $"."""
    return at + 1 < len(tokens) and tokens[at + 1].kind == "number" and tokens[at + 1].start == tokens[at].end


def _is_money(phrase: tuple[str, ...], number: Number, words: UnitWords) -> bool:
    return (
        phrase[-1] not in words.set_of("scaled_currencies")
        or len(phrase) > 1
        or number.has_scale
        or number.value >= 1000
    )


def _multiple(tokens: Sequence[Token], at: int, number: Number, words: UnitWords) -> Measure | None:
    i = at + 1 if _is_joined(tokens, at) else at
    word = _lower(tokens, i)
    if word not in words.set_of("multiples"):
        return None
    comparing = _lower(tokens, i + 1) in words.set_of("compared")
    fetched = any(token.lower in words.set_of("downloaded") for token in tokens[max(0, at - 8) : at])
    if number.value >= words.large_from and not comparing and not fetched and word in words.large_kinds:
        return Measure(words.large_kinds[word], i + 1)
    return Measure("other", i + 1)


def _hyphenated(tokens: Sequence[Token], at: int, words: UnitWords) -> Measure | None:
    """'a 12-member panel', 'a three-page memo': the noun of a compound, in the singular."""
    if not _is_joined(tokens, at) or tokens[at + 1].kind != "word" or words.code != "en":
        return None
    noun = tokens[at + 1].lower
    if noun in words.set_of("no_count") or noun in words.numbers.words or noun in ("odd", "plus", "ish"):
        return None
    kind = (
        words.kinds.get(noun + "s")
        or words.kinds.get(noun)
        or words.kinds.get(noun.removesuffix("y") + "ies")
        or words.kinds.get(noun.replace("person", "people"))
    )
    return Measure(kind or "other", at + 2, known=kind is not None)


def _looks_plural(token: Token, words: UnitWords) -> bool:
    lower = token.lower
    if words.code == "de":
        return token.text[:1].isupper() and len(lower) > 2
    return (
        len(lower) > 3
        and lower.endswith(("s", "x") if words.code == "fr" else "s")
        and not lower.endswith(("ss", "'s", "us", "is"))
    )


def _kind_of(token: Token, number: Number, words: UnitWords) -> QuantityKind | None:
    lower = token.lower
    if number.value >= words.large_from and lower in words.large_kinds:
        return words.large_kinds[lower]
    kind = words.kinds.get(lower.removesuffix("'"))
    if kind is None and words.people_endings and lower.endswith(words.people_endings):
        return "people"
    return kind


def _noun_phrase(tokens: Sequence[Token], at: int, number: Number, words: UnitWords) -> Measure | None:
    """The head noun after a number; a sham customer, name or school is an account."""
    first = _past_determiners(tokens, at, words)
    measure = _head_noun(tokens, first, number, words)
    if measure is None:
        return _collective(tokens, first, words) if first > at else None
    head = tokens[measure.after - 1].lower
    if head == "members" and any(token.lower in words.set_of("unions") for token in tokens[max(0, at - 16) : at]):
        return Measure("companies", measure.after)
    if head == "people" and number.value >= words.large_from and _pays(tokens, measure.after, words):
        return Measure("users", measure.after)  # '3,200 people who pay for it'
    if words.code == "en" and measure.kind in ("users", "people", "companies", "other"):
        measure = _in_context(tokens, number, measure, words)
    if measure.kind in ("other", "users", "people", "accounts"):
        sham = words.set_of("sham")
        if any(token.lower in sham for token in tokens[first : measure.after]):
            return Measure("accounts", measure.after)
    if (
        measure.kind == "users"
        and number.value < _FEW_CUSTOMERS
        and not number.vague
        and head not in words.set_of("user")
    ):
        return Measure("companies", measure.after)
    return measure


def _pays(tokens: Sequence[Token], at: int, words: UnitWords) -> bool:
    """Whether people are said to use or pay for something: "who pay", "using"."""
    at += _lower(tokens, at) in ("who", "that")
    return _lower(tokens, at) in words.set_of("uses")


def _in_context(tokens: Sequence[Token], number: Number, measure: Measure, words: UnitWords) -> Measure:
    """What people or firms are when they are posed as, dismissed, or said not to exist."""
    before = [token.lower for token in tokens[max(0, number.first - 4) : number.first]]
    after = [token.lower for token in tokens[measure.after : measure.after + 6]]
    posed = before[-1:] == ["as"] and any(word in words.set_of("posed") for word in before)
    posed = posed or before[-4:] in (["in", "the", "name", "of"], ["in", "the", "names", "of"])
    unreal = after[:1] in (["that"], ["which"], ["who"], [","]) and {"exist", "exists", "existed"} & set(after)
    if posed or unreal or (before[-1:] == ["under"] and tokens[measure.after - 1].lower in words.set_of("assumed")):
        return Measure("accounts", measure.after)
    if measure.kind == "companies" and any(word in words.set_of("staffed") for word in before):
        return Measure("people", measure.after)
    return measure


def _collective(tokens: Sequence[Token], at: int, words: UnitWords) -> Measure | None:
    """'two of his team': members of a body of people."""
    return Measure("people", at + 1) if _lower(tokens, at) in words.set_of("collectives") else None


def _head_noun(tokens: Sequence[Token], i: int, number: Number, words: UnitWords) -> Measure | None:
    """The first plural that no other plural follows."""
    stops = words.set_of("stops")
    for j in range(i, min(i + _MOST_NOUN_TOKENS, len(tokens))):
        token = tokens[j]
        if token.kind == "mark":
            if _passes(tokens, j):
                continue
            return None
        counts = words.numbers.words.get(token.lower, 0) >= 2 and number.value > 1
        if token.lower in stops or token.kind == "number" or counts:
            if j + 1 < len(tokens) and token.lower == "u" and tokens[j + 1].text == ".":
                continue
            return None
        joined = _hyphenated_noun(tokens, j, words)
        if joined is not None:
            return joined
        kind = _kind_of(token, number, words)
        singular = number.value > 1 and words.code == "en" and kind is not None and not _is_plural_form(token, words)
        if kind is not None and not singular:
            return _further_plural(tokens, j + 1, number, words) or Measure(kind, j + 1)
        if _looks_plural(token, words) and token.kind == "word" and not singular:
            if _is_modifier(tokens, j, number, words):
                continue
            return Measure("other", j + 1, known=token.lower in words.set_of("things"))
    return None


def _is_modifier(tokens: Sequence[Token], j: int, number: Number, words: UnitWords) -> bool:
    """Whether a plural stands before the noun that is counted: "graphics cards", "Sales staff"."""
    following = tokens[j + 1] if j + 1 < len(tokens) else None
    if following is None or following.kind != "word" or following.lower in words.set_of("stops"):
        return False
    if _kind_of(following, number, words) or (_looks_plural(following, words) and words.code == "en"):
        return True
    return tokens[j].text[0].isupper() and words.code == "en" and j + 2 < len(tokens) and following.text[0].isupper()


def _hyphenated_noun(tokens: Sequence[Token], j: int, words: UnitWords) -> Measure | None:
    """A known noun with a hyphen: "start-ups", "co-sponsors", "KI-Firmen"."""
    if not _is_joined(tokens, j + 1):
        return None
    last = tokens[j + 2].lower
    kind = words.kinds.get(f"{tokens[j].lower}-{last}") or (words.kinds.get(last) if words.code == "de" else None)
    return Measure(kind, j + 3) if kind else None


def _is_plural_form(token: Token, words: UnitWords) -> bool:
    return token.lower.endswith(("s", "men", "people", "staff", "x", "s'")) or token.lower in words.large_kinds


def _further_plural(tokens: Sequence[Token], at: int, number: Number, words: UnitWords) -> Measure | None:
    """'two sales staff', 'three developers accounts': a known noun right after a known noun is the head."""
    if at < len(tokens) and tokens[at].kind == "word" and tokens[at].lower not in words.set_of("stops"):
        kind = words.kinds.get(tokens[at].lower)
        if kind and words.code == "en" and _is_plural_form(tokens[at], words):
            return Measure(kind, at + 1)
    return None


def _passes(tokens: Sequence[Token], j: int) -> bool:
    """Marks inside a noun phrase: the stops of "U.S.", hyphens, opening quotes, commas between adjectives."""
    mark = tokens[j].text
    if mark in "-‐‑–/&":
        return j + 1 < len(tokens) and (tokens[j + 1].start == tokens[j].end)
    if mark == ".":
        return j > 0 and len(tokens[j - 1].text) == 1 and tokens[j - 1].text.isupper()
    return mark in "\"“‘'«„"


def _past_determiners(tokens: Sequence[Token], at: int, words: UnitWords) -> int:
    i = at
    linked = _lower(tokens, i) in (words.set_of("of") & {"of", "de", "d'", "von", "der", "des"})
    if _lower(tokens, i).startswith("d'") and words.code == "fr":
        return i
    while linked and i < at + 3 and _lower(tokens, i) in words.set_of("of"):
        i += 1
    while _lower(tokens, i) in words.set_of("before_noun"):
        i += 1
    return i
