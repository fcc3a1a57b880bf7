"""Word vectors: where a word stands among words of like meaning (docs/claims-model.md says where they come from)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class WordSpace:
    """Vectors of common English words in lower case; an unknown word has none."""

    def __init__(self, words: Sequence[str], vectors: Floats) -> None:
        self._row = {word: index for index, word in enumerate(words)}
        self._vectors = vectors
        self.width = int(vectors.shape[1])

    def mean(self, words: Iterable[str]) -> Floats:
        """The mean vector of the words that are known; zeros where none is."""
        rows = [row for word in words if (row := self._row.get(word)) is not None]
        if not rows:
            return np.zeros(self.width, dtype=np.float32)
        return np.asarray(self._vectors.take(rows, axis=0).sum(axis=0) / np.float32(len(rows)), dtype=np.float32)

    def each(self, words: Sequence[str]) -> Floats:
        """A vector for each word, zeros for an unknown one: (words, width)."""
        rows = [self._row.get(word, -1) for word in words]
        return np.asarray(self._with_none[rows], dtype=np.float32)

    @cached_property
    def _with_none(self) -> Floats:
        """The vectors, and after them the one of unknown words."""
        return np.concatenate([self._vectors, np.zeros((1, self.width), dtype=np.float32)])
