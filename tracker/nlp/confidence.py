"""How sure a claim is: a logistic model over its named features, with weights that people can read and review.

The weights lie in data/lexicon/confidence.yaml; `tools/calibrate.py` fits them (docs/calibration.md). A claim's
confidence is 1 / (1 + exp(-(bias + the sum of its features' weights))), so that it can be worked out by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp
from pathlib import Path

from tracker.errors import UnreadableInput
from tracker.nlp.discourse import Discourse
from tracker.nlp.features import Reading, features_of
from tracker.nlp.lexicon import lexicon_folder
from tracker.nlp.view import Sentence
from tracker.types import Claim
from tracker.yamlfile import load_yaml

__all__ = ["Reading", "Weights", "confidence_of", "judge", "load_weights"]


@dataclass(frozen=True)
class Weights:
    """Log-odds: the bias of any claim, and what each feature adds."""

    bias: float
    of: Mapping[str, float]


@lru_cache(maxsize=4)
def load_weights(path: Path | None = None) -> Weights:
    """The weights of a file, the bundled one without a path.

    Raises:
        UnreadableInput: not a `bias` and `weights` of numbers; names file and line.
    """
    path = path or lexicon_folder() / "confidence.yaml"
    file = load_yaml(path)
    data = file.data if isinstance(file.data, dict) else {}
    weights = data.get("weights")
    if not _is_number(data.get("bias")) or not isinstance(weights, dict):
        raise UnreadableInput(f"{path}, line 1: expected a bias, and weights of features")
    for name, value in weights.items():
        if not _is_number(value):
            raise UnreadableInput(f"{path}, line {file.line_of(('weights', name))}: {name}: expected a number")
    return Weights(float(data["bias"]), {str(name): float(value) for name, value in weights.items()})


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 100


def confidence_of(features: Iterable[str], weights: Weights) -> float:
    """The probability that a claim with these features is right, in hundredths; an unknown feature adds nothing."""
    odds = weights.bias + sum(weights.of.get(name, 0.0) for name in dict.fromkeys(features))
    return round(1 / (1 + exp(-max(-50.0, min(50.0, odds)))), 2)


def judge(discourse: Discourse, sentence: Sentence, claim: Claim, reading: Reading) -> Claim:
    """The claim with its features and its confidence."""
    features = features_of(discourse, sentence, claim, reading)
    return replace(claim, features=features, confidence=confidence_of(features, load_weights()))
