"""Which entities a document names, and how a name that only documents gave is read: by the most of them.

Kept as sums over documents, so that one more document asks for no look at the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from tracker.reconcile.entities import Parties
from tracker.types import ClaimRecord, Entity, EntityType, StoredDocument

Reading = tuple[str, str]
"""(name, type) of an unknown name, as one mention gives it."""


@dataclass(frozen=True, slots=True)
class DocumentNames:
    """What one document adds to the sums."""

    entities: tuple[str, ...] = ()
    """Those that a claim, or a mention in a relevant version, names, with their parents: they are listed."""
    readings: tuple[tuple[str, str, str, int], ...] = ()
    """(id, name, type, mentions) of names that the gazetteer lacks, in whatever version."""


@dataclass(slots=True)
class NameSum:
    """What all documents together say of one entity."""

    documents: int = 0
    """How many have it among their `entities`."""
    readings: Counter[Reading] = field(default_factory=Counter)

    def add(self, names: DocumentNames, entity_id: str, sign: int) -> None:
        """Add what one document says of it, or with `sign` -1 take it away."""
        self.documents += sign * (entity_id in names.entities)
        for own, name, type_, mentions in names.readings:
            if own == entity_id:
                self.readings[name, type_] += sign * mentions
                if not self.readings[name, type_]:
                    del self.readings[name, type_]

    def elect(self, entity_id: str) -> Entity | None:
        """The entity as most mentions have it; of equals the first by name and type. None where nobody names it."""
        if not self.readings:
            return None
        (name, type_), _ = min(self.readings.items(), key=lambda item: (-item[1], item[0]))
        return Entity(entity_id, name, cast(EntityType, type_), known=False)


def names_of(document: StoredDocument, records: Iterable[ClaimRecord], parties: Parties) -> DocumentNames:
    """What a document and its claim records add to the sums."""
    ids: set[str] = set()
    readings: Counter[tuple[str, str, str]] = Counter()
    for extraction in document.extractions:
        for mention in extraction.mentions:
            if extraction.relevance == "relevant":
                ids.add(mention.entity_id)
            if not parties.is_known(mention.entity_id):
                readings[mention.entity_id, mention.name, mention.type] += 1
    for record in records:
        claim = record.claim
        ids.update(claim.accused, claim.target, claim.via)
        ids.update(entity_id for entity_id in (claim.speaker, claim.on_behalf_of) if entity_id)
    ids.update(above for known in tuple(ids) if parties.is_known(known) for above in parties.ancestors(known))
    return DocumentNames(tuple(sorted(ids)), tuple(sorted((*key, count) for key, count in readings.items())))


def ids_in(names: DocumentNames) -> set[str]:
    """Every entity that a document says anything of."""
    return {*names.entities, *(entity_id for entity_id, *_ in names.readings)}


class NameRegister:
    """The sums as a run changes them; what it does not have in hand is loaded when asked for."""

    def __init__(self, load: Callable[[Iterable[str]], Mapping[str, NameSum]]) -> None:
        self._load = load
        self._sums: dict[str, NameSum] = {}
        self._read: dict[str, Entity | None] = {}

    def _have(self, entity_ids: Iterable[str]) -> None:
        missing = sorted(set(entity_ids).difference(self._sums))
        if missing:
            self._sums.update({entity_id: NameSum() for entity_id in missing})
            self._sums.update(self._load(missing))

    def read(self, entity_id: str) -> Entity | None:
        """An unknown name as most mentions have it; None where no document has it."""
        if entity_id not in self._read:
            self._have([entity_id])
            self._read[entity_id] = self._sums[entity_id].elect(entity_id)
        return self._read[entity_id]

    def replace(self, before: Iterable[DocumentNames], after: Iterable[DocumentNames]) -> tuple[list[str], list[str]]:
        """Put what documents say now in the place of what they said: (the entities that any of them names, those of
        these that are read otherwise now)."""
        old, new = list(before), list(after)
        ids = sorted({entity_id for names in (*old, *new) for entity_id in ids_in(names)})
        self._have(ids)
        was = {entity_id: self._sums[entity_id].elect(entity_id) for entity_id in ids}
        for sign, several in ((-1, old), (1, new)):
            for names in several:
                for entity_id in ids_in(names):
                    self._sums[entity_id].add(names, entity_id, sign)
        for entity_id in ids:
            self._read.pop(entity_id, None)
        return ids, [entity_id for entity_id in ids if was[entity_id] != self._sums[entity_id].elect(entity_id)]

    def sums(self, entity_ids: Iterable[str]) -> dict[str, NameSum]:
        """The sums of these entities as they are now."""
        return {entity_id: self._sums[entity_id] for entity_id in entity_ids}
