"""Fingerprints of texts: a MinHash signature (Broder 1997) by which near-duplicates are found without comparing all.

Shingles are runs of words; in Chinese, Japanese and Korean runs of characters. Marks, case and widths do not count.
"""

from __future__ import annotations

import base64
import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PERMUTATIONS = 126
"""Divisible by the three rows of a band; the standard error of a similarity is at most 0.045."""
ROWS = 3
_FORM = "m1"
_SHINGLE_WORDS, _SHINGLE_CHARS = 4, 7
_MAX_CHARS = 1_000_000
"""What is looked at of a text; a bill of that length is not syndicated."""
_CHUNK = 4_096
_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]|[^\W_]+")
_WIDE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]")


def shingles(text: str) -> frozenset[int]:
    """The distinct shingles of a text as 32-bit hashes (CRC-32); a text shorter than one shingle is one."""
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", text[:_MAX_CHARS]).casefold())
    wide = sum(1 for token in tokens if _WIDE.match(token))
    size = _SHINGLE_CHARS if 2 * wide > len(tokens) else _SHINGLE_WORDS
    if not tokens:
        return frozenset()
    runs = max(1, len(tokens) - size + 1)
    return frozenset(zlib.crc32(" ".join(tokens[at : at + size]).encode()) for at in range(runs))


@cache
def _factors() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    random = np.random.Generator(np.random.PCG64(20_260_101))
    return (
        random.integers(0, 1 << 64, PERMUTATIONS, dtype=np.uint64),
        random.integers(0, 1 << 64, PERMUTATIONS, dtype=np.uint64),
    )


def fingerprint(text: str) -> str | None:
    """The signature of a text, some 700 ASCII characters: its form, the number of its shingles, 126 minima.

    None for a text without words. Time and memory grow linearly with the text, up to a million characters.
    """
    found = shingles(text)
    if not found:
        return None
    hashes = np.fromiter(found, dtype=np.uint64, count=len(found))
    factors, offsets = _factors()
    minima = np.full(PERMUTATIONS, 0xFFFFFFFF, dtype=np.uint64)
    for start in range(0, len(hashes), _CHUNK):
        # Multiply-shift hashing (Dietzfelbinger 1996): products are taken modulo 2^64, the upper half is the hash.
        permuted = (factors[:, None] * hashes[None, start : start + _CHUNK] + offsets[:, None]) >> np.uint64(32)
        minima = np.minimum(minima, permuted.min(axis=1))
    packed = base64.b85encode(minima.astype("<u4").tobytes()).decode()
    return f"{_FORM}:{len(found)}:{packed}"


_DIGIT = np.zeros(256, np.uint64)
_DIGIT[np.frombuffer(base64._b85alphabet, np.uint8)] = np.arange(85)  # type: ignore[attr-defined]
_PLACES = np.array([85**4, 85**3, 85**2, 85, 1], np.uint64)


def _unpack(minima: str) -> NDArray[np.uint32]:
    """What `base64.b85decode` gives of them, in a tenth of its time."""
    digits = _DIGIT[np.frombuffer(minima.encode("ascii"), np.uint8)].reshape(-1, 5)
    return (digits @ _PLACES).astype(">u4").view("<u4")


def _unpack_all(minima: Sequence[str]) -> NDArray[np.uint32]:
    """The same of several, a row each: they are of one length."""
    return _unpack("".join(minima)).reshape(len(minima), -1)


def _in_our_form(signature: str | None) -> str | None:
    return signature if signature and signature.startswith(f"{_FORM}:") else None


class Print:
    """A signature taken apart, for comparing."""

    __slots__ = ("minima", "size")

    def __init__(self, size: int, minima: NDArray[np.uint32]) -> None:
        self.size, self.minima = size, minima

    @classmethod
    def of(cls, signature: str | None, text: str) -> Print | None:
        """The stored signature taken apart; made anew from the text where there is none, or one of another form."""
        return cls.of_all([(signature, text)])[0]

    @classmethod
    def of_all(cls, texts: Iterable[tuple[str | None, str]]) -> list[Print | None]:
        """The same of many, each by its signature and its text: taken apart at once, which is faster."""
        held = [_in_our_form(signature) or fingerprint(text) for signature, text in texts]
        parts = [signature.split(":", 2) for signature in held if signature]
        rows: Iterable[NDArray[np.uint32]] = _unpack_all([minima for _, _, minima in parts]) if parts else ()
        prints = (cls(int(size), row) for (_, size, _), row in zip(parts, rows, strict=True))
        return [next(prints) if signature else None for signature in held]

    def likeness(self, other: Print) -> float:
        """The estimated Jaccard similarity of the shingles, from 0 to 1."""
        return float(np.count_nonzero(self.minima == other.minima)) / PERMUTATIONS

    def containment(self, other: Print) -> float:
        """The estimated share of the shorter text's shingles that stand in the longer one, from 0 to 1."""
        alike = self.likeness(other)
        shared = alike / (1 + alike) * (self.size + other.size)
        return min(1.0, shared / max(1, min(self.size, other.size)))


def pairs_by_bands(prints: Sequence[Print], most: int) -> list[tuple[int, int]]:
    """Pairs of signatures that have a band in common, by their places: (earlier, later), in the order of the later.

    Each is paired with the first `most` that have a band, and not with all, or a form that thousands share would give
    millions of pairs.
    """
    count = len(prints)
    if count < 2:
        return []
    rows = np.stack([item.minima for item in prints]).reshape(count, -1, ROWS)
    hashes = (rows.astype(np.uint64) * _factors()[0][:ROWS]).sum(axis=2, dtype=np.uint64)
    found = [np.zeros(0, np.int64)]
    for number in range(hashes.shape[1]):
        order = np.argsort(hashes[:, number], kind="stable")  # equal ones follow on each other, each by its place
        same = np.flatnonzero(hashes[order[1:], number] == hashes[order[:-1], number]) + 1
        is_first = np.ones(count, np.bool_)
        is_first[same] = False
        firsts = np.maximum.accumulate(np.where(is_first, np.arange(count), 0))
        for nth in range(most):
            same = same[same - firsts[same] > nth]
            if not len(same):
                break
            earlier, later = order[firsts[same] + nth], order[same]
            is_equal = (rows[earlier, number] == rows[later, number]).all(axis=1)  # hashes may be alike by chance
            found.append(later[is_equal] * count + earlier[is_equal])
    return [(key % count, key // count) for key in np.unique(np.concatenate(found)).tolist()]


def is_near_duplicate(one: str, other: str, least: float = 0.8) -> bool:
    """Whether two texts are the same but for a few words: estimated similarity of at least `least`."""
    first, second = Print.of(None, one), Print.of(None, other)
    if first is None or second is None:
        return first is second
    return first.likeness(second) >= least
