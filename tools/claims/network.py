"""Train the small network that stands beside the linear models (tracker/nlp/learned/network.py), with torch.

It learns kinds, speakers and accused at once from the same cases as they. Its own linear part is handed back apart, to
be added to theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from cases import Cases, Choice, SentenceCase
from torch import nn
from torch.nn import functional

from tracker.nlp.learned.network import BESIDE, WINDOW, Network
from tracker.nlp.learned.wordspace import WordSpace
from tracker.types import CLAIM_TYPES

STATES, TRAITS, HIDDEN = 64, 32, 48
FORM, LABEL, KIND, STANDS = 24, 12, 24, 8
KINDS = len(CLAIM_TYPES)
LINEAR = 0.3
"""What a trait counts for in the linear part, as in fit.py."""
EPOCHS, BATCH, RATE, DECAY = 12, 48, 3e-3, 1e-4
DROPPED_TRAITS, DROPPED_UNITS = 0.2, 0.3
LEAST = {"forms": 3, "fields": 2, "labels": 2, "traits": 4, "party_traits": 4}
"""How often a name has to occur for a row of its own."""


@dataclass
class LinearPart:
    """Weights of traits for each kind, and of directions: (traits, kinds), (directions, kinds)."""

    traits: dict[str, np.ndarray]
    directions: np.ndarray
    speakers: dict[str, np.ndarray]
    accused: dict[str, np.ndarray]


@dataclass
class _Coded:
    """A sentence in numbers."""

    case: SentenceCase
    weight: float
    near: np.ndarray
    forms: list[int]
    labels: list[int]
    fields: list[list[int]]
    traits: list[int]
    parties: list[list[int]]


class _Bag(nn.Module):
    """The sum of the vectors of a list of rows; row 0 is zero."""

    def __init__(self, rows: int, width: int, spread: float) -> None:
        super().__init__()
        self.bag = nn.EmbeddingBag(rows, width, mode="sum")
        nn.init.normal_(self.bag.weight, std=spread)

    def forward(self, lists: Sequence[Sequence[int]]) -> torch.Tensor:
        flat = [row for rows in lists for row in rows]
        starts = np.cumsum([0, *(len(rows) for rows in lists)])[:-1]
        return self.bag(torch.tensor(flat, dtype=torch.long), torch.tensor(starts))


class _Net(nn.Module):
    def __init__(self, tables: dict[str, dict[str, int]], width: int, directions: int) -> None:
        super().__init__()
        sizes = {name: len(table) + 1 for name, table in tables.items()}
        self.width = width
        self.forms = nn.Embedding(sizes["forms"], FORM, padding_idx=0)
        self.labels = nn.Embedding(sizes["labels"], LABEL, padding_idx=0)
        for table in (self.forms, self.labels):
            nn.init.normal_(table.weight, std=0.1)
            nn.init.zeros_(table.weight[0])
        self.fields = _Bag(sizes["fields"], FORM, 0.1)
        self.conv = nn.Conv1d(width + FORM + LABEL + FORM, STATES, WINDOW, padding=WINDOW // 2)
        self.traits, self.traits_linear = _Bag(sizes["traits"], TRAITS, 0.03), _Bag(sizes["traits"], KINDS, 0.0)
        self.kinds_in, self.kinds_out = nn.Linear(TRAITS + STATES + directions, HIDDEN), nn.Linear(HIDDEN, KINDS)
        self.directions = nn.Linear(directions, KINDS, bias=False)
        self.parties = _Bag(sizes["party_traits"], TRAITS, 0.05)
        self.parties_linear = _Bag(sizes["party_traits"], 2 * KINDS, 0.0)
        self.kind, self.stands = nn.Embedding(2 * KINDS, KIND), nn.Embedding(len(BESIDE), STANDS)
        self.stands_linear = nn.Embedding(len(BESIDE), KINDS)
        nn.init.zeros_(self.stands_linear.weight)
        self.party_in, self.party_out = (
            nn.Linear(2 * TRAITS + STATES + KIND + STANDS, HIDDEN),
            nn.Linear(HIDDEN, 1, bias=False),
        )
        self.party_bias = nn.Parameter(torch.full((2 * KINDS,), -1.0))
        self.dropped = nn.Dropout(DROPPED_UNITS)
        nn.init.constant_(self.kinds_out.bias, -2.0)

    def states(self, batch: Sequence[_Coded]) -> torch.Tensor:
        longest = max(1, *(len(one.forms) for one in batch))
        near = np.zeros((len(batch), longest, self.width), dtype=np.float32)
        forms, labels = np.zeros((2, len(batch), longest), dtype=np.int64)
        mask = np.zeros((len(batch), longest, 1), dtype=np.float32)
        fields: list[list[int]] = []
        for place, one in enumerate(batch):
            count = len(one.forms)
            near[place, :count], forms[place, :count], labels[place, :count] = one.near, one.forms, one.labels
            mask[place, :count] = 1
            fields += one.fields + [[]] * (longest - count)
        parts = [torch.tensor(near), self.forms(torch.tensor(forms)), self.labels(torch.tensor(labels))]
        words = torch.cat([*parts, self.fields(fields).view(len(batch), longest, -1)], 2)
        known = torch.tensor(mask)
        return torch.relu(self.conv((self.dropped(words) * known).transpose(1, 2))) * known.transpose(1, 2)

    def forward(
        self, batch: Sequence[_Coded], keep: np.random.RandomState | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Log-odds of the kinds of each sentence, and of every candidate of every choice in order."""
        states = self.states(batch)
        directions = torch.tensor(np.stack([one.case.directions for one in batch]), dtype=torch.float32)
        traits = [_thinned(one.traits, keep) for one in batch]
        shown = torch.cat([torch.relu(self.traits(traits)), states.max(2).values, directions], 1)
        kinds = self.kinds_out(self.dropped(torch.relu(self.kinds_in(self.dropped(shown)))))
        kinds = kinds + self.traits_linear(traits) * LINEAR + self.directions(directions)
        return kinds, self._choices(batch, states, keep)

    def _choices(
        self, batch: Sequence[_Coded], states: torch.Tensor, keep: np.random.RandomState | None
    ) -> torch.Tensor:
        lists = [_thinned(rows, keep) for one in batch for rows in one.parties]
        if not lists:
            return torch.zeros(0)
        none = torch.zeros(STATES)
        here = [
            states[i][:, places].max(1).values if places else none
            for i, one in enumerate(batch) for places in one.case.places
        ]  # fmt: skip
        own, linear, near = torch.relu(self.parties(lists)), self.parties_linear(lists) * LINEAR, torch.stack(here)
        rows, columns, stands, groups = _flattened(batch)
        most = torch.zeros(int(groups.max()) + 1, TRAITS).scatter_reduce(
            0, groups[:, None].expand(-1, TRAITS), own[rows], "amax"
        )
        charged = columns >= KINDS
        beside = self.stands(stands) * charged[:, None]
        shown = torch.cat([own[rows], near[rows], most[groups], self.kind(columns), beside], 1)
        hidden = self.dropped(torch.relu(self.party_in(self.dropped(shown))))
        each = torch.arange(len(rows))
        odds = self.party_out(hidden)[:, 0] + self.party_bias[columns] + linear[rows][each, columns]
        return odds + self.stands_linear(stands)[each, columns % KINDS] * charged


