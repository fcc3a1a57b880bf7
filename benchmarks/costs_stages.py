"""What each stage costs a page or a document, in seconds of the processor: the program's and the database server's.

The invented papers of scale_stories.py are collected over loopback, archived, read, extracted, reconciled and published
in this process, as `tracker run` does it. What hangs on what a document says, or on how much is there already, is
measured by itself: extracting a document on the matter and one on other things, reconciling behind more and more
documents, publishing a larger and a smaller site.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from benchmarks.reconcile_growth import put, run
from benchmarks.reconcile_world import DOCUMENTS_A_DAY, World
from benchmarks.scale_run import cpu_s, pid_of
from benchmarks.scale_stories import stories
from benchmarks.scale_web import papers, sources_of
from tracker.app import App, open_app
from tracker.config import Settings
from tracker.fetch.archive import WarcArchive
from tracker.nlp.extractor import RuleExtractor
from tracker.ports import Original
from tracker.store import SqlStore, open_store
from tracker.types import ArchiveRef, Document, Extraction, Response

STAGES = ("collect", "read", "extract", "reconcile", "publish")
_TURNS = 3
Figures = dict[str, float]


def used_s(server: int | None = None) -> float:
    """Seconds of the processor so far: this process, those that it started and that have ended, and a server."""
    return sum(os.times()[:4]) + cpu_s(server)


@contextmanager
def fresh(kind: str) -> Iterator[tuple[str | None, int | None]]:
    """(the address of an empty database, None for SQLite in the data folder; the server's process)."""
    with ExitStack() as opening:
        if kind == "sqlite":
            yield None, None
            return
        from tests.postgres import running_server

        server = opening.enter_context(running_server("autovacuum=on", "full_page_writes=on"))
        yield opening.enter_context(server.database()), pid_of(server.folder)


def measure_run(kind: str, documents: int) -> Figures:
    """A run from the network to the site: milliseconds a document by stage, and what is on the disk after it."""
    with fresh(kind) as (address, server), tempfile.TemporaryDirectory() as name, papers(documents) as port:
        folder = Path(name)
        with open_app(_settings(folder, address, port)) as app:
            took = {stage: _timed(stage_of(app, stage), server) for stage in STAGES}
            figures = {f"{kind}_{stage}_ms": took[stage] / documents * 1e3 for stage in STAGES}
            figures |= {f"{kind}_bytes_{table}": size / documents for table, size in sizes_of(app.store).items()}
        figures[f"{kind}_archive_bytes"] = _size(folder / "var", "*.warc.gz") / documents
        figures[f"{kind}_site_bytes"] = _size(folder / "site", "*") / documents
    return figures


def _settings(folder: Path, address: str | None, port: int) -> Settings:
    network = {
        "resolve": {"*.example": f"127.0.0.1:{port}"},
        "allow_networks": ["127.0.0.0/8"],
        "per_host_delay_s": 0,
        "daily_requests_per_host": 1_000_000,
    }
    return Settings.model_validate(
        {
            "data_dir": folder / "var",
            **({"database": address} if address else {}),
            "site": {"out": folder / "site", "base_url": "https://tracker.example/", "search": False},
            "network": network,
            "sources": sources_of(),
        }
    )


def stage_of(app: App, stage: str) -> Callable[[], object]:
    """The call that does a stage."""
    if stage == "collect":
        return lambda: app.collect(app.settings.select_sources(None))
    done: Callable[[], object] = getattr(app, stage)
    return done


def _timed(work: Callable[[], object], server: int | None = None) -> float:
    before = used_s(server)
    work()
    return used_s(server) - before


def _size(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file())


def measure_revisit() -> Figures:
    """Bytes in the archive of an answer that says that nothing is new."""
    at, many = datetime(2026, 6, 1, tzinfo=UTC), 200
    with tempfile.TemporaryDirectory() as name, WarcArchive(Path(name), "run") as archive:
        for number in range(many):
            url = f"https://paper{number % 50}.example/2026/06/01/story-{number:06d}"
            headers = (("etag", f'"{number:x}"'), ("date", "Mon, 01 Jun 2026 09:00:00 GMT"))
            first = ArchiveRef("20260601-run.warc.gz", 1, f"<urn:uuid:{number}>")
            archive.append(Response(url, url, 304, headers, b"", at, True), Original(first, url, at))
        return {"archive_revisit_bytes": _size(Path(name), "*.warc.gz") / many}


_PAGES = (
    "SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize) FROM dbstat s "
    "LEFT JOIN sqlite_master m ON m.name = s.name GROUP BY 1"
)
_RELATIONS = (
    "SELECT relname, pg_total_relation_size(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE relkind = 'r' AND nspname = current_schema()"
)


def sizes_of(store: SqlStore) -> dict[str, int]:
    """Bytes of each table with its indexes, largest first."""
    on_server = store._engine.dialect.name == "postgresql"
    with store._engine.connect() as connection:
        rows = connection.execute(text(_RELATIONS if on_server else _PAGES)).all()
    sizes = {name: int(size) for name, size in rows if not name.startswith(("sqlite_", "alembic", "procrastinate"))}
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))


def measure_extract(documents: int) -> Figures:
    """Milliseconds a document on the matter, and one on other things, by the extractor that collecting wants."""
    extractor = RuleExtractor("bundled", gated=True)
    written = [Document(f"d{story.number}", story.text, title=story.title) for story in stories(4 * documents)]
    read = list(extractor.extract_all(written))  # warm, and to know which is which
    figures: Figures = {}
    for name, is_on in (("relevant", True), ("other", False)):
        some = [d for d, e in zip(written, read, strict=True) if (e.relevance == "relevant") is is_on][:documents]
        figures[f"extract_{name}_ms"] = _median_ms(lambda some=some: list(extractor.extract_all(some)), len(some))
    on = [item for item in read if item.relevance == "relevant"]
    figures["claims_a_relevant_document"] = sum(len(item.claims) for item in on) / len(on)
    return figures


def _median_ms(work: Callable[[], object], items: int) -> float:
    took = []
    for _ in range(_TURNS):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    return statistics.median(took) / items * 1e3


def measure_reconcile(sizes: Sequence[int]) -> Figures:
    """Milliseconds a document of a day on the matter behind each size, and one on other things; bytes of a result."""
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/world.db") as store:
        days, held = World().days(), 0
        for size in sizes:
            while held < size:
                put(store, next(days))
                held += DOCUMENTS_A_DAY
            run(store)
            took = []
            for _ in range(_TURNS):
                put(store, next(days))
                took.append(run(store))
                held += DOCUMENTS_A_DAY
            figures[f"reconcile_relevant_ms_at_{size}"] = statistics.median(took) / DOCUMENTS_A_DAY * 1e3
        totals = store.load_totals()
        figures["events_a_relevant_document"] = totals["events"] / totals["documents"]
        others = [
            (Document(f"other{n}", f"The choir of valley {n} sang.", f"https://o.example/{n}"),
             Extraction(f"other{n}", "irrelevant")) for n in range(100)
        ]  # fmt: skip
        put(store, others)
        figures["reconcile_other_ms"] = run(store) / len(others) * 1e3
        sizes_here = sizes_of(store)
        of_result = ("document", "version", "extraction", "pending")
        rest = sum(size for table, size in sizes_here.items() if table not in of_result)
        figures["sqlite_bytes_of_a_result"] = rest / totals["documents"]
        figures["claims_a_document_reconciled"] = totals["claims"] / totals["documents"]
    return figures
