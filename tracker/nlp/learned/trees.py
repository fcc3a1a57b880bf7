"""Sums of small decision trees over numbers, as gradient boosting makes them (tools/claims/rereading.py fits them)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Wholes = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Trees:
    """Nodes of all trees in one row: a case goes left where its number is at most the node's threshold.

    A leaf is its own left and right, and holds what the tree adds to the log-odds.
    """

    roots: Wholes
    column: Wholes
    threshold: Floats
    left: Wholes
    right: Wholes
    value: Floats
    bias: float
    depth: int

    def score(self, rows: Floats) -> Floats:
        """The log-odds of each row; `rows` is (cases, numbers)."""
        column, left, right = self._whole
        width, trees = rows.shape[1], len(self.roots)
        flat = np.ascontiguousarray(rows, dtype=np.float32).ravel()
        at = np.tile(self.roots.astype(np.intp), len(rows))
        open_ = np.arange(len(at))  # the ways down that have not come to a leaf
        first = np.repeat(np.arange(len(rows)) * width, trees)
        for _ in range(self.depth):
            nodes = at[open_]
            low = flat.take(first + column.take(nodes)) <= self.threshold.take(nodes)
            new = np.where(low, left.take(nodes), right.take(nodes))
            at[open_] = new
            inner = left.take(new) != new
            open_, first = open_[inner], first[inner]
        total = self.value.take(at).reshape(len(rows), trees).sum(axis=1)
        return np.asarray(total + np.float32(self.bias), dtype=np.float32)

    @cached_property
    def _whole(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Columns, left and right as numbers that numpy takes from without making them anew."""
        return self.column.astype(np.intp), self.left.astype(np.intp), self.right.astype(np.intp)

    def stored(self, name: str) -> dict[str, Any]:
        """Everything for `numpy.savez`."""
        arrays = {"roots": self.roots, "column": self.column, "threshold": self.threshold, "left": self.left}
        arrays |= {"right": self.right, "value": self.value, "bias": np.float32(self.bias), "depth": self.depth}
        return {f"{name}_{key}": np.asarray(array) for key, array in arrays.items()}

    @classmethod
    def load(cls, stored: Mapping[str, Any], name: str, columns: int) -> Trees:
        """The trees of an .npz as `stored` has written them, for rows of so many numbers.

        Raises:
            KeyError, ValueError: a part is missing, or does not fit the others.
        """
        nodes = {key: stored[f"{name}_{key}"] for key in ("column", "threshold", "left", "right", "value")}
        count = len(nodes["column"])
        roots = stored[f"{name}_roots"]
        inside = [roots, nodes["left"], nodes["right"]]
        if any(len(one) != count for one in nodes.values()) or any(((a < 0) | (a >= count)).any() for a in inside):
            raise ValueError(f"{name}: the nodes of its trees do not hang together")
        if ((nodes["column"] < 0) | (nodes["column"] >= columns)).any():
            raise ValueError(f"{name}: its trees were fitted on other numbers than the {columns} of this version")
        return cls(
            roots.astype(np.int16), nodes["column"].astype(np.int16), nodes["threshold"].astype(np.float32),
            nodes["left"].astype(np.int16), nodes["right"].astype(np.int16), nodes["value"].astype(np.float32),
            float(stored[f"{name}_bias"]), int(stored[f"{name}_depth"]),
        )  # fmt: skip
