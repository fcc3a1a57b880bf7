"""Linked data in pages: schema.org terms as JSON-LD 1.1.

An event, the claims that report it with their words and speakers, and the pages that carry them; a document as what a
page of ours cites; a dispute as the collection of its events; an entity or law by its names. There is no ClaimReview
among them: the tracker does not judge whether what is claimed is true.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tracker.render.catalogue import Catalogue
from tracker.render.paths import (
    dispute_path,
    document_path,
    entity_path,
    event_path,
    file_stem,
    full_address,
    safe_url,
    safe_wikidata,
)
from tracker.render.wording import clean, shorten
from tracker.types import ClaimRecord, Dispute, Entity, EntityType, Event, StoredDocument

_TYPES: dict[EntityType, str] = {
    "company": "Organization",
    "government": "GovernmentOrganization",
    "organisation": "Organization",
    "publisher": "Organization",
    "person": "Person",
    "law": "Legislation",
    "model": "SoftwareApplication",
    "place": "Place",
}
_BELONGS: dict[EntityType, str] = {
    "company": "parentOrganization",
    "government": "parentOrganization",
    "organisation": "parentOrganization",
    "publisher": "parentOrganization",
    "person": "affiliation",
    "model": "creator",
    "law": "isPartOf",
    "place": "containedInPlace",
}
"""How an entity is tied to what it belongs to."""
_MAX_EVENTS = 40
_MAX_NAMES = 30
_MAX_CLAIMS = 30
_MAX_DOCUMENTS = 40
_TITLE_CHARS = 300


def event_linked_data(catalogue: Catalogue, event: Event, base: str) -> Markup:
    """The JSON-LD of an event, safe inside a script element; addresses are absolute where the site's is known."""
    records = [catalogue.claims[key] for key in event.claim_ids if key in catalogue.claims]
    named = dict.fromkeys([*(record.document_id for record in records[:_MAX_CLAIMS]), *event.document_ids])
    documents = [catalogue.documents[key] for key in named if key in catalogue.documents][:_MAX_DOCUMENTS]
    page = full_address(base, event_path(event.id))
    graph: list[dict[str, Any]] = [
        {
            "@type": "Event",
            "@id": f"{page}#event",
            "url": page,
            "identifier": event.id,
            "name": shorten(event.title, _TITLE_CHARS),
            "startDate": event.from_on.isoformat(),
            "endDate": event.to_on.isoformat(),
            "about": [_party(catalogue, key, base) for key in event.actors if key in catalogue.entities],
            "subjectOf": [{"@id": _document_id(document, base)} for document in documents],
        },
        *(_claim(catalogue, record, base) for record in records[:_MAX_CLAIMS]),
        *(_article(document, base) for document in documents),
    ]
    return linked_script(graph)


def linked_script(graph: Sequence[Mapping[str, Any]]) -> Markup:
    """Some things as JSON-LD, safe inside a script element."""
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=True)
    # "<" and "&" are written as escapes of JSON, so that no word of a page can end the element or begin another
    return Markup(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))  # noqa: S704


def _party(catalogue: Catalogue, key: str, base: str) -> dict[str, Any]:
    entity = catalogue.entities[key]
    item = safe_wikidata(entity.wikidata)
    value = {"@type": _TYPES[entity.type], "name": clean(entity.name), "url": full_address(base, entity_path(key))}
    return value | ({"sameAs": f"http://www.wikidata.org/entity/{item}"} if item else {})


def _document_id(document: StoredDocument, base: str) -> str:
    return full_address(base, document_path(document.id))


def _claim(catalogue: Catalogue, record: ClaimRecord, base: str) -> dict[str, Any]:
    document = catalogue.documents[record.document_id]
    value: dict[str, Any] = {
        "@type": "Claim",
        "@id": f"{_document_id(document, base)}#{file_stem(record.id)}",
        "text": clean(record.claim.text),
        "inLanguage": catalogue.versions[record.version_id].language,
        "appearance": {"@id": _document_id(document, base)},
    }
    if record.claim.speaker in catalogue.entities:
        value["author"] = _party(catalogue, record.claim.speaker or "", base)
    return value


def _article(document: StoredDocument, base: str) -> dict[str, Any]:
    version = document.current
    value: dict[str, Any] = {
        "@type": "NewsArticle" if document.publisher_type == "news" else "CreativeWork",
        "@id": _document_id(document, base),
        "headline": shorten(version.title, _TITLE_CHARS),
        "publisher": {"@type": "Organization", "name": clean(document.publisher)},
        "inLanguage": version.language,
    }
    if version.published:
        value["datePublished"] = version.published.isoformat()
    if link := safe_url(document.url):
        value["url"] = link
    return value


def document_linked_data(catalogue: Catalogue, document: StoredDocument, base: str) -> Markup:
    """A document's page, what it cites, and the claims whose words still stand there."""
    held = catalogue.claims_of_document.get(document.id, [])
    records = [record for record in held if record.in_current_version][:_MAX_CLAIMS]
    events = dict.fromkeys(event.id for record in records for event in catalogue.events_of_claim.get(record.id, ()))
    article = _article(document, base)
    if document.current.byline:
        article["author"] = {"@type": "Person", "name": shorten(document.current.byline, 120)}
    group = catalogue.copies_of.get(document.id)
    if group and group.original != document.id and group.original in catalogue.documents:
        article["isBasedOn"] = {"@id": _document_id(catalogue.documents[group.original], base)}
    page = {
        "@type": "WebPage",
        "@id": f"{_document_id(document, base)}#page",
        "url": _document_id(document, base),
        "name": shorten(document.current.title, _TITLE_CHARS),
        "inLanguage": "en",
        "citation": {"@id": _document_id(document, base)},
        "about": [_event_ref(key, base) for key in events],
    }
    return linked_script([page, article, *(_claim(catalogue, record, base) for record in records)])


def dispute_linked_data(catalogue: Catalogue, dispute: Dispute, base: str) -> Markup:
    """A dispute as the collection of its events, the newest first, with its parties."""
    page = full_address(base, dispute_path(dispute.id))
    parties = dict.fromkeys((*dispute.accusers, *dispute.accused))
    value = {
        "@type": "CollectionPage",
        "@id": page,
        "url": page,
        "identifier": dispute.id,
        "name": shorten(dispute.title, _TITLE_CHARS),
        "dateModified": dispute.changed_on.isoformat(),
        "about": [_party(catalogue, key, base) for key in parties if key in catalogue.entities],
        "hasPart": [_event_ref(key, base) for key in dispute.event_ids[::-1][:_MAX_EVENTS]],
    }
    return linked_script([value])


def entity_linked_data(catalogue: Catalogue, entity: Entity, base: str) -> Markup:
    """An entity by its names, what it belongs to, and the newest events that name it; nothing is said of it."""
    value = _party(catalogue, entity.id, base) | {
        "@id": full_address(base, entity_path(entity.id)),
        "identifier": entity.id,
    }
    if entity.aliases:
        value["alternateName"] = [clean(name) for name in entity.aliases[:_MAX_NAMES]]
    if entity.parent in catalogue.entities:
        value[_BELONGS[entity.type]] = _party(catalogue, entity.parent or "", base)
    if events := catalogue.events_of_entity.get(entity.id):
        value["subjectOf"] = [_event_ref(event.id, base) for event in events[:_MAX_EVENTS]]
    return linked_script([value])


def _event_ref(event_id: str, base: str) -> dict[str, Any]:
    return {"@id": f"{full_address(base, event_path(event_id))}#event"}
