"""Names that only documents gave, proposed to people: as new entities, or as other names of known ones.

Nothing here changes anything: an unknown name stays unknown until somebody decides. Similar names are looked for among
names of one type that share a word, a beginning or their initials; names in Chinese only by the exact name, since one
character makes another company.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from rapidfuzz import fuzz

from tracker.reconcile.entities import fold_name
from tracker.types import Entity, EntityProposal, EntityType, NameContext, ProposalReason, StoredDocument

_ALIKE = 88.0
"""Of 100 (rapidfuzz, words in any order): "Moonshot A.I." and "Moonshot AI" are over it, "Senate" and "Seneca" not."""
_MOST_CONTEXTS = 3
_CONTEXT_CHARS = 90
_PREFIX = 5
_MOST_IN_BLOCK = 400
"""A word that more names share ("committee") tells nothing, and would make every name a neighbour of every other."""
_SHORTEST = 4
"""Shorter names are too near to each other by chance."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass
class _Seen:
    """What the documents show of one unknown name."""

    names: Counter[tuple[str, EntityType]] = field(default_factory=Counter)
    documents: dict[str, datetime] = field(default_factory=dict)
    contexts: list[NameContext] = field(default_factory=list)


def find_proposals(
    documents: Iterable[StoredDocument], canonical: Sequence[Entity], *, relevant_only: bool = True
) -> tuple[EntityProposal, ...]:
    """The unknown names of documents on the matter, those in most documents first, each with where it stands.

    `documents` are taken with the entities' present ids, so that a name that was decided on is not proposed again.
    """
    known = {entity.id for entity in canonical}
    seen = _look(documents, known, relevant_only)
    entities = {key: _entity(key, item) for key, item in seen.items()}
    neighbours = _Neighbours((*canonical, *entities.values()))
    sizes = {key: (sum(item.names.values()), key) for key, item in seen.items()}
    proposals = []
    for key, item in seen.items():
        entity = entities[key]
        into, reason, similarity = neighbours.nearest(entity, known, sizes)
        proposals.append(
            EntityProposal(
                entity_id=key,
                name=entity.name,
                type=entity.type,
                reason=reason,
                into=into.id if into else None,
                into_name=into.name if into else None,
                similarity=similarity,
                mentions=sum(item.names.values()),
                document_ids=tuple(sorted(item.documents)),
                first_seen_at=min(item.documents.values()),
                contexts=tuple(item.contexts),
            )
        )
    return tuple(sorted(proposals, key=lambda p: (-len(p.document_ids), -p.mentions, p.entity_id)))


def _look(documents: Iterable[StoredDocument], known: set[str], relevant_only: bool) -> dict[str, _Seen]:
    seen: dict[str, _Seen] = defaultdict(_Seen)
    for document in sorted(documents, key=lambda d: (d.first_seen_at, d.id)):
        version, extraction = document.current, document.extractions[-1]
        if relevant_only and extraction.relevance != "relevant":
            continue
        for mention in extraction.mentions:
            if mention.entity_id in known:
                continue
            item = seen[mention.entity_id]
            item.names[mention.name, mention.type] += 1
            if len(item.contexts) < _MOST_CONTEXTS and document.id not in item.documents:
                quote = _around(version.text, mention.start, mention.end)
                item.contexts.append(NameContext(document.id, version.id, mention.start, mention.end, quote))
            item.documents.setdefault(document.id, document.first_seen_at)
    return seen


def _around(text: str, start: int, end: int) -> str:
    """The words around a place, cut between words, on one line."""
    before, after = text[max(0, start - _CONTEXT_CHARS) : start], text[end : end + _CONTEXT_CHARS]
    if start > _CONTEXT_CHARS and " " in before:
        before = "… " + before.partition(" ")[2]
    if end + _CONTEXT_CHARS < len(text) and " " in after:
        after = after.rpartition(" ")[0] + " …"
    return " ".join((before + text[start:end] + after).split())


def _entity(key: str, item: _Seen) -> Entity:
    (name, type_), _ = min(item.names.items(), key=lambda pair: (-pair[1], pair[0]))
    return Entity(key, name, type_, known=False)


