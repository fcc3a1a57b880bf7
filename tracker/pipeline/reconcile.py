"""Reconcile: extractions -> events, figures and answers."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.ids import digest_of
from tracker.pipeline.progress import Progress, silent
from tracker.ports import Extractor, Store
from tracker.reconcile import hold_back
from tracker.reconcile import reconcile as reconcile_documents
from tracker.reconcile.key import RECONCILER
from tracker.types import Entity, StageReport, StoredDocument

STAGE = "reconcile"


def reconcile(
    store: Store,
    extractor: Extractor,
    entities: Sequence[Entity],
    progress: Progress = silent,
    *,
    review_below: float = 0.0,
) -> StageReport:
    """Make events out of everything extracted; the same input as last time is left as it is.

    Claims with a confidence below `review_below` take no part.
    """
    progress(STAGE, 0, None)
    documents, _ = hold_back(store.load_documents(extractor.name), review_below)
    key = _key_of(documents, extractor.name, review_below)
    last_key, previous = store.load_reconciled()
    if key == last_key:
        return StageReport(STAGE, given=len(documents), skipped=len(previous.events))
    result = reconcile_documents(documents, entities, previous)
    store.save_reconciled(key, result)
    progress(STAGE, len(documents), len(documents))
    return StageReport(STAGE, given=len(documents), done=len(result.events))


def _key_of(documents: Sequence[StoredDocument], extractor: str, review_below: float) -> str:
    parts = [RECONCILER, extractor, str(review_below)]
    for document in documents:
        parts += [document.id, document.publisher, document.source]
        for version in document.versions:
            parts += [version.id, version.text_sha256, version.title, str(version.published)]
    return digest_of(*parts, length=32)
