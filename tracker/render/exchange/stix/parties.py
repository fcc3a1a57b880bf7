"""Identities: the parties, and the relationships between them that the register or claims tell."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tracker.render.exchange.network import Accusation, accusations
from tracker.render.exchange.resting import names_of_claims, names_of_party
from tracker.render.exchange.stix.making import Maker, Object, Times, claim_times, joined, references, touched_at
from tracker.render.exchange.telling import NO_FINDING, REGISTER_WORD, link_of, name_of, standing_note
from tracker.render.paths import entity_path, safe_wikidata
from tracker.render.splicing import Chunk
from tracker.render.wording import clean, count_words, shorten
from tracker.types import Entity, EntityType, StoredDocument

_CLASSES: dict[EntityType, str] = {
    "company": "organization",
    "government": "organization",
    "organisation": "organization",
    "publisher": "organization",
    "person": "individual",
    "model": "system",
    "law": "unknown",
    "place": "unknown",
}
"""identity-class-ov; of a law or a place it has no word."""
_MOST_LINKS = 10


def identity_id(maker: Maker, id: str) -> str:
    """The id of a party's identity."""
    return maker.id("identity", "party", id)


def identity_ids(maker: Maker, *ids: str | None) -> list[str]:
    """Of those that the dataset has, each once."""
    held = maker.views.catalogue.entities
    return [identity_id(maker, key) for key in dict.fromkeys(ids) if key in held]


def party_times(maker: Maker, id: str) -> Times:
    """From when a page named it to when the newest such page or claim came, or a person's decision on one."""
    catalogue = maker.views.catalogue
    documents = [Times(item.first_seen_at, item.first_seen_at) for item, _ in catalogue.documents_of_entity.get(id, ())]
    claims = [claim_times(maker, record) for record in catalogue.claims_of_entity.get(id, ())]
    return touched_at(joined([*documents, *claims]), maker.touched.parties.get(id))


def identity_chunks(maker: Maker) -> Iterator[Chunk]:
    """An identity for each entity."""
    catalogue = maker.views.catalogue
    for entity in catalogue.entities.values():
        yield Chunk("identity", names_of_party(catalogue, entity.id), partial(_identity, maker, entity))


def _identity(maker: Maker, entity: Entity) -> Iterator[Object]:
    views = maker.views
    item = safe_wikidata(entity.wikidata)
    page = views.base + entity_path(entity.id) if views.base else None
    told = [
        f"{_TYPES[entity.type]}.",
        f"Also: {', '.join(shorten(name, 80) for name in entity.aliases[:20])}." if entity.aliases else "",
        standing_note(entity) or "",
    ]
    values = {
        "name": name_of(views, entity.id),
        "description": " ".join(filter(None, told)),
        "identity_class": _CLASSES[entity.type] if entity.known else "unknown",
        "external_references": references(
            [
                (views.site.title, page, entity.id),
                ("wikidata", f"https://www.wikidata.org/wiki/{item}" if item else None, item or None),
            ]
        ),
    }
    yield maker.make("identity", ("party", entity.id), party_times(maker, entity.id), values)


_TYPES: dict[EntityType, str] = {
    "company": "Company or laboratory",
    "government": "Public body",
    "organisation": "Organisation",
    "publisher": "Publisher",
    "person": "Person",
    "model": "AI model or product",
    "law": "Law, bill or order",
    "place": "Place",
}


def publisher_identity(maker: Maker, document: StoredDocument) -> Object:
    """The identity of a page's publisher, for what names nobody else."""
    name = shorten(document.publisher, 200) or "publisher not given"
    values = {"name": name, "description": "Publisher of a page.", "identity_class": "organization"}
    return maker.make("identity", ("publisher", document.publisher), Times(), values)


def relationship_chunks(maker: Maker) -> Iterator[Chunk]:
    """Who belongs to whom by the register, and who accuses whom by claims."""
    catalogue = maker.views.catalogue
    entities = catalogue.entities
    for entity in entities.values():
        if entity.parent in entities:
            parent = entities[entity.parent or ""]
            yield Chunk("tie", names_of_party(catalogue, entity.id), partial(_tie, maker, entity, parent))
    for item in accusations(maker.views):
        if item.accuser in entities and item.accused in entities:
            # what was found out of more than its claims is part of what it is
            told = (item.said_as, item.by_name, item.days, item.independent_sources, item.event_ids)
            parties = (f"entities:{item.accuser}", f"entities:{item.accused}")
            names = (*parties, *names_of_claims(item.claims))
            yield Chunk(f"accuses {told!r}", names, partial(_accusation, maker, item))


def _tie(maker: Maker, entity: Entity, parent: Entity) -> Iterator[Object]:
    relation = "model-of" if entity.type == "model" else "part-of"
    values = {
        "relationship_type": relation,
        "description": REGISTER_WORD,
        "source_ref": identity_id(maker, entity.id),
        "target_ref": identity_id(maker, parent.id),
    }
    yield maker.make("relationship", (relation, entity.id, parent.id), party_times(maker, entity.id), values)


def _accusation(maker: Maker, item: Accusation) -> Iterator[Object]:
    views = maker.views
    accuser, accused = name_of(views, item.accuser), name_of(views, item.accused)
    lesser = "; ".join(f"“{shorten(words, 120)}”" for words in item.said_as[:10])
    told = [
        f"{count_words(len(item.claims), 'claim has', 'claims have')} {accuser} make an allegation that concerns "
        f"{accused}, {item.by_name or 'none'} of them known to accuse it by name in the words quoted, from "
        f"{count_words(item.independent_sources, 'independent source')}"
        + (f", published from {item.days[0]} to {item.days[1]}." if item.days else "."),
        f"Words that say less than the name: {lesser}." if lesser else "",
        f"{NO_FINDING} The notes on the two have the words.",
    ]
    shown = item.claims[:_MOST_LINKS]
    links = [(_publisher(maker, record.document_id), link_of(views, record), record.id) for record in shown]
    values = {
        "relationship_type": "accuses",
        "description": " ".join(filter(None, told)),
        "source_ref": identity_id(maker, item.accuser),
        "target_ref": identity_id(maker, item.accused),
        "external_references": references(links),
    }
    extension = {
        "kind": "accusation",
        "claim_refs": [maker.id("note", record.id) for record in item.claims],
        "claim_count": len(item.claims),
        "by_name_count": item.by_name,
        "said_as": list(item.said_as),
        "independent_sources": item.independent_sources,
        "first_on": item.days[0] if item.days else None,
        "last_on": item.days[1] if item.days else None,
        "event_refs": [maker.id("report", key) for key in item.event_ids],
    }
    times = joined(claim_times(maker, record) for record in item.claims)
    times = touched_at(times, maker.touched.pairs.get((item.accuser, item.accused)))
    yield maker.make("relationship", ("accuses", item.accuser, item.accused), times, values, extension)


def _publisher(maker: Maker, document_id: str) -> str:
    return clean(maker.views.catalogue.documents[document_id].publisher)
