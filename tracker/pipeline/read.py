"""Read: archived bytes -> documents and their versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tracker.config import Source
from tracker.errors import FetchError
from tracker.pipeline.progress import Progress, silent
from tracker.ports import Archive, Reading, Store, UnreadPage
from tracker.read.dates import parse_published
from tracker.read.kinds import classify_kind
from tracker.read.pages import read_page
from tracker.read.urls import canonical_url
from tracker.types import Candidate, Outcome, Problem, StageReport

STAGE = "read"
READER = "read/1"
"""Which reader this is: another name has every archived page read again."""


def read(archive: Archive, store: Store, sources: Sequence[Source], progress: Progress = silent) -> StageReport:
    """Read every fetched page that this reader has not read; a page that cannot be read is told, not tried again."""
    pages = list(store.load_unread(READER))
    order = {source.name: source for source in sources}
    outcomes: Counter[Outcome] = Counter()
    problems = []
    for done, page in enumerate(pages):
        progress(STAGE, done, len(pages))
        owner = next(((source, _seen_by(page, name)) for name, source in order.items() if _seen_by(page, name)), None)
        if owner is None:
            continue  # its source has left the configuration; the page waits for it
        try:
            outcomes[store.save_reading(page, READER, _read_one(archive, page, *owner))] += 1
        except FetchError as error:
            store.save_unreadable(page, READER, error.detail)
            problems.append(Problem(page.state.url, Outcome.FAILED, error.detail))
    progress(STAGE, len(pages), len(pages))
    return StageReport(
        STAGE,
        given=len(pages),
        done=outcomes[Outcome.NEW] + outcomes[Outcome.CHANGED],
        skipped=outcomes[Outcome.UNCHANGED],
        problems=tuple(problems),
    )


def _seen_by(page: UnreadPage, source: str) -> Candidate | None:
    return next((candidate for name, candidate in page.sightings if name == source), None)


def _read_one(archive: Archive, page: UnreadPage, source: Source, candidate: Candidate | None) -> Reading:
    state = page.state
    content = read_page(archive.load_body(state.archive), state.content_type, state.final_url)
    said = candidate or Candidate(state.url)
    title = content.title or said.title or ""
    url = content.canonical_url or canonical_url(state.final_url)
    return Reading(
        url=url,
        source=source.name,
        publisher=source.publisher,
        publisher_type=source.publisher_type,
        title=title,
        published=content.published or (parse_published(said.published) if said.published else None),
        language=content.language or source.language,
        content=replace(content, kind=classify_kind(title, url, source.publisher_type)),
    )
