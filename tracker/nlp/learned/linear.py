"""Linear models over named traits: a decision is a sum of weights that people can read back, trait by trait.

The weights lie in data/model/claims (docs/claims-model.md says how they were fitted). One file holds several models;
each has a list of trait names and a matrix with one column for each thing that it decides.
"""

from __future__ import annotations

import heapq
import json
import math
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.errors import UnreadableInput
from tracker.nlp.learned.network import Network
from tracker.nlp.learned.rereading import SecondLook
from tracker.nlp.learned.words import Word
from tracker.nlp.learned.wordspace import WordSpace
from tracker.resources import bundled_path
from tracker.types import CLAIM_TYPES, ClaimType

Floats = npt.NDArray[np.float32]
FOLDER = "data/model/claims"
_NO_WEIGHTS: dict[str, float] = {}
SHARE = 0.5
"""What the network counts for; its own linear part lies, with the same share, in the weights of the linear models."""


@dataclass(frozen=True)
class Linear:
    """Weights of shape (traits, columns), what any case starts with, and perhaps weights of dense directions."""

    rows: dict[str, int]
    weights: Floats
    bias: Floats
    dense: Floats | None = None

    def score(self, traits: Iterable[str], directions: Floats | None = None) -> Floats:
        """The log-odds of each column."""
        rows = [row for trait in traits if (row := self.rows.get(trait)) is not None]
        total = self.bias + self.weights[rows].sum(axis=0) if rows else self.bias.copy()
        if self.dense is not None and directions is not None:
            total = total + directions @ self.dense
        return np.asarray(total, dtype=np.float32)

    def reasons(self, traits: Iterable[str], column: int, count: int) -> list[str]:
        """The traits that speak loudest for a column, loudest first."""
        rows = {trait: row for trait in traits if (row := self.rows.get(trait)) is not None}
        weights = self.weights[list(rows.values()), column].tolist()
        found = [(-weight, trait) for weight, trait in zip(weights, rows, strict=True) if weight > 0]
        return [trait for _, trait in heapq.nsmallest(count, found)]


@dataclass(frozen=True)
class Ranker:
    """Log-odds of one thing, whose traits count once as such and once more for the kind of claim at hand."""

    model: Linear

    @cached_property
    def _plain(self) -> dict[str, float]:
        column = self.model.weights[:, 0].tolist() if len(self.model.weights) else []
        return dict(zip(self.model.rows, column, strict=True))

    @cached_property
    def _of_kind(self) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {}
        for name, weight in self._plain.items():
            kind, sign, trait = name.partition("|")
            if sign:
                found.setdefault(kind, {})[trait] = weight
        return found

    def score(self, kind: str, traits: Sequence[str], before: float | None = None) -> float:
        """The log-odds of a candidate for a kind of claim, by its traits, and by those that came before."""
        plain, own = self._plain.get, self._of_kind.get(kind, _NO_WEIGHTS).get
        found = float(self.model.bias[0]) if before is None else before
        for trait in traits:
            found += plain(trait, 0.0) + own(trait, 0.0)
        return found


def crossed(kind: str, traits: Sequence[str]) -> list[str]:
    """The traits as a `Ranker` counts them: as such, and for the kind."""
    return [*traits, *(f"{kind}|{trait}" for trait in traits)]


@dataclass(frozen=True)
class ClaimModel:
    """Everything that was learned of claims."""

    kinds: tuple[ClaimType, ...]
    types: Linear
    speakers: Ranker
    accused: Ranker
    space: WordSpace
    card: dict[str, Any]
    """Thresholds, calibration, and how it was fitted."""
    network: Network | None = None
    """What is added to the linear models, whose weights are fitted to it; None while they are fitted alone."""
    again: SecondLook | None = None
    """What looks at the parties again when a document has been read; None while that is fitted."""

    def states(self, sentences: Sequence[Sequence[Word]]) -> Sequence[Floats | None]:
        """What the network makes of the words of each sentence."""
        return self.network.states(sentences) if self.network is not None else [None] * len(sentences)

    def odds(self, traits: Sequence[str], directions: Floats, states: Floats | None) -> Floats:
        """The log-odds of each kind of claim in a sentence."""
        if self.network is None or states is None:
            return self.types.score(traits, directions)
        rows, table = self._traits
        total = table.take([row for trait in traits if (row := rows.get(trait)) is not None], axis=0).sum(axis=0)
        columns = len(self.kinds)
        odds = self.types.bias + total[:columns]
        if self.types.dense is not None:
            odds = odds + directions @ self.types.dense
        return np.asarray(odds + SHARE * self.network.kinds(total[columns:], directions, states))

    @cached_property
    def _traits(self) -> tuple[dict[str, int], Floats]:
        """The traits of a sentence with their weights and, beside these, their vectors in the network: each trait is
        looked up once."""
        assert self.network is not None
        own, vectors = self.network.tables["traits"], self.network.arrays["trait_vectors"]
        rows = {trait: row for row, trait in enumerate({**self.types.rows, **own})}
        columns = len(self.kinds)
        table = np.zeros((len(rows), columns + vectors.shape[1]), dtype=np.float32)
        table[[rows[trait] for trait in self.types.rows], :columns] = self.types.weights
        table[[rows[trait] for trait in own], columns:] = vectors[1:]
        return rows, table


