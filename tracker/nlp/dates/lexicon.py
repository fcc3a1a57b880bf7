"""data/lexicon/dates.yaml as typed values: the words by which a language names times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tracker.errors import UnreadableInput
from tracker.resources import bundled_path
from tracker.yamlfile import load_yaml

LANGUAGES = ("en", "fr", "de", "es", "pt")
"""The languages of the shared grammar; Chinese has its own."""


@dataclass(frozen=True, eq=False)
class DateWords:
    """One language's block of the lexicon, with look-ups by lower-case form."""

    code: str
    block: Mapping[str, Any]
    counts: Mapping[str, int]
    """Number words that count units: "two", "twelve", "a"."""
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    units: Mapping[str, str]
    parts: Mapping[str, str]
    future: frozenset[str]
    past: frozenset[str]

    def words(self, key: str) -> tuple[str, ...]:
        """A list of the block, empty where the language has none."""
        value = self.block.get(key) or ()
        return tuple(value)

    def alternatives(self, *keys: str) -> str:
        """The words of these lists as one pattern; a pattern that matches nothing where there are none."""
        return alternatives(word for key in keys for word in self.words(key))

    @property
    def flags(self) -> int:
        """How letters compare: German and English tell names by their capital."""
        return re.IGNORECASE if self.block.get("ignore_case") else 0


def alternatives(words: Iterable[str]) -> str:
    """Words as a regular expression, longest first; any white space (up to three) between their parts."""
    unique = sorted(set(words), key=lambda word: (-len(word), word))
    if not unique:
        return r"(?!)"
    return "|".join(_either_case(word) for word in unique)


def _either_case(word: str) -> str:
    body = r"\s{1,3}".join(re.escape(part) for part in word.split())
    first = word[0]
    if first.islower() and body.startswith(first):
        return f"[{first}{first.upper()}]{body[1:]}"
    return body


def _by_form(lists: Iterable[Iterable[str]], first: int) -> dict[str, int]:
    return {form.lower(): number for number, forms in enumerate(lists, first) for form in forms}


@lru_cache(maxsize=1)
def _read_file() -> Mapping[str, Any]:
    path = bundled_path("data/lexicon") / "dates.yaml"
    data = load_yaml(path).data
    if not isinstance(data, dict):
        raise UnreadableInput(f"{path}, line 1: expected a block for each language")
    return data


@lru_cache(maxsize=8)
def load_date_words(language: str) -> DateWords:
    """The lexicon of a language; of English for a language that has none.

    Raises:
        UnreadableInput: the file is broken.
    """
    from tracker.nlp.numbers import load_number_words

    code = language if language in LANGUAGES else "en"
    block = _read_file()[code]
    small = {word: int(value) for word, value in load_number_words(code).words.items() if float(value).is_integer()}
    return DateWords(
        code=code,
        block=block,
        counts={**small, **dict.fromkeys(block["indefinite"], 1)},
        months=_by_form(block["months"], 1),
        weekdays=_by_form(block["weekdays"], 0),
        units={form.lower(): unit for unit, forms in block["units"].items() for form in forms},
        parts={form.lower(): part for part, forms in block["parts"].items() for form in forms},
        future=frozenset(word.lower() for word in block["future"]),
        past=frozenset(word.lower() for word in block["past_cues"]),
    )


@lru_cache(maxsize=8)
def written_days(language: str) -> re.Pattern[str]:
    """A month beside the number of a day or year: "Nov 16", "16 November 2026", "Dec. 2025"; `month` is the month."""
    words = load_date_words(language)
    months = alternatives(form for forms in words.block["months"] for form in forms)
    day, year = r"[0-3]?\d", r"(?:19|20)\d\d"
    after = rf"(?:\.?,?\s(?:de )?(?:{year}|{day})\b(?!\.\d|-\w))"
    return re.compile(rf"\b(?:(?P<day>{day}\.?\s(?:de )?))?(?P<month>{months})\b(?(day){after}?|{after})", words.flags)
