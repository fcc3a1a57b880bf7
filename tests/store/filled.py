"""A small store with something in every table."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.pipeline.test_incremental import put, run, story
from tracker.ports import Attempt, Reading
from tracker.store import SqlStore
from tracker.types import ArchiveRef, Candidate, Extraction, Outcome, PageContent, Response

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://wire.example/a"
EMPTY_WHEN_FILLED = {"pending", "redirect", "revision", "report_use", "host_turn", "robots"}
"""What only other happenings would fill, or a server's database alone holds."""


def fill(store: SqlStore, sightings: int = 450) -> SqlStore:
    """Pages, sightings, documents, versions, extractions, events: a few of each, and so many sightings."""
    response = Response(URL, URL, 200, (("ETag", '"1"'),), b"<p>one</p>", NOW, False, ArchiveRef("f.warc.gz", 10, "r1"))
    store.save_page("wire", response, Attempt("wire", URL, NOW, Outcome.NEW, 200, None, False, None, 10, 7))
    store.save_sightings("wire", [Candidate(URL, "Über “Orchid” 中文 \U0001f33f")], NOW)
    store.save_sightings("wire", [Candidate(f"https://wire.example/{n}", f"Story {n}") for n in range(sightings)], NOW)
    (page,) = store.load_unread("read/1")
    content = PageContent("Orchid Labs said so.\n\nOn page two.", page_starts=(0, 22))
    store.save_reading(page, "read/1", Reading(URL, "wire", "Wire", "news", "T", date(2026, 3, 1), "en", content))
    store.save_extractions("prepared/1", [Extraction(d.id, "irrelevant") for d in store.load_unextracted("prepared/1")])
    put(store, "d1", story("Ann", "2026-03-01"), story("Ann and Bo", "2026-03-02"))
    put(store, "d2", story("Cy", "2026-03-05"))
    run(store)
    store.add_requests({(NOW.date(), "wire.example"): 3})
    return store
