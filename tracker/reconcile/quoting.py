"""Words of sources in quotation marks, and numbers as they are written."""

from __future__ import annotations

_LONGEST_QUOTE = 100


def quote(text: str) -> str:
    """The words of a figure in quotation marks, on one line."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + '…'}”"


def number_words(value: float) -> str:
    """24,000 or 3.5: thousands grouped."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.6f}".rstrip("0").rstrip(".")
