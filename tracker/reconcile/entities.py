"""Who is who: the gazetteer's entities beside the names that only documents gave, and who belongs to whom."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tracker.types import ClaimRecord, Entity, Event, Mention, StoredDocument


def fold_name(name: str) -> str:
    """A name as names are compared: without case, hyphens as spaces, one space between words."""
    return " ".join(name.casefold().replace("-", " ").replace("’", "'").split())


def _whole(name: str) -> str:
    """A pattern of a name as whole words; a Chinese character beside it belongs to another word."""
    return rf"(?<![^\W\u4e00-\u9fff]){re.escape(name)}(?![^\W\u4e00-\u9fff])"


def _bill_number(name: str) -> str | None:
    """The number of a bill of the United States Congress in a name: "hr8283", "s12"; None where there is none."""
    found = re.search(r"(?<!\.)\b(H\.?\s?R|S)\.?\s?(\d+)\b", name)
    return re.sub(r"[.\s]", "", found[1]).lower() + found[2] if found else None


def _mentions(documents: Iterable[StoredDocument], relevant_only: bool = False) -> Iterator[Mention]:
    for document in documents:
        for extraction in document.extractions:
            if not relevant_only or extraction.relevance == "relevant":
                yield from extraction.mentions


class Parties:
    """Looks up entities by id and name, and tells whether two of them are one party."""

    def __init__(self, gazetteer: Sequence[Entity], documents: Iterable[StoredDocument] = ()) -> None:
        self.by_id = {entity.id: entity for entity in gazetteer}
        self._add_unknown(documents)
        self._by_name: dict[str, str] = {}
        for entity in sorted(self.by_id.values(), key=lambda e: (not e.known, e.id)):
            for name in (entity.name, *entity.aliases):
                self._by_name.setdefault(fold_name(name), entity.id)
        self._ancestors: dict[str, tuple[str, ...]] = {}
        self._longer_forms: dict[str, tuple[str, ...]] = {}
        self._by_number: dict[str, str] = {}
        for law in sorted(self.by_id.values(), key=lambda e: (not e.known, e.id)):
            for name in (law.name, *law.aliases) if law.type == "law" else ():
                if number := _bill_number(name):
                    self._by_number.setdefault(number, law.id)

    def _add_unknown(self, documents: Iterable[StoredDocument]) -> None:
        """Names that only documents gave; where documents differ, the commonest name and type, then the first."""
        seen: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for mention in _mentions(documents):
            if mention.entity_id not in self.by_id:
                seen[mention.entity_id][mention.name, mention.type] += 1
        for entity_id, names in seen.items():
            (name, type_), _ = min(names.items(), key=lambda item: (-item[1], item[0]))
            self.by_id[entity_id] = Entity(entity_id, name, type_, known=False)  # type: ignore[arg-type]

    def name(self, entity_id: str) -> str:
        """The entity's canonical name; its id where nobody gave a name."""
        return self.by_id[entity_id].name if entity_id in self.by_id else entity_id

    def type(self, entity_id: str | None) -> str | None:
        """The entity's type, if it is known."""
        return self.by_id[entity_id].type if entity_id in self.by_id else None

    def law(self, entity_id: str) -> str:
        """The bill that an entity is: two names with one number ("loi H.R. 8283") are one bill."""
        number = _bill_number(self.name(entity_id))
        return self._by_number.get(number, entity_id) if number else entity_id

    def parent(self, entity_id: str) -> str | None:
        """Whom the entity belongs to."""
        return self.by_id[entity_id].parent if entity_id in self.by_id else None

    def ancestors(self, entity_id: str) -> tuple[str, ...]:
        """Whom it belongs to, nearest first. A circle in the data ends where it closes."""
        if entity_id not in self._ancestors:
            chain: list[str] = []
            above = self.parent(entity_id)
            while above is not None and above not in chain and above != entity_id:
                chain.append(above)
                above = self.parent(above)
            self._ancestors[entity_id] = tuple(chain)
        return self._ancestors[entity_id]

    def related(self, one: str, other: str, depth: int = 1) -> bool:
        """Whether they are the same, or one belongs to the other by at most `depth` steps."""
        return one == other or one in self.ancestors(other)[:depth] or other in self.ancestors(one)[:depth]

    def overlap(self, ones: Iterable[str], others: Iterable[str], depth: int = 1) -> bool:
        """Whether any of the ones is related to any of the others."""
        others = tuple(others)
        return any(self.related(one, other, depth) for one in ones for other in others)

    def one_government(self, ones: Iterable[str], others: Iterable[str]) -> bool:
        """Whether some of both are organs of one government (a ministry and an embassy)."""
        above = self._owners(ones) & self._owners(others)
        return any(self.type(body) == "government" for body in above - {None})

    def _owners(self, ids: Iterable[str]) -> set[str | None]:
        return {self.parent(full) for one in ids for full in (one, *self.longer_forms(one))}

    def longer_forms(self, entity_id: str) -> tuple[str, ...]:
        """Known bodies of which an unknown name may be a shorter form ("embassy in Washington"), by id.

        A name of one word is too short to tell anything. There may be several: the name alone does not decide.
        """
        entity = self.by_id.get(entity_id)
        words = set(fold_name(entity.name).split()) if entity and not entity.known else set[str]()
        if len(words) < 2 or entity is None:
            return ()
        if entity_id not in self._longer_forms:
            self._longer_forms[entity_id] = tuple(
                other.id
                for other in sorted(self.by_id.values(), key=lambda e: e.id)
                if other.known
                and other.type == entity.type
                and any(words < set(fold_name(name).split()) for name in (other.name, *other.aliases))
            )
        return self._longer_forms[entity_id]

    def find_name(self, name: str) -> str | None:
        """The entity that has this name or alias in full."""
        return self._by_name.get(fold_name(name))

    def publisher_entity(self, publisher: str) -> str | None:
        """The entity that publishes under this name; a remark in brackets behind the name does not count."""
        bare = re.sub(r"\s*\([^()]*\)\s*$", "", publisher)
        return self._by_name.get(fold_name(publisher)) or self._by_name.get(fold_name(bare))

    def named_in(self, entity_id: str, text: str) -> bool:
        """Whether a text has the entity's name or one of its aliases as whole words."""
        entity = self.by_id.get(entity_id)
        if entity is None:
            return False
        folded = fold_name(text)
        names = (fold_name(name) for name in (entity.name, *entity.aliases))
        return any(re.search(_whole(name) if name.isascii() else re.escape(name), folded) for name in names)


def select_entities(
    parties: Parties, records: Iterable[ClaimRecord], events: Iterable[Event], documents: Iterable[StoredDocument]
) -> tuple[Entity, ...]:
    """The entities that a claim, an event or a mention in a relevant document names, with their parents, by id."""
    ids: set[str] = {mention.entity_id for mention in _mentions(documents, relevant_only=True)}
    for record in records:
        claim = record.claim
        ids.update(claim.accused, claim.target, claim.via)
        ids.update(entity_id for entity_id in (claim.speaker, claim.on_behalf_of) if entity_id)
    for event in events:
        ids.update(event.actors)
    ids.update(above for entity_id in tuple(ids) for above in parties.ancestors(entity_id))
    return tuple(parties.by_id[entity_id] for entity_id in sorted(ids) if entity_id in parties.by_id)
