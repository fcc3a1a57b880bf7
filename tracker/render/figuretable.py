"""The figures of an event as its page shows them: by group, with conflicts in words, sums, and doubts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.render.views import ClaimView, FigureView, Party, Views
from tracker.render.wording import QUANTITY_KIND_WORDS, shorten, span_words
from tracker.types import ConflictReason, Event, FigureConflict, FigureGroup, FigureSum

MOST_ROWS = 10
"""Figures of a group that stand open; the others open on demand."""
MOST_CONFLICTS = 30
_LONGEST_WHY = 600

CONFLICT_WORDS: Mapping[ConflictReason, str] = {
    "different_number": "Another number",
    "qualifier_lost": "Qualifier lost",
    "parts_do_not_sum": "Parts do not add up",
    "scope_differs": "Said of others",
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure with what it stands in; `conflicts` are the numbers of its conflicts on the page, from 1."""

    view: FigureView
    is_nearest: bool
    conflicts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """Values that may be one number, the nearest to the original speaker first.

    `agreement` is what all of them allow, "" where they are one value. `more` open on demand.
    """

    name: str
    scope: tuple[Party, ...]
    agreement: str
    documents: int
    rows: tuple[FigureRow, ...]
    more: tuple[FigureRow, ...]
    low: float | None = None
    high: float | None = None
    """What `agreement` says in words; None is open."""


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Two values in conflict, and how many further figures give the one and the other."""

    number: int
    name: str
    why: str
    one: FigureView
    other: FigureView
    more_like_one: int
    more_like_other: int


@dataclass(frozen=True, slots=True)
class SumView:
    """A total and its parts."""

    total: FigureView
    parts: tuple[FigureView, ...]
    added: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class FlagView:
    """What a reader should doubt, and the claim that it stands in."""

    why: str
    claim: ClaimView | None


@dataclass(frozen=True, slots=True)
class FigureTable:
    """All of it."""

    groups: tuple[GroupView, ...]
    conflicts: tuple[ConflictView, ...]
    more_conflicts: int
    sums: tuple[SumView, ...]
    flags: tuple[FlagView, ...]


def build_figure_table(views: Views, event: Event) -> FigureTable:
    """The figures of an event. One whose claim is not in the dataset is left out, and what rests on it too."""
    known = {index: view for index, figure in enumerate(event.figures) if (view := views.figure(figure))}
    conflicts = [c for c in event.figure_conflicts if c.one in known and c.other in known]
    numbers: dict[int, list[int]] = defaultdict(list)
    for number, conflict in enumerate(conflicts[:MOST_CONFLICTS], start=1):
        for index in {conflict.one, conflict.other, *conflict.ones, *conflict.others}:
            numbers[index].append(number)
    records = views.catalogue.claims
    return FigureTable(
        tuple(_group(views, group, known, numbers) for group in _groups(event) if known.keys() & {*group.figures}),
        tuple(_conflict(n, item, known) for n, item in enumerate(conflicts[:MOST_CONFLICTS], start=1)),
        max(len(conflicts) - MOST_CONFLICTS, 0),
        tuple(_sum(item, known) for item in event.figure_sums if {item.total, *item.parts} <= known.keys()),
        tuple(
            FlagView(
                shorten(flag.why, _LONGEST_WHY),
                views.claim(records[flag.claim_id]) if flag.claim_id and flag.claim_id in records else None,
            )
            for flag in event.flags
        ),
    )


def _groups(event: Event) -> Sequence[FigureGroup]:
    """The event's groups, and each figure that is in none by itself."""
    grouped = {index for group in event.figure_groups for index in group.figures}
    alone = [
        FigureGroup(figure.kind, figure.unit, figure.accused, (index,), None, None, index)
        for index, figure in enumerate(event.figures)
        if index not in grouped
    ]
    return [*event.figure_groups, *alone]


def _group(
    views: Views, group: FigureGroup, known: Mapping[int, FigureView], numbers: Mapping[int, Sequence[int]]
) -> GroupView:
    indices = [index for index in group.figures if index in known]
    indices.sort(key=lambda index: index != group.nearest)
    rows = tuple(
        FigureRow(known[index], index == group.nearest and len(indices) > 1, tuple(numbers.get(index, ())))
        for index in indices
    )
    distinct = {(known[i].figure.low, known[i].figure.high, known[i].figure.qualifier) for i in indices}
    return GroupView(
        name=QUANTITY_KIND_WORDS[group.kind],
        scope=views.parties(group.scope),
        agreement=span_words(group.low, group.high, group.kind, group.unit) if len(distinct) > 1 else "",
        documents=len({known[index].document.document.id for index in indices}),
        rows=rows[:MOST_ROWS],
        more=rows[MOST_ROWS:],
        low=group.low,
        high=group.high,
    )


def _conflict(number: int, conflict: FigureConflict, known: Mapping[int, FigureView]) -> ConflictView:
    return ConflictView(
        number=number,
        name=CONFLICT_WORDS[conflict.reason],
        why=shorten(conflict.why, _LONGEST_WHY),
        one=known[conflict.one],
        other=known[conflict.other],
        more_like_one=len({*conflict.ones} - {conflict.one}),
        more_like_other=len({*conflict.others} - {conflict.other}),
    )


def _sum(item: FigureSum, known: Mapping[int, FigureView]) -> SumView:
    total = known[item.total]
    added = span_words(item.low, item.high, total.figure.kind, total.figure.unit)
    return SumView(total, tuple(known[index] for index in item.parts), added, item.agrees)
