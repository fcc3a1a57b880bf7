"""A first look at a page of an archive, before its tags are taken off: may the coarse gate (gate.py) let it through?

Asks for the same cues of AI and of copying by searches over the bytes of the page, at memory's pace, many times as fast
as their expressions over its words. It lets through whatever the gate would, and little more: tags are passed over, but
a cue of any language counts. What cannot be judged goes through.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tracker.nlp.bytesearch import ByteSearch, byte_search
from tracker.nlp.cuebytes import stretches_of
from tracker.nlp.language import SUPPORTED
from tracker.nlp.lexicon import load_cues

_AI = ("machine", "models")
_COPYING = ("acts",)
_ODD_LETTERS = r"(?-i:\xc4[\xb0\xb1]|\xc5\xbf|\xe2\x84\xaa)"
"""I with a dot, dotless i, long s, the Kelvin sign, in UTF-8: without case they are i, s and k to an expression."""
_CJK = r"(?-i:\xe3[\x90-\xbf]|[\xe4-\xe9][\x80-\xbf]|\xef[\xa4-\xab])"
_STRAY = r"<[^<>]*(?:<|\z)"
"""A "<" that begins no tag: what follows is text."""
_HIDING = (
    r"&#0*(?:[0-8]|1[124-9]|2\d|3[01]|4[89]|5[0-7]|6[5-9]|[78]\d|90|95|9[7-9]|1[0-5]\d|30[45]|383|8490|\d{5,})(?:\D|\z)"
    r"|&#x0*(?:[0-9a-f]|[13-9][0-9a-f]|13[01]|17f|212a|[3-9a-f][0-9a-f]{3}|[0-9a-f]{5,})(?:[^0-9a-f]|\z)"
    r"|&(?:fjlig|lowbar|underbar|imath|inodot|idot);"
)
"""References that may stand for letters of ASCII or of Chinese, for odd ones, or for nothing at all."""
_NAMED = rb"&(?:fjlig|lowbar|UnderBar|imath|inodot|Idot);"
_REFERENCES = re.compile(rb"&#(?:[0-9]+|[xX][0-9a-fA-F]+);?|" + _NAMED)
_STRAYS = re.compile(rb"<(?=[^<>]*(?:<|\Z))")
_MARKUP = frozenset("<>&")
_COPYRIGHT = b"&copy;"
"""Stands at the end of most pages, and would be taken for the word."""


@dataclass(frozen=True)
class _Cues:
    """Cues of which any will do, over a page in which every "<" begins a tag."""

    whole: ByteSearch
    """An expression for those that can be told as a whole ..."""
    joint: tuple[tuple[ByteSearch, ...], ...]
    """... and of each other one those of its stretches."""

    def are_in(self, page: bytes) -> bool:
        """Whether the page has one."""
        return self.whole.search(page) is not None or any(
            all(stretch.search(page) is not None for stretch in stretches) for stretches in self.joint
        )


def may_hold_cues(shown: bytes) -> bool:
    """Whether a page without its scripts (`gate.shown_part`), in UTF-8, holds a cue of AI and one of copying."""
    if _first_look().search(shown) is None:
        return False
    plain = _STRAYS.sub(b" ", _with_letters(shown.replace(_COPYRIGHT, b" ")))
    return _cues_of(_AI).are_in(plain) and _cues_of(_COPYING).are_in(plain)


def _with_letters(page: bytes) -> bytes:
    """A page whose references by number are letters, except for those that would make tags or other references."""
    return _REFERENCES.sub(_letter_of, page) if b"&" in page else page


def _letter_of(found: re.Match[bytes]) -> bytes:
    letter = html.unescape(found[0].decode("ascii"))
    return found[0] if letter in _MARKUP else letter.encode("utf-8", "replace")


@lru_cache(maxsize=1)
def _first_look() -> ByteSearch:
    """What a page must have to be looked at more closely: a cue of AI, or something that may hide one."""
    whole, joint = _expressions_of(_AI)
    return _outside_tags([*whole, *(stretches[0] for stretches in joint), _STRAY, _HIDING])


@lru_cache(maxsize=4)
def _cues_of(classes: tuple[str, ...]) -> _Cues:
    whole, joint = _expressions_of(classes)
    return _Cues(_outside_tags(whole), tuple(tuple(_outside_tags([item]) for item in stretches) for stretches in joint))


def _expressions_of(classes: Sequence[str]) -> tuple[list[str], list[tuple[str, ...]]]:
    """The cues of all languages: those of one stretch, and the others."""
    table = load_cues("relevance")
    languages = [code for code in SUPPORTED if code != "zh"]
    cues = [cue for name in classes for code in languages for cue in table.get(name, {}).get(code, ())]
    found = dict.fromkeys(map(stretches_of, cues))
    whole = [stretches[0] if stretches else "" for stretches in found if len(stretches) < 2]
    return [*whole, _ODD_LETTERS, *_chinese(classes)], [stretches for stretches in found if len(stretches) > 1]


def _chinese(classes: Sequence[str]) -> list[str]:
    """Chinese has no words to part, and its cues in Latin letters count within others: there any page in it will do."""
    cues = [cue for name in classes for cue in load_cues("relevance").get(name, {}).get("zh", ())]
    if odd := [cue for cue in cues if re.escape(cue) != cue]:
        raise ValueError(f"data/lexicon/relevance.yaml: zh: {odd[0]!r}: the screen takes plain words of Chinese only")
    if any(cue.isascii() for cue in cues):
        return [_CJK]
    return ["(?-i:" + "".join(f"\\x{byte:02x}" for byte in cue.encode()) + ")" for cue in cues]


def _outside_tags(cues: Sequence[str]) -> ByteSearch:
    """One expression for any of the cues, where no tag is."""
    return byte_search(rf"\A(?:[^<]|<[^<>]*>)*?(?:{'|'.join(cues)})")
