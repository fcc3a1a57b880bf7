"""Reconciling: how well documents are grouped, and how the cost of one more grows with what is stored.

Quality: extended B-cubed on data/gold and data/training beside three baselines, and on further corpora and the public
set where their folders are given. Growth: `--quick` grows the store to 10,000 documents; without it to 100,000, which
takes the better part of an hour.

usage: reconcile.py [--quick] [--json] [--part growth|quality] [--largest N] [--corpus FOLDER ...] [--public FOLDER]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.figures import print_figures
from benchmarks.reconcile_growth import Cost, measure_growth, peak_mb
from benchmarks.reconcile_quality import add_folders, folders_of, measure_quality


def show(costs: list[Cost]) -> None:
    heads = ("documents", "events", "one ms", "day ms", "keep ms", "memory KB", "database KB")
    print("  ".join(f"{head:>11}" for head in heads))
    for cost in costs:
        row = (cost.documents, cost.events, cost.one_ms, cost.add_ms, cost.keep_ms, cost.memory_kb, cost.database_kb)
        print("  ".join(f"{value:>11,.1f}" if isinstance(value, float) else f"{value:>11,}" for value in row))
    print("each per added document: in a run of its own, and in a run that takes those of a day")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="to 10,000 documents instead of 100,000")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--largest", type=int, help="stop at this size")
    parser.add_argument("--part", choices=("growth", "quality"), help="only this part")
    add_folders(parser)
    arguments = parser.parse_args()
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    lines: list[str] = []
    if arguments.part != "growth":
        figures, ratios, lines = measure_quality(folders_of(parser, arguments), arguments.public, arguments.quick)
        if not arguments.json:
            print("\n".join(lines), flush=True)
    if arguments.part != "quality":
        grow(arguments, figures, ratios)
    if arguments.json:
        print_figures(figures, ratios, as_json=True)


def grow(arguments: argparse.Namespace, figures: dict[str, float], ratios: dict[str, float]) -> None:
    """Measure growth into `figures` and `ratios`, and print it."""
    costs = measure_growth(arguments.largest or (10_000 if arguments.quick else 100_000))
    by_size = {cost.documents: cost for cost in costs}
    first = costs[0]
    figures["peak_memory_mb"] = round(peak_mb())
    for size, cost in by_size.items():
        figures[f"one_ms_at_{size}"] = round(cost.one_ms, 2)
        figures[f"add_ms_at_{size}"] = round(cost.add_ms, 2)
        figures[f"memory_kb_at_{size}"] = round(cost.memory_kb, 1)
        figures[f"events_at_{size}"] = cost.events
    grown = {}
    for size, cost in by_size.items():
        if cost is not first:
            sizes = f"{size}th_vs_{first.documents}th"
            grown[f"cost_{sizes}_document"] = round(cost.one_ms / first.one_ms, 2)
            grown[f"cost_{sizes}_document_of_a_day"] = round(cost.add_ms / first.add_ms, 2)
    ratios.update(grown)
    if arguments.json:
        return
    show(costs)
    print_figures({}, grown, as_json=False)


if __name__ == "__main__":
    main()
