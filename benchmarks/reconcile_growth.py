"""How the cost of one more document grows with the store: a world of invented news, through the real store.

At each size the documents of some further days are handed in; each day is reconciled as a run of its own, and of one
day each document. Part of `benchmarks/reconcile.py`.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.reconcile_world import DOCUMENTS_A_DAY, World, entities
from tracker.pipeline.reconcile import reconcile
from tracker.store import SqlStore, open_store
from tracker.types import Document, Extraction

SIZES = (100, 1_000, 10_000, 100_000)
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_DAYS_TIMED = 3


class Prepared:
    """What was read out of the documents is given."""

    name = "prepared"

    def extract(self, document: Document) -> Extraction:
        raise NotImplementedError

    def extract_all(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        raise NotImplementedError


@dataclass(frozen=True)
class Cost:
    """Of one more document at a size: medians over single days, in seconds of the processor."""

    documents: int
    add_ms: float
    """To reconcile it, with what it touches, in a run that takes those of a day."""
    one_ms: float
    """To reconcile it in a run of its own: the mean over the documents of a day."""
    keep_ms: float
    """To put it and what was read of it into the store."""
    memory_kb: float
    """The most that a run had in hand at once."""
    events: int
    database_kb: float


def put(store: SqlStore, day: list[tuple[Document, Extraction]]) -> float:
    started = time.process_time()
    for document, _ in day:
        store.save_ingested(document, _AT)
    store.save_extractions(Prepared.name, [extraction for _, extraction in day])
    return time.process_time() - started


def run(store: SqlStore) -> float:
    started = time.process_time()
    reconcile(store, Prepared(), entities())
    return time.process_time() - started


def measure_growth(largest: int) -> list[Cost]:
    """The cost at each size up to the largest."""
    costs = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world.db"
        with open_store(f"sqlite:///{path}") as store:
            days = World().days()
            held = 0
            for size in (size for size in SIZES if size <= largest):
                while held < size:
                    put(store, next(days))
                    held += DOCUMENTS_A_DAY
                    if held % 5_000 == 0:
                        print(f"... {held} documents", file=sys.stderr)
                run(store)
                timed = []
                for _ in range(_DAYS_TIMED):
                    kept = put(store, next(days))
                    timed.append((run(store), kept))
                alone = []
                for item in next(days):
                    put(store, [item])
                    alone.append(run(store))
                put(store, next(days))
                costs.append(_cost(store, path, size, timed, alone))
                held += (_DAYS_TIMED + 2) * DOCUMENTS_A_DAY
    return costs


def _cost(store: SqlStore, path: Path, size: int, timed: list[tuple[float, float]], alone: list[float]) -> Cost:
    tracemalloc.start()
    run(store)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Cost(
        documents=size,
        add_ms=1000 * statistics.median(seconds for seconds, _ in timed) / DOCUMENTS_A_DAY,
        one_ms=1000 * statistics.mean(alone),
        keep_ms=1000 * statistics.median(seconds for _, seconds in timed) / DOCUMENTS_A_DAY,
        memory_kb=peak / 1024 / DOCUMENTS_A_DAY,
        events=store.load_totals()["events"],
        database_kb=path.stat().st_size / 1024 / size,
    )


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
