"""What the unit costs foretell of a run beside what it took: benchmarks/simulate.py --check N."""

from __future__ import annotations

from pathlib import Path

from benchmarks.scale_run import STAGES, run_once
from benchmarks.simulation_costs import Costs

_RELEVANT = 0.4
"""Of the stories of scale_stories.py, by their making."""


def foretell(costs: Costs, documents: int) -> dict[str, float]:
    """Seconds of the processor of each stage of a run over so many stories, all handed in at once."""
    found = {stage: documents * costs.stage_s(stage) for stage in ("collect", "read", "reconcile")}
    found["extract"] = documents * costs.extract_s(_RELEVANT)
    on = documents * _RELEVANT
    found["publish"] = costs.publish("whole", "s", on, documents - on)
    return {stage: found[stage] for stage in STAGES}


def check(path: Path, documents: int) -> dict[str, float]:
    """Print what was foretold and what was measured on SQLite; foretold by measured, of each stage and of the whole.

    Raises:
        ValueError: too few documents to tell anything.
    """
    from benchmarks.simulate import load_costs

    if documents < 100:
        raise ValueError(f"--check {documents}: at least 100")
    foretold = foretell(load_costs(path, "sqlite"), documents)
    measured = run_once(documents, None).cpu_s
    pairs = {stage: (foretold[stage], measured[stage]) for stage in STAGES}
    pairs["whole"] = (sum(foretold.values()), sum(measured.values()))
    print(f"{documents} documents, seconds of the processor: foretold, measured, ratio")
    for stage, (before, after) in pairs.items():
        print(f"{stage:>10} {before:>8.1f} {after:>8.1f} {before / after:>6.2f}")
    return {f"foretold_vs_measured_{stage}": round(before / after, 2) for stage, (before, after) in pairs.items()}
