"""Readings: a value as some documents write it, and how two of them stand to each other (docs/figures.md)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Literal

from rapidfuzz import fuzz

from tracker.reconcile.aspects import aspect_of
from tracker.reconcile.bounds import Bounds, bounds_of, loses_qualifier, may_be_one, number_of
from tracker.reconcile.entities import Parties
from tracker.reconcile.scopes import Scope
from tracker.types import ClaimRecord, ConflictReason, Figure, QuantityKind

LOOSE_KINDS: frozenset[QuantityKind] = frozenset({"money", "percent", "users", "other"})
"""Kinds that count too many things for two values to be of one because of their kind alone."""
Relation = ConflictReason | Literal["agree", "apart"]

_ROUNDING = 0.05
"""Numbers of one page that lie further apart are of two things, and not one number in two roundings."""
_SMALLEST_TELLING = 100
"""Below this, the same number said of others is no sign of a mistake: many stories have "three"."""
_SAME_WORDS = 75.0
_PERIOD_DAYS = 7
"""A span of days is a period from here on; below it is the day of an act, imprecisely."""
_Key = tuple[object, ...]
_Page = tuple[str, str | None, tuple[str, ...]]


@dataclass(frozen=True)
class Reading:
    """One value of one scope, with the figures that give it: indices, the nearest to its original speaker first."""

    figures: tuple[int, ...]
    figure: Figure
    """The nearest of them."""
    record: ClaimRecord
    """The claim of that one."""
    scope: Scope
    documents: frozenset[str]
    pages: frozenset[_Page]
    """The versions that give it, each with whose word it is there."""
    is_part: bool
    """Whether its words alone make it a part of something that was counted before, and not whom it is said of."""
    is_named: bool
    """Whether any of the figures names an accused; else its scope is only what it is compared in."""

    @property
    def kind(self) -> tuple[str, str | None]:
        """What can be compared at all: kind and unit."""
        return self.figure.kind, self.figure.unit

    @cached_property
    def bounds(self) -> Bounds | None:
        """The numbers that it allows."""
        return bounds_of(self.figure)

    @cached_property
    def number(self) -> float | None:
        """The number that it writes."""
        return number_of(self.figure)

    @cached_property
    def counted(self) -> str:
        """What is counted, as far as the kind does not tell."""
        return _counted(self.figure, self.record)


def _counted(figure: Figure, record: ClaimRecord) -> str:
    """Whether it is a rate; and for the kind that counts anything the last word of the figure."""
    words = re.findall(r"[^\W\d_]+", figure.text.casefold()) if figure.kind == "other" else []
    rate = "rate" if aspect_of(figure, record) == "rate" else ""
    return " ".join([rate, *words[-1:]]).strip()


def make_readings(
    figures: Sequence[Figure], scopes: Sequence[Scope], records: Mapping[str, ClaimRecord], nearest: Sequence[int]
) -> list[Reading]:
    """The readings of figures, those of most documents first. `nearest` holds the figures' indices in that order."""
    found: dict[_Key, list[int]] = defaultdict(list)
    known = set(scopes)
    for index in nearest:
        figure, record = figures[index], records[figures[index].claim_id]
        is_part = aspect_of(figure, record) == "part" and not any(scopes[index] < scope for scope in known)
        value = (number_of(figure), figure.qualifier, bounds_of(figure), _counted(figure, record))
        found[is_part, figure.kind, figure.unit, scopes[index], *value].append(index)
    rank = {index: place for place, index in enumerate(nearest)}
    readings = [
        Reading(
            tuple(indices),
            figures[indices[0]],
            records[figures[indices[0]].claim_id],
            scopes[indices[0]],
            frozenset(figures[index].document_id for index in indices),
            frozenset(_page(records[figures[index].claim_id]) for index in indices),
            is_part=key[0] is True,
            is_named=any(figures[index].accused for index in indices),
        )
        for key, indices in found.items()
    ]
    return sorted(readings, key=lambda reading: (-len(reading.documents), rank[reading.figures[0]]))


def _page(record: ClaimRecord) -> _Page:
    return record.version_id, record.claim.speaker, record.claim.via


