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
from cases import Cases, SentenceCase
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


Tables = dict[str, dict[str, int]]


@dataclass
class LinearPart:
    """Weights of traits for each kind, and of directions: (traits, kinds), (directions, kinds)."""

    traits: dict[str, np.ndarray]
    directions: np.ndarray
    speakers: dict[str, np.ndarray]
    accused: dict[str, np.ndarray]


class _Lists:
    """Lists of numbers, laid end to end."""

    def __init__(self, lists: Sequence[Sequence[int]]) -> None:
        self.counts = np.array([len(one) for one in lists], dtype=np.int64)
        self.starts = np.cumsum(self.counts) - self.counts
        self.flat = np.array([number for one in lists for number in one], dtype=np.int64)

    def of(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of some of the lists, end to end, and how many each has."""
        return self.flat[_each(self.starts[rows], self.counts[rows])], self.counts[rows]


class _Coded:
    """Sentences in numbers: their words, their parties and the candidates of their choices, each end to end."""

    def __init__(self, sentences: Sequence[tuple[SentenceCase, float]], tables: Tables, space: WordSpace) -> None:
        def rows(table: str, names: Iterable[str]) -> list[int]:
            return [row for name in names if (row := tables[table].get(name))]

        cases = [case for case, _ in sentences]
        words = [word for case in cases for word in case.words]
        self.weights = np.array([weight for _, weight in sentences], dtype=np.float32)
        self.kinds = np.array([[kind in case.kinds for kind in CLAIM_TYPES] for case in cases], dtype=np.float32)
        self.directions = np.stack([case.directions for case in cases]).astype(np.float32)
        self.near = 2 * space.each([form for form, _, _ in words])
        self.forms = np.array([tables["forms"].get(form, 0) for form, _, _ in words], dtype=np.int64)
        self.labels = np.array([tables["labels"].get(label, 0) for _, _, label in words], dtype=np.int64)
        self.fields = _Lists([rows("fields", fields) for _, fields, _ in words])
        self.traits = _Lists([rows("traits", case.traits) for case in cases])
        self.parties = _Lists([rows("party_traits", traits) for case in cases for traits in case.parties])
        self.places = _Lists([places for case in cases for places in case.places])
        self.words_of, self.parties_of = (
            _Lists([range(count) for count in counts])
            for counts in ([len(case.words) for case in cases], [len(case.parties) for case in cases])
        )
        found = [_candidates(case) for case in cases]
        self.candidates_of = _Lists([range(len(one)) for one in found])
        self.candidates = np.array([row for one in found for row in one], dtype=np.int64).reshape(-1, 5)
        """(party of the sentence, kind's column, how it stands to the speaker, choice of the sentence, is meant)."""

    def __len__(self) -> int:
        return len(self.weights)

    def candidates_in(self, rows: np.ndarray) -> np.ndarray:
        """The candidates of some of the sentences."""
        return self.candidates[_each(self.candidates_of.starts[rows], self.candidates_of.counts[rows])]


def _candidates(case: SentenceCase) -> list[tuple[int, int, int, int, bool]]:
    out: list[tuple[int, int, int, int, bool]] = []
    for number, choice in enumerate((*case.speakers, *case.accused)):
        column = CLAIM_TYPES.index(choice.kind) + (KINDS if choice.beside else 0)
        for place, (row, is_meant) in enumerate(zip(choice.candidates, choice.answers, strict=True)):
            out.append((row, column, BESIDE.index(choice.beside[place][-1]) if choice.beside else 0, number, is_meant))
    return out


def _each(starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """start, start + 1 ... for each start, as many as its count says."""
    ends = np.cumsum(counts)
    return np.repeat(starts - (ends - counts), counts) + np.arange(ends[-1] if len(ends) else 0)


def _thinned(lists: tuple[np.ndarray, np.ndarray], keep: np.random.RandomState | None) -> tuple[np.ndarray, np.ndarray]:
    flat, counts = lists
    if keep is None:
        return lists
    kept = keep.rand(len(flat)) > DROPPED_TRAITS
    return flat[kept], np.bincount(_owners(counts)[kept], minlength=len(counts))


def _owners(counts: np.ndarray) -> np.ndarray:
    """Which list each number of lists that lie end to end belongs to."""
    return np.repeat(np.arange(len(counts)), counts)


def _most(values: torch.Tensor, owners: np.ndarray, count: int) -> torch.Tensor:
    """The largest of the values that belong together, by column; they are never negative."""
    index = torch.from_numpy(owners)[:, None].expand(-1, values.shape[1])
    return torch.zeros(count, values.shape[1]).scatter_reduce(0, index, values, "amax")


class _Bag(nn.Module):
    """The sum of the vectors of a list of rows; row 0 is zero."""

    def __init__(self, rows: int, width: int, spread: float) -> None:
        super().__init__()
        self.bag = nn.EmbeddingBag(rows, width, mode="sum")
        nn.init.normal_(self.bag.weight, std=spread)

    def forward(self, lists: tuple[np.ndarray, np.ndarray]) -> torch.Tensor:
        flat, counts = lists
        return self.bag(torch.from_numpy(flat), torch.from_numpy(np.cumsum(counts) - counts))


class _Net(nn.Module):
    def __init__(self, tables: Tables, width: int, directions: int) -> None:
        super().__init__()
        sizes = {name: len(table) + 1 for name, table in tables.items()}
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

    def states(self, coded: _Coded, batch: np.ndarray) -> torch.Tensor:
        """What the convolution makes of each word of the sentences, end to end."""
        counts, pad = coded.words_of.counts[batch], WINDOW // 2
        words = _each(coded.words_of.starts[batch], counts)
        places = torch.from_numpy(_each(np.cumsum(counts + pad) - counts, counts))  # nothing between the sentences
        parts = [
            torch.from_numpy(coded.near[words]),
            self.forms(torch.from_numpy(coded.forms[words])),
            self.labels(torch.from_numpy(coded.labels[words])),
            self.fields(coded.fields.of(words)),
        ]
        shown = self.dropped(torch.cat(parts, 1))
        rows = torch.zeros(int((counts + pad).sum()) + pad, shown.shape[1]).index_copy(0, places, shown)
        return torch.relu(self.conv(rows.t()[None])[0].t())[places]

    def forward(
        self, coded: _Coded, batch: np.ndarray, keep: np.random.RandomState | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Log-odds of the kinds of each sentence, and of every candidate of every choice in order."""
        states = self.states(coded, batch)
        most = _most(states, _owners(coded.words_of.counts[batch]), len(batch))
        directions = torch.from_numpy(coded.directions[batch])
        traits = _thinned(coded.traits.of(batch), keep)
        shown = torch.cat([torch.relu(self.traits(traits)), most, directions], 1)
        kinds = self.kinds_out(self.dropped(torch.relu(self.kinds_in(self.dropped(shown)))))
        kinds = kinds + self.traits_linear(traits) * LINEAR + self.directions(directions)
        return kinds, self._choices(coded, batch, states, keep)

    def _choices(
        self, coded: _Coded, batch: np.ndarray, states: torch.Tensor, keep: np.random.RandomState | None
    ) -> torch.Tensor:
        candidates, counts = coded.candidates_in(batch), coded.candidates_of.counts[batch]
        if not len(candidates):
            return torch.zeros(0)
        in_sentence = coded.parties_of.counts[batch]
        parties = _each(coded.parties_of.starts[batch], in_sentence)
        lists = _thinned(coded.parties.of(parties), keep)
        own, linear = torch.relu(self.parties(lists)), self.parties_linear(lists) * LINEAR
        words = coded.words_of.counts[batch]
        places, of_party = coded.places.of(parties)
        places = places + np.repeat(np.repeat(np.cumsum(words) - words, in_sentence), of_party)
        near = _most(states[torch.from_numpy(places)], _owners(of_party), len(parties))
        rows = torch.from_numpy(candidates[:, 0] + np.repeat(np.cumsum(in_sentence) - in_sentence, counts))
        columns, stands = torch.from_numpy(candidates[:, 1]), torch.from_numpy(candidates[:, 2])
        choices = np.unique(_owners(counts) * (2 * KINDS * KINDS) + candidates[:, 3], return_inverse=True)[1]
        most = _most(own[rows], choices, int(choices.max()) + 1)[torch.from_numpy(choices)]
        charged = columns >= KINDS
        beside = self.stands(stands) * charged[:, None]
        shown = torch.cat([own[rows], near[rows], most, self.kind(columns), beside], 1)
        hidden = self.dropped(torch.relu(self.party_in(self.dropped(shown))))
        each = torch.arange(len(rows))
        odds = self.party_out(hidden)[:, 0] + self.party_bias[columns] + linear[rows][each, columns]
        return odds + self.stands_linear(stands)[each, columns % KINDS] * charged


def _tables(sentences: Sequence[SentenceCase]) -> Tables:
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


def train_network(parts: Sequence[Cases], space: WordSpace, seed: int = 0) -> tuple[Network, LinearPart]:
    """A network for the cases of many documents, and its linear part."""
    torch.set_num_threads(1)  # its products are small: threads would wait for each other
    torch.use_deterministic_algorithms(True)
    sentences = [(one, part.weight) for part in parts for one in part.sentences]
    tables = _tables([case for case, _ in sentences])
    coded = _Coded(sentences, tables, space)
    return _as_arrays(_trained(coded, tables, space, seed), tables, space)


def _trained(coded: _Coded, tables: Tables, space: WordSpace, seed: int) -> _Net:
    torch.manual_seed(seed)
    chance = np.random.RandomState(seed)
    net = _Net(tables, space.width, coded.directions.shape[1])
    steps = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY, fused=True)
    order = np.arange(len(coded))
    for epoch in range(EPOCHS):
        chance.shuffle(order)
        for group in steps.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        for start in range(0, len(order), BATCH):
            steps.zero_grad()
            _loss(net, coded, order[start : start + BATCH], chance).backward()
            steps.step()
    return net


def _loss(net: _Net, coded: _Coded, batch: np.ndarray, chance: np.random.RandomState) -> torch.Tensor:
    kinds, choices = net(coded, batch, chance)
    unlike = functional.binary_cross_entropy_with_logits
    weights = torch.from_numpy(coded.weights[batch])
    loss = unlike(kinds, torch.from_numpy(coded.kinds[batch]), reduction="none").sum(1) @ weights
    if len(choices):
        answers = torch.from_numpy(coded.candidates_in(batch)[:, 4].astype(np.float32))
        each = torch.from_numpy(np.repeat(coded.weights[batch], coded.candidates_of.counts[batch]))
        loss = loss + unlike(choices, answers, reduction="none") @ each
    return loss / len(batch)


def _as_arrays(net: _Net, tables: Tables, space: WordSpace) -> tuple[Network, LinearPart]:
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
