"""Which predicted span answers which gold span: one to one, the largest overlap first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar


class HasSpan(Protocol):
    """Anything with a place in a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


S = TypeVar("S", bound=HasSpan)
Test = Callable[[S, S], bool]


@dataclass(frozen=True)
class Pairing:
    """Indices of gold and predicted items that answer each other, and how many there are of each."""

    pairs: tuple[tuple[int, int], ...]
    gold: int
    predicted: int

    @property
    def missed(self) -> list[int]:
        """Indices of gold items without an answer."""
        taken = {left for left, _ in self.pairs}
        return [i for i in range(self.gold) if i not in taken]

    @property
    def extra(self) -> list[int]:
        """Indices of predicted items that answer nothing."""
        taken = {right for _, right in self.pairs}
        return [i for i in range(self.predicted) if i not in taken]


def overlap_of(a: HasSpan, b: HasSpan) -> int:
    """How many characters two spans share; negative for the gap between them."""
    return min(a.end, b.end) - max(a.start, b.start)


def share_any(a: HasSpan, b: HasSpan) -> bool:
    """Whether two spans share a character."""
    return overlap_of(a, b) > 0


def share_half(a: HasSpan, b: HasSpan) -> bool:
    """Whether two spans share at least half of the shorter one."""
    shorter = min(a.end - a.start, b.end - b.start)
    return shorter > 0 and overlap_of(a, b) * 2 >= shorter


def pair_spans(gold: Sequence[S], predicted: Sequence[S], agree: Test[S], touch: Test[S] = share_any) -> Pairing:
    """Pair items that touch and agree, each at most once."""
    candidates = [
        (overlap_of(left, right), i, j)
        for i, left in enumerate(gold)
        for j, right in enumerate(predicted)
        if touch(left, right) and agree(left, right)
    ]
    free_gold, free_predicted = set(range(len(gold))), set(range(len(predicted)))
    pairs = []
    for _, i, j in sorted(candidates, reverse=True):
        if i in free_gold and j in free_predicted:
            free_gold.remove(i)
            free_predicted.remove(j)
            pairs.append((i, j))
    return Pairing(tuple(pairs), len(gold), len(predicted))
