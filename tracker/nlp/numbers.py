"""Numbers as they are written: digits with the language's grouping, number words, scales, vague magnitudes.

`parse_number` and `parse_vague` read a number that begins at a token. Linear in the text: each token is looked at a
bounded number of times. Values are finite floats; a number of more than 40 digits is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

from tracker.nlp.number_tokens import Token, parse_digits, tokenize
from tracker.nlp.number_words import NUMBER_LANGUAGES, NumberWords, load_number_words

__all__ = [
    "NUMBER_LANGUAGES", "Number", "NumberWords", "Token", "load_number_words", "parse_digits", "parse_number",
    "parse_vague", "tokenize",
]  # fmt: skip

_MOST_TOKENS = 12


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from tokens[first:after]."""

    value: float
    first: int
    after: int
    in_words: bool
    has_scale: bool
    vague: bool = False
    is_round: bool = False
    """A round collective: "une centaine", "una decena"."""


def parse_number(tokens: Sequence[Token], at: int, words: NumberWords) -> Number | None:
    """The number that begins at tokens[at], in digits or words, with its scale; None if none does."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.kind == "number":
        return _digits_and_scale(tokens, at, words)
    if token.kind != "word":
        return None
    special = part_of_scale(tokens, at, words) or _half_of_scale(tokens, at, words)
    return special or _in_words(tokens, at, words)


def _lower(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].lower if 0 <= at < len(tokens) else ""


def _digits_and_scale(tokens: Sequence[Token], at: int, words: NumberWords) -> Number | None:
    token = tokens[at]
    value, after, scaled = token.value or 0.0, at + 1, False
    if token.suffix:
        if token.suffix not in words.suffixes:
            return None
        value, scaled = value * words.suffixes[token.suffix], True
    else:
        if _is_vulgar(tokens, after):
            value, after = value + (tokens[after].value or 0.0), after + 1
        while (step := _scale_at(tokens, after, words)) is not None:
            factor, after = step
            value, scaled = value * factor, True
        if words.code == "es" and scaled and tokens[after - 1].lower == "mil":
            value, after = _and_rest(tokens, after, value)
    value = _tidy(value)
    return Number(value, at, after, False, scaled) if isfinite(value) else None


def _and_rest(tokens: Sequence[Token], after: int, value: float) -> tuple[float, int]:
    """The hundreds after thousands written half in words, as Mexican papers do: "3 mil 200 cuentas"."""
    rest = tokens[after] if after < len(tokens) else None
    if rest is not None and rest.kind == "number" and len(rest.text) == 3 and rest.value and not rest.suffix:
        return value + rest.value, after + 1
    return value, after


def _is_vulgar(tokens: Sequence[Token], at: int) -> bool:
    """Whether tokens[at] is a fraction in one character: the "½" of "2 ½"."""
    return (
        at < len(tokens)
        and tokens[at].kind == "number"
        and not tokens[at].text[0].isdecimal()
        and len(tokens[at].text) == 1
    )


def _scale_at(tokens: Sequence[Token], at: int, words: NumberWords) -> tuple[float, int] | None:
    """A scale word at tokens[at], also after a hyphen ("$100-million"), and what follows it."""
    if _lower(tokens, at) == "-" and tokens[at].start == tokens[at - 1].end and _lower(tokens, at + 1) in words.scales:
        at += 1
    word = _lower(tokens, at).rstrip(".")
    if word in words.scales and (at >= len(tokens) or tokens[at].kind == "word"):
        return words.scales[word], at + 1
    if words.code == "en" and word in ("hundred", "dozen"):
        return words.hundreds[word], at + 1
    return None


def _half_of_scale(tokens: Sequence[Token], at: int, words: NumberWords) -> Number | None:
    """'half a million', 'medio millón', 'un demi-million', 'eine halbe Million', 'millón y medio'."""
    after, share = at, 0.0
    if words.code != "en":
        after = at + 1 if _lower(tokens, at) in words.articles else at
        if _lower(tokens, after) not in words.half:
            return _scale_and_half(tokens, at, words)
        share, after = 0.5, after + 1
        after += _lower(tokens, after) == "-"
    elif _lower(tokens, at) == "half" and _lower(tokens, at + 1) in words.articles:
        share, after = 0.5, at + 2
    if not share or after == at:
        return None
    word = _lower(tokens, after)
    factor = words.scales.get(word) or words.hundreds.get(word) or words.rounds.get(word)
    return Number(share * factor, at, after + 1, True, True) if factor else None


def _scale_and_half(tokens: Sequence[Token], at: int, words: NumberWords) -> Number | None:
    """'millón y medio', 'milhão e meio': one and a half, without a count."""
    factor = words.scales.get(_lower(tokens, at), 0.0)
    if factor < 1e6 or _lower(tokens, at + 1) not in words.joiners or _lower(tokens, at + 2) not in words.half:
        return None
    return Number(1.5 * factor, at, at + 3, True, True)


def part_of_scale(tokens: Sequence[Token], at: int, words: NumberWords) -> Number | None:
    """A part of a scale word that begins at tokens[at], or None.

    'three-quarters of a million', 'a third of a billion', 'trois quarts de million', 'tres cuartos de millón',
    'drei viertel Millionen', 'eine Dreiviertelmillion'.
    """
    count = 1.0 if _lower(tokens, at) in words.articles else words.words.get(_lower(tokens, at), 0.0)
    if not 0 < count < 10:
        return _compound_part(tokens, at, words)
    i = at + 2 if _lower(tokens, at + 1) in ("-", "‐", "‑") else at + 1
    percent = words.fractions.get(_lower(tokens, i))
    if percent is None:
        return _compound_part(tokens, at + 1, words, at) if count == 1 else None
    after = i + 1
    if words.code == "de":
        after += _lower(tokens, after) in words.articles
    elif not (after := _past_of(tokens, after, words)):
        return None
    factor = words.scales.get(_lower(tokens, after)) or words.hundreds.get(_lower(tokens, after))
    return Number(_tidy(count * factor / round(100 / percent)), at, after + 1, True, True) if factor else None


def _past_of(tokens: Sequence[Token], at: int, words: NumberWords) -> int:
    """The token after 'of a', 'de', 'd'un', 'de un'; 0 where the whole has another article."""
    if _lower(tokens, at) not in ("of", "de", "d'"):
        return 0
    article = _lower(tokens, at + 1) in words.articles or (words.code == "en" and _lower(tokens, at + 1) == "one")
    if words.code == "en" and not article:
        return 0
    return at + 2 if article else at + 1


