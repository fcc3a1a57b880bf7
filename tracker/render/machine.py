"""What the site says to machines: the JSON of an event, the list of events, robots.txt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from tracker.days import precision_of
from tracker.render.asrecord import as_record
from tracker.render.attributed import attribution_record
from tracker.render.catalogue import Catalogue, revisions_of_event
from tracker.render.dispute_records import dispute_record
from tracker.render.edits import edit_records
from tracker.render.entityclaims import EntityClaims
from tracker.render.eventparts import told_beside
from tracker.render.figureexports import figures_of_event
from tracker.render.jsontext import json_bytes
from tracker.render.laws import LawStage
from tracker.render.paths import dispute_path, document_path, entity_path, event_path, file_stem, full_address
from tracker.types import ClaimRecord, Dispute, Entity, Event, Figure


def event_json(catalogue: Catalogue, event: Event, beside: Mapping[str, Any]) -> bytes:
    """One event with everything that its page shows, `beside` with it; paths are relative to the site's top."""
    records = [catalogue.claims[key] for key in event.claim_ids if key in catalogue.claims]
    recalled = [catalogue.claims[key] for key in event.recalled_in if key in catalogue.claims]
    value = _event_head(catalogue, event) | {
        "claims": [_claim(catalogue, record) for record in records],
        "figures": [_figure(catalogue, figure) for figure in event.figures],
        **figures_of_event(event),
        "answers": [as_record(answer) for answer in event.answers],
        "recalled_in": [_claim(catalogue, record) for record in recalled],
        "also_said": [_claim(catalogue, record) for record in told_beside(catalogue, event)],
        "vanished": event.vanished,
        **attribution_record(event),
        "revisions": [as_record(item) for item in revisions_of_event(catalogue, event)],
        "documents": [_document(catalogue, key) for key in event.document_ids if key in catalogue.documents],
        "edits": _edits(catalogue, [*event.edits, *(key for record in records for key in record.edits)]),
    }
    value |= beside
    if catalogue.as_of:
        value["as_of"] = catalogue.as_of
    return json_bytes(value)


def _edits(catalogue: Catalogue, ids: Iterable[str]) -> list[dict[str, Any]]:
    wanted = frozenset(ids)
    records = edit_records(item for item in catalogue.edits if item.edit.id in wanted)
    kept = ("id", "edit", "state", "state_why", "when", "why", "claims", "changes")
    return [{key: record[key] for key in kept} for record in records]


def events_json(catalogue: Catalogue) -> bytes:
    """All events, newest first, without their claims."""
    return json_bytes([_event_head(catalogue, event) | {"documents": event.document_ids} for event in catalogue.events])


def dispute_json(catalogue: Catalogue, dispute: Dispute) -> bytes:
    """One dispute with all its steps, answers and events; its claims are in the JSON of the events."""
    record = dispute_record(dispute, catalogue.claims)
    paths = {event_id: event_path(event_id) for event_id in dispute.event_ids}
    return json_bytes(record | {"path": dispute_path(dispute.id), "event_paths": paths})


def entity_json(
    catalogue: Catalogue,
    entity: Entity,
    claims: EntityClaims,
    events: Iterable[Event],
    stages: Iterable[LawStage] = (),
) -> bytes:
    """One entity with all claims, events, disputes and documents that name it, by ids and paths; a law with its stages.

    The claims' words are in the JSON of their events, and at their paths.
    """
    value: dict[str, Any] = as_record(entity) | {
        "path": entity_path(entity.id),
        "children": [child.id for child in catalogue.children.get(entity.id, ())],
        "disputes": [
            {"id": dispute.id, "path": dispute_path(dispute.id), "status": dispute.standing and dispute.standing.status}
            for dispute in catalogue.disputes_of_entity.get(entity.id, ())
        ],
        **{
            field.name: [_claim_reference(catalogue, record) for record in getattr(claims, field.name)]
            for field in fields(claims)
        },
        "events": [_event_head(catalogue, event) for event in events],
        "documents": [
            {"id": document.id, "path": document_path(document.id), "mentions": count}
            for document, count in catalogue.documents_of_entity.get(entity.id, ())
        ],
    }
    if entity.type == "law":
        value["stages"] = [
            {"stage": item.stage, "event": item.event.id, "claims": [record.id for record in item.evidence]}
            for item in stages
        ]
    if catalogue.as_of:
        value["as_of"] = catalogue.as_of
    return json_bytes(value)


def _claim_reference(catalogue: Catalogue, record: ClaimRecord) -> dict[str, Any]:
    claim = record.claim
    return {
        "id": record.id,
        "path": f"{document_path(record.document_id)}#{file_stem(record.id)}",
        "type": claim.type,
        "speaker": claim.speaker,
        "for": claim.on_behalf_of,
        "accused": claim.accused,
        "accused_as": claim.accused_as,
        "published": record.published_on or catalogue.versions[record.version_id].published,
        "in_current_version": record.in_current_version,
        "events": [event.id for event in catalogue.events_of_claim.get(record.id, ())],
    }


def robots_txt(base_url: str | None) -> bytes:
    """Everything may be read (RFC 9309); names the sitemap where the site's address is known."""
    lines = ["User-agent: *", "Allow: /"]
    if base_url:
        lines.append(f"Sitemap: {full_address(_folder(base_url), 'sitemap.xml')}")
    return ("\n".join(lines) + "\n").encode()


def _folder(base_url: str) -> str:
    return base_url.rstrip("/") + "/"


def _event_head(catalogue: Catalogue, event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "path": event_path(event.id),
        "type": event.type,
        "title": event.title,
        "date": {
            "from": event.from_on,
            "to": event.to_on,
            "precision": precision_of(event.from_on, event.to_on),
            "basis": event.date_basis,
        },
        "actors": [
            {"id": key, "name": catalogue.entities[key].name if key in catalogue.entities else key}
            for key in event.actors
        ],
        "independent_sources": len(event.sources),
    }


def _figure(catalogue: Catalogue, figure: Figure) -> dict[str, Any]:
    record = catalogue.claims.get(figure.claim_id)
    held = {"version": record.version_id, "in_current_version": record.in_current_version} if record else {}
    return as_record(figure) | held


def _claim(catalogue: Catalogue, record: ClaimRecord) -> dict[str, Any]:
    claim = record.claim
    return {
        "id": record.id,
        "path": f"{document_path(record.document_id)}#{file_stem(record.id)}",
        "type": claim.type,
        "status": claim.status,
        "speaker": claim.speaker,
        "for": claim.on_behalf_of,
        "accused": claim.accused,
        "accused_as": claim.accused_as,
        "target": claim.target,
        "via": claim.via,
        "quote": claim.text,
        "start": claim.start,
        "end": claim.end,
        "document": record.document_id,
        "version": record.version_id,
        "in_current_version": record.in_current_version,
        "first_seen_at": record.first_seen_at,
        "last_seen_at": None if record.in_current_version else record.last_seen_at,
        "quantities": [as_record(quantity) for quantity in record.quantities],
        "edits": record.edits,
        "confidence": claim.confidence,
        "features": claim.features,
        "dates": [{"text": day.text, "from": day.from_on, "to": day.to_on, "basis": day.basis} for day in record.dates],
    }


def _document(catalogue: Catalogue, id: str) -> dict[str, Any]:
    document, group = catalogue.documents[id], catalogue.copies_of.get(id)
    version = document.current
    return {
        "id": id,
        "path": document_path(id),
        "url": document.url,
        "publisher": document.publisher,
        "title": version.title,
        "published": version.published,
        "language": version.language,
        "copy_of": group.original if group and group.original != id else None,
    }
