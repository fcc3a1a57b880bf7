"""Chinese numerals: 二十四, 两千, 2.5万, 2880万, 三亿."""

from __future__ import annotations

import re
from math import isfinite

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "兩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8, "兆": 1e12}
_MOST_DIGITS = 40

DIGITS_OR_NUMERALS = r"(?:\d{1,9}(?:[.,，]\d{1,9}){0,8}|[零〇○一二两兩三四五六七八九十百千万萬亿億]{1,16})"
"""A number in digits or in numerals, as a regular expression without groups."""


def parse_chinese_integer(text: str) -> int | None:
    """The value of a short whole number ("十二", "24"); None if it is none."""
    value = parse_chinese_number(text)
    return int(value) if value is not None and value.is_integer() else None


def parse_chinese_number(text: str) -> float | None:
    """The value of digits or numerals with their scales ("2.5万", "两千四百", "1亿2000万"); None if it has none."""
    if not text or len(text) > _MOST_DIGITS:
        return None
    total = section = pending = 0.0
    seen = False
    for piece in re.findall(r"\d[\d,，]*(?:\.\d+)?|\S", text):
        if piece[0].isdigit() and piece[0] not in _DIGIT:
            pending, seen = float(re.sub("[,，]", "", piece)), True
        elif piece in _DIGIT:
            pending = (
                pending * 10 + _DIGIT[piece]
                if seen and pending and section == 0 and total == 0
                else float(_DIGIT[piece])
            )
            seen = True
        elif piece in _SMALL:
            section += (pending or 1.0) * _SMALL[piece]
            pending, seen = 0.0, True
        elif piece in _LARGE and (seen or section):
            total = (
                (total + section + pending) * _LARGE[piece]
                if total < _LARGE[piece] and total
                else total + (section + pending) * _LARGE[piece]
            )
            section = pending = 0.0
        else:
            return None
    value = float(f"{total + section + pending:.12g}")
    return value if seen and isfinite(value) else None
