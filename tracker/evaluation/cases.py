"""The wrong cases behind a score: what was missed and what was found too much, in the words of the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from tracker.evaluation.corpus import GoldCorpus, NameTable
from tracker.evaluation.measures import SPAN_MEASURES, compare_entities
from tracker.evaluation.pairing import HasSpan
from tracker.evaluation.scoring import answer_of
from tracker.types import Claim, DateMention, Extraction, Mention, Quantity

ErrorKind = Literal[
    "relevance", "mentions", "entities", "quantities", "quantity values", "dates", "claims", "claims in full",
    "claim figures",
]  # fmt: skip
ERROR_KINDS: tuple[ErrorKind, ...] = get_args(ErrorKind)


@dataclass(frozen=True, slots=True)
class ErrorCase:
    """One wrong case. `start` and `end` are None for what has no place in the text (relevance, canonical entities)."""

    document_id: str
    side: Literal["missed", "extra"]
    start: int | None
    end: int | None
    text: str
    detail: str
    """The value that was wanted or given."""


def _bounds(quantity: Quantity) -> str:
    low = "" if quantity.low is None else f"{quantity.low:g}"
    high = "" if quantity.high is None else f"{quantity.high:g}"
    return f"{quantity.kind} {quantity.qualifier} {low}..{high} {quantity.unit or ''}".rstrip()


def _detail(item: HasSpan) -> str:
    if isinstance(item, Mention):
        return f"{item.type} {item.entity_id}"
    if isinstance(item, Quantity):
        return _bounds(item)
    if isinstance(item, DateMention):
        return f"{item.from_on}..{item.to_on}"
    if isinstance(item, Claim):
        accused = ", ".join(item.accused)
        return f"{item.type} by {item.speaker} of [{accused}] figures {list(item.quantities)}"
    return ""


def find_errors(
    kind: ErrorKind, gold: GoldCorpus, predictions: Mapping[str, Extraction], *, names: NameTable | None = None
) -> list[ErrorCase]:
    """All wrong cases of a measure, by document in the corpus's order; missed before extra."""
    if kind == "relevance":
        return list(_relevance_errors(gold, predictions))
    if kind == "entities":
        return list(_entity_errors(gold, predictions, names or gold.names))
    return list(_span_errors(kind, gold, predictions, names or gold.names))


def _relevance_errors(gold: GoldCorpus, predictions: Mapping[str, Extraction]) -> Iterator[ErrorCase]:
    for document, answer in gold.pairs():
        given = answer_of(document, predictions).relevance
        if (answer.relevance == "relevant") != (given == "relevant"):
            side: Literal["missed", "extra"] = "missed" if answer.relevance == "relevant" else "extra"
            yield ErrorCase(document.id, side, None, None, document.title, f"{answer.relevance}, found {given}")


def _entity_errors(gold: GoldCorpus, predictions: Mapping[str, Extraction], names: NameTable) -> Iterator[ErrorCase]:
    for document, answer in gold.pairs():
        compared = compare_entities(answer, answer_of(document, predictions), names)
        yield from (ErrorCase(document.id, "missed", None, None, entity, "") for entity in sorted(compared.missed))
        yield from (ErrorCase(document.id, "extra", None, None, entity, "") for entity in sorted(compared.extra))


def _span_errors(
    kind: str, gold: GoldCorpus, predictions: Mapping[str, Extraction], names: NameTable
) -> Iterator[ErrorCase]:
    for document, answer in gold.pairs():
        compared = SPAN_MEASURES[kind](answer, answer_of(document, predictions), names)
        for i in compared.pairing.missed:
            yield _case(document.id, document.text, "missed", compared.gold[i])
        for j in compared.pairing.extra:
            yield _case(document.id, document.text, "extra", compared.predicted[j])


def _case(document_id: str, text: str, side: Literal["missed", "extra"], item: HasSpan) -> ErrorCase:
    return ErrorCase(document_id, side, item.start, item.end, text[item.start : item.end], _detail(item))
