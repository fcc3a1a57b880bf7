"""The events' pages: what each shows, and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from tracker.render import machine
from tracker.render.asrecord import as_record
from tracker.render.attribution import attribution_values, chains_of, source_views
from tracker.render.citation import Citation, cite
from tracker.render.disputes import rows_of
from tracker.render.eventparts import Group, part_path
from tracker.render.figureplot import figure_plots
from tracker.render.figuretable import build_figure_table
from tracker.render.jurisdictions import load_register
from tracker.render.linked import event_linked_data
from tracker.render.page import DataFile, Page, PageGroup, Values, group_each
from tracker.render.paths import dispute_path, document_path, event_path, file_stem, jurisdiction_page
from tracker.render.related import Reason
from tracker.render.revisions import event_revisions
from tracker.render.views import ClaimView, EventView, Party, Views
from tracker.types import ClaimRecord, Event

MOST_REVISIONS = 20
"""Changes of sources on an event's page; all are in its JSON."""
_REPLIES = frozenset({"denial", "no_response"})
"""Types of claim that name as accused whom somebody else accuses."""


@dataclass(frozen=True, slots=True)
class RelatedView:
    """Another event, and why it stands beside this one."""

    view: EventView
    reasons: tuple[tuple[str, str], ...]
    """(words, the path from the site's top of what shows it; "" where the two events' rows do)."""


def list_pages(views: Views) -> Iterator[PageGroup]:
    """The page of each event, and its JSON."""
    return group_each("events", views.catalogue.events, partial(_list_of, views))


def _list_of(views: Views, event: Event) -> Iterator[Page | DataFile]:
    yield Page(event_path(event.id), "event.html", partial(event_values, views, event))
    yield DataFile(f"events/{file_stem(event.id)}.json", partial(_event_file, views, event))


def event_values(views: Views, event: Event) -> Values:
    """An event's page."""
    parts = views.parts(event)
    records = [views.catalogue.claims[key] for key in event.claim_ids if key in views.catalogue.claims]
    revisions, more_revisions = event_revisions(views, event, MOST_REVISIONS)
    figures = build_figure_table(views, event)
    held, names = views.catalogue.documents, load_register().names
    return {
        "event": event,
        "view": views.event(event),
        "edits": views.edits.of_event(event),
        "roles": _roles(views, records),
        "countries": [(names[code], jurisdiction_page(code)) for code in views.event(event).jurisdictions],
        "seen": views.seen_span(event),
        "changed_at": views.changed_at(event),
        "claim_count": len(records),
        "quotes": claim_views(views, parts.claims.first),
        "chains": chains_of(views, event, parts.claims.first),
        "figures": figures,
        "plots": figure_plots(figures),
        "answers": [views.answer(answer) for answer in parts.answers.first],
        "charged": charged(records),
        "disputes": rows_of(views, views.catalogue.disputes_of_event.get(event.id, ())),
        "related": related_views(views, event),
        "recalled_in": [views.claim(record) for record in parts.recalled.first],
        "beside": claim_views(views, parts.beside.first),
        "sources": source_views(views, event, parts.documents.first),
        "source_count": len(event.sources),
        "documents": [views.document(held[key]) for _, key in parts.documents.first],
        "rest": {cut.kind: (cut.left, part_path(event.id, cut.kind, 2)) for cut in parts.cuts() if cut.rest},
        "revisions": revisions,
        "more_revisions": more_revisions,
        **attribution_values(views, event),
        "citation": citation_of(views, event),
        "linked": event_linked_data(views.catalogue, event, views.base),
    }


def claim_views(views: Views, groups: Iterable[Group]) -> list[tuple[ClaimView, ...]]:
    """The claims of each quote as its page shows them."""
    return [tuple(views.claim(record) for record in group) for group in groups]


def charged(records: Iterable[ClaimRecord]) -> set[str]:
    """Whom the claims accuse by name."""
    return {party for record in records if record.claim.type not in _REPLIES for party in record.claim.accused}


def related_views(views: Views, event: Event) -> tuple[RelatedView, ...]:
    """The events beside this one, each with its reasons, the weightiest first."""
    return views.remember("related", event.id, partial(_find_related, views, event))


def _find_related(views: Views, event: Event) -> tuple[RelatedView, ...]:
    views.catalogue.events_by_id.get(event.id)  # read here, wherever it was had from
    return tuple(
        RelatedView(views.event(kin.event), tuple((item.words, _shows(views, item)) for item in sorted(kin.reasons)))
        for kin in views.kinship.of(event)
    )


def _shows(views: Views, reason: Reason) -> str:
    if reason.dispute_id:
        return dispute_path(reason.dispute_id)
    record = views.catalogue.claims.get(reason.claim_id)
    return f"{document_path(record.document_id)}#{file_stem(record.id)}" if record else ""


def citation_of(views: Views, event: Event) -> Citation:
    """How to cite an event as it is known now."""
    return cite(event, views.site.title, views.base, views.changed_at(event))


def _event_file(views: Views, event: Event) -> bytes:
    """An event's JSON, with what its page says of it among others."""
    span = views.seen_span(event)
    beside = {
        "first_known_at": span[0] if span else None,
        "changed_at": views.changed_at(event),
        "jurisdictions": views.event(event).jurisdictions,
        "disputes": [
            {"id": row.dispute.id, "path": dispute_path(row.dispute.id), "title": row.title, "status": row.status}
            for row in rows_of(views, views.catalogue.disputes_of_event.get(event.id, ()))
        ],
        "related": [
            {
                "id": item.view.event.id,
                "path": item.view.path,
                "title": item.view.event.title,
                "why": [{"words": words, "path": path or None} for words, path in item.reasons],
            }
            for item in related_views(views, event)
        ],
        "citation": as_record(citation_of(views, event)),
    }
    return machine.event_json(views.catalogue, event, beside)


def _roles(views: Views, records: Iterable[ClaimRecord]) -> list[tuple[str, tuple[Party, ...]]]:
    """(role, parties) of an event, in the claims' order, each party once in a role."""
    roles: list[tuple[str, dict[str, None]]] = [("Speaking or acting", {}), ("Accused", {}), ("Target", {})]
    for record in records:
        claim = record.claim
        # A party that did not answer has neither spoken nor acted.
        silent = claim.type == "no_response"
        spoken = () if silent else tuple(key for key in (claim.speaker, claim.on_behalf_of) if key)
        for (_, parties), named in zip(roles, (spoken, claim.accused, claim.target), strict=True):
            parties.update(dict.fromkeys(named))
    return [(role, views.parties(list(parties))) for role, parties in roles if parties]
