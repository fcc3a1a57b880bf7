"""Precision, recall and F1."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1, with the counts that they come from (`right` is None where nothing is counted)."""

    precision: float
    recall: float
    f1: float
    gold: int
    predicted: int
    right: int | None

    @classmethod
    def of(cls, right: int, gold: int, predicted: int) -> Score:
        """The score of so many right answers among so many wanted and given; 0 where there is nothing to divide by."""
        precision = right / predicted if predicted else 0.0
        recall = right / gold if gold else 0.0
        return cls(precision, recall, harmonic_mean(precision, recall), gold, predicted, right)


def harmonic_mean(precision: float, recall: float) -> float:
    """F1; 0 where both are 0."""
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0
