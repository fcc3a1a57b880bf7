"""The timeline's pages: each list of events on a front page, and by month where it is longer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from tracker.render.eventlists import WITH_FEED, EventList, list_events
from tracker.render.page import Page, Values
from tracker.render.paths import feed_path
from tracker.render.timeline import Sheet, build_strip, lay_out
from tracker.render.views import Views

_FACETS = ("type", "jurisdiction", "status")


def list_pages(views: Views) -> Iterator[Page]:
    """The timeline of all events, then those of each type, each country and each status of a dispute."""
    lists = list_events(views)
    for listed in lists:
        sheets = lay_out(listed.events, listed.front, listed.folder, always_by_month=listed.kind == "all")
        for sheet in sheets:
            yield Page(sheet.path, "timeline.html", partial(_sheet_values, views, lists, listed, sheets, sheet))


def _sheet_values(
    views: Views, lists: Sequence[EventList], listed: EventList, sheets: Sequence[Sheet], sheet: Sheet
) -> Values:
    return {
        "listed": listed,
        "facets": [(kind, [item for item in lists if item.kind == kind]) for kind in _FACETS],
        "feed": feed_path(listed.front) if listed.events and listed.kind in WITH_FEED else "",
        "sheet": sheet,
        "strip": build_strip(listed.events, sheets, sheet) if sheet.is_front else (),
        "shown": len(listed.events),
        "event_count": len(views.catalogue.events),
        "document_count": len(views.catalogue.documents),
        "as_of": views.newest_words_at,
    }
