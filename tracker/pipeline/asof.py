"""As of a day: the dataset and the site of what was known then, made anew from what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tracker.config import Settings, Source
from tracker.errors import InputError
from tracker.pipeline.curating import judge
from tracker.pipeline.progress import Progress, silent
from tracker.pipeline.publish import build, by_source, shown, status_of
from tracker.ports import SiteWriter, Store
from tracker.reconcile import Curator, find_copies, hold_back
from tracker.reconcile.asof import check_known, documents_as_of, reconcile_as_of
from tracker.types import Curation, Dataset, Entity, Reconciled, StageReport

STAGE = "publish"


def load_dataset_as_of(
    store: Store,
    sources: Sequence[Source],
    at: datetime,
    review_below: float = 0.0,
    *,
    curation: Curation | None = None,
    entities: Sequence[Entity] = (),
) -> Dataset:
    """Everything that would have been published at an instant (aware UTC), with the ids of today.

    `entities` is the gazetteer, `curation` what people decided up to now: of that, too, only what was decided by then
    holds. The sources have the counts of then and nothing else, since the log of attempts does not reach back for ever.

    Raises:
        InputError: nothing was known then; names the day of the first document.
    """
    stored = store.load_documents()
    check_known(at, stored)
    stored = documents_as_of(stored, at)
    curator = Curator(entities, (curation or Curation()).until(at), stored)
    read, unsure = hold_back(stored, review_below, curator.vouched)
    _, present = store.load_reconciled()
    kept = _as_kept(reconcile_as_of(read, entities, present, curator))
    documents = tuple(curator.document(document) for document in read)
    published = {record.id for record in kept.claims}
    own = by_source(documents)
    return Dataset(
        documents=documents,
        reconciled=shown(curator.conceal(kept), documents),
        sources=tuple(status_of(source, own.get(source.name, ()), (), {}) for source in sources),
        awaiting_review=tuple(record for record in curator.records(unsure) if record.id not in published),
        edits=judge(store, curator, stored, kept, is_fresh=True),
        copies=find_copies(documents),
        as_of=at,
    )


def _as_kept(result: Reconciled) -> Reconciled:
    """A result in the order in which the store gives one back, so that a look back can be compared line by line."""
    return replace(
        result,
        events=tuple(sorted(result.events, key=lambda event: (event.from_on, event.id))),
        claims=tuple(sorted(result.claims, key=lambda record: record.id)),
        entities=tuple(sorted(result.entities, key=lambda entity: entity.id)),
        disputes=tuple(sorted(result.disputes, key=lambda dispute: dispute.id)),
        redirects=tuple(sorted(result.redirects)),
    )


def publish_as_of(
    store: Store,
    writer: SiteWriter,
    settings: Settings,
    at: datetime,
    out: Path,
    progress: Progress = silent,
    *,
    curation: Curation | None = None,
    entities: Sequence[Entity] = (),
) -> StageReport:
    """The site of what was known at an instant, in a folder of its own.

    It names no address of the web as its own: that is where the present site stands, with the same names of pages.

    Raises:
        InputError: nothing was known then, or the folder is that of the present site.
        BuildRefused: the built site breaks a rule; names each breach.
    """
    if out.resolve() == settings.site.out.resolve():
        raise InputError(f"{out} is where the site of the present stands; name another folder with --out")
    progress(STAGE, 0, None)
    below = settings.nlp.review_below
    dataset = load_dataset_as_of(store, settings.sources, at, below, curation=curation, entities=entities)
    pages = build(dataset, settings.site.model_copy(update={"base_url": None}))
    written, unchanged, removed = writer.write(pages, out)
    progress(STAGE, len(pages), len(pages))
    return StageReport(STAGE, given=len(pages), done=written, skipped=unchanged, removed=removed)
