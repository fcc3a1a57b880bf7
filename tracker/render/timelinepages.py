"""The timeline's pages: each list of events on a front page, and by month where it is longer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tracker.render.eventlists import WITH_FEED, EventList, ListKind, list_events
from tracker.render.page import Page, Values
from tracker.render.paths import feed_path
from tracker.render.timeline import Bar, Sheet, build_strip, lay_out
from tracker.render.views import Views

_FACETS = ("type", "jurisdiction", "status")


@dataclass(frozen=True, slots=True)
class Heading:
    """A list as its pages name it, and those of other lists."""

    kind: ListKind
    key: str
    name: str
    heading: str
    front: str
    note: str
    count: int
    """Its events; 0 on pages that do not say it, so that an event elsewhere does not change them."""


def list_pages(views: Views) -> Iterator[Page]:
    """The timeline of all events, then those of each type, each country and each status of a dispute."""
    lists = list_events(views)
    counted, bare = _facets(lists, is_counted=True), _facets(lists, is_counted=False)
    for listed in lists:
        sheets = lay_out(listed.events, listed.front, listed.folder, always_by_month=listed.kind == "all")
        for sheet in sheets:
            heading = _heading(listed, is_counted=sheet.is_front)
            strip = build_strip(listed.events, sheets, sheet) if sheet.is_front else ()
            feed = feed_path(listed.front) if listed.events and listed.kind in WITH_FEED else ""
            facets = counted if sheet.is_front else bare
            yield Page(sheet.path, "timeline.html", partial(_sheet_values, views, heading, facets, feed, sheet, strip))


def _heading(listed: EventList, *, is_counted: bool) -> Heading:
    count = len(listed.events) if is_counted else 0
    return Heading(listed.kind, listed.key, listed.name, listed.heading, listed.front, listed.note, count)


def _facets(lists: Sequence[EventList], *, is_counted: bool) -> list[tuple[str, list[Heading]]]:
    return [(kind, [_heading(item, is_counted=is_counted) for item in lists if item.kind == kind]) for kind in _FACETS]


def _sheet_values(
    views: Views,
    listed: Heading,
    facets: Sequence[tuple[str, Sequence[Heading]]],
    feed: str,
    sheet: Sheet,
    strip: Sequence[Bar],
) -> Values:
    values: Values = {"listed": listed, "facets": facets, "feed": feed, "sheet": sheet, "strip": strip}
    if not sheet.is_front:
        return values | {"shown": 0, "event_count": sheet.months[0].total, "document_count": 0, "as_of": None}
    return values | {
        "shown": listed.count,
        "event_count": len(views.catalogue.events),
        "document_count": len(views.catalogue.documents),
        "as_of": views.newest_words_at,
    }
