"""The events' pages: what each shows, and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from tracker.render import machine
from tracker.render.attribution import attribution_values
from tracker.render.citation import cite
from tracker.render.disputes import rows_of
from tracker.render.figuretable import build_figure_table
from tracker.render.linked import event_linked_data
from tracker.render.page import DataFile, Page, Values
from tracker.render.paths import event_path, file_stem
from tracker.render.revisions import event_revisions
from tracker.render.views import ClaimView, Party, Views
from tracker.types import Event

_REPLIES = frozenset({"denial", "no_response"})
"""Types of claim that name as accused whom somebody else accuses."""


def list_pages(views: Views) -> Iterator[Page | DataFile]:
    """The page of each event, and its JSON."""
    for event in views.catalogue.events:
        yield Page(event_path(event.id), "event.html", partial(event_values, views, event))
        yield DataFile(f"events/{file_stem(event.id)}.json", partial(machine.event_json, views.catalogue, event))


def event_values(views: Views, event: Event) -> Values:
    """An event's page."""
    held, span = views.catalogue.documents, views.seen_span(event)
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
        "citation": cite(event, views.site.title, views.base, span[1] if span else None),
        "linked": event_linked_data(views.catalogue, event, views.base),
    }


def _one_each(claims: Sequence[ClaimView]) -> list[ClaimView]:
    """The first claim of each document: a document that recalls an event in three sentences is one document."""
    return list({view.document.document.id: view for view in reversed(claims)}.values())[::-1]


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
