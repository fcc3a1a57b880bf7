"""Reconcile: extractions -> events, figures and answers. What came or changed is worked into the last result."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.ids import digest_of
from tracker.pipeline.curating import edits_key, note_edits, tell_problems
from tracker.pipeline.progress import Progress, silent
from tracker.ports import Extractor
from tracker.reconcile import Curator, hold_back, rebuild, update
from tracker.reconcile.key import RECONCILER
from tracker.reconcile.resultstore import ResultStore
from tracker.types import Curation, Entity, StageReport, StoredDocument

STAGE = "reconcile"
_MOST_PENDING = 0.5
"""From this share of the documents on, all are reconciled anew: that is then less work."""


def reconcile(
    store: ResultStore,
    extractor: Extractor,
    entities: Sequence[Entity],
    progress: Progress = silent,
    *,
    review_below: float = 0.0,
    curation: Curation | None = None,
) -> StageReport:
    """Work what came or changed since the last run into its result; where nothing did, it is left as it is.

    Only what the pending documents touch is read and written, unless the reconciler, the extractor, the threshold or
    the edits are others than last time: then everything is made anew, and only ids are handed on. Claims with a
    confidence below `review_below` take no part, unless somebody vouched for them. An edit of `curation` that cannot
    be applied is a problem of the report, every time.
    """
    progress(STAGE, 0, None)
    key = digest_of(RECONCILER, extractor.name, str(review_below), edits_key(curation), length=32)
    pending = store.load_pending()
    named = sorted(Curator(entities, curation).document_ids)
    curator = Curator(entities, curation, store.load_documents(extractor.name, named) if named else ())

    def load(ids: Sequence[str] | None) -> tuple[StoredDocument, ...]:
        return hold_back(store.load_documents(extractor.name, ids), review_below, curator.vouched)[0]

    totals = store.load_totals()
    is_whole = key != store.load_reconciled_key() or len(pending) > _MOST_PENDING * totals["documents"]
    if is_whole:
        change = rebuild(load(None), entities, store.load_reconciled()[1], curator)
    elif pending:
        with store.remembering(load) as memory:
            change = update(memory, pending, curator)
    if is_whole or pending:
        store.save_change(key, change, pending, is_whole=is_whole)
    note_edits(store, curation)
    problems = tell_problems(
        store, curator, key, lambda: (store.load_documents(extractor.name), store.load_reconciled()[1])
    )
    progress(STAGE, totals["documents"], totals["documents"])
    if not is_whole and not pending:
        return StageReport(STAGE, given=totals["documents"], skipped=totals["events"], problems=problems)
    done, events = len(change.events), store.load_totals()["events"]
    return StageReport(STAGE, given=totals["documents"], done=done, skipped=events - done, problems=problems)