@lru_cache(maxsize=100_000)
def _fold(name: str) -> str:
    return fold_name(name)


@lru_cache(maxsize=100_000)
def _initials(name: str) -> str:
    """The initials of a name of several words: "Office of Science and Technology Policy" -> "ostp"."""
    words = [w for w in re.findall(r"[^\W_]+", name) if w[:1].isupper()]
    return "".join(word[0] for word in words).casefold() if len(words) > 2 else ""


class _Neighbours:
    """Names by what similar names share."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._blocks: dict[tuple[str, str], list[tuple[str, Entity]]] = defaultdict(list)
        for entity in entities:
            for name in dict.fromkeys((entity.name, *entity.aliases)):
                for key in self._keys(name):
                    self._blocks[entity.type, key].append((name, entity))

    @staticmethod
    def _keys(name: str) -> Iterator[str]:
        folded = _fold(name)
        yield f"={folded}"
        if _CHINESE.search(name):
            return
        yield from (f"word {word}" for word in dict.fromkeys(re.findall(r"\w{3,}", folded)))
        yield f"begins {folded.replace(' ', '')[:_PREFIX]}"
        if initials := _initials(name):
            yield f"initials {initials}"

    def nearest(
        self, entity: Entity, known: set[str], sizes: Mapping[str, tuple[int, str]]
    ) -> tuple[Entity | None, ProposalReason, float | None]:
        """(the entity that the name may belong to, why, how alike); a known one before an unknown one.

        Of two unknown names only the rarer is proposed for the other, so that no two are proposed for each other.
        """
        best: tuple[tuple[object, ...], Entity, ProposalReason, float | None] | None = None
        for name, other in self._near(entity):
            if other.id == entity.id or (other.id not in known and sizes[other.id] <= sizes[entity.id]):
                continue
            reason, similarity = _compare(entity.name, name)
            if reason is None and entity.type == "person" and _fold(name).split()[-1] == _fold(entity.name):
                reason = "longer_form"  # people are named by their last name once they are introduced
            if reason is None:
                continue
            rank = (other.id not in known, _ORDER[reason], -(similarity or 1.0), other.id)
            if best is None or rank < best[0]:
                best = (rank, other, reason, similarity)
        return best[1:] if best else (None, "unknown", None)

    def _near(self, entity: Entity) -> Iterator[tuple[str, Entity]]:
        keys = [*self._keys(entity.name)]
        if entity.name.isupper() and " " not in entity.name.strip():
            keys.append(f"initials {re.sub(r'[^a-z]', '', entity.name.casefold())}")
        for key in keys:
            block = self._blocks.get((entity.type, key), [])
            if len(block) <= _MOST_IN_BLOCK:
                yield from block


_ORDER: dict[ProposalReason, int] = {"alias": 0, "acronym": 1, "spelling": 2, "longer_form": 3}


def _compare(name: str, other: str) -> tuple[ProposalReason | None, float | None]:
    one, two = _fold(name), _fold(other)
    if one == two:
        return "alias", None
    if _CHINESE.search(name) or _CHINESE.search(other):
        return None, None
    bare = re.sub(r"[^a-z]", "", one)
    if name.isupper() and len(bare) > 2 and bare == _initials(other):
        return "acronym", None
    if len(one) >= _SHORTEST and len(two) >= _SHORTEST:
        similarity = fuzz.ratio(one, two, score_cutoff=_ALIKE) or fuzz.token_sort_ratio(one, two, score_cutoff=_ALIKE)
        if similarity and _numbers(one) == _numbers(two):
            return "spelling", round(similarity / 100, 2)
    words, others = set(one.split()), set(two.split())
    if len(min(words, others, key=len)) > 1 and (words < others or others < words):
        return "longer_form", None
    return None, None


def _numbers(name: str) -> list[str]:
    """Digits must be the same: H.R. 77 is not H.R. 78, and GPT-4 is not GPT-5."""
    return re.findall(r"\d+", name)
