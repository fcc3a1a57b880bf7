"""Parties: companies, people, bodies, models, laws and places, and how the register ties them to each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tracker.render.exchange.ftm.naming import ftm_id, line_of, page_url
from tracker.render.exchange.ftm.statements import FtmEntity, Seen, Statement, collect_entity
from tracker.render.exchange.resting import names_of_party
from tracker.render.exchange.telling import REGISTER_WORD, standing_note
from tracker.render.paths import entity_path, safe_wikidata
from tracker.render.splicing import Chunk
from tracker.render.views import Views
from tracker.types import Entity, EntityType

_SCHEMATA: dict[EntityType, str] = {
    "company": "Company",
    "government": "PublicBody",
    "organisation": "Organization",
    "publisher": "Organization",
    "person": "Person",
    "model": "Asset",
    "law": "Document",
    "place": "Address",
}
"""A model is something that is owned and worth money; a law is a text. The model has nothing nearer."""
_LEGAL = frozenset({"company", "government", "organisation", "publisher", "person"})


def is_legal_entity(entity: Entity | None) -> bool:
    """Whether it can be where the model asks for a `LegalEntity`."""
    return entity is not None and entity.type in _LEGAL


def schema_of(entity: Entity) -> str:
    """The schema of a party; of a name that nobody has looked at only that it is one."""
    if not entity.known and entity.type in _LEGAL:
        return "LegalEntity"
    return _SCHEMATA[entity.type]


def party_id(id: str) -> str:
    """The id of a party."""
    return ftm_id("party", id)


def party_seen(views: Views, id: str) -> Seen:
    """When pages were seen that name it."""
    catalogue = views.catalogue
    seen = Seen()
    for document, _ in catalogue.documents_of_entity.get(id, ()):
        seen = seen.joined(Seen(document.first_seen_at, document.last_seen_at))
    for record in catalogue.claims_of_entity.get(id, ()):
        seen = seen.joined(Seen(record.first_seen_at, record.last_seen_at))
    return seen


def party_entities(views: Views) -> Iterator[Chunk]:
    """The parties, then what ties each to whom it belongs to."""
    catalogue = views.catalogue
    for entity in catalogue.entities.values():
        yield Chunk("party", names_of_party(catalogue, entity.id), partial(_party_entity, views, entity))
    for entity in catalogue.entities.values():
        if entity.parent in catalogue.entities:
            names = names_of_party(catalogue, entity.id)
            yield Chunk("tie", names, partial(_tie_entity, views, entity, entity.parent or ""))


def _party_entity(views: Views, entity: Entity) -> Iterator[FtmEntity]:
    yield collect_entity(_party(views, entity))


def _tie_entity(views: Views, entity: Entity, parent: str) -> Iterator[FtmEntity]:
    yield collect_entity(_tie(views, entity, parent))


def _party(views: Views, entity: Entity) -> Iterator[Statement]:
    schema, key, seen = schema_of(entity), party_id(entity.id), party_seen(views, entity.id)
    origin = "register" if entity.known else "reading"
    country = views.home(entity.id)
    name = line_of(entity.name) or entity.id
    values = [
        ("name", name),
        *(("alias", alias) for item in entity.aliases if (alias := line_of(item)) and alias != name),
        ("country", country.lower() if country else ""),
        ("wikidataId", safe_wikidata(entity.wikidata)),
        ("sourceUrl", page_url(views, entity_path(entity.id))),
        ("notes", standing_note(entity) or ""),
    ]
    if schema == "Document":
        values += [("title", name), ("fileName", entity.id), ("keywords", "law")]
    for prop, value in values:
        original = entity.country if prop == "country" and entity.country else None
        yield Statement(key, schema, prop, value, origin, seen, original_value=original)


def _tie(views: Views, entity: Entity, parent: str) -> Iterator[Statement]:
    role = "model of" if entity.type == "model" else "part of"
    key = ftm_id("tie", entity.id, parent)
    seen = party_seen(views, entity.id)
    values = (
        ("subject", party_id(entity.id)),
        ("object", party_id(parent)),
        ("role", role),
        ("summary", REGISTER_WORD),
    )
    for prop, value in values:
        yield Statement(key, "UnknownLink", prop, value, "register", seen)
