"""German nouns: whether a word with a capital is an ordinary one, in any of its cases, or ends in one."""

from __future__ import annotations

import re
from functools import lru_cache

from tracker.resources import bundled_path

_PLAIN = str.maketrans("äöüß", "aous")
_CASES = ("", "e", "n", "s", "en", "er", "es", "ern", "se", "sen", "nen", "innen", "in")
_DERIVED = re.compile(r"(?:ung|heit|keit|schaft|tät|ismus|tion|sion|enz|anz|nis|erei|ierung)(?:en|s|sen|se)?$")
_LEAST_STEM, _LEAST_TAIL = 3, 4
"""Letters of the shortest first half of a compound, and of the shortest noun that one may end in."""


@lru_cache(maxsize=1)
def ordinary_nouns() -> tuple[str, ...]:
    """The list of ordinary nouns (data/model/names/german_nouns.txt, a line for each letter)."""
    return tuple(bundled_path("data/model/names/german_nouns.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def _nouns() -> frozenset[str]:
    """The same without umlauts."""
    return frozenset(_plain(word) for word in ordinary_nouns())


def _plain(word: str) -> str:
    return word.lower().replace("ß", "ss").translate(_PLAIN)


@lru_cache(maxsize=20_000)
def noun_of(word: str) -> str:
    """`noun`: the list has it; `compound`: it ends in one; `derived`: its ending makes nouns; `no`: none of these."""
    if not word.isalpha():
        head = word.rpartition("-")[2]
        return "no" if head == word or noun_of(head) == "no" else "hyphened"
    plain = _plain(word)
    if any(stem in _nouns() for stem in _stems(plain)):
        return "noun"
    for cut in range(_LEAST_STEM, len(plain) - _LEAST_TAIL + 1):
        if any(len(stem) >= _LEAST_TAIL and stem in _nouns() for stem in _stems(plain[cut:])):
            return "compound"
    return "derived" if _DERIVED.search(plain) and len(plain) > 6 else "no"


def _stems(plain: str) -> list[str]:
    return [plain[: len(plain) - len(case)] for case in _CASES if plain.endswith(case)]
