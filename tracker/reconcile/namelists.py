"""Who is named in a stretch of words, and where: names in full, the longest first, and the lists that they form."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.reconcile.entities import Parties

_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W_\u4e00-\u9fff]+(?:[.&][^\W_\u4e00-\u9fff]+)*")
_MOST_WORDS = 8
_MOST_CHARS = 400
"""Of a stretch as much is read."""
_BETWEEN = re.compile(
    r"(?:[\s,;、，/&()“”\"’'«»-]|\b(?:and|or|und|oder|et|ou|y|e|its?|the|as well as|s)\b|和|及|以及|与|其)*",
    re.IGNORECASE,
)
"""What stands between the names of one list."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a stretch; `end` is exclusive."""

    start: int
    end: int
    entity_id: str


def names_in(words: str, parties: Parties) -> list[Named]:
    """The names of known parties in a stretch, in its order; none within another."""
    words = words[:_MOST_CHARS]
    tokens = list(_WORD.finditer(words))
    found: list[Named] = []
    number = 0
    while number < len(tokens):
        start = tokens[number].start()
        for last in range(min(number + _MOST_WORDS, len(tokens)) - 1, number - 1, -1):
            end = tokens[last].end()
            entity_id = parties.find_name(words[start:end])
            if entity_id is not None:
                found.append(Named(start, end, entity_id))
                number = last
                break
        number += 1
    return found


def first_list(words: str, parties: Parties) -> list[Named]:
    """The names with which a stretch begins, or to which it comes first, as far as they form one list."""
    return _run(names_in(words, parties), words)


def last_list(words: str, parties: Parties) -> list[Named]:
    """The names with which a stretch ends, as far as they form one list, in its order."""
    chosen: list[Named] = []
    for name in reversed(names_in(words, parties)):
        if chosen and not _BETWEEN.fullmatch(words[name.end : chosen[0].start]):
            break
        chosen.insert(0, name)
    return chosen


def _run(names: list[Named], words: str) -> list[Named]:
    chosen = names[:1]
    for name in names[1:]:
        if not _BETWEEN.fullmatch(words[chosen[-1].end : name.start]):
            break
        chosen.append(name)
    return chosen
