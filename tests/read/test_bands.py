"""Signatures are paired by their bands as buckets of bands would pair them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tracker.read.fingerprints import PERMUTATIONS, ROWS, Print, fingerprint, pairs_by_bands


def prints_of(seeds: list[int]) -> list[Print]:
    """Signatures of which each band is one of few, so that many are shared, and whole ones too."""
    made = []
    for seed in seeds:
        item = Print(1, np.zeros(PERMUTATIONS, np.uint32))
        values = np.random.Generator(np.random.PCG64(seed)).integers(0, 3, PERMUTATIONS // ROWS) * (1 + seed % 2)
        item.minima = np.repeat(values, ROWS).astype(np.uint32)
        made.append(item)
    return made


def by_buckets(prints: list[Print], most: int) -> list[tuple[int, int]]:
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    pairs: list[tuple[int, int]] = []
    for at, item in enumerate(prints):
        seen: set[int] = set()
        for number, rows in enumerate(item.minima.reshape(-1, ROWS)):
            bucket = buckets[number, rows.tobytes()]
            seen.update(bucket)
            if len(bucket) < most:
                bucket.append(at)
        pairs += ((other, at) for other in sorted(seen))
    return pairs


@given(seeds=st.lists(st.integers(0, 9), max_size=12), most=st.integers(1, 4))
def test_pairs_are_those_of_buckets(seeds: list[int], most: int) -> None:
    prints = prints_of(seeds)
    assert pairs_by_bands(prints, most) == by_buckets(prints, most)


def test_texts_without_a_band_in_common_make_no_pair() -> None:
    made = Print.of_all([(None, text) for text in ("one two three four five six", "seven eight nine ten eleven")])
    prints = [item for item in made if item]
    assert pairs_by_bands(prints, 12) == []
    assert pairs_by_bands([prints[0], prints[1], prints[0]], 12) == [(0, 2)]


def test_signatures_taken_apart_at_once_are_those_taken_apart_one_by_one() -> None:
    texts = ["one two three four five six", "", "seven eight nine ten eleven"]
    stored = [(fingerprint(text), text) for text in texts] + [(None, texts[0]), ("m0:7:other", texts[2])]
    at_once = [(item.size, item.minima.tolist()) if item else None for item in Print.of_all(stored)]
    alone = [Print.of(*one) for one in stored]
    assert at_once == [(item.size, item.minima.tolist()) if item else None for item in alone]
    assert at_once[0] == at_once[3] and at_once[1] is None and at_once[2] == at_once[4]
    assert Print.of_all([]) == []
