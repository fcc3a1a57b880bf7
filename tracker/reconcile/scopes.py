"""Of whom a figure is: the accused that a value counts for, with a laboratory and its owner taken as one party."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from tracker.reconcile.bounds import may_be_one, number_of
from tracker.reconcile.entities import Parties
from tracker.types import ClaimRecord, Figure

Scope = frozenset[str]


def find_scopes(figures: Sequence[Figure], records: Mapping[str, ClaimRecord], parties: Parties) -> list[Scope]:
    """The scope of each figure, in their order. `records` are the claims by id.

    Of parties that belong to each other, the one highest up among the accused stands for all. A value that names
    nobody is taken for the widest scope of its kind, the best attested where there are several; one of a company's
    own measure only where it repeats a value of the deed ("banned the 24,000 accounts"; not "500 requests a day").
    """
    everybody = {party for figure in figures for party in figure.accused}
    heads = {party: _head(party, everybody, parties) for party in everybody}
    scopes = [frozenset(heads[party] for party in figure.accused) for figure in figures]
    widest = _widest(figures, scopes)
    of_deed = {
        (f.kind, f.unit, number_of(f), f.qualifier): f for f, scope in zip(figures, scopes, strict=True) if scope
    }.values()

    def of_nobody(figure: Figure) -> Scope:
        measure = records[figure.claim_id].claim.type == "company_action"
        if measure and not any(are_of_one_kind(figure, other) and may_be_one(figure, other) for other in of_deed):
            return frozenset()
        return widest.get((figure.kind, figure.unit), frozenset())

    return [scope or of_nobody(figure) for figure, scope in zip(figures, scopes, strict=True)]


def are_of_one_kind(one: Figure, other: Figure) -> bool:
    """Whether two figures are of one kind and unit."""
    return (one.kind, one.unit) == (other.kind, other.unit)


def _head(party: str, among: set[str], parties: Parties) -> str:
    return next((above for above in reversed(parties.ancestors(party)) if above in among), party)


def _widest(figures: Sequence[Figure], scopes: Sequence[Scope]) -> dict[tuple[str, str | None], Scope]:
    """For each kind and unit the scope that no other contains, that of most documents where there are several."""
    carriers: dict[tuple[str, str | None], dict[Scope, set[str]]] = defaultdict(lambda: defaultdict(set))
    for figure, scope in zip(figures, scopes, strict=True):
        if scope:
            carriers[figure.kind, figure.unit][scope].add(figure.document_id)
    chosen = {}
    for key, documents in carriers.items():
        maximal = [scope for scope in documents if not any(scope < other for other in documents)]
        chosen[key] = min(maximal, key=lambda scope: (-len(documents[scope]), sorted(scope)))
    return chosen
