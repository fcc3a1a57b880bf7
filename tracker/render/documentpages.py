"""The documents' pages: what each shows, and the list of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tracker.render import documentlists
from tracker.render.annotations import annotation_page, annotations_path
from tracker.render.asides import build_asides
from tracker.render.copies import change_lines, copies_view
from tracker.render.linked import document_linked_data
from tracker.render.page import DataFile, Item, Page, Values, group_each
from tracker.render.passages import Passage, build_passages
from tracker.render.paths import document_path, safe_url, text_fragment_url
from tracker.render.revisions import document_revisions
from tracker.render.views import ClaimView, EventView, Party, Views
from tracker.types import ClaimRecord, StoredDocument, Version


def list_pages(views: Views) -> Iterator[Item]:
    """The list of documents, the page of each, and the quotes of each that has any as annotations."""
    yield from documentlists.list_pages(views)
    yield from group_each("documents", views.catalogue.documents.values(), partial(_list_of, views))


def _list_of(views: Views, document: StoredDocument) -> Iterator[Page | DataFile]:
    yield Page(document_path(document.id), "document.html", partial(document_values, views, document))
    if views.catalogue.claims_of_document.get(document.id):
        yield DataFile(annotations_path(document.id), partial(annotation_page, views, document))


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
        "linked": document_linked_data(views.catalogue, document, views.base),
        "view": views.document(document),
        "version": document.current,
        "passages": passages,
        "lost": _lost_words(views, document, records),
        "claims": {record.id: views.claim(record) for record in records},
        "places": {record.id: _places(views, record) for record in records},
        "awaiting": views.catalogue.awaiting.get(document.id, 0),
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


def _places(views: Views, record: ClaimRecord) -> list[tuple[EventView, str]]:
    """The events that a claim reports, each with where the claim stands on its pages."""
    events = views.catalogue.events_of_claim.get(record.id, ())
    return [(views.event(event), views.place_in(event, record.id)) for event in events]


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
