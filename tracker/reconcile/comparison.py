"""How two readings stand to each other: one number, a conflict with its reason, or two things (docs/figures.md)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Literal

from rapidfuzz import fuzz

from tracker.reconcile.bounds import loses_qualifier, may_be_one
from tracker.reconcile.entities import Parties
from tracker.reconcile.readings import Reading
from tracker.reconcile.scopes import Scope
from tracker.types import ClaimRecord, ConflictReason, QuantityKind

LOOSE_KINDS: frozenset[QuantityKind] = frozenset({"money", "percent", "users", "other"})
"""Kinds that count too many things for two values to be of one because of their kind alone."""
Relation = ConflictReason | Literal["agree", "apart"]

_ROUNDING = 0.05
"""Numbers of one page that lie further apart are of two things, and not one number in two roundings."""
_FURTHEST = 1000
"""Numbers that lie further apart than this many times are of two things, on whatever pages they stand."""
_SMALLEST_TELLING = 100
"""Below this, the same number said of others is no sign of a mistake: many stories have "three"."""
_SAME_WORDS = 75.0
_PERIOD_DAYS = 7
"""A span of days is a period from here on; below it is the day of an act, imprecisely."""
_Key = tuple[object, ...]


class Comparison:
    """Compares the readings of one event, knowing which numbers its pages tell apart."""

    def __init__(self, readings: Sequence[Reading], records: Iterable[ClaimRecord], parties: Parties) -> None:
        """`records` are all claims of the event: they tell whom else a document accuses."""
        self._parties = parties
        self._forms, self._accused = _who_is_accused(readings, records, parties)
        self._carriers: dict[_Key, set[str]] = defaultdict(set)
        pages: dict[_Key, set[float]] = defaultdict(set)
        for reading in readings:
            if reading.number is not None:
                self._carriers[*reading.kind, reading.number, reading.scope] |= reading.documents
                for page in reading.pages:
                    pages[*reading.kind, *page].add(reading.number)
        self._best: dict[_Key, int] = defaultdict(int)
        for (*of_what, _), documents in self._carriers.items():
            self._best[*of_what] = max(self._best[*of_what], len(documents))
        self._told_apart: dict[_Key, set[tuple[float, float]]] = defaultdict(set)
        for key, numbers in pages.items():
            pairs = combinations(sorted(numbers), 2)
            self._told_apart[key[:2]] |= {(a, b) for a, b in pairs if not _are_near(a, b)}

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
        """Whether a page gives a number to some that other pages give to others, in words that leave no doubt of it."""
        if not (one.is_named and other.is_named) or one.number is None or one.number < _SMALLEST_TELLING:
            return False
        odd, usual = sorted((one, other), key=lambda reading: (self._support(reading), len(reading.scope)))
        if self._support(usual) < self._best[*usual.kind, usual.number]:
            return False  # both are odd: each conflicts with what most documents say
        if usual.scope < odd.scope and self._support(odd) < 2:
            return False  # one page's list of parties, each with a number of its own, is easily read as one
        return any(self._says_of_others(record, odd.scope, usual) for record in odd.records)

    def _support(self, reading: Reading) -> int:
        """How many documents give the number, with whatever qualifier, to the reading's scope."""
        return len(self._carriers[*reading.kind, reading.number, reading.scope])

    def _says_of_others(self, record: ClaimRecord, scope: Scope, usual: Reading) -> bool:
        """Whether a claim's own words name all of its scope, and its document accuses nobody else of the usual one."""
        if record.document_id in self._carriers[*usual.kind, usual.number, usual.scope]:
            return False
        named = {
            party
            for party in scope
            if any(self._parties.named_in(key, record.claim.text) for key in self._forms[party])
        }
        return named == scope and not (usual.scope - scope) & self._accused[record.document_id]

    def _are_told_apart(self, one: Reading, other: Reading) -> bool:
        """Whether one page gives both on one word, or other pages do with numbers close to these."""
        if one.number is None or other.number is None:
            return bool(one.pages & other.pages) and not may_be_one(one.figure, other.figure)
        if one.number == other.number:
            return False
        low, high = sorted((one.number, other.number))
        if low > 0 and high / low > _FURTHEST:
            return True
        pairs = self._told_apart.get(one.kind, ())
        return any(_is_nearer(low, a, b) and _is_nearer(high, b, a) for a, b in pairs)


def _who_is_accused(
    readings: Iterable[Reading], records: Iterable[ClaimRecord], parties: Parties
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """(for each party of a scope all that stand for it, for each document the parties that it accuses)."""
    forms: dict[str, set[str]] = {party: {party} for reading in readings for party in reading.scope}
    accused: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for party in record.claim.accused:
            for head in {party, *parties.ancestors(party)} & forms.keys():
                forms[head].add(party)
                accused[record.document_id].add(head)
    return forms, accused


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
