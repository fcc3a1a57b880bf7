"""Further pages of events with more claims, answers, sources or figures than one page holds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from tracker.render.attribution import chains_of, source_views
from tracker.render.eventpages import charged, claim_views
from tracker.render.eventparts import Cut, EventParts, PartKind, part_path
from tracker.render.page import Page, PageGroup, Values, group_each
from tracker.render.views import Views
from tracker.types import Event

PART_WORDS: dict[PartKind, tuple[str, str]] = {
    "claims": ("Claims", "h-claims"),
    "answers": ("What they answered", "h-answers"),
    "documents": ("Documents", "h-sources"),
    "beside": ("Also said in these documents", "h-beside"),
    "recalled": ("Recalled in", "h-recalled"),
    "figures": ("Figures", "h-figures"),
}
"""What each list is called, and its place on the event's own page."""


def list_pages(views: Views) -> Iterator[PageGroup]:
    """The further pages of each event that has any."""
    return group_each("parts of events", views.catalogue.events, partial(_list_of, views))


def _list_of(views: Views, event: Event) -> Iterator[Page]:
    for cut in views.parts(event).cuts():
        for number in range(2, len(cut.rest) + 2):
            values = partial(_part_values, views, event, cut, number)
            yield Page(part_path(event.id, cut.kind, number), "event_part.html", values)


def _part_values(views: Views, event: Event, cut: Cut[Any], number: int) -> Values:
    name, anchor = PART_WORDS[cut.kind]
    if cut.kind == "documents" and not event.sources:
        anchor = "h-documents"
    last = len(cut.rest) + 1
    return {
        "event": event,
        "view": views.event(event),
        "kind": cut.kind,
        "name": name,
        "back": anchor,
        "number": number,
        "last": last,
        "pages": [part_path(event.id, cut.kind, other) for other in range(2, last + 1)],
        **_items(views, event, views.parts(event), cut.kind, number - 2),
    }


def _items(views: Views, event: Event, parts: EventParts, kind: PartKind, at: int) -> Values:
    if kind == "claims":
        groups = parts.claims.rest[at]
        return {"quotes": claim_views(views, groups), "chains": chains_of(views, event, groups)}
    if kind == "beside":
        return {"quotes": claim_views(views, parts.beside.rest[at]), "chains": {}}
    if kind == "answers":
        records = [views.catalogue.claims[key] for key in event.claim_ids if key in views.catalogue.claims]
        return {"answers": [views.answer(answer) for answer in parts.answers.rest[at]], "charged": charged(records)}
    if kind == "recalled":
        return {"recalled_in": [views.claim(record) for record in parts.recalled.rest[at]]}
    if kind == "figures":
        found = (views.figure(event.figures[index]) for index in parts.figures.rest[at])
        return {"figures": [view for view in found if view]}
    places = parts.documents.rest[at]
    held = views.catalogue.documents
    return {
        "sources": source_views(views, event, places),
        "documents": [views.document(held[key]) for _, key in places],
    }
