"""The rows of what was read: documents, versions, mentions, sources, entities and how these stand to each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from tracker.render.accusedwords import accuses_by_name
from tracker.render.database.values import Row, SearchIds, day, instant, last_look, listed
from tracker.render.jurisdictions import home_of, load_register
from tracker.render.laws import stages_of
from tracker.render.paths import document_path, entity_path, safe_url
from tracker.render.views import Views
from tracker.types import ClaimRecord, Entity, Health, StoredDocument


def document_rows(views: Views, search_ids: SearchIds) -> Iterator[Row]:
    """A row a document, without its text."""
    for document in views.catalogue.documents.values():
        group = views.catalogue.copies_of.get(document.id)
        similarity = {copy.document_id: copy.similarity for copy in group.copies} if group else {}
        current = document.current
        yield {
            "search_id": search_ids["document", document.id],
            "id": document.id,
            "url": safe_url(document.url) or "",
            "title": current.title,
            "publisher": document.publisher,
            "publisher_type": document.publisher_type,
            "source": document.source,
            "published_on": day(current.published),
            "language": current.language,
            "kind": current.kind,
            "relevance": document.extractions[-1].relevance,
            "byline": current.byline,
            "dateline": current.dateline,
            "syndicated_from": current.syndicated_from,
            "copy_of": group.original if group and group.original != document.id else None,
            "copy_similarity": similarity.get(document.id),
            "current_version": current.id,
            "version_count": len(document.versions),
            "claim_count": len(views.catalogue.claims_of_document.get(document.id, ())),
            "first_seen_at": instant(document.first_seen_at),
            "last_seen_on": day(last_look(document.last_seen_at)),
            "updated_at": instant(current.fetched_at),
            "page": views.base + document_path(document.id),
            "dated_on": day(current.published) or "",
        }


def version_rows(documents: Iterable[StoredDocument]) -> Iterator[Row]:
    """A row a version: its digest and its place in the archive, never its text or what changed in it."""
    for document in documents:
        for version in document.versions:
            yield {
                "id": version.id,
                "document_id": document.id,
                "number": version.number,
                "is_current": int(version is document.current),
                "title": version.title,
                "published_on": day(version.published),
                "language": version.language,
                "text_sha256": version.text_sha256,
                "text_length": len(version.text),
                "fetched_at": instant(version.fetched_at),
                "last_seen_on": day(last_look(version.last_seen_at)),
                "archive_record": version.archive.record_id if version.archive else None,
            }


def mention_rows(documents: Iterable[StoredDocument], entities: dict[str, Entity]) -> Iterator[Row]:
    """A row a place at which a version names an entity of the file; each place and entity once."""
    for document in documents:
        for version, extraction in zip(document.versions, document.extractions, strict=True):
            places = {(m.start, m.end, m.entity_id): m.text for m in extraction.mentions if m.entity_id in entities}
            for (start, end, entity_id), text in sorted(places.items()):
                yield {
                    "version_id": version.id,
                    "start_offset": start,
                    "end_offset": end,
                    "entity_id": entity_id,
                    "text": text,
                }


def source_rows(views: Views) -> Iterator[Row]:
    """A row a source, with how it did up to the day of the last look."""
    for source in views.catalogue.sources:
        health: Health = source.health
        yield {
            "name": source.name,
            "kind": source.kind,
            "url": safe_url(source.url) or "",
            "publisher": source.publisher,
            "publisher_type": source.publisher_type,
            "language": source.language,
            "is_enabled": int(source.enabled),
            "document_count": source.documents,
            "relevant_count": source.relevant,
            "refused_count": len(source.refused),
            "failed_count": len(source.failed),
            "health": health.state,
            "health_since": instant(health.since),
            "health_why": health.why,
            "last_answered_on": day(last_look(source.last_success_at)),
            "last_asked_on": day(last_look(source.last_attempt_at)),
        }


def entity_rows(views: Views, mentions: Mapping[str, int] | None = None) -> Iterator[Row]:
    """A row an entity; `mentions` is how many mentions it has, where that is counted already."""
    catalogue, register = views.catalogue, load_register()
    if mentions is None:
        rows = mention_rows(catalogue.documents.values(), catalogue.entities)
        mentions = Counter(str(row["entity_id"]) for row in rows)
    for entity in catalogue.entities.values():
        yield {
            "id": entity.id,
            "name": entity.name,
            "type": entity.type,
            "is_known": int(entity.known),
            "parent": entity.parent,
            "country": entity.country,
            "jurisdiction": home_of(entity.id, catalogue.entities, register),
            "wikidata": entity.wikidata,
            "claim_count": len(catalogue.claims_of_entity.get(entity.id, ())),
            "event_count": len(catalogue.events_of_entity.get(entity.id, ())),
            "mention_count": mentions.get(entity.id, 0),
            "page": views.base + entity_path(entity.id),
        }


def alias_rows(entities: Iterable[Entity]) -> Iterator[Row]:
    """A row another name."""
    for entity in entities:
        for alias in dict.fromkeys(entity.aliases):
            yield {"entity_id": entity.id, "alias": alias}


def family_rows(entities: dict[str, Entity]) -> Iterator[Row]:
    """Each entity with itself and every one that belongs to it; a circle of parents ends where it began."""
    for entity in entities.values():
        above: str | None = entity.id
        seen: list[str] = []
        while above in entities and above not in seen:
            yield {"entity_id": above, "member_id": entity.id, "steps": len(seen)}
            seen.append(above)
            above = entities[above].parent


@dataclass
class Edge:
    """The claims that make one relation, and their lesser words for the accused."""

    claims: list[ClaimRecord] = field(default_factory=list)
    lesser: list[str] = field(default_factory=list)
    by_name: int = 0
    """Claims whose quote accuses by name; the others do not, or that is not known."""


def relation_rows(views: Views) -> Iterator[Row]:
    """How entities stand to each other: by the register, and by what claims say."""
    entities = views.catalogue.entities
    for entity in entities.values():
        for object_, relation in ((entity.parent, _parent_relation(entity)), (entity.country, "at_home_in")):
            if object_ in entities:
                yield _relation(entity.id, relation, object_, "register", Edge())
    for (subject, relation, object_), edge in sorted(claim_edges(views).items()):
        yield _relation(subject, relation, object_, "claims", edge)


def _parent_relation(entity: Entity) -> str:
    return "model_of" if entity.type == "model" else "part_of"


def claim_edges(views: Views) -> dict[tuple[str, str, str], Edge]:
    """What claims say of how entities stand to each other: (subject, relation, object) -> the claims that say so.

    A charge is the word of the organisation that its speaker speaks for.
    """
    return views.remember("claim_edges", "", partial(_find_edges, views))


def _find_edges(views: Views) -> dict[tuple[str, str, str], Edge]:
    edges: dict[tuple[str, str, str], Edge] = defaultdict(Edge)
    names = _Names(views)
    for record in views.catalogue.claims.values():
        claim = record.claim
        if claim.speaker and claim.on_behalf_of:
            edges[claim.speaker, "speaks_for", claim.on_behalf_of].claims.append(record)
        accuser = claim.on_behalf_of or claim.speaker
        if claim.type == "allegation" and accuser:
            for place, accused in enumerate(dict.fromkeys(claim.accused)):
                edge = edges[accuser, "accuses", accused]
                edge.claims.append(record)
                edge.lesser += [claim.accused_as] if claim.accused_as else []
                edge.by_name += names.is_named(record, place, accused)
    names.keep()
    return edges


_BY_NAME = "by name"
"""Under which it is kept for the next build which claims accuse by name (`Tables.remember`)."""
_UNKNOWN = -1


class _Names:
    """Which claims accuse by name: a quote is looked at anew where it, its page or the accused is not what it was."""

    def __init__(self, views: Views) -> None:
        self._catalogue, self._tables = views.catalogue, views.tables
        self._before = self._tables.remembered(_BY_NAME)
        self._found: dict[int, int] = {}

    def is_named(self, record: ClaimRecord, place: int, accused: str) -> bool:
        """Of the claim and one that it accuses, the `place`-th."""
        catalogue = self._catalogue
        catalogue.documents.get(record.document_id)  # read, whoever found out
        catalogue.entities.get(accused)
        if self._tables.digest is None:
            return accuses_by_name(catalogue, record, accused)
        names = (f"claims:{record.id}", f"documents:{record.document_id}", f"entities:{accused}")
        rests = tuple(map(self._tables.digest, names))
        key = hash((place, *rests))
        found = None if _UNKNOWN in rests else self._before.get(key)
        if found is None:
            found = int(accuses_by_name(catalogue, record, accused))
        if _UNKNOWN not in rests:
            self._found[key] = found
        return bool(found)

    def keep(self) -> None:
        """For the next build."""
        if self._tables.digest is not None:
            self._tables.remember(_BY_NAME, self._found)


def _relation(subject: str, relation: str, object_: str, basis: str, edge: Edge) -> Row:
    claims = sorted(edge.claims, key=lambda item: (day(item.published_on) or "9999", item.id))
    days = [on for item in claims if (on := day(item.published_on))]
    return {
        "subject": subject,
        "relation": relation,
        "object": object_,
        "basis": basis,
        "claim_count": len(claims),
        "by_name_count": edge.by_name,
        "document_count": len({item.document_id for item in claims}),
        "said_as": listed(sorted(set(edge.lesser))),
        "first_published_on": min(days, default=None),
        "last_published_on": max(days, default=None),
        "example_claim": next(
            (item.id for item in claims if item.in_current_version), claims[0].id if claims else None
        ),
    }


def law_stage_rows(views: Views) -> Iterator[Row]:
    """A row for each public act on a law, bill or order, with the claims whose words show its stage."""
    for law in views.catalogue.entities.values():
        for position, item in enumerate(stages_of(views.catalogue, law.id) if law.type == "law" else ()):
            yield {
                "law_id": law.id,
                "position": position,
                "stage": item.stage,
                "event_id": item.event.id,
                "claims": listed(record.id for record in item.evidence),
            }
