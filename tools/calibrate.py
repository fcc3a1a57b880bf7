"""Fit the confidence of claims on gold corpora, and print how well it is calibrated (docs/calibration.md).

    python tools/calibrate.py data/gold --check data/heldout
    python tools/calibrate.py data/gold --write          # also writes data/lexicon/confidence.yaml

A claim counts as right where `tracker evaluate` counts it so in "claims in full". The model is a logistic regression
over the claims' named features with an L2 penalty, fitted by accelerated projected gradient descent (Beck, Teboulle
2009): a doubt may only lower a confidence, an assurance only raise it. What is printed for the corpora themselves is
predicted by leave-one-document-out: no document is judged by weights that have seen it.

The rules were written beside the gold documents and the gazetteer knows every name in them. So that the weights do
not take that for the world, each corpus is read again with parties and models struck out of the gazetteer at random:
a quarter, a half, three quarters (twice each) and all of them; the claims of those readings are fitted beside those of
the plain one.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tracker.evaluation import GoldCorpus, NameTable, load_gold
from tracker.evaluation.measures import SPAN_MEASURES
from tracker.nlp.confidence import Weights, confidence_of
from tracker.nlp.extractor import RuleExtractor
from tracker.resources import bundled_path
from tracker.yamlfile import load_yaml

OUT = Path(__file__).parents[1] / "data" / "lexicon" / "confidence.yaml"
DOUBTS = frozenset({
    "speaker-inherited", "no-speaker", "unknown-name-speaker", "unknown-name-accused", "accused-by-coreference",
    "accused-in-words", "no-accused", "long-sentence", "conditional", "first-person", "no-matter-word", "weak-say-verb",
    "several-claims", "joint-speakers", "hearsay-word", "nominal", "cue-only", "foreign-cues", "deed-narrated",
    "figure-given", "figure-passed-on", "statement-of-misdeed", "unfamiliar-page",
})  # fmt: skip
"""Features that may only lower a confidence."""
ASSURANCES = frozenset({"speaker-by-parse", "accused-named", "accuse-verb", "deny-verb", "per-party-figure"})
"""Features that may only raise it."""
STRIKABLE = ("companies", "models", "people", "governments", "organisations")
REFERENCES = ("parent", "seat", "country", "for", "government", "needs_context")
STRUCK_SHARES = (0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1.0)
"""How much of the gazetteer's parties and models each further reading does without."""
RARE = 4
"""A feature that fewer claims have gets no weight: it would be learned from chance."""
PENALTIES = (3.0, 10.0, 20.0, 30.0, 50.0)
THRESHOLDS = (0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """A claim that was read: of which document, by which features, and whether it is right."""

    document_id: str
    features: tuple[str, ...]
    right: bool
    plain: bool
    """Whether the gazetteer was whole."""


def read_rows(corpus: GoldCorpus, extractor: RuleExtractor, names: NameTable, *, plain: bool) -> list[Row]:
    rows = []
    for (document, answer), found in zip(corpus.pairs(), extractor.extract_all(corpus.documents), strict=True):
        pairs = SPAN_MEASURES["claims in full"](answer, found, names).pairing.pairs
        right = {index for _, index in pairs}
        rows += [Row(document.id, claim.features, i in right, plain) for i, claim in enumerate(found.claims)]
    return rows


def strike_names(folder: Path, share: float, seed: int) -> None:
    """Write the bundled gazetteer into a folder without a random share of its parties and models."""
    chance = random.Random(seed)
    tables = {path.stem: load_yaml(path).data for path in sorted(bundled_path("data/gazetteer").glob("*.yaml"))}
    struck = {
        row["id"] for name, table in tables.items() for row in table if name in STRIKABLE and chance.random() < share
    }
    for name, table in tables.items():
        kept = [
            {key: value for key, value in row.items() if not (key in REFERENCES and value in struck)}
            for row in table
            if row["id"] not in struck
        ]
        (folder / f"{name}.yaml").write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def fit(x: Vector, y: Vector, low: Vector, high: Vector, penalty: float, steps: int = 600) -> Vector:
    """Weights (the bias first, without a penalty) that minimise log loss + penalty/2 * |w|^2 within their bounds."""
    ridge = np.full(x.shape[1], penalty)
    ridge[0] = 1e-6
    rate = 1.0 / (0.25 * float(np.linalg.norm(x, 2)) ** 2 + penalty)
    weights = ahead = np.zeros(x.shape[1])
    momentum = 1.0
    for _ in range(steps):
        gradient = x.T @ (1 / (1 + np.exp(-(x @ ahead))) - y) + ridge * ahead
        stepped = np.clip(ahead - rate * gradient, low, high)
        following = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = stepped + (momentum - 1) / following * (stepped - weights)
        weights, momentum = stepped, following
    return weights


class Model:
    """The design matrix of some rows, and the fit on any part of them."""

    def __init__(self, rows: Sequence[Row]) -> None:
        counts = Counter(name for row in rows for name in row.features)
        self.rows = rows
        self.names = sorted(name for name, count in counts.items() if count >= RARE)
        self.x = np.array([[1.0, *(float(name in row.features) for name in self.names)] for row in rows])
        self.y = np.array([float(row.right) for row in rows])
        self.low = np.array([-np.inf, *(0.0 if name in ASSURANCES else -np.inf for name in self.names)])
        self.high = np.array([np.inf, *(0.0 if name in DOUBTS else np.inf for name in self.names)])

    def weights(self, penalty: float, without: str | None = None) -> Weights:
        """Fitted on all rows, or on those of all documents but one."""
        kept = np.array([row.document_id != without for row in self.rows])
        found = fit(self.x[kept], self.y[kept], self.low, self.high, penalty)
        rounded = [round(float(value), 2) + 0.0 for value in found]
        return Weights(rounded[0], dict(zip(self.names, rounded[1:], strict=True)))

    def predict_left_out(self, penalty: float) -> Vector:
        """The confidence of each row by the weights of the other documents."""
        by = {key: self.weights(penalty, key) for key in {row.document_id for row in self.rows}}
        return np.array([confidence_of(row.features, by[row.document_id]) for row in self.rows])


def log_loss(p: Vector, y: Vector) -> float:
    p = np.clip(p, 0.01, 0.99)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def print_reliability(title: str, p: Vector, y: Vector) -> None:
    """Ten bins of equal width; Brier score and expected calibration error (Naeini et al. 2015)."""
    print(f"\n{title}: {len(y)} claims, {y.mean():.3f} of them right\n")
    print("| confidence | claims | mean confidence | share right |\n|---|---:|---:|---:|")
    bins = np.minimum((p * 10 + 1e-9).astype(int), 9)
    error = 0.0
    for number in range(10):
        inside = bins == number
        if inside.any():
            mean, share = float(p[inside].mean()), float(y[inside].mean())
            error += inside.sum() / len(y) * abs(mean - share)
            print(f"| {number / 10:.1f} to {number / 10 + 0.1:.1f} | {inside.sum()} | {mean:.2f} | {share:.2f} |")
        else:
            print(f"| {number / 10:.1f} to {number / 10 + 0.1:.1f} | 0 | | |")
    base = float(np.mean((y - y.mean()) ** 2))
    print(f"\nBrier score {np.mean((p - y) ** 2):.3f} (always saying {y.mean():.2f}: {base:.3f}), ", end="")
    print(f"expected calibration error {error:.3f}")


def print_thresholds(p: Vector, y: Vector, gold: int) -> None:
    print("\n| review_below | published | precision | recall | right claims held |\n|---|---:|---:|---:|---:|")
    for least in (0.0, *THRESHOLDS):
        kept = p >= least
        right = float(y[kept].sum())
        precision = right / kept.sum() if kept.any() else 0.0
        held = int(y.sum() - right)
        print(f"| {least:.2f} | {kept.sum()} | {precision:.3f} | {right / gold:.3f} | {held} |")


def write_weights(path: Path, weights: Weights, rows: Sequence[Row], penalty: float, folders: Iterable[Path]) -> None:
    counts = Counter(name for row in rows for name in row.features)
    lines = [
        "# What each named feature of a claim adds to the log-odds that it is right: confidence = 1 / (1 + exp(-sum)).",
        f"# Made by tools/calibrate.py from {', '.join(folder.name for folder in folders)}: {len(rows)} readings of "
        f"claims, L2 penalty {penalty:g}. See docs/calibration.md.",
        f"bias: {weights.bias:+.2f}",
        "weights:",
    ]
    for name, value in sorted(weights.of.items(), key=lambda item: (item[1], item[0])):
        lines.append(f"  {name}: {value:+.2f}".ljust(36) + f"# {counts[name]} readings")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folders", nargs="+", type=Path, help="gold corpora to fit on")
    parser.add_argument("--check", nargs="*", type=Path, default=[], help="gold corpora that are only scored")
    parser.add_argument("--write", action="store_true", help=f"write {OUT.name}")
    arguments = parser.parse_args()

    extractor = RuleExtractor()
    names = NameTable.of({entity.id: (entity.name, *entity.aliases) for entity in extractor.entities})
    corpora = [load_gold(folder) for folder in arguments.folders]
    rows = [row for corpus in corpora for row in read_rows(corpus, extractor, names, plain=True)]
    for seed, share in enumerate(STRUCK_SHARES):
        with tempfile.TemporaryDirectory() as folder:
            strike_names(Path(folder), share, seed)
            poorer = RuleExtractor(gazetteer=Path(folder))
            rows += [row for corpus in corpora for row in read_rows(corpus, poorer, names, plain=False)]
    model = Model(rows)
    losses = {penalty: log_loss(model.predict_left_out(penalty), model.y) for penalty in PENALTIES}
    penalty = min(losses, key=lambda key: losses[key])
    print("log loss by L2 penalty: " + ", ".join(f"{key:g}: {value:.4f}" for key, value in losses.items()))
    weights = model.weights(penalty)
    p = model.predict_left_out(penalty)
    plain = np.array([row.plain for row in rows])
    gold = sum(len(answer.claims) for corpus in corpora for answer in corpus.answers.values())
    print_reliability("Names struck out, left-out documents", p[~plain], model.y[~plain])
    print_thresholds(p[~plain], model.y[~plain], gold * len(STRUCK_SHARES))
    print_reliability("All names known, left-out documents", p[plain], model.y[plain])
    print_thresholds(p[plain], model.y[plain], gold)
    for folder in arguments.check:
        corpus = load_gold(folder)
        others = read_rows(corpus, extractor, names, plain=True)
        y = np.array([float(row.right) for row in others])
        q = np.array([confidence_of(row.features, weights) for row in others])
        print_reliability(f"{folder.name}, not fitted on", q, y)
        print_thresholds(q, y, sum(len(answer.claims) for answer in corpus.answers.values()))
    if arguments.write:
        write_weights(OUT, weights, rows, penalty, arguments.folders)


if __name__ == "__main__":
    main()
