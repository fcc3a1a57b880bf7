"""Totals beside their parts: 150,000 + 3.4 million + 13 million against "over 16 million"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

from tracker.reconcile.bounds import Bounds, step_of, sum_of
from tracker.reconcile.readings import Reading
from tracker.reconcile.scopes import Scope
from tracker.reconcile.valuegroups import ValueGroup
from tracker.types import FigureSum

_ADDITIVE = ("accounts", "exchanges", "money", "users", "tokens")
_MOST_PARTS = 8
_MOST_COMBINATIONS = 200
_VALUES_PER_PART = 3
"""Groups of one scope that are tried as its part, those of most documents first."""
_NARROW = 0.15
"""A sum without scopes is only found where it says the total this closely: anything fits a wide one."""


@dataclass(frozen=True)
class Sum:
    """A total and its parts as readings, with what the parts add up to."""

    total: Reading
    parts: tuple[Reading, ...]
    bounds: Bounds
    agrees: bool

    def finish(self) -> FigureSum:
        """The sum as a value of the domain, over the nearest figures."""
        parts = tuple(sorted(part.figures[0] for part in self.parts))
        return FigureSum(self.total.figures[0], parts, self.bounds.low, self.bounds.high, self.agrees)


def find_sums(groups: Sequence[ValueGroup], rank: Mapping[int, int]) -> list[Sum]:
    """The totals of an event with their parts, in the order of `groups`. `rank` gives each figure's nearness."""
    by_kind: dict[tuple[str, str | None], list[ValueGroup]] = defaultdict(list)
    for group in groups:
        if group.kind[0] in _ADDITIVE and not group.readings[0].counted and group.readings[0].bounds:
            by_kind[group.kind].append(group)
    sums = []
    for same_kind in by_kind.values():
        for scope in dict.fromkeys(group.scope for group in same_kind):
            found = _sum_over(scope, same_kind, rank) or _sum_of_one_page(scope, same_kind, rank)
            sums += [found] if found else []
    return sums


def _sum_over(scope: Scope, groups: Sequence[ValueGroup], rank: Mapping[int, int]) -> Sum | None:
    """The sum of the values of narrower scopes against the totals of a scope."""
    totals = _best([group for group in groups if group.scope == scope])
    narrower: dict[Scope, list[ValueGroup]] = defaultdict(list)
    for group in groups:
        if group.scope < scope and group.scope and not _writes_one_of(group, totals):
            narrower[group.scope].append(group)
    shares = _partition(scope, list(narrower))
    if len(shares) < 2 or frozenset[str]().union(*shares) != scope:
        return None
    tried = list(islice(product(totals, *(_best(narrower[share]) for share in shares)), _MOST_COMBINATIONS))
    sums = [_add(total, parts, rank) for total, *parts in tried]
    agreeing = next((item for item in sums if item.agrees), None)
    return agreeing or next((item for item in sums if _is_sure(item)), None)


def _writes_one_of(group: ValueGroup, totals: Sequence[ValueGroup]) -> bool:
    """Whether a group writes the number of a total: then it is that total, said of fewer."""
    numbers = {reading.number for total in totals for reading in total.readings} - {None}
    return any(reading.number in numbers for reading in group.readings)


def _is_sure(item: Sum) -> bool:
    """Whether one speaker gives total and parts, on one page or each in several documents.

    What others count differently is no mistake in adding up, and what a single page gives may be misread.
    """
    readings = (item.total, *item.parts)
    pages = frozenset.intersection(*(reading.pages for reading in readings))
    attested = len({r.record.claim.speaker for r in readings}) == 1 and all(len(r.documents) > 1 for r in readings)
    return bool(pages) or attested


def _best(groups: Sequence[ValueGroup]) -> list[ValueGroup]:
    return sorted(groups, key=lambda group: -len(group.documents))[:_VALUES_PER_PART]


def _partition(scope: Scope, shares: Sequence[Scope]) -> list[Scope]:
    """Scopes that do not overlap and make up as much of the whole as can be, single parties first."""
    chosen: list[Scope] = []
    for share in sorted(shares, key=lambda share: (len(share), sorted(share))):
        if len(chosen) < _MOST_PARTS and not any(share & other for other in chosen):
            chosen.append(share)
    return chosen


def _add(total: ValueGroup, parts: Sequence[ValueGroup], rank: Mapping[int, int]) -> Sum:
    """A total beside its parts. Any value of the total's group may be the one that the parts add up to."""
    chosen = tuple(part.nearest(rank) for part in parts)
    added = sum_of([part.bounds for part in chosen if part.bounds])
    agrees = any(_fits(reading, added) for reading in total.readings)
    return Sum(total.nearest(rank), chosen, added, agrees)


def _fits(total: Reading, added: Bounds) -> bool:
    """Whether parts may add up to a total, give or take half a step of it."""
    if total.bounds is None:
        return True
    slack = step_of(total.number) / 2 if total.number is not None else 0.0
    return added.overlaps(Bounds(total.bounds.low - slack, total.bounds.high + slack))


def _sum_of_one_page(scope: Scope, groups: Sequence[ValueGroup], rank: Mapping[int, int]) -> Sum | None:
    """A total that other values of the same page and scope add up to, where no words say whose the parts are."""
    pages: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for group in groups:
        for reading in group.readings if group.scope == scope else ():
            if reading.number is not None and reading.bounds:
                pages[reading.figure.document_id, reading.figure.version_id].append(reading)
    for page in sorted(pages):
        values = sorted(pages[page], key=lambda reading: (-(reading.number or 0), rank[reading.figures[0]]))
        for total, *rest in (values[start:] for start in range(len(values))):
            for parts in islice(_subsets(rest[: 2 * _MOST_PARTS], total), _MOST_COMBINATIONS):
                added = sum_of([part.bounds for part in parts if part.bounds])
                narrow = added.high - added.low <= _NARROW * added.high
                if narrow and _fits(total, added):
                    return Sum(total, parts, added, True)
    return None


def _subsets(values: Sequence[Reading], total: Reading) -> Iterator[tuple[Reading, ...]]:
    """Parts of one page that may make up a total: the most first; two only where one claim gives all three."""
    smaller = [value for value in values if (value.number or 0) < (total.number or 0)]
    for count in range(min(len(smaller), _MOST_PARTS), 1, -1):
        for parts in combinations(smaller, count):
            if count > 2 or all(part.record.id == total.record.id for part in parts):
                yield parts
