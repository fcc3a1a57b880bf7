"""How much: every reported value beside whose word it is, and when two values may stand for one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from tracker.reconcile.plausible import doubt_figure
from tracker.types import ClaimRecord, Figure, Quantity, QuantityKind

FIGURE_KINDS: tuple[QuantityKind, ...] = ("accounts", "exchanges", "money", "users", "tokens", "percent", "other")
"""The kinds that measure a deed, in the order in which an event lists them."""

_COUNTS: frozenset[QuantityKind] = frozenset({"accounts", "exchanges"})
_TOLERANCE = 0.05
"""Rounding: "nearly 25,000" and "about 24,000" may be one number, 16 and 13 million may not."""
_SMALLEST_TELLING = 100
"""Below this, agreement says nothing: many stories have "three"."""


def value_of(figure: Quantity | Figure) -> float | None:
    """The number that a figure names: the upper end where it has only that, the middle of a range."""
    if figure.low is None or figure.high is None:
        return figure.high if figure.low is None else figure.low
    return (figure.low + figure.high) / 2


def may_agree(one: Quantity | Figure, other: Quantity | Figure) -> bool:
    """Whether two figures speak for one happening: near each other whatever their qualifiers, and no vague counts.

    This is evidence for grouping reports; what agrees on an event's page is told by `bounds.may_be_one`.
    """
    return one.kind == other.kind and one.unit == other.unit and are_near(one, other)


def are_near(one: Quantity | Figure, other: Quantity | Figure) -> bool:
    """Whether two figures are near each other, whatever they are said to count, and large enough to tell anything."""
    if "vague" in (one.qualifier, other.qualifier):
        return False
    a, b = value_of(one), value_of(other)
    if a is None or b is None or min(a, b) < _SMALLEST_TELLING:
        return False
    return abs(a - b) <= _TOLERANCE * max(a, b)


def count_otherwise(ones: Iterable[Quantity], others: Iterable[Quantity]) -> bool:
    """Whether both count accounts, or exchanges, and no count of the ones is near any of the others."""
    pairs = [
        (one, other)
        for one, other in product(ones, others)
        if one.kind == other.kind and one.kind in _COUNTS and "vague" not in (one.qualifier, other.qualifier)
    ]
    return bool(pairs) and not any(are_near(one, other) for one, other in pairs)


def collect_figures(records: Iterable[ClaimRecord]) -> tuple[Figure, ...]:
    """Every reported value of these claims, ordered by kind, value, document and claim. Nothing is merged."""
    figures = {
        Figure(
            kind=quantity.kind,
            low=quantity.low,
            high=quantity.high,
            qualifier=quantity.qualifier,
            unit=quantity.unit,
            text=quantity.text,
            claim_id=record.id,
            speaker=record.claim.speaker,
            accused=record.claim.accused,
            document_id=record.document_id,
            version_id=record.version_id,
            start=quantity.start,
            end=quantity.end,
            is_doubtful=doubt_figure(quantity, record.claim.text) is not None,
        )
        for record in records
        for quantity in record.quantities
        if quantity.kind in FIGURE_KINDS
    }
    return tuple(sorted(figures, key=_order))


def _order(figure: Figure) -> tuple[object, ...]:
    return (
        FIGURE_KINDS.index(figure.kind),
        value_of(figure) or 0.0,
        figure.qualifier,
        figure.unit or "",
        figure.document_id,
        figure.claim_id,
        figure.start,
        figure.text,
    )
