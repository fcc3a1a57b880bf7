"""Baselines for grouping documents: TF-IDF and headlines, joined by single link or in one pass."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

from tracker.evaluation import GoldCorpus, score_events

T = TypeVar("T")
Groups = Mapping[str, Sequence[str]]
"""Event -> its documents."""
_MOST_COMPARED = 12
_THRESHOLDS = [step / 50 for step in range(1, 50)]


def single_link(ids: Sequence[str], alike: Mapping[tuple[str, str], float], least: float) -> Groups:
    """Groups of what is joined by any pair that is at least so alike."""
    home = {one: one for one in ids}

    def root(one: str) -> str:
        while home[one] != one:
            one = home[one]
        return one

    for (one, other), value in alike.items():
        if value >= least:
            first, second = sorted((root(one), root(other)))
            home[second] = first
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for one in ids:
        groups[root(one)].append(one)
    return groups


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]{2,}", text.casefold())


def tfidf_likeness(texts: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """Cosine of sublinear TF-IDF vectors over the whole texts."""
    counts = {one: Counter(_tokens(text)) for one, text in texts.items()}
    seen = Counter(word for words in counts.values() for word in words)
    vectors = {}
    for one, words in counts.items():
        raw = {w: (1 + math.log(n)) * (1 + math.log((1 + len(texts)) / (1 + seen[w]))) for w, n in words.items()}
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        vectors[one] = {word: value / length for word, value in raw.items()}
    return all_pairs(vectors, lambda a, b: sum(value * b[word] for word, value in a.items() if word in b))


def headline_likeness(titles: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """Jaccard of the words of two headlines."""
    words = {one: set(_tokens(title)) for one, title in titles.items()}
    return all_pairs(words, lambda a, b: len(a & b) / (len(a | b) or 1))


def all_pairs(values: Mapping[str, T], measure: Callable[[T, T], float]) -> dict[tuple[str, str], float]:
    return {(one, other): measure(values[one], values[other]) for one, other in combinations(sorted(values), 2)}


def one_pass(order: Sequence[str], alike: Mapping[tuple[str, str], float], least: float) -> Groups:
    """Documents in order of time, each joined to the group that it is most like on average, or alone."""
    groups: list[list[str]] = []
    for one in order:
        scored = [(_mean(alike, one, group), -at) for at, group in enumerate(groups)]
        best, place = max(scored, default=(0.0, 0))
        if best >= least and groups:
            groups[-place].append(one)
        else:
            groups.append([one])
    return {str(at): group for at, group in enumerate(groups)}


def _mean(alike: Mapping[tuple[str, str], float], one: str, group: Sequence[str]) -> float:
    near = group[:_MOST_COMPARED]
    return sum(alike[min(one, other), max(one, other)] for other in near) / len(near)


def best_pass(corpus: GoldCorpus, order: Sequence[str], alike: Mapping[tuple[str, str], float]) -> tuple[float, Groups]:
    runs = ((least, one_pass(order, alike, least)) for least in _THRESHOLDS)
    return max(runs, key=lambda run: score_events(corpus, run[1]).f1)


def best_link(corpus: GoldCorpus, alike: Mapping[tuple[str, str], float]) -> tuple[float, Groups]:
    ids = [document.id for document in corpus.documents]
    runs = ((least, single_link(ids, alike, least)) for least in _THRESHOLDS)
    return max(runs, key=lambda run: score_events(corpus, run[1]).f1)
