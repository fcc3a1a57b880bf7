"""Read: archived bytes -> documents and their versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tracker.config import Source
from tracker.errors import FetchError, RecordLost
from tracker.nlp.language import detect_language
from tracker.pipeline.progress import Progress, silent
from tracker.ports import Archive, Reading, Store, UnreadPage
from tracker.ports.work import BATCH
from tracker.read.canonical import plain_form
from tracker.read.dates import parse_published
from tracker.read.kinds import classify_kind
from tracker.read.languages import choose_language
from tracker.read.ownership import find_owner, is_own_name
from tracker.read.pages import read_page
from tracker.read.urls import canonical_url
from tracker.types import Candidate, Outcome, PageContent, Problem, StageReport

STAGE = "read"
READER = "read/2"
"""Which reader this is: another name has every archived page read again."""
_AHEAD = timedelta(days=1)
"""It is tomorrow already in Wellington; what is dated later than that was not published then."""


def read(archive: Archive, store: Store, sources: Sequence[Source], progress: Progress = silent) -> StageReport:
    """Read every fetched page that this reader has not read; a page that cannot be read is told, not tried again."""
    return read_pages(archive, store, sources, list(store.load_unread(READER)), progress)


def read_pages(
    archive: Archive, store: Store, sources: Sequence[Source], pages: Sequence[UnreadPage], progress: Progress = silent
) -> StageReport:
    """Read these pages, so many in a transaction. One that no source here points at waits for its source.

    One whose record is lost is fetched whole when it is next due, and read then.
    """
    order = {source.name: source for source in sources}
    outcomes: Counter[Outcome] = Counter()
    problems = []
    waiting: list[tuple[UnreadPage, Reading]] = []
    for done, page in enumerate(pages):
        progress(STAGE, done, len(pages))
        if len(waiting) == BATCH:
            outcomes.update(store.save_readings(READER, waiting))
            waiting = []
        owner = next(((source, seen) for name, source in order.items() if (seen := _seen_by(page, name))), None)
        if owner is None:
            continue  # its source has left the configuration; the page waits for it
        try:
            waiting.append((page, _read_one(archive, page, *owner, sources)))
        except (FetchError, RecordLost) as error:
            store.save_unreadable(page, READER, error.detail, is_lost=isinstance(error, RecordLost))
            problems.append(Problem(page.state.url, Outcome.FAILED, error.detail))
    outcomes.update(store.save_readings(READER, waiting))
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


def _read_one(
    archive: Archive, page: UnreadPage, source: Source, said: Candidate, sources: Sequence[Source]
) -> Reading:
    state = page.state
    content = read_page(archive.load_body(state.archive), state.content_type, state.final_url)
    title = content.title or said.title or ""
    url = content.canonical_url or plain_form(canonical_url(state.final_url))
    owner = find_owner(url, source, said, sources)
    origin = content.syndicated_from
    known = content.kind != "article"  # an answer of an API says what it is
    kind = content.kind if known else classify_kind(title, url, owner.publisher_type, content.text)
    return Reading(
        url=url,
        source=source.name,
        publisher=owner.publisher,
        publisher_type=owner.publisher_type,
        title=title,
        published=_published(content, said, state.fetched_at.date()),
        language=choose_language(content.text, [content.language, said.language], detect_language, owner.language),
        content=replace(
            content, kind=kind, syndicated_from=None if origin and is_own_name(origin, owner, url) else origin
        ),
    )


def _published(content: PageContent, said: Candidate, fetched_on: date) -> date | None:
    """The day that the page claims, else the one that its source claims. Never the day on which we came by: a page
    without a date has none, and a day that was still to come (an event's, a mistake) is no day of publication."""
    stated = parse_published(said.published) if said.published else None
    days = (day for day in (content.published, stated) if day and day <= fetched_on + _AHEAD)
    return next(days, None)
