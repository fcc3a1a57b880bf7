"""The little that is tidied in a text; its code points stay as the page has them."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_SPACE_AT_END = re.compile(r"[^\S\n]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")
_MARKUP_SPACE = re.compile(r"[ \t\n\r\f]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def without_controls(text: str) -> str:
    """A text without NULs and the other control characters that no markup may hold; tabs and line ends stay."""
    return _CONTROLS.sub("", text)


def clean_text(text: str) -> str:
    """Line ends as one newline, no spaces before them, no control characters, at most one blank line in a row."""
    text = _LINE_ENDS.sub("\n", without_controls(text))
    return _BLANK_LINES.sub("\n\n", _SPACE_AT_END.sub("", text)).strip()


def on_one_line(text: str) -> str:
    """A text with each run of ASCII white space, which means nothing in HTML, as one space; other spaces stay."""
    return _MARKUP_SPACE.sub(" ", without_controls(text)).strip()
