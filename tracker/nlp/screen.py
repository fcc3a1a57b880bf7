"""A first look at a page of an archive, before its tags are taken off: may the coarse gate (gate.py) let it through?

Asks for the same cues of AI and of copying by plain searches over the page as it came, twenty times as fast as their
expressions over its words. It lets through whatever the gate would, and some more: tags count as words here, and a cue
of any language counts. What cannot be judged goes through.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from tracker.nlp.cuepieces import fold, pieces_of
from tracker.nlp.language import SUPPORTED
from tracker.nlp.lexicon import load_cues

_AI = ("machine", "models")
_COPYING = ("acts",)
_ODD_LETTERS = ("\u0131", "\u017f", "\u212a", "\u0130")
"""Dotless i, long s, the Kelvin sign, I with a dot: without case they are i, s and k to an expression."""
_CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_BLANKS = ("&amp;", "&nbsp;", "&quot;", "&lt;", "&gt;")
"""The commonest references; what they stand for is a space once folded."""


@dataclass(frozen=True)
class _Cues:
    """Cues of which any will do."""

    words: frozenset[bytes]
    """Whole words, each a cue by itself ..."""
    parts: tuple[bytes, ...]
    """... pieces of words, likewise ..."""
    joint: tuple[tuple[frozenset[bytes], ...], ...]
    """... and of the rest one piece of each set."""

    def are_in(self, page: _Page) -> bool:
        return (
            not self.words.isdisjoint(page.words)
            or any(map(page.holds, self.parts))
            or any(all(any(map(page.holds, pieces)) for pieces in sets) for sets in self.joint)
        )


class _Page:
    """A page's words, each once."""

    def __init__(self, text: str) -> None:
        self._folded = fold(text)
        self.words = frozenset(self._folded.split())
        self._each = b" " + b" ".join(self.words) + b" "

    def holds(self, piece: bytes) -> bool:
        return piece in (self._folded if b" " in piece.strip() else self._each)


def may_hold_cues(shown: str) -> bool:
    """Whether a page without its scripts (`gate.shown_part`) holds what a cue of AI and one of copying are made of."""
    for reference in _BLANKS:
        shown = shown.replace(reference, " ")
    if "&" in shown:
        shown = html.unescape(shown)
    if not shown.isascii():
        if any(letter in shown for letter in _ODD_LETTERS):
            return True
        if _CJK.search(shown) and _holds_chinese(shown):
            return True
    page = _Page(shown)
    return _cues_of(_AI).are_in(page) and _cues_of(_COPYING).are_in(page)


def _holds_chinese(shown: str) -> bool:
    """Chinese has no words to part, and a text in it may have English cues: each kind in either language."""
    folded = shown.lower()
    page = _Page(shown)
    return all(
        any(cue in folded for cue in _chinese(classes)) or _cues_of(classes).are_in(page) for classes in (_AI, _COPYING)
    )


@lru_cache(maxsize=4)
def _chinese(classes: tuple[str, ...]) -> tuple[str, ...]:
    cues = [cue.lower() for name in classes for cue in load_cues("relevance").get(name, {}).get("zh", ())]
    if odd := [cue for cue in cues if re.escape(cue) != cue]:
        raise ValueError(f"data/lexicon/relevance.yaml: zh: {odd[0]!r}: the screen takes plain words of Chinese only")
    return tuple(cues)


@lru_cache(maxsize=4)
def _cues_of(classes: tuple[str, ...]) -> _Cues:
    """The cues of all languages that part their words."""
    words, parts, joint = set[bytes](), set[bytes](), []
    table = load_cues("relevance")
    languages = [code for code in SUPPORTED if code != "zh"]
    cues = [cue for name in classes for code in languages for cue in table.get(name, {}).get(code, ())]
    for cue in dict.fromkeys(cues):
        sets = pieces_of(cue)
        if len(sets) != 1:
            joint.append(sets)
            continue
        for piece in sets[0]:
            word = piece.strip()
            is_whole = piece == b" " + word + b" " and b" " not in word
            (words if is_whole else parts).add(word if is_whole else piece)
    return _Cues(frozenset(words), _without_longer(parts), tuple(joint))


def _without_longer(parts: set[bytes]) -> tuple[bytes, ...]:
    """Pieces that hold no other: those are found with it."""
    return tuple(sorted(part for part in parts if not any(other in part for other in parts - {part})))
