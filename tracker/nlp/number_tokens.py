"""Text to tokens: words, marks, and digits with the grouping and decimal marks of the language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Literal

from tracker.nlp.number_words import NumberWords

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_THIN = "\u00a0\u202f\u2009"
_GROUPING = dict.fromkeys(map(ord, f" {_THIN}'’"))
_GLUED_CODES = ("RMB", "USD", "EUR", "GBP", "CNY", "HKD", "JPY", "CHF", "CAD", "AUD", "KSh", "Rs", "RM")
_GLUED_UNITS = frozenset(
    ("x", "h", "hr", "hrs", "pc", "pct", "pp", "p", *(code.lower() for code in _GLUED_CODES if code.isupper()))
)
_RAND = r"R(?=\d{2,3}(?:[.,]\d+)*[\s-]?(?:million|billion|bn|m)\b|\d{1,3}(?:,\d{3})+\b)"
"""A bare R is the South African rand only before a large amount: "R18 million", against the model "R1"."""
_LEAST_LINES = 144
"""From here on, digits with a "p" name the lines of a picture, not pence: "1080p"."""
_VULGAR = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125, "⅕": 0.2}
_MOST_DIGITS = 40

TokenKind = Literal["number", "word", "mixed", "mark"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text: a number in digits (with its value), a word, a mixture such as "R1" or "21st", or a mark."""

    kind: TokenKind
    text: str
    lower: str
    start: int
    end: int
    value: float | None = None
    suffix: str = ""
    """Letters written onto the digits: the "m" of "28.8m"."""


def _token_pattern(spaced_groups: bool, elides: bool) -> re.Pattern[str]:
    space = rf"[ {_THIN}]" if spaced_groups else f"[{_THIN}]"
    thirds = rf"\d{{1,3}}(?:{space}\d{{3}})+(?!\d)(?:[.,]\d+)?"
    if not spaced_groups:  # "2 400 000" and "25 480", but not "Claude 3 125 users"
        thirds += r"|(?<![\w.,])[1-9]\d{0,2}(?:(?: \d{3}){2,}|(?<=\d\d) \d\d0)(?![\d.,]\d|\d| \d)"
    digits = rf"{thirds}|\d+(?:[.,'’]\d+)*|(?<![\w.,])\.\d+"
    word = r"[^\W\d_]+[’']?" if elides else r"[^\W\d_]+(?:[’'][^\W\d_]+)*"
    return re.compile(
        rf"(?P<code>{'|'.join(_GLUED_CODES)})(?=\d)|(?P<rand>{_RAND})"
        rf"|(?P<number>{digits})(?P<suffix>[^\W\d_]+)?(?P<junk>[\d_]\w*)?"
        rf"|(?P<word>{word})(?P<tail>[\d_]\w*)?"
        rf"|(?P<mark>[^\s{_INVISIBLE}])"
    )


@lru_cache(maxsize=8)
def _pattern_of(code: str, spaced_groups: bool) -> re.Pattern[str]:
    return _token_pattern(spaced_groups, elides=code == "fr")


def tokenize(text: str, words: NumberWords) -> list[Token]:
    """The tokens of a text in order; white space and invisible characters fall away."""
    pattern = _pattern_of(words.code, " " in str(words.block["group"]))
    tokens = [_token_of(match, words) for match in pattern.finditer(text)]
    if any(token.suffix in _GLUED_UNITS for token in tokens):
        return [piece for token in tokens for piece in _unglued(token)]
    return tokens


def _unglued(token: Token) -> tuple[Token, ...]:
    """ "10x" and "24h" as a number and its unit."""
    if token.suffix not in _GLUED_UNITS or (token.suffix == "p" and (token.value or 0) >= _LEAST_LINES):
        return (token,)
    cut = token.end - len(token.suffix)
    digits = token.text[: -len(token.suffix)]
    number = Token("number", digits, digits, token.start, cut, token.value)
    return number, Token("word", token.text[-len(token.suffix) :], token.suffix, cut, token.end)


def _token_of(match: re.Match[str], words: NumberWords) -> Token:
    text, (start, end), part = match.group(), match.span(), match.lastgroup
    if part == "mark":
        return Token("mark", text, text, start, end)
    if text in _VULGAR:  # a letter, as far as expressions know
        return Token("number", text, text, start, end, _VULGAR[text])
    lower = text.lower().replace("’", "'")
    if part in ("word", "code", "rand"):
        return Token("word", text, lower, start, end)
    if part == "tail":
        return Token("mixed", text, lower, start, end)
    value = None if match.group("junk") else parse_digits(match.group("number"), words)
    suffix = (match.group("suffix") or "").lower()
    if value is None:
        return Token("mixed", text, lower, start, end)
    if suffix in _VULGAR:
        return Token("number", text, lower, start, end, value + _VULGAR[suffix])
    return Token("number", text, lower, start, end, value, suffix)


def parse_digits(text: str, words: NumberWords) -> float | None:
    """The value of digits with grouping and decimal marks as the language writes them; None if it does not.

    Grouping by U+00A0, U+202F and U+2009 is understood in every language; "24.000" is 24000 where the full stop
    groups, and "2.5" is 2.5 everywhere, since a group has three digits.
    """
    if len(text) > _MOST_DIGITS:
        return None
    plain = text.translate(_GROUPING)
    decimal = str(words.block["decimal"])
    group = "," if decimal == "." else "."
    if plain.startswith("."):
        return float(plain) if plain[1:].isdigit() else None
    whole, mark, fraction = plain.partition(decimal)
    if group in whole:
        if re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+", whole):
            whole = whole.replace(group, "")
        elif group == "." and not mark and re.fullmatch(r"\d+\.\d{1,2}", whole):
            return float(whole)
        else:
            return None
    elif decimal == "," and mark and re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})*,000", plain) and words.code == "es":
        return float(plain.replace(",", ""))
    if not whole.isdigit() or (mark and not fraction.isdigit()):
        return None
    value = float(f"{whole}.{fraction or 0}")
    return value if isfinite(value) else None
