"""Whether a page may be on the matter at all: a coarse look at its words, before anything is parsed or kept.

For screening millions of pages of an archive. What it lets through is read and judged like any other document; what it
stops is gone, so it asks for little: one word of AI and one of copying, in the page's language or in English.
"""

from __future__ import annotations

import html as markup
import re

from tracker.nlp.bytesearch import byte_search
from tracker.nlp.language import detect_language
from tracker.nlp.lexicon import pattern_of
from tracker.nlp.screen import may_hold_cues
from tracker.read.charsets import utf_8_form

_MAX_CHARS = 60_000
"""So much of a page is looked at: menus stand before the words, and long tails are comments."""
_MAX_MARKUP_CHARS = 20 * _MAX_CHARS
_LONGEST_WORD = 100
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
_CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_HIDDEN = ("script", "style", "noscript", "svg")


def body_may_be_relevant(body: bytes, content_type: str | None = None) -> bool:
    """Whether the words of an HTML page, as it came, may be on the matter: first by a quick look at its bytes, and only
    where that finds something by its words."""
    shown = shown_part(utf_8_form(body, content_type))
    return may_hold_cues(shown) and may_be_relevant(_without_tags(shown))


def may_be_relevant(text: str) -> bool:
    """Whether plain words hold a cue of AI and a cue of copying."""
    text = text[: _whole_words(text, _MAX_CHARS)]
    # A short text of Chinese may stand among menus in English.
    languages = dict.fromkeys((detect_language(text) or "en", "en", "zh" if _CJK.search(text) else "en"))
    return any(_has(cue, code, text) for cue in ("machine", "models") for code in languages) and any(
        _has("acts", code, text) for code in languages
    )


def _whole_words(text: str, most: int) -> int:
    """How much of a text to take so that no word is cut, which might make another word of it."""
    if len(text) <= most:
        return len(text)
    end = most
    while end > most - _LONGEST_WORD and text[end - 1].isalnum() and text[end - 1] < "\u3400":
        end -= 1
    return end


def _has(cue: str, language: str, text: str) -> bool:
    return pattern_of("relevance", cue, language).search(text) is not None


def rough_words(page: bytes) -> str:
    """The words of a page in UTF-8 without its tags and scripts, good enough for `may_be_relevant`; in linear time."""
    return _without_tags(shown_part(page))


def _without_tags(shown: bytes) -> str:
    return markup.unescape(_SPACE.sub(" ", _TAG.sub(" ", shown.decode("utf-8", "replace"))))


def shown_part(page: bytes) -> bytes:
    """A page in UTF-8 without the elements whose content nobody reads; their end tags stay. Of a huge page the
    beginning."""
    if len(page) > _MAX_MARKUP_CHARS:
        page = page.decode("utf-8", "replace")[:_MAX_MARKUP_CHARS].encode("utf-8", "replace")
    shown: list[bytes] = []
    at = 0
    while (found := _HIDDEN_START.search(page, at)) is not None:
        start = found.start()
        shown.append(page[at:start])
        end = _HIDDEN_END[found[1].lower()].search(page, found.end())
        at = end.start() if end else len(page)
    shown.append(page[at:])
    return b"".join(shown)


_HIDDEN_START = byte_search(rf"<({'|'.join(_HIDDEN)})\b")
_HIDDEN_END = {name.encode(): byte_search(f"</{name}") for name in _HIDDEN}
