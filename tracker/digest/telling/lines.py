"""Plain text in lines of 72 columns, as mail is read everywhere; Chinese, Japanese and Korean count two a character."""

from __future__ import annotations

import re
from unicodedata import combining, east_asian_width

COLUMNS = 72
_PIECES = re.compile(
    r"[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uff60][，。；：！？、）」』”’]*|\S(?:[^\s\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uff60])*"
)
"""Words, and each character of scripts that have no spaces, with the stops that may not begin a line."""


def width_of(text: str) -> int:
    """Columns of a text on a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrap(text: str, first: str = "", rest: str | None = None, columns: int = COLUMNS) -> list[str]:
    """A paragraph as lines; `first` stands before the first, `rest` before the others. Words (addresses) stay whole."""
    rest = " " * width_of(first) if rest is None else rest
    lines, line, used, end = [], first, width_of(first), 0
    begun = False
    for match in _PIECES.finditer(text):
        gap = " " if begun and match.start() > end else ""
        width = width_of(match[0])
        if begun and used + len(gap) + width > columns:
            lines.append(line.rstrip())
            line, used, gap = rest, width_of(rest), ""
        line, used, end, begun = line + gap + match[0], used + len(gap) + width, match.end(), True
    return [*lines, line.rstrip()]
