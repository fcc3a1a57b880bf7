"""The learned weights that tell from its traits whether a stretch of words is a name, and of what.

`data/model/names/weights.tsv` holds a line for each trait, with a weight in hundredths for each kind, `none` among
them; the kinds stand in the first line. tools/model/name_types.py writes it from data/training.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tracker.errors import UnreadableInput
from tracker.resources import bundled_path

Floats = npt.NDArray[np.float32]
BIAS = "(bias)"
FOLDER = "data/model/names"


class NameWeights:
    """A linear model over traits: log probabilities of the kinds, the first of which is `none`."""

    def __init__(self, kinds: Sequence[str], rows: dict[str, int], weights: Floats) -> None:
        self.kinds = tuple(kinds)
        self._rows = rows
        self._weights = weights

    def judge(self, traits: Sequence[str]) -> Floats:
        """Log probabilities, in the order of `kinds`."""
        rows = self._rows
        known = {row for trait in traits if (row := rows.get(trait)) is not None}
        known.add(rows[BIAS])
        sums = self._weights[list(known)].sum(axis=0)
        sums -= sums.max()
        return np.asarray(sums - np.log(np.exp(sums).sum()), dtype=np.float32)


def read_weights(path: Path) -> NameWeights:
    """The weights of a file.

    Raises:
        UnreadableInput: a line has not as many weights as there are kinds; names file and line.
    """
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    kinds = lines[0].split("\t")[1:]
    rows: dict[str, int] = {}
    table: list[list[float]] = []
    for number, line in enumerate(lines[1:], 2):
        trait, *values = line.split("\t")
        try:
            row = [int(value) / 100 if value else 0.0 for value in values]
        except ValueError as exc:
            raise UnreadableInput(f"{path}, line {number}: {exc}") from exc
        if len(row) != len(kinds):
            raise UnreadableInput(f"{path}, line {number}: expected {len(kinds)} weights")
        rows[trait] = len(table)
        table.append(row)
    return NameWeights(kinds, rows, np.array(table, dtype=np.float32))


@lru_cache(maxsize=4)
def load_weights(name: str = "weights") -> NameWeights:
    """One of the tables that travel with the tracker: `weights`, `chinese_bounds` or `chinese_kinds`."""
    return read_weights(bundled_path(f"{FOLDER}/{name}.tsv"))
