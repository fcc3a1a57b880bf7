"""How the figures of an event stand to each other: groups of agreeing values, conflicts, sums, and the nearest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from tracker.reconcile.comparison import Comparison
from tracker.reconcile.entities import Parties
from tracker.reconcile.figures import FIGURE_KINDS
from tracker.reconcile.readings import Reading, make_readings
from tracker.reconcile.scopes import find_scopes
from tracker.reconcile.sums import Sum, find_sums
from tracker.reconcile.valuegroups import Relations, ValueGroup, group_readings
from tracker.reconcile.valuewords import say_conflict, say_sum
from tracker.types import ClaimRecord, ConflictReason, Figure, FigureConflict, FigureGroup, FigureSum

_MOST_COMPARED = 40
"""Different values of one kind and unit that are compared with each other, those of most documents first."""


@dataclass(frozen=True)
class Related:
    """Figures with what holds between them; groups, conflicts and sums hold indices into `figures`."""

    figures: tuple[Figure, ...] = ()
    groups: tuple[FigureGroup, ...] = ()
    conflicts: tuple[FigureConflict, ...] = ()
    sums: tuple[FigureSum, ...] = ()


def relate_figures(figures: Sequence[Figure], records: Sequence[ClaimRecord], parties: Parties) -> Related:
    """Group the figures of one event, name what conflicts, set totals beside their parts, and mark the nearest.

    `records` are the claims that the figures stand in, nearest to the original speaker first. Groups come in the
    order of kinds, wide scopes first, the best attested first.
    """
    by_id = {record.id: record for record in records}
    nearest = _order_by_nearness(figures, records)
    rank = {index: place for place, index in enumerate(nearest)}
    readings = _compared_first(make_readings(figures, find_scopes(figures, by_id, parties), by_id, nearest))
    relations = _relate_all(readings, Comparison(readings, records, parties))
    groups = sorted(group_readings(readings, relations), key=lambda group: _order(group, rank))
    sums = find_sums(groups, rank)
    conflicts = [
        _conflict(readings[i], readings[j], relation, rank, parties)
        for (i, j), relation in relations.items()
        if relation != "agree" and relation != "apart"
    ]
    conflicts += [_conflict_of(item, parties) for item in sums if not item.agrees]
    finished = tuple(group.finish(rank) for group in groups)
    marked = {group.nearest for group in finished}
    return Related(
        tuple(replace(figure, is_nearest=index in marked) for index, figure in enumerate(figures)),
        finished,
        tuple(sorted(conflicts, key=lambda conflict: (conflict.one, conflict.other, conflict.reason))),
        tuple(item.finish() for item in sums),
    )


def _order_by_nearness(figures: Sequence[Figure], records: Sequence[ClaimRecord]) -> list[int]:
    """Indices of figures: what its page still says first, then as their claims stand in the chain, then by place."""
    chain: dict[str, tuple[bool, int]] = {}
    for place, record in enumerate(records):
        chain.setdefault(record.id, (not record.in_current_version, place))
    return sorted(range(len(figures)), key=lambda i: (*chain[figures[i].claim_id], figures[i].start, i))


def _compared_first(readings: Sequence[Reading]) -> list[Reading]:
    """The readings in their order, those beyond the bound of their kind last."""
    seen: dict[tuple[str, str | None], int] = {}
    late = []
    for reading in readings:
        seen[reading.kind] = seen.get(reading.kind, 0) + 1
        late.append(seen[reading.kind] > _MOST_COMPARED)
    return [r for r, is_late in sorted(zip(readings, late, strict=True), key=lambda pair: pair[1])]


def _relate_all(readings: Sequence[Reading], comparison: Comparison) -> Relations:
    by_kind: dict[tuple[str, str | None], list[int]] = {}
    for place, reading in enumerate(readings):
        by_kind.setdefault(reading.kind, []).append(place)
    pairs = (pair for places in by_kind.values() for pair in combinations(places[:_MOST_COMPARED], 2))
    related = {(i, j): comparison.relate(readings[i], readings[j]) for i, j in pairs}
    return {pair: relation for pair, relation in related.items() if relation != "apart"}


def _order(group: ValueGroup, rank: Mapping[int, int]) -> tuple[object, ...]:
    figure = group.readings[0].figure
    nearest = rank[group.nearest(rank).figures[0]]
    return (
        FIGURE_KINDS.index(figure.kind), figure.unit or "", -len(group.scope), sorted(group.scope),
        -len(group.documents), nearest,
    )  # fmt: skip


def _conflict(
    one: Reading, other: Reading, reason: ConflictReason, rank: Mapping[int, int], parties: Parties
) -> FigureConflict:
    """Two values in conflict, the one nearer to its original speaker first."""
    if rank[other.figures[0]] < rank[one.figures[0]]:
        one, other = other, one
    why = say_conflict(one, other, reason, parties)
    return FigureConflict(one.figures[0], other.figures[0], reason, why, one.figures, other.figures)


def _conflict_of(item: Sum, parties: Parties) -> FigureConflict:
    """A total in conflict with the largest of its parts, which stands for all of them."""
    largest = max(item.parts, key=lambda part: (part.bounds.high if part.bounds else 0.0, -part.figures[0]))
    why = say_sum(item.total, item.parts, item.bounds, parties)
    total = item.total.figures
    return FigureConflict(total[0], largest.figures[0], "parts_do_not_sum", why, total, largest.figures)
