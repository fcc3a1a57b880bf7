"""What each kind of page shows: the values that its template is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.render.asides import build_asides
from tracker.render.attribution import attribution_values
from tracker.render.catalogue import Catalogue
from tracker.render.copies import change_lines, copies_view
from tracker.render.disputes import rows_of
from tracker.render.figuretable import build_figure_table
from tracker.render.passages import Passage, build_passages
from tracker.render.paths import entity_path, feed_path, safe_url, text_fragment_url, types_page
from tracker.render.revisions import document_revisions, event_revisions
from tracker.render.timeline import build_strip, lay_out
from tracker.render.views import ClaimView, DocumentView, EventView, Party, Views
from tracker.types import (
    CLAIM_TYPES,
    ENTITY_TYPES,
    HEALTH_STATES,
    ClaimRecord,
    ClaimType,
    Entity,
    Event,
    HealthState,
    SourceStatus,
    StoredDocument,
    Version,
)

Values = dict[str, Any]


def timeline_pages(views: Views, only: ClaimType | None = None) -> Iterator[tuple[str, Values]]:
    """(path, values) of each page of the timeline of all events, or of those of one claim type."""
    events = [views.event(event) for event in views.catalogue.events if only in (None, event.type)]
    counts = Counter(event.type for event in views.catalogue.events)
    front = types_page(only) if only else "index.html"
    sheets = lay_out(events, front, front.removesuffix(".html") if only else "months", always_by_month=only is None)
    for sheet in sheets:
        yield (
            sheet.path,
            {
                "only": only,
                "front": front,
                "feed": feed_path(front) if events else "",
                "sheet": sheet,
                "strip": build_strip(events, sheets, sheet) if sheet.is_front else (),
                "shown": len(events),
                "event_count": len(views.catalogue.events),
                "type_counts": [(type_, counts[type_]) for type_ in CLAIM_TYPES if counts[type_]],
                "document_count": len(views.catalogue.documents),
                "as_of": as_of(views.catalogue),
            },
        )


_REPLIES = frozenset({"denial", "no_response"})
"""Types of claim that name as accused whom somebody else accuses."""


def as_of(catalogue: Catalogue) -> Any:
    """When the newest words were fetched, "" for an empty dataset.

    The site has no clock of its own, and no time that moves without news: a run that finds nothing rewrites nothing.
    """
    return max((item.fetched_at for document in catalogue.documents.values() for item in document.versions), default="")


def event_values(views: Views, event: Event) -> Values:
    """An event's page."""
    held = views.catalogue.documents
    claims = views.claims(event.claim_ids)
    revisions, more_revisions = event_revisions(views, event)
    return {
        "event": event,
        "view": views.event(event),
        "edits": views.edits.of_event(event),
        "roles": _roles(claims),
        "claims": claims,
        "quotes": views.by_words(claims),
        "figures": build_figure_table(views, event),
        "answers": [views.answer(answer) for answer in event.answers],
        "charged": {party for view in claims if view.claim.type not in _REPLIES for party in view.claim.accused},
        "disputes": rows_of(views, views.catalogue.disputes_of_event.get(event.id, ())),
        "recalled_in": _one_each(views.claims(event.recalled_in)),
        "beside": views.by_words(_told_beside(views, event)),
        "documents": [views.document(held[key]) for key in event.document_ids if key in held],
        "revisions": revisions,
        "more_revisions": more_revisions,
        **attribution_values(views, event),
    }


def _one_each(claims: Sequence[ClaimView]) -> list[ClaimView]:
    """The first claim of each document: a document that recalls an event in three sentences is one document."""
    return list({view.document.document.id: view for view in reversed(claims)}.values())[::-1]


def corrections_values(views: Views) -> Values:
    """All that people decided."""
    events = {event.id: event for event in views.catalogue.events}
    return {"rows": views.edits.rows(events, views.catalogue.documents)}


def _told_beside(views: Views, event: Event) -> list[ClaimView]:
    """What the event's documents say besides and what belongs to no event: nothing that was read out is lost."""
    answers = {answer.claim_id for answer in event.answers}
    told = [
        views.claim(record)
        for document_id in event.document_ids
        for record in views.catalogue.claims_of_document.get(document_id, ())
        if record.id not in answers and not views.catalogue.events_of_claim.get(record.id)
    ]
    return sorted(told, key=lambda view: (view.document.document.id, view.claim.start, view.record.id))


def _roles(claims: Sequence[ClaimView]) -> list[tuple[str, tuple[Party, ...]]]:
    """(role, parties) of an event, in the claims' order, each party once in a role."""
    roles: list[tuple[str, dict[str, Party]]] = [("Speaking or acting", {}), ("Accused", {}), ("Target", {})]
    for view in claims:
        # A party that did not answer has neither spoken nor acted.
        silent = view.claim.type == "no_response"
        spoken = () if silent else tuple(party for party in (view.speaker, view.on_behalf_of) if party)
        for (_, parties), named in zip(roles, (spoken, view.accused, view.target), strict=True):
            parties.update((party.id, party) for party in named if party.id not in parties)
    return [(role, tuple(parties.values())) for role, parties in roles if parties]


