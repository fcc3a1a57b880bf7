"""data/lexicon/numbers_units.yaml and numbers_nouns.yaml as typed values: qualifiers, units, counted nouns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from tracker.errors import UnreadableInput
from tracker.nlp.numbers import NUMBER_LANGUAGES, NumberWords, Token, load_number_words, tokenize
from tracker.resources import bundled_path
from tracker.types import Qualifier, QuantityKind
from tracker.yamlfile import load_yaml

Phrase = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class UnitWords:
    """One language's block; phrases are tuples of lower-case tokens, filed by the token that is looked at first."""

    code: str
    block: Mapping[str, Any]
    numbers: NumberWords
    before: Mapping[str, Sequence[tuple[Phrase, Qualifier]]]
    """Qualifiers before the number, by their last token."""
    behind: Mapping[str, Sequence[tuple[Phrase, Qualifier]]]
    """Qualifiers after the number or its noun, by their first token."""
    kinds: Mapping[str, QuantityKind]
    large_kinds: Mapping[str, QuantityKind]
    """What some nouns stand for in numbers of `large_from` and more."""
    large_from: float
    people_endings: tuple[str, ...]
    """Endings of nouns that name people whatever stands before them: "-ologists"."""
    time: Mapping[str, float]
    percent: Mapping[str, Sequence[Phrase]]
    currencies: Mapping[str, Sequence[tuple[Phrase, str]]]
    out_of: Mapping[str, Sequence[Phrase]]
    """What stands between the two numbers of a share: "in every"."""
    signs: Mapping[str, str]
    codes: Mapping[str, str]
    sets: Mapping[str, frozenset[str]]
    starters: frozenset[str]
    """Words with which a figure can begin."""

    def set_of(self, key: str) -> frozenset[str]:
        """A list of the block as a set; empty where the language has none."""
        return self.sets.get(key, frozenset())


def _phrase(text: str, numbers: NumberWords) -> Phrase:
    return tuple(token.lower for token in tokenize(text, numbers))


def _qualifiers(
    block: Mapping[str, Any], key: str, numbers: NumberWords, first: int
) -> dict[str, list[tuple[Phrase, Qualifier]]]:
    found: dict[str, list[tuple[Phrase, Qualifier]]] = {}
    for qualifier, phrases in (block.get(key) or {}).items():
        for text in phrases:
            phrase = _phrase(text, numbers)
            found.setdefault(phrase[first], []).append((phrase, cast(Qualifier, qualifier)))
    for mark, qualifier in (block.get("symbols") or {}).items() if key == "qualifiers" else ():
        found.setdefault(mark, []).append(((mark,), cast(Qualifier, qualifier)))
    for phrases_of in found.values():
        phrases_of.sort(key=lambda item: -len(item[0]))
    return found


@lru_cache(maxsize=2)
def _read_file(name: str) -> Mapping[str, Any]:
    path = bundled_path("data/lexicon") / name
    data = load_yaml(path).data
    if not isinstance(data, dict):
        raise UnreadableInput(f"{path}, line 1: expected a block for each language")
    return data


def _starters(numbers: NumberWords, signs: Mapping[str, str]) -> frozenset[str]:
    tables = (
        numbers.words, numbers.hundreds, numbers.scales, numbers.magnitudes, numbers.tens, numbers.rounds,
        numbers.fractions, numbers.articles, numbers.block.get("vague_nouns") or (),
    )  # fmt: skip
    first_words = {phrase.split()[0] for phrase in numbers.vague_lead}
    parts = {part for word in numbers.words for part in word.split("-")}
    multi = {f"multi{scale}" for scale in numbers.scales} | {"multi"}
    prefixes = numbers.half | {sign.rstrip("$¥") for sign in signs} | {"la", "die", "der", "a", "twice"}
    return frozenset({*(word for table in tables for word in table), *first_words, *parts, *multi, *prefixes})


@lru_cache(maxsize=8)
def load_unit_words(language: str) -> UnitWords:
    """The lexicon of a language; of English for a language that has none.

    Raises:
        UnreadableInput: the file is broken.
    """
    data = _read_file("numbers_units.yaml")
    code = language if language in NUMBER_LANGUAGES else "en"
    block, nouns, numbers = data[code], _read_file("numbers_nouns.yaml")[code], load_number_words(code)
    percent: dict[str, list[Phrase]] = {}
    for text in block["percent"]:
        phrase = _phrase(text, numbers)
        percent.setdefault(phrase[0], []).append(phrase)
    currencies: dict[str, list[tuple[Phrase, str]]] = {}
    for text, iso in block["currencies"].items():
        phrase = _phrase(text, numbers)
        currencies.setdefault(phrase[0], []).append((phrase, iso))
    out_of: dict[str, list[Phrase]] = {}
    for text in block["out_of"]:
        phrase = _phrase(text, numbers)
        out_of.setdefault(phrase[0], []).append(phrase)
    for phrases in (*percent.values(), *out_of.values()):
        phrases.sort(key=len, reverse=True)
    return UnitWords(
        code=code,
        block=block,
        numbers=numbers,
        before=_qualifiers(block, "qualifiers", numbers, -1),
        behind=_qualifiers(block, "suffixes", numbers, 0),
        kinds={noun: kind for kind, words in nouns["kinds"].items() for noun in words},
        large_kinds={noun: kind for kind, words in nouns["large_kinds"].items() for noun in words},
        large_from=float(nouns["large_from"]),
        people_endings=tuple(nouns.get("people_endings") or ()),
        time={word: float(days) for word, days in block["time"].items()},
        percent=percent,
        currencies={key: sorted(value, key=lambda item: -len(item[0])) for key, value in currencies.items()},
        out_of=out_of,
        signs=data["money_signs"],
        codes={**{code: code for code in data["money_codes"]}, **data["money_code_aliases"]},
        starters=_starters(numbers, data["money_signs"]),
        sets={key: frozenset(map(str, value)) for key, value in (block | nouns).items() if isinstance(value, list)},
    )


def matches_at(tokens: Sequence[Token], at: int, phrase: Phrase) -> bool:
    """Whether the phrase stands at tokens[at]."""
    if at < 0 or at + len(phrase) > len(tokens):
        return False
    return all(tokens[at + k].lower == word for k, word in enumerate(phrase))


def phrase_before(
    tokens: Sequence[Token], at: int, table: Mapping[str, Sequence[tuple[Phrase, Qualifier]]]
) -> tuple[int, Qualifier] | None:
    """The longest phrase of the table that ends just before tokens[at]: (its first token, its qualifier)."""
    if at <= 0:
        return None
    for phrase, qualifier in table.get(tokens[at - 1].lower, ()):
        if matches_at(tokens, at - len(phrase), phrase):
            return at - len(phrase), qualifier
    return None


def phrase_behind(
    tokens: Sequence[Token], at: int, table: Mapping[str, Sequence[tuple[Phrase, Qualifier]]]
) -> tuple[int, Qualifier] | None:
    """The longest phrase of the table that begins at tokens[at]: (the token after it, its qualifier)."""
    if at >= len(tokens):
        return None
    for phrase, qualifier in table.get(tokens[at].lower, ()):
        if matches_at(tokens, at, phrase):
            return at + len(phrase), qualifier
    return None
