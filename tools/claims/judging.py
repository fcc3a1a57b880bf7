"""How well documents are read by models that were fitted without them, and how sure a reading may be taken to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from cases import Page
from sklearn.linear_model import LogisticRegression

from tracker.nlp.claims import DocumentReader
from tracker.nlp.discourse import Discourse
from tracker.nlp.gazetteer import load_gazetteer
from tracker.nlp.learned import linear
from tracker.nlp.learned.linear import ClaimModel
from tracker.nlp.weighing import Weighed
from tracker.types import ACCUSING_TYPES, CLAIM_TYPES, Claim, ClaimType


@dataclass
class Told:
    """A claim as read, with what its certainty rests on, and whether the answer has it."""

    document: str
    kind: ClaimType
    odds: tuple[float, float, float, float]
    is_kind: bool
    is_full: bool


@dataclass
class Score:
    """Counts for an F1."""

    right: int = 0
    gold: int = 0
    read: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, self.gold + self.read)


@dataclass
class Tally:
    """Counts of claims by kind, and of claims in full."""

    kinds: dict[ClaimType, Score] = field(default_factory=lambda: {kind: Score() for kind in CLAIM_TYPES})
    full: Score = field(default_factory=Score)

    def add(self, other: Tally) -> None:
        for mine, more in [*((self.kinds[kind], other.kinds[kind]) for kind in CLAIM_TYPES), (self.full, other.full)]:
            mine.right, mine.gold, mine.read = mine.right + more.right, mine.gold + more.gold, mine.read + more.read

    @property
    def claims(self) -> Score:
        scores = self.kinds.values()
        return Score(sum(s.right for s in scores), sum(s.gold for s in scores), sum(s.read for s in scores))

    def row(self) -> str:
        one, full = self.claims, self.full
        precision, recall = one.right / max(1, one.read), one.right / max(1, one.gold)
        return f"{precision:.3f} | {recall:.3f} | {one.f1:.3f} | {full.f1:.3f} | {one.gold}"


def read_once(page: Page, model: ClaimModel) -> tuple[list[Weighed], Discourse]:
    """The claims that a model reads from sentence to sentence, and the document as they left it."""
    reader = DocumentReader(page.clauses(), page.facts, load_gazetteer(), page.issuer)
    reader.learned.model = model
    return [one for sentence in reader.sentences() for one in reader.read(sentence)], reader.discourse


def shared(a: Claim, b: Claim) -> int:
    """In how many characters two claims overlap, where that is half of the shorter one at least; else 0."""
    overlap = min(a.end, b.end) - max(a.start, b.start)
    return overlap if 2 * overlap >= min(a.end - a.start, b.end - b.start) > 0 else 0


def compare(page: Page, read: Sequence[tuple[Claim, tuple[float, float, float, float]]], tally: Tally) -> list[Told]:
    """Match the read claims with the answer's, as the scorer does."""

    def same(a: Claim, b: Claim, wholly: bool) -> bool:
        if a.type != b.type or (wholly and a.speaker != b.speaker):
            return False
        return not wholly or a.type not in ACCUSING_TYPES or set(a.accused) == set(b.accused)

    matched: list[set[int]] = []
    for wholly in (False, True):
        pairs = sorted(
            ((shared(g, c), i, j) for i, g in enumerate(page.answer.claims) for j, (c, _) in enumerate(read)
             if shared(g, c) and same(g, c, wholly)), reverse=True,
        )  # fmt: skip
        used_gold: set[int] = set()
        used_read: set[int] = set()
        for _, i, j in pairs:
            if i not in used_gold and j not in used_read:
                used_gold.add(i)
                used_read.add(j)
        matched.append(used_read)
    for claim in page.answer.claims:
        tally.kinds[claim.type].gold += 1
        tally.full.gold += 1
    for j, (claim, _) in enumerate(read):
        tally.kinds[claim.type].read += 1
        tally.full.read += 1
        tally.kinds[claim.type].right += j in matched[0]
        tally.full.right += j in matched[1]
    return [Told(page.document.id, c.type, odds, j in matched[0], j in matched[1]) for j, (c, odds) in enumerate(read)]


def calibrate(told: Sequence[Told]) -> dict[str, float]:
    """Weights of the three log-odds for the probability that a claim is right in full."""
    rows = np.array(
        [[t.odds[0], t.odds[1], t.odds[2] if t.kind in ACCUSING_TYPES else 0, t.kind not in ACCUSING_TYPES,
          t.odds[3]] for t in told]
    )  # fmt: skip
    names = ("kind", "speaker", "accused", "no_accused", "agreed")
    answers = [t.is_full for t in told]
    fitted = LogisticRegression(C=10, random_state=0).fit(rows, answers)
    if fitted.coef_[0][-1] < 0:  # that the rules read the same makes nothing less sure
        rows[:, -1] = 0
        fitted = LogisticRegression(C=10, random_state=0).fit(rows, answers)
    weights = {name: max(0.0, round(float(w), 3)) for name, w in zip(names, fitted.coef_[0], strict=True)}
    return weights | {"bias": round(float(fitted.intercept_[0]), 3)}


def reliability(told: Sequence[Told], certain: Sequence[float]) -> list[str]:
    """A table of how often claims of each confidence are right in full, with Brier score and calibration error."""
    values, right = np.array(certain), np.array([one.is_full for one in told], dtype=float)
    lines = ["| confidence | claims | mean confidence | share right |", "|---|---:|---:|---:|"]
    error = 0.0
    for low in np.arange(0, 1, 0.1):
        inside = (values >= low - 1e-9) & (values < low + 0.1 - 1e-9 if low < 0.85 else values <= 1)
        if inside.any():
            mean, share = float(values[inside].mean()), float(right[inside].mean())
            error += abs(mean - share) * inside.mean()
            lines.append(f"| {low:.1f} to {low + 0.1:.1f} | {inside.sum()} | {mean:.2f} | {share:.2f} |")
    brier = float(((values - right) ** 2).mean())
    base = float(right.mean() * (1 - right.mean()))
    head = f"{len(told)} claims, {right.mean():.3f} of them right. Brier score {brier:.3f} (always saying "
    return [head + f"{right.mean():.2f}: {base:.3f}), expected calibration error {error:.3f}.", "", *lines]


def certainties(told: Sequence[Told], weights: dict[str, float]) -> list[float]:
    """The confidence of each claim by calibration weights."""
    out = []
    for one in told:
        last = weights["accused"] * one.odds[2] if one.kind in ACCUSING_TYPES else weights["no_accused"]
        total = weights["bias"] + weights["kind"] * one.odds[0] + weights["speaker"] * one.odds[1] + last
        total += weights["agreed"] * one.odds[3]
        out.append(linear.probability(total))
    return out
