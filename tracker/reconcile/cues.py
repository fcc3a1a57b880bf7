"""The cue words of data/lexicon/disputes.yaml, compiled: reviewable data, not code.

A claim record does not say in which language its words are, so the cues of all languages are tried on it; those of
one language do not occur in another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tracker.errors import UnreadableInput
from tracker.resources import bundled_path
from tracker.yamlfile import YamlFile, load_yaml

_PLAIN = r"(?:[^.;!?。；！？]|\.(?=\w)|(?<=\b[A-Z])\.)"
"""A character within a sentence: the dots of "U.S." and "Z.ai" end none."""
_END = re.compile(r"[;!?。；！？]|(?<!\b[A-Z])\.(?!\w)")
"""The end of a sentence: what is not plain."""
_MOST_STRETCH = 160
_MOST_CHARS = 2000
_STRETCH = re.compile(rf"{_PLAIN}{{1,{_MOST_STRETCH}}}")
_SLOT = re.compile(r"<(about|who)>")


@lru_cache(maxsize=1)
def _file() -> YamlFile:
    path = bundled_path("data/lexicon/disputes.yaml")
    file = load_yaml(path)
    if not isinstance(file.data, dict):
        raise UnreadableInput(f"{path}, line 1: expected cue classes, each with languages")
    return file


def _lists(cue_class: str) -> dict[str, list[str]]:
    file = _file()
    found: Any = file.data.get(cue_class)
    fine = isinstance(found, dict) and all(
        isinstance(words, list) and all(isinstance(word, str) for word in words) for words in found.values()
    )
    if not fine:
        line = file.line_of((cue_class,))
        raise UnreadableInput(f"{file.path}, line {line}: {cue_class}: expected lists of texts")
    return dict(found)


@lru_cache(maxsize=32)
def words_of(cue_class: str, key: str | None = None) -> re.Pattern[str]:
    """One pattern for a class of plain cues in all languages, or for those of one key; compared without case.

    Raises:
        UnreadableInput: the file does not hold lists of texts there; with its line.
    """
    cues = [
        f"(?:{word})" if language == "zh" else rf"(?<!\w)(?:{word})(?!\w)"
        for language, words in _lists(cue_class).items()
        if key in (None, language)
        for word in words
    ]
    # a Chinese adjective or name has no word boundary, whatever list it stands in
    cues = [cue.replace(r"(?<!\w)", "").replace(r"(?!\w)", "") if _is_chinese(cue) else cue for cue in cues]
    return re.compile("|".join(cues) if cues else r"(?!)", re.IGNORECASE)


def takes_other_goods(words: str) -> bool:
    """Whether what a charge says was stolen or copied is no model: personal data, a chip design."""
    words = words[:_MOST_CHARS]
    return bool(words_of("other_goods").search(words)) and not words_of("distillation").search(words)


def speaks_of_copying(words: str) -> bool:
    """Whether a claim's words are on the matter of these disputes."""
    return bool(words_of("matter").search(words[:_MOST_CHARS])) and not takes_other_goods(words)


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


@dataclass(frozen=True, slots=True)
class Shown:
    """Words that a cue finds in a text."""

    start: int
    end: int
    """Where they stand, with their slots; `end` is exclusive."""
    about: str
    """The stretch that must name whom they concern."""
    leads: bool
    """Whether that stretch stands before the verb."""
    who: str = ""
    """The stretch that must name who acts, where the cue has one."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue with slots. Those at its edges are read from the text beside it: as much of the sentence as there is."""

    pattern: re.Pattern[str]
    before: str
    after: str
    """The slot that stands before and after the pattern; empty where there is none."""

    def find(self, text: str) -> Iterator[Shown]:
        """The places where a text has the cue with every slot filled."""
        for match in self.pattern.finditer(text):
            slots = match.groupdict()
            start, end = match.start(), match.end()
            if self.before:
                slots[self.before] = _stretch_before(text, start)
                start -= len(slots[self.before])
            if self.after:
                follows = _STRETCH.match(text, end)
                slots[self.after] = follows[0] if follows else ""
                end += len(slots[self.after])
            if all(words and words.strip() for words in slots.values()):
                yield Shown(start, end, slots["about"], self.before == "about", slots.get("who", ""))


def _stretch_before(text: str, end: int) -> str:
    stretch = text[max(end - _MOST_STRETCH, 0) : end]
    start = max((found.end() for found in _END.finditer(stretch)), default=0)
    return stretch[start:]


@lru_cache(maxsize=16)
def sentences_of(cue_class: str) -> tuple[Cue, ...]:
    """The cues of a class that have the slot <about>, in the file's order.

    Raises:
        UnreadableInput: a cue is no regular expression, or has no such slot; with its line.
    """
    file, cues = _file(), []
    for language, texts in _lists(cue_class).items():
        for number, text in enumerate(texts):
            try:
                cues.append(_make_cue(text, language))
            except (re.error, ValueError) as exc:
                line = file.line_of((cue_class, language, number))
                raise UnreadableInput(f"{file.path}, line {line}: {cue_class}.{language}: {exc}") from exc
    return tuple(cues)


def _make_cue(text: str, language: str) -> Cue:
    slots = list(_SLOT.finditer(text))
    if [slot[1] for slot in slots].count("about") != 1:
        raise ValueError("a cue has the slot <about> once")
    before = slots[0][1] if slots[0].start() == 0 else ""
    after = slots[-1][1] if slots[-1].end() == len(text) else ""
    inner = text[slots[0].end() if before else 0 : slots[-1].start() if after else len(text)]
    opened = _SLOT.sub(lambda slot: rf"(?P<{slot[1]}>{_PLAIN}{{1,{_MOST_STRETCH}}}?)", inner)
    edge = "" if before or language == "zh" else r"(?<!\w)"
    return Cue(re.compile(edge + opened, re.IGNORECASE), before, after)


def roots_of_states() -> dict[str, str]:
    """For each body at the top of a state the id of the place that stands for the state."""
    return {body: place for place, bodies in _lists("states").items() for body in bodies}


def countries() -> tuple[str, ...]:
    """The places for which `words_of("in_country", place)` has words."""
    return tuple(_lists("in_country"))
