"""Reconcile: extractions -> events, figures and answers. What came or changed is worked into the last result."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

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
    most: int | None = None,
    may_rebuild: bool = True,
) -> StageReport:
    """Work what came or changed since the last run into its result; where nothing did, it is left as it is.

    Only what the pending documents touch is read and written, unless the reconciler, the extractor, the threshold or
    the edits are others than last time: then everything is made anew, and only ids are handed on. Claims with a
    confidence below `review_below` take no part, unless somebody vouched for them. An edit of `curation` that cannot
    be applied is a problem of the report, every time.

    Args:
        most: of the pending documents so many are worked in, and only such as have been extracted; the others stay
            pending, and what comes of them in the end is the same. None: all.
        may_rebuild: False puts off making everything anew; what is not read yet would be missing from it.
    """
    progress(STAGE, 0, None)
    key = digest_of(RECONCILER, extractor.name, str(review_below), edits_key(curation), length=32)
    token = store.begin_reconciling()
    pending = store.load_pending() if most is None else store.load_ready(extractor.name)
    named = sorted(Curator(entities, curation).document_ids)
    curator = Curator(entities, curation, store.load_documents(extractor.name, named) if named else ())

    def load(ids: Sequence[str] | None) -> tuple[StoredDocument, ...]:
        return hold_back(store.load_documents(extractor.name, ids), review_below, curator.vouched)[0]

    totals = store.load_totals()
    is_other = key != store.load_reconciled_key()
    is_whole = is_other or len(pending) > _MOST_PENDING * totals["documents"]
    if is_whole and not may_rebuild:
        if is_other:
            return StageReport(STAGE, given=totals["documents"], skipped=totals["events"])
        is_whole = False
    if most is not None and not is_whole:
        pending = dict(islice(pending.items(), most))
    if is_whole:
        change = rebuild(load(None), entities, store.load_reconciled()[1], curator)
    elif pending:
        with store.remembering(load) as memory:
            change = update(memory, pending, curator)
    if is_whole or pending:
        store.save_change(key, change, pending, is_whole=is_whole, token=token)
    note_edits(store, curation)
    problems = tell_problems(
        store, curator, key, lambda: (store.load_documents(extractor.name), store.load_reconciled()[1])
    )
    progress(STAGE, totals["documents"], totals["documents"])
    if not is_whole and not pending:
        return StageReport(STAGE, given=totals["documents"], skipped=totals["events"], problems=problems)
    done, events = len(change.events), store.load_totals()["events"]
    return StageReport(STAGE, given=totals["documents"], done=done, skipped=events - done, problems=problems)
