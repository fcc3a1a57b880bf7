"""Which entities a name may mean, with scores that say what they are made of (Reconciliation Service API 0.2).

The score is the likeness of the best of an entity's names, from 0 to 100; each property that was given and differs
takes 15 off, a type that was asked for with `should` and differs 10. A candidate is a match where it alone bears the
name to the letter (or but for the company's legal form) and nothing that was given differs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tracker.reconcile.namescores import NameScore, bare_name, normal_name, score_names
from tracker.serve.api.names import Named, Names

LEAST = 55.0
DEFAULT_CANDIDATES, MOST_CANDIDATES = 5, 50
_LESS_BY_PROPERTY, _LESS_BY_TYPE = 15.0, 10.0
_CERTAIN = 98.0
PROPERTIES = {
    "jurisdiction": "Country (ISO 3166-1 code)",
    "parent": "Belongs to",
    "alias": "Other name",
    "claims": "Number of claims",
    "page": "Page",
    "type": "Type",
}
COMPARED = ("jurisdiction", "parent", "alias")


@dataclass(frozen=True, slots=True)
class NameQuery:
    """One query: a name, types that it may be of, and properties as (id, the values any of which will do)."""

    name: str
    types: tuple[str, ...] = ()
    types_are_strict: bool = True
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()
    limit: int = DEFAULT_CANDIDATES


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be meant."""

    entity: Named
    score: NameScore
    type_agrees: bool
    agreeing: tuple[str, ...]
    differing: tuple[str, ...]
    is_match: bool = False

    @property
    def value(self) -> float:
        """The score with what differs taken off."""
        less = _LESS_BY_PROPERTY * len(self.differing) + (0.0 if self.type_agrees else _LESS_BY_TYPE)
        return max(0.0, round(self.score.value - less, 1))

    def record(self, types: dict[str, str]) -> dict[str, Any]:
        """It as the protocol has it."""
        entity, score = self.entity, self.score
        features: list[dict[str, Any]] = [
            {"id": "name_likeness", "value": round(score.value, 1)},
            {"id": "same_name", "value": score.is_exact},
            {"id": "same_but_legal_form", "value": score.is_form},
            {"id": "own_name", "value": score.name == entity.names[0]},
            {"id": "type_agrees", "value": self.type_agrees},
            *({"id": f"{name}_agrees", "value": True} for name in self.agreeing),
            *({"id": f"{name}_agrees", "value": False} for name in self.differing),
        ]
        return {
            "id": entity.id,
            "name": entity.names[0],
            "description": f"{self._why()}; {describe(entity)}",
            "type": [{"id": entity.type, "name": types.get(entity.type, entity.type)}],
            "score": self.value,
            "match": self.is_match,
            "features": features,
        }

    def _why(self) -> str:
        if self.score.is_exact:
            return "its name" if self.score.name == self.entity.names[0] else f"its other name {self.score.name}"
        likeness = "the same but for the legal form" if self.score.is_form else f"{self.score.value:.0f} of 100"
        return f"like {self.score.name} ({likeness})"


def describe(entity: Named) -> str:
    """What tells an entity from its namesakes."""
    told = [entity.type, entity.jurisdiction or "", f"of {entity.parent_name}" if entity.parent_name else ""]
    return f"{', '.join(filter(None, told))}; {entity.claim_count} claims"


class NameBook:
    """The names of one edition, made ready to be compared."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._forms = {
            key: tuple((name, normal := normal_name(name), bare_name(normal)) for name in entity.names)
            for key, entity in names.entities.items()
        }

    def candidates(self, query: NameQuery) -> list[Candidate]:
        """Those who may be meant, the likeliest first; of equals the one with more claims."""
        wanted = normal_name(query.name)
        if not wanted:
            return []
        scored = (self._candidate(key, wanted, query) for key in self._worth(query))
        found = [item for item in scored if item is not None]
        found.sort(key=lambda item: (-item.value, -item.entity.claim_count, item.entity.id))
        return self._matched(found)[: query.limit]

    def _worth(self, query: NameQuery) -> Iterable[str]:
        """Ids to be compared: those of a type that is asked for."""
        if not query.types or not query.types_are_strict:
            return self.names.entities
        return (key for key, entity in self.names.entities.items() if entity.type in query.types)

    def _candidate(self, key: str, wanted: str, query: NameQuery) -> Candidate | None:
        score = score_names(wanted, self._forms[key], LEAST)
        if score is None:
            return None
        entity = self.names.entities[key]
        compared = [(name, self._agrees(entity, name, values)) for name, values in query.properties if name in COMPARED]
        agreeing = tuple(name for name, agrees in compared if agrees)
        differing = tuple(name for name, agrees in compared if not agrees)
        candidate = Candidate(entity, score, not query.types or entity.type in query.types, agreeing, differing)
        return candidate if candidate.value >= LEAST else None

    def _agrees(self, entity: Named, name: str, values: tuple[str, ...]) -> bool:
        given = {normal_name(value) for value in values}
        if name == "alias":
            return any(normal in given for _, normal, _ in self._forms[entity.id])
        held = entity.jurisdiction if name == "jurisdiction" else entity.parent_name
        return normal_name(held or "") in given

    def _matched(self, found: list[Candidate]) -> list[Candidate]:
        """The candidates with the first as a match where nobody else could be meant as well."""
        sure = [item for item in found if item.score.value >= _CERTAIN]
        exact = [item for item in sure if item.score.is_exact] or sure
        agreed = [item for item in exact if item.type_agrees and not item.differing]
        if len(agreed) != 1 or agreed[0] is not found[0]:
            return found
        return [replace(found[0], is_match=True), *found[1:]]

    def suggest(self, prefix: str, limit: int) -> list[Named]:
        """Entities one of whose names, or a word of it, begins so: those with more claims first."""
        start = normal_name(prefix)
        if not start:
            return []
        hits = [
            entity
            for key, entity in self.names.entities.items()
            if any(normal.startswith(start) or f" {start}" in normal for _, normal, _ in self._forms[key])
        ]
        return sorted(hits, key=lambda item: (-item.claim_count, item.id))[:limit]
