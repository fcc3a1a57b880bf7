"""A first look at a page of an archive, before its tags are taken off: may the coarse gate (gate.py) let it through?

Asks for the same cues of AI and of copying by searches over the page as it came, many times as fast as their
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
_BLANKS = re.compile("&(?:amp|nbsp|quot|lt|gt);")
"""The commonest references; what they stand for is a space once folded."""


@dataclass(frozen=True)
class _Cues:
    """Cues of which any will do."""

    leading: re.Pattern[bytes]
    """Words, and how words begin, each a cue by itself ..."""
    parts: tuple[bytes, ...]
    """... pieces from within words, likewise ..."""
    joint: tuple[tuple[frozenset[bytes], ...], ...]
    """... and of the rest one piece of each set."""

    def are_in(self, page: bytes) -> bool:
        """Whether a folded page has one."""
        return (
            self.leading.search(page) is not None
            or any(part in page for part in self.parts)
            or any(all(any(piece in page for piece in pieces) for pieces in sets) for sets in self.joint)
        )


def may_hold_cues(shown: str) -> bool:
    """Whether a page without its scripts (`gate.shown_part`) holds what a cue of AI and one of copying are made of."""
    if "&" in shown:
        shown = html.unescape(_BLANKS.sub(" ", shown))
    if not shown.isascii():
        if any(letter in shown for letter in _ODD_LETTERS):
            return True
        if _CJK.search(shown) and _holds_chinese(shown):
            return True
    page = fold(shown)
    return _cues_of(_AI).are_in(page) and _cues_of(_COPYING).are_in(page)


def _holds_chinese(shown: str) -> bool:
    """Chinese has no words to part, and a text in it may have English cues: each kind in either language."""
    folded = shown.lower()
    page = fold(shown)
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
    pieces, joint = set[bytes](), []
    table = load_cues("relevance")
    languages = [code for code in SUPPORTED if code != "zh"]
    cues = [cue for name in classes for code in languages for cue in table.get(name, {}).get(code, ())]
    for cue in dict.fromkeys(cues):
        sets = pieces_of(cue)
        if len(sets) == 1:
            pieces |= sets[0]
        else:
            joint.append(sets)
    leading = {piece for piece in pieces if piece.startswith(b" ")}
    # Where a word may begin before the piece, its end tells little: fewer pieces are searched for.
    parts = {piece.strip() for piece in pieces - leading}
    fewest = sorted(part for part in parts if not any(other in part for other in parts - {part}))
    return _Cues(_leading_pattern(leading), tuple(fewest), tuple(joint))


def _leading_pattern(pieces: set[bytes]) -> re.Pattern[bytes]:
    """One expression for pieces that begin a word, parted by their first letter: most words are done with after it."""
    by_letter: dict[bytes, list[bytes]] = {}
    for piece in sorted(pieces):
        by_letter.setdefault(piece[1:2], []).append(re.escape(piece[2:]))
    return re.compile(
        b" (?:" + b"|".join(b"%b(?:%b)" % (re.escape(key), b"|".join(rest)) for key, rest in by_letter.items()) + b")"
    )
