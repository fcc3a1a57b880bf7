"""Words that are nearly another: a name as somebody remembers it, and as it is written."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from tracker.fulltext.words import CUT_MARK, ends_spaceless

SHORTEST, LONGEST = 3, 40
"""Letters of the words that are kept for this."""
_LETTERS_OF_TWO = 8
"""From so many letters on two of them may be wrong: a letter more or fewer, another, or two that changed places."""


@lru_cache(maxsize=262_144)
def is_kept(token: str) -> bool:
    """Whether a token is a word that somebody may misspell: no number, no part of one, and in letters."""
    if not SHORTEST <= len(token) <= LONGEST or not any(char.isalpha() for char in token):
        return False
    return not ends_spaceless(token) and CUT_MARK not in token


def edits_of(word: str) -> int:
    """How many mistakes a word may have."""
    return 2 if len(word) >= _LETTERS_OF_TWO else 1


def nearest(word: str, words: Collection[str], most: int) -> tuple[str, ...]:
    """Of some words those that are the word but for its mistakes, the nearest first (optimal string alignment)."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    found = extract(word, sorted(words), scorer=OSA.distance, score_cutoff=edits_of(word), limit=None, processor=None)
    near = sorted((distance, other) for other, distance, _ in found)
    return tuple(other for _, other in near[:most])
