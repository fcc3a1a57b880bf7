"""Semantic fields: which words speak of accusing, copying, denying, suing ... (data/lexicon/fields.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from tracker.nlp.lexicon import load_cues

FILE = "fields"


@lru_cache(maxsize=1)
def field_names() -> tuple[str, ...]:
    """The fields, in the order of the file."""
    return tuple(load_cues(FILE))


@lru_cache(maxsize=1)
def lemma_fields() -> Mapping[str, tuple[str, ...]]:
    """English lemmas of one word, each with the fields that it belongs to."""
    found: dict[str, list[str]] = {}
    for field, by_language in load_cues(FILE).items():
        for cue in by_language.get("en", ()):
            if " " not in cue:
                found.setdefault(cue, []).append(field)
    return {lemma: tuple(fields) for lemma, fields in found.items()}


@lru_cache(maxsize=1)
def phrase_fields() -> Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """English lemma phrases by their first lemma: (the lemmas after it, the field)."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for field, by_language in load_cues(FILE).items():
        for cue in by_language.get("en", ()):
            first, *rest = cue.split()
            if rest:
                found.setdefault(first, []).append((tuple(rest), field))
    return {first: tuple(phrases) for first, phrases in found.items()}


@lru_cache(maxsize=8)
def stem_pattern(language: str) -> re.Pattern[str]:
    """One expression for all stems of a language, longest first."""
    stems = {stem for by_language in load_cues(FILE).values() for stem in by_language.get(language, ())}
    if not stems:
        return re.compile(r"(?!)")
    joined = "|".join(re.escape(stem) for stem in sorted(stems, key=lambda stem: (-len(stem), stem)))
    return re.compile(joined if language == "zh" else rf"(?<!\w)(?:{joined})", re.IGNORECASE)


@lru_cache(maxsize=8)
def fields_of_stem(language: str) -> Mapping[str, tuple[str, ...]]:
    """The stems of a language, in lower case, each with its fields."""
    found: dict[str, list[str]] = {}
    for field, by_language in load_cues(FILE).items():
        for stem in by_language.get(language, ()):
            found.setdefault(stem.lower(), []).append(field)
    return {stem: tuple(fields) for stem, fields in found.items()}


def stems_in(text: str, language: str) -> Iterator[tuple[int, str]]:
    """(offset, field) of each stem of the language in a text, in order."""
    fields = fields_of_stem(language)
    for match in stem_pattern(language).finditer(text):
        for field in fields[match.group().lower()]:
            yield match.start(), field
