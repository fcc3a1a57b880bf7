"""Whether a page may be on the matter at all: a coarse look at its words, before anything is parsed or kept.

For screening millions of pages of an archive. What it lets through is read and judged like any other document; what it
stops is gone, so it asks for little: one word of AI and one of copying, in the page's language or in English.
"""

from __future__ import annotations

import re

from tracker.nlp.language import detect_language
from tracker.nlp.lexicon import pattern_of

_MAX_CHARS = 60_000
"""So much of a page is looked at: menus stand before the words, and long tails are comments."""
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
_HIDDEN = ("script", "style", "noscript", "svg")


def may_be_relevant(text: str) -> bool:
    """Whether plain words hold a cue of AI and a cue of copying."""
    text = text[:_MAX_CHARS]
    languages = dict.fromkeys((detect_language(text) or "en", "en"))
    return any(_has(cue, code, text) for cue in ("machine", "models") for code in languages) and any(
        _has("acts", code, text) for code in languages
    )


def _has(cue: str, language: str, text: str) -> bool:
    return pattern_of("relevance", cue, language).search(text) is not None


def rough_words(html: str) -> str:
    """The words of a page without its tags and scripts, good enough for `may_be_relevant`; in linear time."""
    html = html[: 20 * _MAX_CHARS]
    folded = html.lower() if len(html.lower()) == len(html) else html
    shown: list[str] = []
    at = 0
    while (start := _next_hidden(folded, at)) is not None:
        begin, name = start
        shown.append(html[at:begin])
        end = folded.find(f"</{name}", begin)
        if end < 0:
            at = len(html)
            break
        at = end
    shown.append(html[at:])
    return _SPACE.sub(" ", _TAG.sub(" ", "".join(shown)))


def _next_hidden(folded: str, at: int) -> tuple[int, str] | None:
    """Where the next element begins whose content nobody reads, and its name."""
    match = _HIDDEN_START.search(folded, at)
    return (match.start(), match[1]) if match else None


_HIDDEN_START = re.compile(rf"<({'|'.join(_HIDDEN)})\b")
