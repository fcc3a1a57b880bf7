"""The cue words of data/lexicon: reviewable data, not code. Each file maps a cue class to a list per language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from tracker.errors import UnreadableInput
from tracker.resources import bundled_path
from tracker.yamlfile import load_yaml

Cues = dict[str, dict[str, tuple[str, ...]]]


def lexicon_folder() -> Path:
    """Where the lexicon lies."""
    return bundled_path("data/lexicon")


@lru_cache(maxsize=32)
def load_cues(name: str, folder: Path | None = None) -> Cues:
    """One file of the lexicon as {class: {language: cues}}.

    Raises:
        UnreadableInput: not the shape above; names file and line.
    """
    path = (folder or lexicon_folder()) / f"{name}.yaml"
    file = load_yaml(path)
    if not isinstance(file.data, dict):
        raise UnreadableInput(f"{path}, line 1: expected cue classes, each with languages")
    cues: Cues = {}
    for cue_class, languages in file.data.items():
        if not isinstance(languages, dict):
            line = file.line_of((cue_class,))
            raise UnreadableInput(f"{path}, line {line}: {cue_class}: expected languages, each with a list of cues")
        cues[cue_class] = {}
        for code, words in languages.items():
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                line = file.line_of((cue_class, code))
                raise UnreadableInput(f"{path}, line {line}: {cue_class}.{code}: expected a list of texts")
            cues[cue_class][code] = tuple(words)
    return cues


def cues_of(name: str, cue_class: str, language: str = "en") -> frozenset[str]:
    """The cues of a class as a set, for look-up by lemma."""
    return frozenset(load_cues(name).get(cue_class, {}).get(language, ()))


@lru_cache(maxsize=256)
def pattern_of(name: str, cue_class: str, language: str = "en") -> re.Pattern[str]:
    """The cues of a class as one regular expression, compared without case; a cue may itself be one.

    A class that has no cues in the language matches nothing.
    """
    words = load_cues(name).get(cue_class, {}).get(language, ())
    if not words:
        return re.compile(r"(?!)")
    joined = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(joined if language == "zh" else rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


def occurs(name: str, cue_class: str, language: str, text: str) -> bool:
    """Whether a text has a cue of a class: as `pattern_of` finds it, and faster."""
    return _any_of(name, cue_class, language).search(text) is not None


@lru_cache(maxsize=256)
def _any_of(name: str, cue_class: str, language: str) -> re.Pattern[str]:
    words = load_cues(name).get(cue_class, {}).get(language, ())
    if not words or language == "zh":
        return pattern_of(name, cue_class, language)
    return re.compile(rf"(?<!\w)(?:{_by_first_letter(words)})(?!\w)", re.IGNORECASE)


_PLAIN_START = re.compile(r"[a-zA-Z](?![?*+{])")


def _by_first_letter(cues: Sequence[str], depth: int = 3) -> str:
    """Alternatives of which those with one first letter stand together, so that at a place each letter is tried once.

    Their order is lost: whether one of them matches stays, which of them does not.
    """
    letters: dict[str, list[str]] = {}
    others = []
    for cue in cues:
        if _PLAIN_START.match(cue) and not _has_choice(cue):
            letters.setdefault(cue[0].lower(), []).append(cue[1:])
        else:
            others.append(cue)
    if depth == 0 or not letters:
        return "|".join(cues)
    together = [f"{first}(?:{_by_first_letter(rest, depth - 1)})" for first, rest in letters.items()]
    return "|".join([*others, *together])


def _has_choice(cue: str) -> bool:
    """Whether a cue is itself a choice, outside its brackets: "deny|denies"."""
    bare = re.sub(r"\\.|\[[^\]]*\]", "", cue)
    while (outside := re.sub(r"\([^()]*\)", "", bare)) != bare:
        bare = outside
    return "|" in bare
