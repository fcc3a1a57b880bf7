"""The pages of the tracker's own record: its sources, what people corrected, what it is; and the page for no page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from tracker.render.coverage import coverage_of, documents_by
from tracker.render.page import Page, Values
from tracker.render.paths import safe_url
from tracker.render.quality import load_quality
from tracker.render.views import Views
from tracker.types import HEALTH_STATES, HealthState, SourceStatus, StoredDocument


def list_pages(views: Views) -> Iterator[Page]:
    """Sources, corrections, about, and the page that a server answers with where it has none."""
    yield Page("sources.html", "sources.html", partial(sources_values, views))
    yield Page("corrections.html", "corrections.html", partial(corrections_values, views))
    yield Page("about.html", "about.html", partial(about_values, views))
    yield Page("404.html", "404.html", dict, is_listed=False)


def corrections_values(views: Views) -> Values:
    """All that people decided."""
    events = {event.id: event for event in views.catalogue.events}
    return {"rows": views.edits.rows(events, views.catalogue.documents)}


def about_values(views: Views) -> Values:
    """What the tracker does, and how well."""
    return {
        "as_of": views.newest_words_at,
        "quality": load_quality(),
        "awaiting": sum(views.catalogue.awaiting.values()),
        "corrected": len(views.catalogue.edits),
    }


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
    for status in catalogue.sources:
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
        "totals": coverage_of(catalogue),
        "counted_by": documents_by(catalogue),
        "watched": [row for row in rows if row.status.enabled and row.status.health.is_troubled],
        "as_of": views.newest_words_at,
    }