class Comparison:
    """Compares the readings of one event, knowing which numbers its pages tell apart."""

    def __init__(self, readings: Iterable[Reading], parties: Parties) -> None:
        self._parties = parties
        self._carriers: dict[_Key, set[str]] = defaultdict(set)
        pages: dict[_Key, set[float]] = defaultdict(set)
        for reading in readings:
            if reading.number is not None:
                self._carriers[*reading.kind, reading.number, reading.scope] |= reading.documents
                for page in reading.pages:
                    pages[*reading.kind, reading.scope, *page].add(reading.number)
        self._told_apart: dict[_Key, set[tuple[float, float]]] = defaultdict(set)
        for key, numbers in pages.items():
            pairs = combinations(sorted(numbers), 2)
            self._told_apart[key[:3]] |= {(a, b) for a, b in pairs if not _are_near(a, b)}

    def relate(self, one: Reading, other: Reading) -> Relation:
        """How two readings stand to each other: they agree, conflict for a reason, or are of different things."""
        if one.kind != other.kind or one.counted != other.counted or one.bounds is None or other.bounds is None:
            return "apart"
        alike = one.figure.kind not in LOOSE_KINDS or _are_alike(one.record, other.record)
        same_number = one.number is not None and one.number == other.number
        if one.scope != other.scope:
            return "scope_differs" if alike and same_number and self._is_moved(one, other) else "apart"
        if not (alike or same_number) or self._are_told_apart(one, other):
            return "apart"
        if (one.is_part or other.is_part) and not same_number:
            return "apart"
        if loses_qualifier(one.figure, other.figure):
            return "qualifier_lost"
        if may_be_one(one.figure, other.figure):
            return "agree"
        if not alike or self._are_each_ones_own(one, other):
            return "apart"
        return "scope_differs" if differ_in_period(one.record, other.record) else "different_number"

    def _are_each_ones_own(self, one: Reading, other: Reading) -> bool:
        """Whether two companies that accuse each count what was taken from themselves."""
        accusers = [_organisation(reading.record) for reading in (one, other)]
        companies = [c for c in accusers if c and self._parties.type(c) == "company" and c not in one.scope]
        return len(companies) == 2 and not self._parties.related(companies[0], companies[1], depth=4)

    def _is_moved(self, one: Reading, other: Reading) -> bool:
        """Whether a page gives to some what other pages give to others, and does not give it to those as well."""
        if not (one.is_named and other.is_named) or one.number is None or one.number < _SMALLEST_TELLING:
            return False
        narrower = [one, other] if not (one.scope < other.scope or other.scope < one.scope) else []
        narrower = narrower or [min((one, other), key=lambda reading: len(reading.scope))]
        return all(
            r.documents - self._carriers[*r.kind, r.number, (other if r is one else one).scope] for r in narrower
        )

    def _are_told_apart(self, one: Reading, other: Reading) -> bool:
        """Whether one page gives both on one word, or other pages do with numbers close to these."""
        if one.number is None or other.number is None:
            return bool(one.pages & other.pages) and not may_be_one(one.figure, other.figure)
        if one.number == other.number:
            return False
        low, high = sorted((one.number, other.number))
        pairs = self._told_apart.get((*one.kind, one.scope), ())
        return any(_is_nearer(low, a, b) and _is_nearer(high, b, a) for a, b in pairs)


def _organisation(record: ClaimRecord) -> str | None:
    return record.claim.on_behalf_of or record.claim.speaker


def _are_near(one: float, other: float) -> bool:
    return abs(one - other) <= _ROUNDING * max(abs(one), abs(other))


def _is_nearer(number: float, this: float, that: float) -> bool:
    return _are_near(number, this) and abs(number - this) < abs(number - that)


def _are_alike(one: ClaimRecord, other: ClaimRecord) -> bool:
    """Whether two claims say the same but for the numbers."""
    texts = (re.sub(r"\d[\d.,]*", " ", record.claim.text) for record in (one, other))
    return fuzz.token_set_ratio(*texts) >= _SAME_WORDS


def differ_in_period(one: ClaimRecord, other: ClaimRecord) -> bool:
    """Whether two claims both give a length or a span of time, and none of the one fits any of the other."""
    lengths = [[q for q in record.quantities if q.kind == "duration"] for record in (one, other)]
    if all(lengths) and not any(may_be_one(a, b) for a in lengths[0] for b in lengths[1]):
        return True
    spans = [[d for d in r.dates if (d.to_on - d.from_on).days >= _PERIOD_DAYS] for r in (one, other)]
    return all(spans) and not any(a.from_on <= b.to_on and b.from_on <= a.to_on for a in spans[0] for b in spans[1])
