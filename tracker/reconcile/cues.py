"""The cue words of data/lexicon/disputes.yaml, compiled: reviewable data, not code.

A claim record does not say in which language its words are, so the cues of all languages are tried on it; those of
one language do not occur in another.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from tracker.errors import UnreadableInput
from tracker.resources import bundled_path
from tracker.yamlfile import YamlFile, load_yaml

_PLAIN = r"(?:[^.;!?。；！？]|\.(?=\w)|(?<=\b[A-Z])\.)"
"""A character within a sentence: the dots of "U.S." and "Z.ai" end none."""
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


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


@lru_cache(maxsize=16)
def sentences_of(cue_class: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of a class whose cues have the groups `about` and `who`, in the file's order.

    Raises:
        UnreadableInput: a cue is no regular expression; with its line.
    """
    file, patterns = _file(), []
    for language, cues in _lists(cue_class).items():
        for number, cue in enumerate(cues):
            edge = "" if language == "zh" else r"(?<!\w)"
            try:
                patterns.append(re.compile(edge + _opened(cue), re.IGNORECASE))
            except re.error as exc:
                line = file.line_of((cue_class, language, number))
                raise UnreadableInput(f"{file.path}, line {line}: {cue_class}.{language}: {exc}") from exc
    return tuple(patterns)


def _opened(cue: str) -> str:
    """A cue with its slots as groups: as much of the sentence as there is where a slot ends the cue or begins it,
    else as little as will do."""

    def group(slot: re.Match[str]) -> str:
        at_edge = slot.end() == len(cue) or slot.start() == 0
        return rf"(?P<{slot[1]}>{_PLAIN}{{1,160}}{'' if at_edge else '?'})"

    return _SLOT.sub(group, cue)


def roots_of_states() -> dict[str, str]:
    """For each body at the top of a state the id of the place that stands for the state."""
    return {body: place for place, bodies in _lists("states").items() for body in bodies}


def countries() -> tuple[str, ...]:
    """The places for which `words_of("in_country", place)` has words."""
    return tuple(_lists("in_country"))
