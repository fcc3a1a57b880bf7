"""Reconcile: extractions -> events, figures and answers."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.ids import digest_of
from tracker.pipeline.curating import edits_key, judge, note_edits
from tracker.pipeline.progress import Progress, silent
from tracker.ports import Extractor, Store
from tracker.reconcile import Curator, hold_back, problems_of
from tracker.reconcile import reconcile as reconcile_documents
from tracker.reconcile.key import RECONCILER
from tracker.types import Curation, Entity, StageReport, StoredDocument

STAGE = "reconcile"


def reconcile(
    store: Store,
    extractor: Extractor,
    entities: Sequence[Entity],
    progress: Progress = silent,
    *,
    review_below: float = 0.0,
    curation: Curation | None = None,
) -> StageReport:
    """Make events out of everything extracted; the same input as last time is left as it is.

    Claims with a confidence below `review_below` take no part, unless somebody vouched for them. An edit of
    `curation` that cannot be applied is a problem of the report, every time.
    """
    progress(STAGE, 0, None)
    stored = store.load_documents(extractor.name)
    curator = Curator(entities, curation, stored)
    documents, _ = hold_back(stored, review_below, curator.vouched)
    key = _key_of(documents, extractor.name, review_below, edits_key(curation))
    last_key, previous = store.load_reconciled()
    result = previous
    if key != last_key:
        result = reconcile_documents(documents, entities, previous, curator)
        store.save_reconciled(key, result)
        progress(STAGE, len(documents), len(documents))
    note_edits(store, curation)
    problems = (*curator.curation.problems, *problems_of(judge(store, curator, stored, result)))
    done = (len(result.events), 0) if key != last_key else (0, len(result.events))
    return StageReport(STAGE, given=len(documents), done=done[0], skipped=done[1], problems=problems)


def _key_of(documents: Sequence[StoredDocument], extractor: str, review_below: float, edits: str) -> str:
    parts = [RECONCILER, extractor, str(review_below), edits]
    for document in documents:
        parts += [document.id, document.publisher, document.source]
        for version in document.versions:
            parts += [version.id, version.text_sha256, version.title, str(version.published)]
    return digest_of(*parts, length=32)
