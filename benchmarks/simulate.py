"""What so many sources, or all of Common Crawl News, ask of the machines, and what breaks first: for docs/scale.md.

Takes the unit costs that benchmarks/costs.py has measured (benchmarks/costs.json, or --costs), and lets the fluid model
of simulation.py run two days of 60, 1,000, 20,000 and 100,000 sources, on the first day and after a month and a year;
and reckons through the backfill of the news archive with 1, 10 and 100 cores. --check N measures a real run over N
documents (benchmarks/scale_run.py) and prints what the unit costs had foretold beside it.

usage: simulate.py [--quick] [--json] [--costs FILE] [--cores N] [--memory GB] [--relevant SHARE] [--relevant-only]
                   [--revisit-every H] [--check N]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.figures import print_figures
from benchmarks.simulation import Outcome, breaks_after, simulate
from benchmarks.simulation_backfill import CC_NEWS, backfill
from benchmarks.simulation_costs import Costs, Machines, World

SOURCES = (60, 1_000, 20_000, 100_000)
AGES = (0, 30, 365)
BACKFILL_CORES = (1, 10, 100)
KEPT = (0.001, 0.01)
"""Shares of an archive that pass the screen; nobody knows that of all of Common Crawl News."""
_MEASURED = Path(__file__).parent / "costs.json"
_ROW = "{:>9} {:>5} {:>5} {:>10} {:>10} {:>9} {:>9} {:>7} {:>7} {:>7} {:>8} {:>8}  {}"


def load_costs(path: Path, kind: str = "postgresql") -> Costs:
    """The figures that benchmarks/costs.py has written.

    Raises:
        ValueError: it is no such file.
    """
    try:
        return Costs(json.loads(path.read_text("utf-8"))["figures"], kind)
    except (OSError, KeyError, json.JSONDecodeError, TypeError) as error:
        raise ValueError(
            f"{path}: no figures of benchmarks/costs.py ({error}); it writes them with --json FILE"
        ) from error


def scenarios(costs: Costs, world: World, machines: Machines, *, quick: bool) -> Iterator[tuple[int, int, Outcome]]:
    """(sources, age in days, what came of it) of each."""
    for sources in SOURCES:
        for age in AGES[:: 2 if quick else 1]:
            days, step = (0.5, 300.0) if quick else (2.0, 60.0)
            yield (
                sources,
                age,
                simulate(replace(world, sources=sources), machines, costs, days=days, age_days=age, step_s=step),
            )


def show(sources: int, age: int, cores: float, found: Outcome) -> str:
    """A line of the table."""
    load = found.load
    lags = [f"{lag / 60:.0f} min" if lag == lag else "-" for lag in found.lag_s]
    return _ROW.format(
        f"{sources:,}", age, f"{cores:g}", f"{found.requests_a_day:,.0f}", f"{found.published:,.0f}", *lags,
        *(f"{load[name]:.0%}" for name in ("cores", "writer's lock", "reconciling")),
        f"{found.build_s:,.0f} s", f"{found.build_gb:.1f} GB",
        f"{found.bottleneck} {found.load[found.bottleneck]:.2f}" if found.load[found.bottleneck] > 0.7 else "nothing",
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="half a day in large steps")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--costs", type=Path, default=_MEASURED, help="figures of benchmarks/costs.py --json FILE")
    parser.add_argument("--cores", type=float, default=8.0, help="of workers and database (8)")
    parser.add_argument("--memory", type=float, default=16.0, help="GB where the site is made (16)")
    parser.add_argument("--relevant", type=float, default=0.01, help="share of pages on the matter (0.01)")
    parser.add_argument("--revisit-every", type=float, default=6.0, help="hours, as in config.yaml (6)")
    parser.add_argument("--relevant-only", action="store_true", help="with site.other_documents: false")
    parser.add_argument("--check", type=int, metavar="N", help="measure a run over N documents beside")
    arguments = parser.parse_args()
    try:
        costs = load_costs(arguments.costs)
        every_s, shows_other = arguments.revisit_every * 3600, not arguments.relevant_only
        world = World(1, relevant=arguments.relevant, revisit_every_s=every_s, other_documents=shows_other)
        machines = Machines(arguments.cores, arguments.memory)
        figures = _all(costs, world, machines, quick=arguments.quick, silent=arguments.json)
    except ValueError as error:
        parser.error(str(error))
    ratios: dict[str, float] = {}
    if arguments.check:
        from benchmarks.simulation_check import check

        ratios = check(arguments.costs, arguments.check)
    if arguments.json:
        print_figures(figures, ratios, as_json=True)


def _all(costs: Costs, world: World, machines: Machines, *, quick: bool, silent: bool) -> dict[str, float]:
    figures: dict[str, float] = {}
    lines = [_ROW.format("sources", "age d", "cores", "requests/d", "published", "lag 50%", "lag 95%", "cores", "lock",
                         "reconc.", "build", "memory", "what breaks first, by how much")]  # fmt: skip
    for sources, age, found in scenarios(costs, world, machines, quick=quick):
        lines.append(show(sources, age, machines.cores, found))
        name = f"sources_{sources}_age_{age}"
        figures |= {f"{name}_load_{what.replace(' ', '_')}": round(load, 4) for what, load in found.load.items()}
        figures[f"{name}_database_gb_a_day"] = round(found.database_bytes_a_day / 1e9, 3)
        figures[f"{name}_archive_gb_a_day"] = round(found.archive_bytes_a_day / 1e9, 3)
        figures[f"{name}_lag_95_s"] = round(found.lag_s[1], 1)
    lines += ["", "after how many days each is wanted more than it is there (pages by then)"]
    for sources in SOURCES:
        watched = replace(world, sources=sources)
        due = breaks_after(watched, machines, costs)
        told = [f"{what} {day:,.0f} ({day * sources * world.pages_a_day:,.0f})" for what, day in due.items()]
        lines.append(f"{sources:>9,} sources: {', '.join(told) or 'none in 20 years'}")
        figures |= {f"sources_{sources}_{what.replace(' ', '_')}_breaks_after_days": day for what, day in due.items()}
    lines += ["", "all of Common Crawl News: kept share, cores, days, and what each part alone would take (days)"]
    for kept in KEPT:
        for cores in BACKFILL_CORES:
            done = backfill(CC_NEWS, replace(machines, cores=cores), costs, kept=kept, relevant=0.5)
            parts = ", ".join(f"{what} {days:.1f}" for what, days in done.days_of.items())
            lines.append(f"{kept:>7.1%} {cores:>4} cores {done.days:>8.1f} days: {done.bottleneck}; {parts}")
            figures[f"backfill_kept_{kept}_cores_{cores}_days"] = round(done.days, 2)
    if not silent:
        print("\n".join(lines))
    return figures


if __name__ == "__main__":
    main()
