"""Of whom a figure is: the accused that a value counts for, with a laboratory and its owner taken as one party."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tracker.reconcile.entities import Parties
from tracker.types import Figure

Scope = frozenset[str]


def find_scopes(figures: Sequence[Figure], parties: Parties) -> list[Scope]:
    """The scope of each figure, in their order.

    Of parties that belong to each other, the one highest up among the accused stands for all. A value that names
    nobody is taken for the widest scope of its kind, the best attested where there are several.
    """
    everybody = {party for figure in figures for party in figure.accused}
    heads = {party: _head(party, everybody, parties) for party in everybody}
    scopes = [frozenset(heads[party] for party in figure.accused) for figure in figures]
    widest = _widest(figures, scopes)
    return [
        scope or widest.get((figure.kind, figure.unit), scope) for figure, scope in zip(figures, scopes, strict=True)
    ]


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
