"""Evaluate: the whole way from documents to events over a gold corpus, scored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations, product

from tracker.evaluation import (
    GoldCorpus,
    NameTable,
    Pair,
    PairRelation,
    Score,
    score_corpus,
    score_figure_pairs,
    score_published,
)
from tracker.ports import Extractor, Store
from tracker.ports.work import BATCH
from tracker.reconcile import reconcile, version_ids_of
from tracker.types import Entity, Event, Extraction, Reconciled

_ANY_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)
"""When the corpus was handed in; no score depends on it."""


@dataclass(frozen=True)
class Evaluation:
    """Scores with what they were made from."""

    scores: Mapping[str, Score]
    predictions: Mapping[str, Extraction]
    names: NameTable
    published: Score
    """`claims in full` of those claims alone that do not await review. It has no floor: the threshold is a choice."""


def evaluate(
    corpus: GoldCorpus, extractor: Extractor, entities: Sequence[Entity], store: Store, review_below: float = 0.0
) -> Evaluation:
    """Extract from the corpus, reconcile it in an empty store, and score both; all scores but one are of all claims."""
    predictions = {item.document_id: item for item in extractor.extract_all(corpus.documents)}
    names = corpus.names.joined(NameTable.of({entity.id: (entity.name, *entity.aliases) for entity in entities}))
    for document in corpus.documents:
        store.save_ingested(document, _ANY_INSTANT)
    ids = list(predictions)
    for start in range(0, len(ids), BATCH):
        store.save_extractions(extractor.name, [predictions[key] for key in ids[start : start + BATCH]])
    stored = {document.id: document for document in store.load_documents(extractor.name)}
    result = reconcile(tuple(stored.values()), entities, Reconciled())
    records = {record.id: record for record in result.claims}
    events = {event.id: version_ids_of(event, records, stored) for event in result.events}
    scores = score_corpus(corpus, predictions, names=names, events=events)
    if corpus.figure_pairs:
        scores |= score_figure_pairs(corpus.figure_pairs, find_figure_pairs(result.events))
    return Evaluation(scores, predictions, names, score_published(corpus, predictions, review_below, names=names))


def find_figure_pairs(events: Iterable[Event]) -> dict[PairRelation, set[Pair]]:
    """The pairs of figures that share a group or a conflict of an event; what conflicts within a group conflicts."""
    found: dict[PairRelation, set[Pair]] = {"agree": set(), "conflict": set(), "apart": set()}
    for event in events:
        places = [(figure.version_id, figure.start, figure.end) for figure in event.figures]
        for conflict in event.figure_conflicts:
            if conflict.reason != "parts_do_not_sum":
                pairs = product(conflict.ones, conflict.others)
                found["conflict"] |= {frozenset((places[one], places[other])) for one, other in pairs}
        for group in event.figure_groups:
            found["agree"] |= {frozenset((places[i], places[j])) for i, j in combinations(group.figures, 2)}
    found["agree"] -= found["conflict"]
    return found