def _compound_part(tokens: Sequence[Token], at: int, words: NumberWords, first: int | None = None) -> Number | None:
    """'Viertelmillion', 'Dreiviertelmillion': a part and its scale in one German word."""
    if not words.compound:
        return None
    word = _lower(tokens, at)
    for prefix, share in (("dreiviertel", 0.75), ("viertel", 0.25), ("drittel", 1 / 3), ("halb", 0.5)):
        factor = words.scales.get(word.removeprefix(prefix), 0.0) if word.startswith(prefix) else 0.0
        if factor >= 1e6:
            return Number(_tidy(share * factor), at if first is None else first, at + 1, True, True)
    return None


def _tidy(value: float) -> float:
    """2.3 * 1e6 is 2299999.9999999995 in binary; a written number has no such tail."""
    return float(f"{value:.12g}")


class _Sum:
    """What number words have added up to so far."""

    def __init__(self) -> None:
        self.total = 0.0
        self.group = 0.0
        self.open = True
        self.last_scale = float("inf")
        self.scaled = False

    def add(self, value: float, french: bool) -> bool:
        tail = self.group % 100
        fits = (
            self.open
            or (0 < value < 10 and tail >= 20 and tail % 10 == 0)
            or (0 < value < 100 and self.group >= 100 and tail == 0)
            or (french and 10 <= value < 20 and tail in (60, 80))
        )
        if fits:
            self.group, self.open = self.group + value, False
        return fits

    def hundred(self, value: float) -> bool:
        if self.group >= 100 and not self.open:
            return False
        self.group, self.open = (self.group or 1) * value, False
        self.scaled = True
        return True

    def scale(self, value: float) -> bool:
        if value >= self.last_scale:
            return False
        if self.open and self.total:
            return False
        self.total += (self.group or 1) * value
        self.group, self.open, self.last_scale, self.scaled = 0.0, True, value, True
        return True


def _in_words(tokens: Sequence[Token], at: int, words: NumberWords) -> Number | None:
    sum_, i, seen = _Sum(), at, 0
    if _lower(tokens, at) in words.articles and _lower(tokens, at + 1) in words.rounds:
        value = words.rounds[_lower(tokens, at + 1)]
        return Number(value, at, at + 2, True, True, is_round=value != 12 or words.code == "fr")
    if _lower(tokens, at) in words.articles and words.code == "en":
        if _lower(tokens, at + 1) not in words.scales and _lower(tokens, at + 1) not in words.hundreds:
            return None
        i += 1
    while i < len(tokens) and i - at < _MOST_TOKENS:
        step = _step(tokens, i, sum_, words, seen)
        if step == i:
            break
        i, seen = step, seen + 1
    if not seen:
        return None
    return Number(_tidy(sum_.total + sum_.group), at, i, True, sum_.scaled)


def _step(tokens: Sequence[Token], i: int, sum_: _Sum, words: NumberWords, seen: int) -> int:
    """Take the number word at tokens[i] into the sum; the index after it, or `i` if the number ends here."""
    at = i
    if seen and tokens[i].text in "-‐‑" and i + 1 < len(tokens) and tokens[i].start == tokens[i - 1].end:
        at = i + 1
    elif seen and _lower(tokens, i) in words.joiners:
        half = _and_a_half(tokens, i, sum_, words)
        if half:
            return half
        at = i + 1
        if words.code == "en" and not (sum_.scaled and _lower(tokens, at) in words.words):
            return i
    word = _lower(tokens, at)
    for joined in (_hyphenated(tokens, at), word):
        value = words.words.get(joined, _compound(joined, words) if at == i else None)
        if value is not None:
            if word in words.articles and seen and at == i:
                return i
            return (at + joined.count("-") * 2 + 1) if sum_.add(value, words.code == "fr") else i
    if word in words.hundreds and tokens[at].kind == "word":
        return at + 1 if sum_.hundred(words.hundreds[word]) else i
    if (
        word.rstrip(".") in words.scales
        and tokens[at].kind == "word"
        and (seen or words.code in ("fr", "es", "pt", "de", "en"))
    ):
        if not seen and words.code == "en" and _lower(tokens, at - 1) not in (*words.articles, "per", "every"):
            return i
        if not seen and words.scales[word] > 1000 and words.code != "en":
            return i
        return at + 1 if sum_.scale(words.scales[word]) else i
    return i


