"""Named traits of a text for the judge of relevance: its topics, where, how often and beside which others.

No parse is needed. Every word is looked up once among the stems of data/lexicon/relevance_topics.yaml and then known,
so that a text costs little more than the splitting into words. The names of the traits stand in
data/lexicon/relevance_weights.yaml: "taking" (the topic occurs), "taking.share" (in what share of the sentences),
"taking.lead" (in the first three), "taking.title", "replies+training" (both in one sentence), "word.en.accus" (a word
with that stem occurs), "title-word.en.accus" and so on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from tracker.nlp.lexicon import load_cues

TOPICS_FILE = "relevance_topics"
LEAD = 3
"""How many sentences open a text: what they speak of, it is about."""
MATTER = (
    "machines", "replies", "training", "bulk", "asking", "doors", "taking", "rivals", "wrongs", "answerings",
    "measures", "law",
)  # fmt: skip
"""The topics of the matter itself; all others are its neighbours'."""
DEEDS = ("replies", "training", "bulk", "asking", "doors", "taking")
"""What is done to a model that is copied."""
PAIRS = (
    "answerings+taking", "answerings+wrongs", "asking+bulk", "asking+machines", "authorship+training", "bulk+doors",
    "bulk+replies", "doors+machines", "doors+replies", "law+authorship", "law+chips", "law+machines", "law+taking",
    "law+wrongs", "machines+finance", "machines+replies", "machines+taking", "machines+training", "measures+doors",
    "measures+replies", "permitted+taking", "permitted+training", "replies+taking", "replies+training",
    "research+training", "rivals+machines", "rivals+replies", "rivals+taking", "rivals+training", "taking+bulk",
    "wrongs+bulk", "wrongs+doors", "wrongs+machines", "wrongs+replies", "wrongs+rivals", "wrongs+taking",
    "wrongs+training",
)  # fmt: skip
"""Topics that tell more together than each alone."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LARGE = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+|\d{5,})(?!\d)")
"""A number of a thousand and more with its digits grouped: years are never written so."""


@lru_cache(maxsize=1)
def topic_names() -> tuple[str, ...]:
    """The topics, in the order of the file."""
    return tuple(load_cues(TOPICS_FILE))


@lru_cache(maxsize=1)
def _masks() -> tuple[tuple[str, int], ...]:
    return tuple((name, 1 << index) for index, name in enumerate(topic_names()))


@lru_cache(maxsize=64)
def _mask_of(names: tuple[str, ...]) -> int:
    return sum(mask for name, mask in _masks() if name in names)


@lru_cache(maxsize=8)
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], int], ...]:
    """One expression a topic: over a whole word, or in Chinese over running text."""
    found = []
    for name, mask in _masks():
        cues = load_cues(TOPICS_FILE)[name].get(language, ())
        if cues:
            parts = [re.escape(cue) if language == "zh" else _word_pattern(cue) for cue in cues]
            found.append((re.compile("|".join(parts), re.IGNORECASE), mask))
    return tuple(found)


def _word_pattern(cue: str) -> str:
    if cue.startswith("="):
        return re.escape(cue[1:]) + r"\Z"
    return ".*" + re.escape(cue[1:]) if cue.startswith("*") else re.escape(cue)


@lru_cache(maxsize=1 << 16)
def _topics_of_word(word: str, language: str) -> int:
    mask = 0
    for pattern, bit in _patterns(language):
        if pattern.match(word):
            mask |= bit
    return mask


def topics_in(text: str, language: str) -> int:
    """The topics of a text, as the sum of their bits."""
    mask = _mask_of(("bulk",)) if _LARGE.search(text) else 0
    if language == "zh":
        for pattern, bit in _patterns("zh"):
            if pattern.search(text):
                mask |= bit
        return mask
    for word in _WORD.findall(text.lower()):
        mask |= _topics_of_word(word, language)
    return mask


_ENDINGS = ("ations", "ation", "ings", "ing", "edly", "ied", "ies", "ed", "es", "s", "ly", "e")


@lru_cache(maxsize=1 << 16)
def stem_of(word: str) -> str:
    """A word in lower case without its ending, so that "accused" and "accuses" are one: rough, and good enough."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def words_in(text: str) -> list[str]:
    """The words of a text as written; of Chinese, which does not part them, there are none."""
    return _WORD.findall(text)


def word_traits(sentences: Sequence[str], language: str, title: str) -> set[str]:
    """The names of the traits that are single words, in the text and in the title."""
    if language == "zh":
        return set()
    found = {f"word.{language}.{stem_of(word)}" for word in set(words_in("\n".join(sentences).lower()))}
    return found | {f"title-word.{language}.{stem_of(word)}" for word in words_in(title.lower())}


def traits_of(sentences: Sequence[str], language: str, title: str = "") -> dict[str, float]:
    """The traits of a text by name, each from 0 to 1; what is absent is 0 and left out.

    sentences -- their texts, in order
    language -- one of tracker.nlp.language.SUPPORTED
    """
    found = [topics_in(sentence, language) for sentence in sentences]
    head = topics_in(title, language)
    traits: dict[str, float] = {}
    for name, bit in (*_masks(), *_pair_masks()):
        count = sum(mask & bit == bit for mask in found)
        if count:
            traits[name] = 1.0
            traits[f"{name}.share"] = count / len(found)
            if any(mask & bit == bit for mask in found[:LEAD]):
                traits[f"{name}.lead"] = 1.0
        if head & bit == bit:
            traits[f"{name}.title"] = 1.0
    traits.update(_density("matter", found, _mask_of(MATTER)))
    traits.update(_density("deeds", found, _mask_of(DEEDS)))
    traits.update(_density("neighbours", found, ~_mask_of(MATTER)))
    return {name: value for name, value in traits.items() if value}


@lru_cache(maxsize=1)
def _pair_masks() -> tuple[tuple[str, int], ...]:
    return tuple((pair, _mask_of(tuple(pair.split("+")))) for pair in PAIRS)


def _density(kind: str, found: Sequence[int], group: int) -> dict[str, float]:
    """How thick the topics of a group lie: over all sentences, in the opening, in the thickest two."""
    counts = [(mask & group).bit_count() for mask in found]
    if not counts:
        return {}
    thickest = max((mask & group).bit_count() for mask in _couples(found))
    spoken = 0
    for mask in found:
        spoken |= mask & group
    return {
        f"{kind}.mean": min(1.0, sum(counts) / len(counts) / 5),
        f"{kind}.two": sum(count >= 2 for count in counts) / len(counts),
        f"{kind}.three": sum(count >= 3 for count in counts) / len(counts),
        f"{kind}.lead": min(1.0, sum(counts[:LEAD]) / LEAD / 5),
        f"{kind}.thickest": min(1.0, thickest / 8),
        f"{kind}.breadth": min(1.0, spoken.bit_count() / 12),
    }


def _couples(found: Sequence[int]) -> list[int]:
    return [found[i] | found[i + 1] for i in range(len(found) - 1)] or list(found)
