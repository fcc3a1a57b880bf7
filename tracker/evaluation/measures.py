"""What counts as right, kind by kind: the definitions behind the table of `tracker evaluate`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracker.evaluation.corpus import NameTable
from tracker.evaluation.pairing import HasSpan, Pairing, pair_spans, share_half
from tracker.types import ACCUSING_TYPES, Claim, Extraction, Quantity


@dataclass(frozen=True)
class Comparison:
    """Gold and predicted items of one kind in one document, and which of them answer each other."""

    gold: Sequence[HasSpan]
    predicted: Sequence[HasSpan]
    pairing: Pairing


def _compare_mentions(gold: Extraction, predicted: Extraction, names: NameTable) -> Comparison:
    pairing = pair_spans(gold.mentions, predicted.mentions, lambda a, b: a.type == b.type)
    return Comparison(gold.mentions, predicted.mentions, pairing)


def _value(quantity: Quantity) -> tuple[float | None, float | None]:
    return quantity.low, quantity.high


def _compare_quantities(gold: Extraction, predicted: Extraction, names: NameTable) -> Comparison:
    def agree(a: Quantity, b: Quantity) -> bool:
        return (a.kind, a.qualifier, _value(a)) == (b.kind, b.qualifier, _value(b))

    return Comparison(gold.quantities, predicted.quantities, pair_spans(gold.quantities, predicted.quantities, agree))


def _compare_values(gold: Extraction, predicted: Extraction, names: NameTable) -> Comparison:
    pairing = pair_spans(gold.quantities, predicted.quantities, lambda a, b: _value(a) == _value(b))
    return Comparison(gold.quantities, predicted.quantities, pairing)


def _compare_dates(gold: Extraction, predicted: Extraction, names: NameTable) -> Comparison:
    pairing = pair_spans(gold.dates, predicted.dates, lambda a, b: (a.from_on, a.to_on) == (b.from_on, b.to_on))
    return Comparison(gold.dates, predicted.dates, pairing)


def _compare_claims(gold: Extraction, predicted: Extraction, names: NameTable) -> Comparison:
    pairing = pair_spans(gold.claims, predicted.claims, lambda a, b: a.type == b.type, share_half)
    return Comparison(gold.claims, predicted.claims, pairing)


def _compare_claims_in_full(gold: Extraction, predicted: Extraction, names: NameTable) -> Comparison:
    known = {mention.entity_id: mention.name for mention in predicted.mentions}

    def same(left: str | None, right: str | None) -> bool:
        return names.are_same(left, right, known.get(right, right) if right is not None else None)

    def agree(a: Claim, b: Claim) -> bool:
        if a.type != b.type or not same(a.speaker, b.speaker):
            return False
        if a.type not in ACCUSING_TYPES:
            return True
        return len(a.accused) == len(b.accused) and all(any(same(x, y) for y in b.accused) for x in a.accused)

    return Comparison(gold.claims, predicted.claims, pair_spans(gold.claims, predicted.claims, agree, share_half))


def _figures_of(extraction: Extraction, claim: Claim) -> frozenset[tuple[str, float | None, float | None]]:
    held = [extraction.quantities[i] for i in claim.quantities if 0 <= i < len(extraction.quantities)]
    return frozenset((quantity.kind, *_value(quantity)) for quantity in held)


def _compare_claim_figures(gold: Extraction, predicted: Extraction, names: NameTable) -> Comparison:
    left = [claim for claim in gold.claims if _figures_of(gold, claim)]
    right = [claim for claim in predicted.claims if _figures_of(predicted, claim)]

    def agree(a: Claim, b: Claim) -> bool:
        return a.type == b.type and _figures_of(gold, a) == _figures_of(predicted, b)

    return Comparison(left, right, pair_spans(left, right, agree, share_half))


SPAN_MEASURES: Mapping[str, Callable[[Extraction, Extraction, NameTable], Comparison]] = {
    "mentions": _compare_mentions,
    "quantities": _compare_quantities,
    "quantity values": _compare_values,
    "dates": _compare_dates,
    "claims": _compare_claims,
    "claims in full": _compare_claims_in_full,
    "claim figures": _compare_claim_figures,
}
"""Measures of spans: mentions by type and overlap; quantities by overlap, kind, bounds and qualifier; their values
alone; dates by overlap and interval; claims by type and half of the shorter span, then with speaker and accused, then
with the set of their figures (over claims that have any)."""


@dataclass(frozen=True)
class EntityComparison:
    """The canonical entities of one document: gold ids found, missed, and predicted ids that are none of them."""

    found: frozenset[str]
    missed: frozenset[str]
    extra: frozenset[str]


def compare_entities(gold: Extraction, predicted: Extraction, names: NameTable) -> EntityComparison:
    """Compare the sets of canonical entities that a document names, by id, name or alias."""
    wanted = {mention.entity_id for mention in gold.mentions}
    given = {(mention.entity_id, mention.name or mention.entity_id) for mention in predicted.mentions}
    found = {entity for entity in wanted if any(names.are_same(entity, *pair) for pair in given)}
    extra = {pair[0] for pair in given if not any(names.are_same(entity, *pair) for entity in wanted)}
    return EntityComparison(frozenset(found), frozenset(wanted - found), frozenset(extra))
