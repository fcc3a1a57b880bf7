"""Scores of extractions against the gold corpus: precision, recall and F1 of each measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from tracker.evaluation.bcubed import score_groups
from tracker.evaluation.corpus import GoldCorpus, NameTable
from tracker.evaluation.measures import SPAN_MEASURES, compare_entities
from tracker.evaluation.score import Score
from tracker.types import Document, Extraction

Breakdown = Literal["publisher_type", "language"]

_BREAKDOWNS: Mapping[Breakdown, Callable[[Document], str]] = {
    "publisher_type": lambda document: document.publisher_type,
    "language": lambda document: document.language,
}


@dataclass
class _Tally:
    right: int = 0
    gold: int = 0
    predicted: int = 0

    def add(self, right: int, gold: int, predicted: int) -> None:
        self.right += right
        self.gold += gold
        self.predicted += predicted


def answer_of(document: Document, predictions: Mapping[str, Extraction]) -> Extraction:
    """The prediction for a document; an empty one, not relevant, where there is none."""
    return predictions.get(document.id) or Extraction(document.id, "irrelevant")


def score_corpus(
    gold: GoldCorpus,
    predictions: Mapping[str, Extraction],
    *,
    names: NameTable | None = None,
    events: Mapping[str, Iterable[str]] | None = None,
) -> dict[str, Score]:
    """Score extractions, by measure: relevance, mentions, entities, quantities, ..., claim figures, and events.

    Args:
        predictions: extractions by document id; a document without one counts as an empty extraction.
        names: id -> names, for comparing entities; the gold corpus's own where None.
        events: predicted events as id -> ids of their documents; `events` is scored only where given.
    """
    names = names or gold.names
    tallies: dict[str, _Tally] = {"relevance": _Tally(), "mentions": _Tally(), "entities": _Tally()}
    tallies.update({key: _Tally() for key in SPAN_MEASURES if key not in tallies})
    for document, answer in gold.pairs():
        predicted = answer_of(document, predictions)
        wanted, given = answer.relevance == "relevant", predicted.relevance == "relevant"
        tallies["relevance"].add(wanted and given, wanted, given)
        entities = compare_entities(answer, predicted, names)
        found = len(entities.found)
        tallies["entities"].add(found, found + len(entities.missed), found + len(entities.extra))
        for key, compare in SPAN_MEASURES.items():
            pairing = compare(answer, predicted, names).pairing
            tallies[key].add(len(pairing.pairs), pairing.gold, pairing.predicted)
    scores = {key: Score.of(tally.right, tally.gold, tally.predicted) for key, tally in tallies.items()}
    if events is not None:
        scores["events"] = score_events(gold, events)
    return scores


def score_published(
    gold: GoldCorpus, predictions: Mapping[str, Extraction], review_below: float, *, names: NameTable | None = None
) -> Score:
    """`claims in full` of the claims that are sure enough to be published; those that await review count as missed."""
    kept = {
        key: replace(item, claims=tuple(claim for claim in item.claims if not claim.awaits_review(review_below)))
        for key, item in predictions.items()
    }
    return score_corpus(gold, kept, names=names)["claims in full"]


def score_events(gold: GoldCorpus, events: Mapping[str, Iterable[str]]) -> Score:
    """Extended B-cubed of grouping the relevant documents by the events that they report."""
    wanted = {
        document.id: gold.events[document.id]
        for document, answer in gold.pairs()
        if answer.relevance == "relevant" and gold.events.get(document.id)
    }
    given: defaultdict[str, set[str]] = defaultdict(set)
    for event, documents in events.items():
        for document_id in documents:
            given[document_id].add(event)
    return score_groups(wanted, given)


def score_by(
    gold: GoldCorpus, predictions: Mapping[str, Extraction], by: Breakdown, *, names: NameTable | None = None
) -> dict[str, dict[str, Score]]:
    """The scores of each part of the corpus: by the publisher's type (genre) or by language."""
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for document in gold.documents:
        parts[_BREAKDOWNS[by](document)].append(document.id)
    return {part: score_corpus(gold.only(ids), predictions, names=names) for part, ids in sorted(parts.items())}
