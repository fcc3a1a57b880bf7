"""Which language a text is in, offline: by script and by the commonest small words."""

from __future__ import annotations

import re

SUPPORTED = ("en", "zh", "fr", "de", "es", "pt")
_SAMPLE = 6000
_SMALL_WORDS = {
    "en": "the of and to in that is was for on with as by it from at are be has have its which said not",
    "fr": "le la les des et en que est une dans pour qui sur par au du avec ses il elle pas plus ont été aux",
    "de": "der die das und in den von zu mit ist im des dem für auf nicht eine als auch sich nach bei ein wurde",
    "es": "el la los las de y en que es una por con para su del al se no ha sus más como fue lo",
    "pt": "o os a as de e em que é uma por com para do da dos das no na se não ao mais foi seu pela",
}  # fmt: skip
_WORDS = {code: frozenset(words.split()) for code, words in _SMALL_WORDS.items()}
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W\d_]+")


def detect_language(text: str) -> str | None:
    """The language of a text among SUPPORTED, or None where its words do not tell (too few, or another language)."""
    sample = text[:_SAMPLE]
    if not sample:
        return None
    words = [word.lower() for word in _WORD.findall(sample)]
    if len(_CJK.findall(sample)) * 4 > len(sample) - sample.count(" "):
        return "zh"
    if len(words) < 8:
        return None
    counts = {code: sum(word in small for word in words) for code, small in _WORDS.items()}
    best = max(counts, key=lambda code: counts[code])
    others = max(count for code, count in counts.items() if code != best)
    return best if counts[best] >= max(3, len(words) * 0.08) and counts[best] > others else None


def language_of(tag: str, text: str) -> str:
    """The language to read a text in: what its words say, else the primary subtag of its BCP 47 tag, else English."""
    primary = (tag or "").split("-")[0].split("_")[0].lower()
    return detect_language(text) or (primary if primary in SUPPORTED else "en")