def _hyphenated(tokens: Sequence[Token], at: int) -> str:
    """The words that hyphens join from tokens[at] on, at most three: "quatre-vingt-dix"."""
    parts, i = [_lower(tokens, at)], at
    while len(parts) < 3 and _lower(tokens, i + 1) == "-" and i + 2 < len(tokens):
        if tokens[i + 1].start != tokens[i].end or tokens[i + 2].start != tokens[i + 1].end:
            break
        parts.append(tokens[i + 2].lower)
        i += 2
    return "-".join(parts)


def _and_a_half(tokens: Sequence[Token], i: int, sum_: _Sum, words: NumberWords) -> int:
    """'two and a half', 'a million and a half', 'deux millions et demi': the index after it, or 0."""
    if words.code in ("fr", "es", "pt"):
        if _lower(tokens, i + 1) not in words.half or not (sum_.open and sum_.total):
            return 0
        sum_.total += sum_.last_scale / 2
        return i + 2
    if words.code != "en" or _lower(tokens, i + 1) not in words.articles or _lower(tokens, i + 2) != "half":
        return 0
    if sum_.open and sum_.total:
        sum_.total += sum_.last_scale / 2
    else:
        sum_.group += 0.5
    return i + 3


@lru_cache(maxsize=4096)
def _split_compound(word: str, code: str) -> float | None:
    words = load_number_words(code)
    if word in words.words:
        return words.words[word]
    for scale, factor in (("tausend", 1000.0), ("hundert", 100.0)):
        head, found, tail = word.partition(scale)
        if found:
            left = 1.0 if not head else _split_compound(head, code)
            right = 0.0 if not tail else _split_compound(tail.removeprefix("und"), code)
            return None if left is None or right is None else left * factor + right
    head, found, tail = word.partition("und")
    if found and words.words.get(head, 99) < 10 and words.words.get(tail, 0) in range(20, 100, 10):
        return words.words[head] + words.words[tail]
    return None


def _compound(word: str, words: NumberWords) -> float | None:
    """A German number written as one word: "vierundzwanzigtausend"."""
    return _split_compound(word, words.code) if words.compound and len(word) < 60 else None


def parse_vague(tokens: Sequence[Token], at: int, words: NumberWords) -> Number | None:
    """A magnitude without a number ('tens of thousands', 'several million', 'dozens'): twice its unit."""
    i, factor = at, 1.0
    if _lower(tokens, i) in words.block.get("vague_nouns", ()):
        i += 1
    lead = _vague_lead(tokens, i, words)
    if lead:
        word = _lower(tokens, lead)
        unit = words.scales.get(word) or words.hundreds.get(word) or words.magnitudes.get(word)
        after = lead + 1
        while unit and (scale := words.scales.get(_lower(tokens, after))):  # 'several hundred thousand'
            unit, after = unit * scale, after + 1
        return Number(_tidy(2 * unit), at, after, True, True, True) if unit else None
    word = _lower(tokens, i)
    if word.startswith("multi") and word.removeprefix("multi") in words.scales:
        return Number(2 * words.scales[word.removeprefix("multi")], at, i + 1, True, True, True)
    linked = _link(tokens, i + 1, words)
    while word in words.tens and linked and _lower(tokens, linked) in words.magnitudes:
        factor *= words.tens[word] if words.magnitudes[_lower(tokens, linked)] != words.tens[word] else 1.0
        i, word = linked, _lower(tokens, linked)
        linked = _link(tokens, i + 1, words)
    if word not in words.magnitudes or tokens[i].kind != "word":
        return None
    if word == "scores" and _lower(tokens, i + 1) != "of":
        return None
    return Number(_tidy(2 * factor * words.magnitudes[word]), at, i + 1, True, True, True)


def _link(tokens: Sequence[Token], i: int, words: NumberWords) -> int:
    return i + 1 if _lower(tokens, i) in words.links else 0


def _vague_lead(tokens: Sequence[Token], i: int, words: NumberWords) -> int:
    """The index of the magnitude after 'several', 'a few', 'multi-'; 0 where there is none."""
    word = _lower(tokens, i)
    if word in words.vague_lead:
        return i + 1
    if f"{word} {_lower(tokens, i + 1)}" in words.vague_lead:
        return i + 3 if _lower(tokens, i + 2) == "of" else i + 2
    if word == "multi" and _lower(tokens, i + 1) in "-‐‑":
        return i + 2
    return 0
