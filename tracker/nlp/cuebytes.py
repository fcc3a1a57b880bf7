"""A cue of the lexicon as an expression over the bytes of an HTML page (UTF-8), worked out from its own expression.

So a page can be searched as it came, tags, references and all, and the search never knows fewer cues than the lexicon.
Where the cue has a space, tags may stand; a letter beyond ASCII may be a reference, and so may punctuation. What the
expression over bytes matches may be more than what the cue does, never less, with two exceptions that the screen looks
for by itself (screen.py): letters of ASCII written as references, and letters that only case makes those of ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]  # the only thing that knows all of the syntax
from typing import Any

_REFERENCE = "&[#a-z0-9]+;?"
_IN_WORD = rf"(?:[\w\x80-\xff]|{_REFERENCE})"
_SPACE = rf"(?:[\x00-\x20\x80-\xff]|<[^<>]*>|{_REFERENCE})+"
_PUNCTUATION = rf"(?:[^\w<>]|{_REFERENCE})+"
_LETTER = rf"(?:[\x80-\xff]{{1,4}}|{_REFERENCE})"
_WORD_BEGINS = rf"(?:\b|{_REFERENCE})"
_WORD_ENDS = r"\b"
_LONGEST_RANGE = 64
_NO_WIDTH = (op.AT, op.ASSERT, op.ASSERT_NOT)
_REPEATS = {(0, 1): "?", (0, op.MAXREPEAT): "*", (1, op.MAXREPEAT): "+"}


class _Untold(Exception):
    """A part of an expression of which nothing is said here: anything may stand there."""


def stretches_of(cue: str) -> tuple[str, ...]:
    """Expressions (RE2, Latin-1, without case) of which each matches somewhere in a page that the cue matches.

    Several where the cue has a gap of several words, in which a page may have anything; none where nothing can be said.
    """
    items = [item for item in parser.parse(cue, re.IGNORECASE) if item[0] not in _NO_WIDTH]
    begins = not _is_anything(items[:1])
    ends = not _is_anything(items[-1:])
    items = items[0 if begins else 1 : None if ends else -1]
    stretches: list[list[str]] = [[]]
    for item in items:
        try:
            if item[0] is op.MAX_REPEAT and 1 < item[1][1] < op.MAXREPEAT:
                raise _Untold
            stretches[-1].append(_over_bytes(item))
        except _Untold:
            stretches.append([])
    if begins and stretches[0] and _has_letter_at(items, 0):
        stretches[0].insert(0, _WORD_BEGINS)
    if ends and stretches[-1] and _has_letter_at(items, -1):
        stretches[-1].append(_WORD_ENDS)
    return tuple("".join(parts) for parts in stretches if parts)


def _is_anything(items: Sequence[Any]) -> bool:
    """Whether a cue that begins or ends so may have no boundary of a word of its own there: `\\w*`."""
    return any(kind is op.MAX_REPEAT and value[0] == 0 and value[1] is op.MAXREPEAT for kind, value in items)


def _has_letter_at(items: Sequence[Any], edge: int) -> bool:
    """Whether what matches begins (0) or ends (-1) in a letter of ASCII: only there it is known where a word does."""
    if not items:
        return False
    kind, value = items[edge]
    if kind is op.LITERAL:
        return chr(value).isascii() and (chr(value).isalnum() or chr(value) == "_")
    if kind is op.IN:
        return all(_has_letter_at([inner], edge) for inner in value)
    if kind is op.SUBPATTERN:
        return _has_letter_at(list(value[3]), edge)
    if kind is op.BRANCH:
        return all(_has_letter_at(list(branch), edge) for branch in value[1])
    if kind is op.MAX_REPEAT:
        rest = items[1:] if edge == 0 else items[:-1]
        return _has_letter_at(list(value[2]), edge) and (value[0] > 0 or _has_letter_at(rest, edge))
    return False


def _over_bytes(item: Any) -> str:
    kind, value = item
    if kind is op.LITERAL:
        return _literal(value)
    if kind in _NO_WIDTH:
        return ""
    if kind is op.IN:
        return _one_of(letter for inner in value for letter in _of_class(*inner))
    if kind is op.BRANCH:
        return _one_of(_all_over_bytes(branch) for branch in value[1])
    if kind is op.SUBPATTERN:
        return f"(?:{_all_over_bytes(value[3])})"
    if kind is op.MAX_REPEAT:
        least, most, repeated = value
        times = _REPEATS.get((least, most)) or f"{{{least},{'' if most is op.MAXREPEAT else most}}}"
        return f"(?:{_all_over_bytes(repeated)}){times}"
    raise _Untold


def _all_over_bytes(items: Sequence[Any]) -> str:
    return "".join(map(_over_bytes, items))


def _one_of(choices: Iterable[str]) -> str:
    return f"(?:{'|'.join(dict.fromkeys(choices))})"


def _of_class(kind: Any, value: Any) -> list[str]:
    """The letters of a class, `[...]`, or what stands for all of its kind."""
    if kind is op.LITERAL:
        return [_literal(value)]
    if kind is op.RANGE and value[1] - value[0] < _LONGEST_RANGE:
        return [_literal(code) for code in range(value[0], value[1] + 1)]
    if kind is op.CATEGORY and value is op.CATEGORY_WORD:
        return [_IN_WORD]
    if kind is op.CATEGORY and value is op.CATEGORY_SPACE:
        return [_SPACE]
    raise _Untold


def _literal(code: int) -> str:
    letter = chr(code)
    if letter == " ":
        return _SPACE
    if letter.isascii():
        if letter in "<>":
            raise _Untold
        return letter if letter.isalnum() or letter == "_" else _PUNCTUATION
    if letter.lower().isascii() or letter.upper().isascii():
        raise _Untold
    return _LETTER if letter.isalnum() else _PUNCTUATION
