"""The entities' pages: what each shows, and the list of all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from tracker.render.disputes import rows_of
from tracker.render.page import Page, Values
from tracker.render.paths import entity_path, feed_path
from tracker.render.views import ClaimView, Party, Views, newest_document
from tracker.types import ENTITY_TYPES, Entity


def list_pages(views: Views) -> Iterator[Page]:
    """The list of entities, and the page of each."""
    yield Page("entities/index.html", "entities.html", partial(entities_index_values, views))
    for entity in views.catalogue.entities.values():
        yield Page(entity_path(entity.id), "entity.html", partial(entity_values, views, entity))


def entity_values(views: Views, entity: Entity) -> Values:
    """An entity's page."""
    catalogue = views.catalogue
    records = catalogue.claims_of_entity.get(entity.id, [])

    def select(keep: Any) -> tuple[tuple[ClaimView, ...], ...]:
        return views.by_words(views.claim(record) for record in records if keep(record.claim))

    return {
        "feed": feed_path(entity_path(entity.id)) if catalogue.events_of_entity.get(entity.id) else "",
        "entity": entity,
        "party": views.party(entity.id),
        "edits": views.edits.of_entity(entity.id),
        "parent": views.party(entity.parent) if entity.parent else None,
        "children": views.parties([child.id for child in catalogue.children.get(entity.id, ())]),
        "disputes": rows_of(views, catalogue.disputes_of_entity.get(entity.id, ())),
        "accused_by": select(lambda claim: claim.type == "allegation" and entity.id in claim.accused),
        "accuses": select(lambda claim: claim.type == "allegation" and _speaks(entity.id, claim)),
        "answers": select(lambda claim: _is_answer(entity.id, claim)),
        "unanswered": [
            views.event(event)
            for event in catalogue.events_of_entity.get(entity.id, ())
            if any(answer.party == entity.id and answer.kind == "none_found" for answer in event.answers)
        ],
        "copied": select(
            lambda claim: entity.id in claim.target and claim.type == "allegation" and not _speaks(entity.id, claim)
        ),
        "events": [views.event(event) for event in catalogue.events_of_entity.get(entity.id, ())],
        "documents": sorted(
            ((views.document(document), count) for document, count in catalogue.documents_of_entity.get(entity.id, ())),
            key=lambda row: newest_document(row[0]),
        ),
    }


def _speaks(id: str, claim: Any) -> bool:
    return id in (claim.speaker, claim.on_behalf_of)


def _is_answer(id: str, claim: Any) -> bool:
    if claim.type == "no_response":
        return _speaks(id, claim) or id in claim.accused
    return claim.type in ("denial", "admission") and _speaks(id, claim)


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity in the index."""

    party: Party
    events: int
    accused_in: int
    documents: int


def entities_index_values(views: Views) -> Values:
    """All entities by type, by name."""
    groups = []
    for type_ in ENTITY_TYPES:
        rows = sorted(
            (_entity_row(views, entity) for entity in views.catalogue.entities.values() if entity.type == type_),
            key=lambda row: (row.party.name.casefold(), row.party.id),
        )
        if rows:
            groups.append((type_, rows))
    return {"groups": groups, "entity_count": len(views.catalogue.entities)}


def _entity_row(views: Views, entity: Entity) -> EntityRow:
    catalogue = views.catalogue
    records = catalogue.claims_of_entity.get(entity.id, ())
    return EntityRow(
        party=views.party(entity.id),
        events=len(catalogue.events_of_entity.get(entity.id, ())),
        accused_in=sum(record.claim.type == "allegation" and entity.id in record.claim.accused for record in records),
        documents=len(catalogue.documents_of_entity.get(entity.id, ())),
    )
