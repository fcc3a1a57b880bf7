"""Extraction on several cores: the same results in the same order."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from tracker.nlp.extractor import RuleExtractor
from tracker.types import Document, Extraction

_CHUNK = 32
_AHEAD = 3
"""Chunks under way for each process: enough to keep it busy, few enough that memory does not grow with the input."""

_extractor: RuleExtractor | None = None


def _start(model: str, gated: bool) -> None:
    global _extractor
    _extractor = RuleExtractor(model, gated=gated)


def _extract(documents: list[Document]) -> list[Extraction]:
    assert _extractor is not None, "the pool starts each worker with an extractor"
    return list(_extractor.extract_all(documents))


def extract_in_processes(
    documents: Iterable[Document], processes: int, model: str = "bundled", *, gated: bool = False
) -> Iterator[Extraction]:
    """Extractions in the order of the documents, made by so many worker processes."""
    rest = iter(documents)
    context = multiprocessing.get_context("spawn")  # spaCy holds threads, which do not survive a fork
    with ProcessPoolExecutor(processes, context, _start, (model, gated)) as pool:
        waiting: list[Future[list[Extraction]]] = []
        while True:
            while len(waiting) < processes * _AHEAD and (chunk := list(islice(rest, _CHUNK))):
                waiting.append(pool.submit(_extract, chunk))
            if not waiting:
                return
            yield from waiting.pop(0).result()
