"""The timeline's pages: of all events and of each claim type, by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from tracker.render.page import Page, Values
from tracker.render.paths import feed_path, types_page
from tracker.render.timeline import Sheet, build_strip, lay_out
from tracker.render.views import EventView, Views
from tracker.types import CLAIM_TYPES, ClaimType


def list_pages(views: Views) -> Iterator[Page]:
    """The timeline of all events, then that of each claim type that there is."""
    yield from _list_timeline(views, None)
    for only in sorted({event.type for event in views.catalogue.events}):
        yield from _list_timeline(views, only)


def _list_timeline(views: Views, only: ClaimType | None) -> Iterator[Page]:
    events = [views.event(event) for event in views.catalogue.events if only in (None, event.type)]
    front = types_page(only) if only else "index.html"
    sheets = lay_out(events, front, front.removesuffix(".html") if only else "months", always_by_month=only is None)
    for sheet in sheets:
        yield Page(sheet.path, "timeline.html", partial(_sheet_values, views, only, front, events, sheets, sheet))


def _sheet_values(
    views: Views,
    only: ClaimType | None,
    front: str,
    events: Sequence[EventView],
    sheets: Sequence[Sheet],
    sheet: Sheet,
) -> Values:
    counts = Counter(event.type for event in views.catalogue.events)
    return {
        "only": only,
        "front": front,
        "feed": feed_path(front) if events else "",
        "sheet": sheet,
        "strip": build_strip(events, sheets, sheet) if sheet.is_front else (),
        "shown": len(events),
        "event_count": len(views.catalogue.events),
        "type_counts": [(type_, counts[type_]) for type_ in CLAIM_TYPES if counts[type_]],
        "document_count": len(views.catalogue.documents),
        "as_of": views.newest_words_at,
    }
