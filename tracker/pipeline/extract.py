"""Extract: the words of versions -> entities, quantities, dates, claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from tracker.pipeline.progress import Progress, silent
from tracker.ports import Extractor, Store
from tracker.ports.work import BATCH
from tracker.types import Document, StageReport

STAGE = "extract"


def extract(store: Store, extractor: Extractor, progress: Progress = silent) -> StageReport:
    """Extract from every version that this extractor has not seen."""
    return extract_documents(store, extractor, list(store.load_unextracted(extractor.name)), progress)


def extract_documents(
    store: Store,
    extractor: Extractor,
    documents: Sequence[Document],
    progress: Progress = silent,
    due: Mapping[str, int] | None = None,
) -> StageReport:
    """Extract from these versions, so many in a transaction; `due` as for `Store.save_extractions`."""
    if not documents:
        return StageReport(STAGE)
    extractions = iter(extractor.extract_all(documents))
    done = 0
    progress(STAGE, done, len(documents))
    while batch := list(islice(extractions, BATCH)):
        store.save_extractions(extractor.name, batch, due)
        done += len(batch)
        progress(STAGE, done, len(documents))
    return StageReport(STAGE, given=len(documents), done=done)
