"""Extract: the words of versions -> entities, quantities, dates, claims."""

from __future__ import annotations

from itertools import islice

from tracker.pipeline.progress import Progress, silent
from tracker.ports import Extractor, Store
from tracker.types import StageReport

STAGE = "extract"
BATCH = 32
"""Versions for one transaction: what a crash can cost."""


def extract(store: Store, extractor: Extractor, progress: Progress = silent) -> StageReport:
    """Extract from every version that this extractor has not seen."""
    documents = list(store.load_unextracted(extractor.name))
    if not documents:
        return StageReport(STAGE)
    extractions = iter(extractor.extract_all(documents))
    done = 0
    progress(STAGE, done, len(documents))
    while batch := list(islice(extractions, BATCH)):
        store.save_extractions(extractor.name, batch)
        done += len(batch)
        progress(STAGE, done, len(documents))
    return StageReport(STAGE, given=len(documents), done=done)