@dataclass(frozen=True, slots=True)
class LostWords:
    """Passages that only an older version of the page has."""

    version: Version
    passages: tuple[Passage, ...]
    claims: tuple[ClaimView, ...]


def document_values(views: Views, document: StoredDocument) -> Values:
    """A document's page."""
    records = views.catalogue.claims_of_document.get(document.id, [])
    current = [record for record in records if record.version_id == document.current.id]
    passages = build_passages(document.current, current)
    first = passages[0].records[0] if passages else None
    revisions, more_revisions = document_revisions(views, document)
    return {
        "document": document,
        "view": views.document(document),
        "version": document.current,
        "passages": passages,
        "lost": _lost_words(views, document, records),
        "claims": {record.id: views.claim(record) for record in records},
        "awaiting": sum(record.document_id == document.id for record in views.catalogue.dataset.awaiting_review),
        "original": safe_url(document.url),
        "original_at_words": text_fragment_url(document.url, first.claim.text, passages[0].page) if first else None,
        "events": _events_of(views, records),
        "mentions": _mentions(views, document),
        "asides": build_asides(document.current, document.extractions[-1]),
        "copies": copies_view(views, document, views.catalogue.copies_of.get(document.id)),
        "changes": [(version, *change_lines(version.diff)) for version in reversed(document.versions) if version.diff],
        "revisions": revisions,
        "more_revisions": more_revisions,
    }


def _lost_words(views: Views, document: StoredDocument, records: Sequence[ClaimRecord]) -> list[LostWords]:
    lost = []
    for version in reversed(document.versions[:-1]):
        held = [record for record in records if record.version_id == version.id]
        if held:
            claims = tuple(views.claim(record) for record in held)
            lost.append(LostWords(version, build_passages(version, held), claims))
    return lost


def _events_of(views: Views, records: Sequence[ClaimRecord]) -> list[EventView]:
    events = (event for record in records for event in views.catalogue.events_of_claim.get(record.id, ()))
    return list({event.id: views.event(event) for event in events}.values())


def _mentions(views: Views, document: StoredDocument) -> list[tuple[Party, int]]:
    counts: dict[str, int] = {}
    for mention in document.extractions[-1].mentions:
        counts[mention.entity_id] = counts.get(mention.entity_id, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(views.party(key), count) for key, count in ranked if key in views.catalogue.entities]


def documents_index_values(views: Views) -> Values:
    """All documents, by publisher, newest first."""
    groups: dict[str, list[DocumentView]] = {}
    for document in views.catalogue.documents.values():
        view = views.document(document)
        groups.setdefault(view.publisher, []).append(view)
    return {
        "groups": [
            (publisher, sorted(rows, key=_newest_document)) for publisher, rows in sorted(groups.items(), key=_by_name)
        ],
        "document_count": len(views.catalogue.documents),
        "relevant_count": sum(map(views.catalogue.is_relevant, views.catalogue.documents.values())),
    }


def _by_name(item: tuple[str, object]) -> tuple[str, str]:
    return item[0].casefold(), item[0]


def _newest_document(view: DocumentView) -> tuple[int, str]:
    return (-view.published.toordinal() if view.published else 1, view.document.id)


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
            key=lambda row: _newest_document(row[0]),
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


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with what the dataset holds of it."""

    status: SourceStatus
    url: str | None
    documents: int
    relevant: int


def _count_states(rows: list[SourceRow]) -> list[tuple[HealthState, int]]:
    """(state, sources that are switched on and in it), for the states that there are."""
    counts = Counter(row.status.health.state for row in rows if row.status.enabled)
    return [(state, counts[state]) for state in HEALTH_STATES if counts[state]]


def sources_values(views: Views) -> Values:
    """The sources page; its counts are taken from the documents themselves, so that they add up."""
    catalogue = views.catalogue
    by_source: dict[str, list[StoredDocument]] = {}
    for document in catalogue.documents.values():
        by_source.setdefault(document.source, []).append(document)
    rows = []
    for status in catalogue.dataset.sources:
        held = by_source.pop(status.name, [])
        rows.append(SourceRow(status, safe_url(status.url), len(held), sum(map(catalogue.is_relevant, held))))
    others = [
        (name or "no source", len(held), sum(map(catalogue.is_relevant, held)))
        for name, held in sorted(by_source.items())
    ]
    everything = catalogue.documents.values()
    return {
        "rows": rows,
        "others": others,
        "document_count": len(everything),
        "relevant_count": sum(map(catalogue.is_relevant, everything)),
        "troubled": [row for row in rows if row.status.refused or row.status.failed],
        "states": _count_states(rows),
        "as_of": as_of(catalogue),
    }
