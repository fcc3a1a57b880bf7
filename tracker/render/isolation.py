"""Names from outside inside our own sentences: a name that runs from right to left must not carry our words along."""

from __future__ import annotations

import re

from markupsafe import Markup

from tracker.render.wording import clean

_START, _END = "\u2068", "\u2069"
"""FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (Unicode Standard Annex 9), which plain text has for it."""


def isolate(name: str) -> str:
    """A name for a sentence of plain text. `clean` takes these characters out of every text that comes from outside."""
    return f"{_START}{clean(name)}{_END}"


def split_isolates(sentence: str) -> list[str]:
    """A sentence cut at its isolated names: every second part is such a name."""
    return re.split(f"{_START}([^{_START}{_END}]*){_END}", sentence)


def isolates_as_markup(sentence: str) -> Markup:
    """A sentence with isolated names as HTML, where `bdi` does what the characters do in plain text."""
    parts = split_isolates(sentence)
    return Markup().join(
        Markup("<bdi>{}</bdi>").format(part) if number % 2 else clean(part) for number, part in enumerate(parts)
    )
