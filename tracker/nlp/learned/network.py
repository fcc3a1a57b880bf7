"""A small network beside the linear models: what words and traits mean together.

A linear model counts each trait alone; "declined" beside "to comment" and beside "to sue" weigh the same. The network
reads the words of a sentence in their order (word vectors, semantic fields and dependency labels through one
convolution) together with the traits, and adds to the log-odds of the linear models. It is small: some matrix products
for a sentence, in numpy. tools/claims/network.py trains it; docs/claims-model.md says what it brings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.nlp.learned.words import Word
from tracker.nlp.learned.wordspace import WordSpace
from tracker.nlp.products import Floats, product

BESIDE = ("nobody-speaks", "is-speaker", "not-speaker", "speaks-too")
"""How a party that may be accused stands to whoever speaks; the last one stands beside `not-speaker`."""
WINDOW = 5
"""Words that one step of the convolution sees."""
_TABLES = ("forms", "fields", "labels", "traits", "party_traits")
_ARRAYS = (
    "form_vectors", "field_vectors", "label_vectors", "conv", "conv_bias", "trait_vectors", "kinds_in", "kinds_in_bias",
    "kinds_out", "kinds_out_bias", "party_vectors", "kind_vectors", "beside_vectors", "party_in", "party_in_bias",
    "party_out", "party_bias",
)  # fmt: skip


def label_of(word: Word) -> str:
    """The dependency label of a word in a parsed text, "" elsewhere."""
    return word.token.dep_ if word.token is not None else ""


@dataclass(frozen=True)
class Network:
    """Vocabularies (name -> row; row 0 is whatever is unknown) and weights, in the shapes that tools/claims writes."""

    tables: Mapping[str, Mapping[str, int]]
    arrays: Mapping[str, Floats]
    space: WordSpace

    @classmethod
    def load(cls, stored: Mapping[str, Any], space: WordSpace) -> Network:
        """The network of an .npz as `stored` has written it.

        Raises:
            KeyError, ValueError: a part is missing, or a table and its vectors differ in length.
        """
        tables = {name: _rows(stored[f"net_{name}"]) for name in _TABLES}
        arrays = {name: _whole(stored, f"net_{name}") for name in _ARRAYS}
        pairs = zip(
            _TABLES, ("form_vectors", "field_vectors", "label_vectors", "trait_vectors", "party_vectors"), strict=True
        )
        for table, vectors in pairs:
            if len(tables[table]) + 1 != len(arrays[vectors]):
                raise ValueError(f"{table}: {len(tables[table])} names, {len(arrays[vectors]) - 1} rows")
        return cls(tables, arrays, space)

    def stored(self) -> dict[str, Any]:
        """Everything for `numpy.savez`: vectors of traits as bytes with a scale, the rest as 16-bit floats."""
        out: dict[str, Any] = {}
        for name, table in self.tables.items():
            out[f"net_{name}"] = np.frombuffer("\n".join(table).encode("utf-8"), dtype=np.uint8)
        for name, array in self.arrays.items():
            if name.endswith("_vectors") and len(array) > 100:
                scale = np.abs(array).max() / 127 + 1e-12
                out[f"net_{name}"] = np.round(array / scale).astype(np.int8)
                out[f"net_{name}_scale"] = np.float32(scale)
            else:
                out[f"net_{name}"] = array.astype(np.float16)
        return out

    def states(self, sentences: Sequence[Sequence[Word]]) -> list[Floats]:
        """What the convolution makes of each word in its place, sentence by sentence: (words, states) for each."""
        a = self.arrays
        pad = WINDOW // 2  # nothing stands before the first word of a sentence and after its last
        starts, at = [], pad
        for words in sentences:
            starts.append(at)
            at += len(words) + pad
        rows = np.zeros((at, len(a["conv"]) // WINDOW), dtype=np.float32)
        for start, words in zip(starts, sentences, strict=True):
            self._put(rows[start : start + len(words)], words)
        if at < WINDOW:
            return [np.zeros((0, a["conv"].shape[1]), dtype=np.float32) for _ in sentences]
        seen = np.lib.stride_tricks.sliding_window_view(rows, (WINDOW, rows.shape[1]))[:, 0]
        out = _relu(product(seen.reshape(len(seen), -1), a["conv"]) + a["conv_bias"])
        return [out[start - pad : start - pad + len(words)] for start, words in zip(starts, sentences, strict=True)]

    def _put(self, rows: Floats, words: Sequence[Word]) -> None:
        """The numbers of each word: its place in word space, its form, its dependency label, its fields."""
        a = self.arrays
        forms, labels, fields = self.tables["forms"], self.tables["labels"], self.tables["fields"]
        form = self.space.width + a["form_vectors"].shape[1]
        label = form + a["label_vectors"].shape[1]
        rows[:, : self.space.width] = 2 * self.space.each([word.form for word in words])
        rows[:, self.space.width : form] = a["form_vectors"][[forms.get(word.form, 0) for word in words]]
        rows[:, form:label] = a["label_vectors"][[labels.get(label_of(word), 0) for word in words]]
        for place, word in enumerate(words):
            for name in word.fields:
                if row := fields.get(name):
                    rows[place, label:] += a["field_vectors"][row]

    def kinds(self, traits: Floats, directions: Floats, states: Floats) -> Floats:
        """What it adds to the log-odds of each kind of claim; `traits` is the sum of the vectors of a sentence's."""
        a = self.arrays
        own = _relu(traits)
        most = states.max(axis=0) if len(states) else np.zeros(a["conv"].shape[1], dtype=np.float32)
        shown = np.concatenate([own, most, directions])[None]
        hidden = _relu(product(shown, a["kinds_in"]) + a["kinds_in_bias"])
        return np.asarray((product(hidden, a["kinds_out"]) + a["kinds_out_bias"])[0], dtype=np.float32)

    def party(self, traits: Iterable[str], places: Sequence[int], states: Floats) -> Floats:
        """What a party shows, by its traits and by the words at its places in the sentence."""
        rows, own = self.tables["party_traits"], self.arrays["party_vectors"].shape[1]
        shown = np.zeros(own + states.shape[1], dtype=np.float32)
        known = [row for one in traits if (row := rows.get(one))]
        np.maximum(self.arrays["party_vectors"].take(known, axis=0).sum(axis=0), 0.0, out=shown[:own])
        if len(places) == 1:
            shown[own:] = states[places[0]]
        elif places:
            states.take(places, axis=0).max(axis=0, out=shown[own:])
        return shown

    def parties(self, column: int, shown: Floats, beside: Sequence[str] | None) -> Floats:
        """What it adds to the log-odds of each party of a choice; `shown` holds a row of `party` for each.

        `column` is the kind's for speakers; nine more, and how each stands to the speaker, for accused.
        """
        a = self.arrays
        own = a["party_vectors"].shape[1]
        width = a["beside_vectors"].shape[1]
        count = len(shown)
        most = np.broadcast_to(shown[:, :own].max(axis=0), (count, own))
        kind = np.broadcast_to(a["kind_vectors"][column], (count, a["kind_vectors"].shape[1]))
        stands = a["beside_vectors"][[BESIDE.index(one) for one in beside]] if beside else np.zeros((count, width))
        hidden = _relu(product(np.concatenate([shown, most, kind, stands], axis=1), a["party_in"]) + a["party_in_bias"])
        return np.asarray(product(hidden, a["party_out"])[:, 0] + a["party_bias"][column], dtype=np.float32)


def _relu(values: Floats) -> Floats:
    return np.maximum(values, 0.0).astype(np.float32, copy=False)


def _rows(stored: npt.NDArray[np.uint8]) -> dict[str, int]:
    text = bytes(stored).decode("utf-8")
    return {name: row for row, name in enumerate(text.split("\n"), start=1)} if text else {}


def _whole(stored: Mapping[str, Any], name: str) -> Floats:
    array = stored[name].astype(np.float32)
    return np.ascontiguousarray(array * stored[f"{name}_scale"] if f"{name}_scale" in stored else array, np.float32)