def _flattened(batch: Sequence[_Coded]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """(candidate, kind's column, how it stands to the speaker, choice) for every candidate of every choice."""
    out: list[tuple[int, int, int, int]] = []
    first = group = 0
    for one in batch:
        for choice in _choices_of(one.case):
            column = CLAIM_TYPES.index(choice.kind) + (KINDS if choice.beside else 0)
            for place, row in enumerate(choice.candidates):
                stands = BESIDE.index(choice.beside[place][-1]) if choice.beside else 0
                out.append((first + row, column, stands, group))
            group += 1
        first += len(one.parties)
    return tuple(torch.tensor(np.array(out, dtype=np.int64).reshape(-1, 4).T))  # type: ignore[return-value]


def _choices_of(case: SentenceCase) -> list[Choice]:
    return [choice for choice in (*case.speakers, *case.accused) if choice.candidates]


def _thinned(rows: Sequence[int], keep: np.random.RandomState | None) -> Sequence[int]:
    return rows if keep is None else [row for row in rows if keep.rand() > DROPPED_TRAITS]


def _tables(sentences: Sequence[SentenceCase]) -> dict[str, dict[str, int]]:
    names: dict[str, Iterable[str]] = {
        "forms": (form for one in sentences for form, _, _ in one.words),
        "fields": (name for one in sentences for _, fields, _ in one.words for name in fields),
        "labels": (label for one in sentences for _, _, label in one.words if label),
        "traits": (trait for one in sentences for trait in one.traits),
        "party_traits": (trait for one in sentences for traits in one.parties for trait in traits),
    }
    counts = {name: Counter(found) for name, found in names.items()}
    return {
        name: {
            one: row for row, one in enumerate(sorted(o for o, n in c.items() if n >= LEAST[name] and "\n" not in o), 1)
        }
        for name, c in counts.items()
    }


def _coded(case: SentenceCase, weight: float, tables: dict[str, dict[str, int]], space: WordSpace) -> _Coded:
    def rows(table: str, names: Iterable[str]) -> list[int]:
        return [row for name in names if (row := tables[table].get(name))]

    return _Coded(
        case,
        weight,
        2 * space.each([form for form, _, _ in case.words]),
        [tables["forms"].get(form, 0) for form, _, _ in case.words],
        [tables["labels"].get(label, 0) for _, _, label in case.words],
        [rows("fields", fields) for _, fields, _ in case.words],
        rows("traits", case.traits),
        [rows("party_traits", traits) for traits in case.parties],
    )


def train_network(parts: Sequence[Cases], space: WordSpace, seed: int = 0) -> tuple[Network, LinearPart]:
    """A network for the cases of many documents, and its linear part."""
    torch.set_num_threads(1)  # its products are small: threads would wait for each other
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    chance = np.random.RandomState(seed)
    tables = _tables([one for part in parts for one in part.sentences])
    coded = [_coded(one, part.weight, tables, space) for part in parts for one in part.sentences]
    net = _Net(tables, space.width, len(coded[0].case.directions))
    steps = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    order = np.arange(len(coded))
    for epoch in range(EPOCHS):
        chance.shuffle(order)
        for group in steps.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        for start in range(0, len(order), BATCH):
            batch = [coded[i] for i in order[start : start + BATCH]]
            steps.zero_grad()
            _loss(net, batch, chance).backward()
            steps.step()
    return _as_arrays(net, tables, space)


def _loss(net: _Net, batch: Sequence[_Coded], chance: np.random.RandomState) -> torch.Tensor:
    kinds, choices = net(batch, chance)
    stated = torch.tensor([[float(kind in one.case.kinds) for kind in CLAIM_TYPES] for one in batch])
    weights = torch.tensor([one.weight for one in batch])
    loss = functional.binary_cross_entropy_with_logits(kinds, stated, reduction="none").sum(1) @ weights
    if len(choices):
        pairs = [(float(a), one.weight) for one in batch for choice in _choices_of(one.case) for a in choice.answers]
        answers, each = torch.tensor(pairs).T
        loss = loss + functional.binary_cross_entropy_with_logits(choices, answers, reduction="none") @ each
    return loss / len(batch)


def _as_arrays(net: _Net, tables: dict[str, dict[str, int]], space: WordSpace) -> tuple[Network, LinearPart]:
    def of(weight: torch.Tensor) -> np.ndarray:
        return weight.detach().numpy().astype(np.float32)

    arrays = {
        "form_vectors": of(net.forms.weight),
        "field_vectors": of(net.fields.bag.weight),
        "label_vectors": of(net.labels.weight),
        # (states, inputs, window) -> (window x inputs, states), as words lie beside each other in memory
        "conv": of(net.conv.weight).transpose(2, 1, 0).reshape(-1, STATES),
        "conv_bias": of(net.conv.bias),
        "trait_vectors": of(net.traits.bag.weight),
        "kinds_in": of(net.kinds_in.weight).T,
        "kinds_in_bias": of(net.kinds_in.bias),
        "kinds_out": of(net.kinds_out.weight).T,
        "kinds_out_bias": of(net.kinds_out.bias),
        "party_vectors": of(net.parties.bag.weight),
        "kind_vectors": of(net.kind.weight),
        "beside_vectors": of(net.stands.weight),
        "party_in": of(net.party_in.weight).T,
        "party_in_bias": of(net.party_in.bias),
        "party_out": of(net.party_out.weight).T,
        "party_bias": of(net.party_bias),
    }
    traits, parties = of(net.traits_linear.bag.weight) * LINEAR, of(net.parties_linear.bag.weight) * LINEAR
    accused = {name: parties[row, KINDS:] for name, row in tables["party_traits"].items()}
    stands = of(net.stands_linear.weight)
    # the last way of standing comes beside the one before it
    accused |= {
        name: stands[row] - (stands[row - 1] if row == len(BESIDE) - 1 else 0) for row, name in enumerate(BESIDE)
    }
    linear = LinearPart(
        {name: traits[row] for name, row in tables["traits"].items()},
        of(net.directions.weight).T,
        {name: parties[row, :KINDS] for name, row in tables["party_traits"].items()},
        accused,
    )
    return Network(tables, arrays, space), linear
