"""A text as the tokens that are filed and looked for: one way to take texts and questions apart, on every database.

Neither SQLite's tokenizer nor PostgreSQL's parser does it: they part hyphens, addresses and figures differently, and
neither parts Chinese. A token is a word without case, accents and presentation forms (NFKC). Of a run in a script that
writes no spaces every two neighbours are a token, and the last character by itself: so any part of a run is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

LONGEST_TOKEN = 64
CUT_MARK = "\u2026"
"""Ends the parts of an overlong word that go on in the next token; no letter, so no word has it."""
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\uffa0-\uffdc\U00020000-\U0003ffff"
)
"""Chinese, Japanese, Korean, Thai, Lao, Burmese, Khmer."""
_ACCENTS = re.compile("[\u0300-\u036f\u00ad\u200c\u200d]")
"""Marks that are left out (RFC 5051 does so too), and what only says where a word may be broken or joined."""


def _marks() -> str:
    """Combining marks as a class: to a regular expression they are no letters, but they part no word."""
    codes = [code for code in range(0x300, 0xFE30) if unicodedata.category(chr(code)).startswith("M")]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_RUN = re.compile(f"[^\\W_](?:[^\\W_]|[\u00ad\u200c\u200d{_marks()}])*")
_SCRIPTS = re.compile(f"[{_SPACELESS}{_marks()}]+|[^{_SPACELESS}]+")
_IS_SPACELESS = re.compile(f"[{_SPACELESS}]")
_WORD = re.compile(f"[^\\W_](?:[^\\W_]|[{_marks()}])*")
_ASCII_WORD = re.compile("[a-z0-9]+")
Placed = tuple[str, int, int]
"""(token, where it begins, where it ends), the places in code points of the text."""


def tokens_of(text: str) -> list[str]:
    """The tokens of a text in their order."""
    if not text.isascii():
        return [token for token, _, _ in placed_tokens(text)]
    found = _ASCII_WORD.findall(text.lower())
    if len(text) > LONGEST_TOKEN and any(len(word) > LONGEST_TOKEN for word in found):
        return [part for word in found for part in _parts(word)]
    return found


def placed_tokens(text: str) -> Iterator[Placed]:
    """The tokens of a text in their order, each with its place."""
    for run in _RUN.finditer(text):
        at = run.start()
        for token, start, end in _pieces(run.group()):
            yield token, at + start, at + end


def ends_spaceless(word: str) -> bool:
    """Whether a word ends in a script without spaces: its last token then stands for a part of a run."""
    return bool(word) and _IS_SPACELESS.match(word[-1]) is not None


@lru_cache(maxsize=65_536)
def _pieces(run: str) -> tuple[Placed, ...]:
    if run.isascii():
        return tuple((part, 0, len(run)) for part in _parts(run.lower()))
    found: list[Placed] = []
    for piece in _SCRIPTS.finditer(run):
        fold = _pairs if _IS_SPACELESS.match(piece.group()) else _folded
        found += ((token, piece.start() + start, piece.start() + end) for token, start, end in fold(piece.group()))
    return tuple(found)


def _folded(word: str) -> Iterator[Placed]:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", plain))
    for found in _WORD.findall(plain):  # a half is "1⁄2" by then
        for part in _parts(found):
            yield part, 0, len(word)


def _pairs(run: str) -> Iterator[Placed]:
    plain = unicodedata.normalize("NFKC", _ACCENTS.sub("", run)).casefold()
    one_for_one = len(plain) == len(run)
    for at in range(len(plain)):
        pair = plain[at : at + 2]
        yield (pair, at, at + len(pair)) if one_for_one else (pair, 0, len(run))


def _parts(word: str) -> Sequence[str]:
    """A word as tokens: one, unless it is overlong."""
    if len(word) <= LONGEST_TOKEN:
        return (word,)
    starts = range(0, len(word), LONGEST_TOKEN)
    return [word[at : at + LONGEST_TOKEN] + (CUT_MARK if at != starts[-1] else "") for at in starts]