def probability(log_odds: float) -> float:
    """The logistic function, safe for any size."""
    return 1 / (1 + math.exp(-min(40.0, max(-40.0, float(log_odds)))))


_provisional: list[ClaimModel] = []


def provisional(model: ClaimModel) -> None:
    """Read with another model than the one that travels with the tracker: for fitting one."""
    _provisional[:] = [model]
    load_claim_model.cache_clear()


@lru_cache(maxsize=1)
def load_claim_model() -> ClaimModel:
    """The weights that travel with the tracker.

    Raises:
        UnreadableInput: a file is missing or is not such a model; names the folder.
    """
    return _provisional[0] if _provisional else load_linears(bundled_path(FOLDER))


def load_linears(folder: Path) -> ClaimModel:
    """Read a folder of weights, vectors and their card.

    Raises:
        UnreadableInput: a file is missing or is not such a model; names the folder.
    """
    try:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        space = load_wordspace(folder / "wordspace.npz")
        with np.load(folder / "weights.npz", allow_pickle=False) as stored:
            types, speakers, accused = (_linear(stored, name) for name in ("types", "speakers", "accused"))
            network = Network.load(stored, space) if "net_conv" in stored else None
            again = SecondLook.load(stored) if "again_speakers_roots" in stored else None
        if tuple(card["kinds"]) != CLAIM_TYPES:
            raise ValueError("its kinds of claims are not ours")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as exc:
        raise UnreadableInput(f"{folder} holds no model of claims: {exc}") from exc
    return ClaimModel(CLAIM_TYPES, types, Ranker(speakers), Ranker(accused), space, card, network, again)


def load_wordspace(path: Path) -> WordSpace:
    """The vectors of an .npz with `words` (lines) and `vectors` (bytes, 127 for one)."""
    with np.load(path, allow_pickle=False) as stored:
        return WordSpace(_lines(stored["words"]), stored["vectors"].astype(np.float32) / 127)


def _lines(stored: npt.NDArray[np.uint8]) -> list[str]:
    return bytes(stored).decode("utf-8").split("\n")


def _linear(stored: Any, name: str) -> Linear:
    traits = _lines(stored[f"{name}_traits"])
    weights = stored[f"{name}_weights"].astype(np.float32) * stored[f"{name}_scale"].astype(np.float32)
    if len(traits) != len(weights):
        raise ValueError(f"{name}: {len(traits)} traits, {len(weights)} rows of weights")
    dense = stored[f"{name}_dense"].astype(np.float32) if f"{name}_dense" in stored else None
    return Linear({trait: row for row, trait in enumerate(traits)}, weights, stored[f"{name}_bias"], dense)


def save_linear(into: dict[str, Any], name: str, model: Linear) -> None:
    """Put a model down for `numpy.savez`: weights as 16-bit whole numbers with a scale for each column."""
    scale = np.abs(model.weights).max(axis=0) / 32767 + 1e-12
    into[f"{name}_traits"] = np.frombuffer("\n".join(model.rows).encode("utf-8"), dtype=np.uint8)
    into[f"{name}_weights"] = np.round(model.weights / scale).astype(np.int16)
    into[f"{name}_scale"] = scale.astype(np.float32)
    into[f"{name}_bias"] = model.bias.astype(np.float32)
    if model.dense is not None:
        into[f"{name}_dense"] = model.dense.astype(np.float16)


def directions_of(space: WordSpace, content: Sequence[str], verbs: Sequence[str]) -> Floats:
    """The dense part of a sentence: the mean direction of its words, then that of its verbs."""
    return np.concatenate([space.mean(content), space.mean(verbs)])
