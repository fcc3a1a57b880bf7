"""The words by which a language writes numbers: data/lexicon/numbers.yaml as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tracker.errors import UnreadableInput
from tracker.resources import bundled_path
from tracker.yamlfile import load_yaml

NUMBER_LANGUAGES = ("en", "fr", "de", "es", "pt")


@dataclass(frozen=True, eq=False)
class NumberWords:
    """One language's block of data/lexicon/numbers.yaml."""

    code: str
    block: Mapping[str, Any]
    words: Mapping[str, float]
    hundreds: Mapping[str, float]
    scales: Mapping[str, float]
    suffixes: Mapping[str, float]
    magnitudes: Mapping[str, float]
    tens: Mapping[str, float]
    rounds: Mapping[str, float]
    fractions: Mapping[str, float]
    articles: frozenset[str]
    joiners: frozenset[str]
    vague_lead: frozenset[str]
    links: frozenset[str]

    half: frozenset[str]

    @property
    def compound(self) -> bool:
        """Whether number words are written together (vierundzwanzigtausend)."""
        return bool(self.block.get("compound"))


@lru_cache(maxsize=8)
def load_number_words(language: str) -> NumberWords:
    """The number words of a language; of English for a language that has none.

    Raises:
        UnreadableInput: data/lexicon/numbers.yaml is broken.
    """
    path = bundled_path("data/lexicon") / "numbers.yaml"
    data = _read_file()
    code = language if language in NUMBER_LANGUAGES else "en"
    block = data.get(code)
    if not isinstance(block, dict):
        raise UnreadableInput(f"{path}: no block for {code}")

    def values(key: str) -> dict[str, float]:
        return {str(word): float(value) for word, value in (block.get(key) or {}).items()}

    return NumberWords(
        code, block, values("words"), values("hundreds"), values("scales"), values("suffixes"),
        values("plural_magnitudes"), values("plural_tens"), values("round_words"), values("fractions"),
        frozenset(block.get("articles") or ()), frozenset(block.get("joiners") or ()),
        frozenset(block.get("vague_lead") or ()), frozenset(block.get("magnitude_links") or ()),
        frozenset(block.get("half") or ()),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _read_file() -> Mapping[str, Any]:
    path = bundled_path("data/lexicon") / "numbers.yaml"
    data = load_yaml(path).data
    if not isinstance(data, dict):
        raise UnreadableInput(f"{path}, line 1: expected a block for each language")
    return data
