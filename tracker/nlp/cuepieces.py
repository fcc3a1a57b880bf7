"""What a page must hold for a cue of the lexicon to be found in it: the cue's pieces, worked out from its expression.

So a screen that looks for plain words can be made out of the same data as the expressions, and never knows fewer of
them. A piece is a stretch of characters that stand together wherever the cue matches, folded: ASCII letters small,
digits and underscores kept, everything else a space. A space at its end says that a word ends there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]  # the only thing that knows all of the syntax
from typing import Any

_GAP = "\0"
"""Stands for whatever may lie between two stretches."""
_MOST = 64
"""So many spellings of one stretch are written out; of more it is only known that something stands there."""
_KEPT = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_")
_FOLD = bytes(code if (code := ord(chr(byte).lower())) in _KEPT and byte < 128 else 32 for byte in range(256))


def fold(text: str) -> bytes:
    """A text as pieces are written, with a space before and behind it."""
    return b" " + text.encode("utf-8", "replace").translate(_FOLD) + b" "


def pieces_of(cue: str, *, whole_words: bool = True) -> tuple[frozenset[bytes], ...]:
    """Sets of pieces: where the cue matches, one of each set is there. Empty where nothing certain can be said.

    With `whole_words` the cue stands between two boundaries of words.
    """
    edge = " " if whole_words else _GAP
    factors = _factors(parser.parse(cue, re.IGNORECASE), edge)
    found = (frozenset(map(_most_telling, factor)) for factor in factors)
    return tuple(dict.fromkeys(pieces for pieces in found if b"" not in pieces))


def _factors(items: Iterable[Any], edge: str) -> list[list[str]]:
    """The spellings of each stretch of a cue, gap to gap."""
    factors = [[edge]]
    for item in items:
        spelled = _spell(item)
        if spelled == [_GAP] or len(factors[-1]) * len(spelled) > _MOST:
            factors[-1] = [text + _GAP for text in factors[-1]]
            factors.append([_GAP])
        factors[-1] = [left + right for left, right in product(factors[-1], spelled)]
    factors[-1] = [text + edge for text in factors[-1]]
    return factors


def _spell_all(items: Sequence[Any]) -> list[str]:
    texts = [""]
    for item in items:
        texts = [left + right for left, right in product(texts, _spell(item))]
        if len(texts) > _MOST:
            return [_GAP]
    return texts


def _spell(item: Any) -> list[str]:
    """The ways in which a part of an expression may be spelled; what has too many is a gap."""
    kind, value = item
    if kind is op.LITERAL:
        return [chr(value)]
    if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
        return [""]
    if kind is op.IN and all(inner is op.LITERAL for inner, _ in value):
        return [chr(code) for _, code in value]
    if kind is op.BRANCH:
        texts = [text for branch in value[1] for text in _spell_all(branch)]
        return texts if len(texts) <= _MOST else [_GAP]
    if kind is op.SUBPATTERN:
        return _spell_all(value[3])
    if kind is op.MAX_REPEAT and value[1] == 1:
        return [*([""] if value[0] == 0 else []), *_spell_all(value[2])]
    return [_GAP]


def _most_telling(spelling: str) -> bytes:
    """The piece of a spelling that the fewest pages hold: the longest; nothing where it has none.

    A cue's own space may be a line's end or a tag in a page: pieces do not reach over it.
    """
    best = b""
    for stretch in spelling.split(_GAP):
        words = stretch.split(" ")
        for number, word in enumerate(words):
            folded = fold(word)[1:-1]
            if not folded.strip():
                continue
            before = b" " if number > 0 else b""
            after = b" " if number + 1 < len(words) else b""
            best = max(best, before + folded + after, key=len)
    return best
