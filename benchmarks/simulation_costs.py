"""What benchmarks/simulation.py reckons with: what is watched, what there is to work with, what each thing costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

DAY_S = 86_400.0


@dataclass(frozen=True)
class World:
    """What is watched. Times in seconds."""

    sources: int
    pages_a_day: float = 5.0
    """Of a source, at the mean."""
    skew: float = 1.58
    """Sigma of the lognormal of what sources print; docs/scale.md says where from."""
    relevant: float = 0.01
    """The share of pages on the matter."""
    every_s: float = 3_600.0
    slowest_s: float = DAY_S
    delay_s: float = 1.0
    daily_requests: float = 2_000.0
    revisit_every_s: float = 6 * 3_600.0
    revisit_for_s: float = 14 * DAY_S
    settle_s: float = 10.0
    other_documents: bool = True
    """site.other_documents: whether those on other things are published."""
    fresh_s: float = 900.0
    """How old the site may be at the most before one calls it broken."""

    def __post_init__(self) -> None:
        """Refuses what is no world."""
        if self.sources < 1 or self.pages_a_day <= 0 or self.skew < 0:
            raise ValueError(f"no world of {self.sources} sources with {self.pages_a_day} pages a day: both above 0")
        if not 0 <= self.relevant <= 1:
            raise ValueError(f"a share of {self.relevant} on the matter: between 0 and 1")
        if min(self.every_s, self.slowest_s, self.delay_s, self.daily_requests, self.revisit_every_s) <= 0:
            raise ValueError("times and budgets of sources: above 0")


@dataclass(frozen=True)
class Machines:
    """What there is to work with."""

    cores: float = 2.0
    """Of the workers and of the database together."""
    memory_gb: float = 16.0
    """Where the site is made."""
    way_s: float = 0.0005
    """To the database and back."""
    sync_s: float = 0.001
    """Until its disk has what it was given."""
    batch: int = 32
    """Pages and documents that are kept in one transaction; visits are twice as many."""

    def __post_init__(self) -> None:
        """Refuses what nobody has."""
        if min(self.cores, self.memory_gb, self.batch) <= 0 or min(self.way_s, self.sync_s) < 0:
            raise ValueError(
                f"no machines of {self.cores} cores and {self.memory_gb} GB: both above 0, times not below"
            )


@dataclass(frozen=True)
class Costs:
    """Unit costs, out of the figures of benchmarks/costs.py. Seconds of the processor, of the lock, bytes."""

    figures: Mapping[str, float]
    kind: str = "postgresql"

    def __post_init__(self) -> None:
        """Refuses figures that lack one."""
        wanted = [f"{self.kind}_collect_ms", f"{self.kind}_read_ms", "extract_relevant_ms", "publish_whole_fixed_s"]
        if missing := [name for name in wanted if name not in self.figures]:
            raise ValueError(f"these are no figures of benchmarks/costs.py: {', '.join(missing)} not among them")
        if bad := [name for name in wanted if self.figures[name] < 0]:
            raise ValueError(f"a cost below nothing: {', '.join(bad)}")

    def ms(self, name: str) -> float:
        """A figure in milliseconds, as seconds."""
        return self.figures[name] / 1e3

    def stage_s(self, stage: str) -> float:
        """Of a page: `collect`, `read` (the server's part is in it)."""
        return self.ms(f"{self.kind}_{stage}_ms")

    def extract_s(self, relevant: float) -> float:
        """Of a document, so many of which are on the matter."""
        return relevant * self.ms("extract_relevant_ms") + (1 - relevant) * self.ms("extract_other_ms")

    def reconcile_s(self, relevant: float, held: float) -> float:
        """Of a document behind so many on the matter: what it costs grows with their logarithm."""
        sizes = sorted(
            int(name.rpartition("_")[2]) for name in self.figures if name.startswith("reconcile_relevant_ms")
        )
        first, last = sizes[0], sizes[-1]
        low, high = (self.ms(f"reconcile_relevant_ms_at_{size}") for size in (first, last))
        decades = math.log10(max(held, first) / first)
        slope = (high - low) / math.log10(last / first)
        return relevant * (low + slope * decades) + (1 - relevant) * self.ms("reconcile_other_ms")

    def publish(self, name: str, unit: str, relevant: float, other: float, *, shows_other: bool = True) -> float:
        """What `whole` or `one_more` site costs (s), or the `peak` of memory (mb), with so much held."""
        shown = "kb" if unit == "mb" else "ms"
        others = "other" if shows_other else "left_out"
        parts = [self.figures[f"publish_{name}_{part}_{shown}"] / 1e3 for part in ("relevant", others)]
        fixed = self.figures[f"publish_{name}_fixed_{unit}"]
        return max(fixed, 0.0) + max(parts[0], 0.0) * relevant + max(parts[1], 0.0) * other

    def held_s(self, transaction: str, machines: Machines) -> float:
        """How long one transaction of a kind keeps the other writers waiting."""
        name = f"lock_{self.kind}_{transaction}"
        at_work = self.ms(f"{name}_program_ms") + self.ms(f"{name}_server_ms")
        return at_work + (self.figures[f"{name}_statements"] + 1) * machines.way_s + machines.sync_s

    def lock_s(self, transaction: str, machines: Machines, size: int) -> float:
        """Of one item of a kind, of which so many were measured together, kept `machines.batch` at a time."""
        whole = self.held_s(f"{transaction}_{size}", machines)
        alone = 2 * machines.way_s + machines.sync_s  # what a transaction costs with nothing in it
        per_item = (whole - alone) / size
        many = machines.batch * (2 if size > 32 else 1)
        return per_item + alone / many

    def bytes_of(self, *tables: str) -> float:
        """On the disk of the database, a document."""
        return sum(self.figures.get(f"{self.kind}_bytes_{table}", 0.0) for table in tables)


@dataclass(frozen=True)
class Flow:
    """So much of each kind of work: things done, or things a second."""

    listings: float = 0.0
    again: float = 0.0
    """Young pages that are asked for once more."""
    new: float = 0.0
    read: float = 0.0
    extracted: float = 0.0
    reconciled: float = 0.0


@dataclass(frozen=True)
class Work:
    """What a flow takes: seconds of the cores, of the writer's lock, and of the one run of the reconciler."""

    cores_s: float
    lock_s: float
    lane_s: float


def work_of(flow: Flow, world: World, machines: Machines, costs: Costs, held: float) -> Work:
    """What a flow takes, with so many documents on the matter held."""
    asked = flow.listings + flow.again + flow.new
    lane = flow.reconciled * costs.reconcile_s(world.relevant, held)
    cores = asked * costs.stage_s("collect") + flow.read * costs.stage_s("read")
    cores += flow.extracted * costs.extract_s(world.relevant) + lane
    lock = (
        flow.again * costs.lock_s("visits_again", machines, 64)
        + flow.new * costs.lock_s("visits", machines, 64)
        + flow.listings * costs.held_s("sightings_again", machines)
        + flow.read * costs.lock_s("readings", machines, 32)
        + flow.extracted * costs.lock_s("extractions", machines, 32)
        + flow.reconciled * world.relevant * costs.lock_s("change", machines, 25)
    )
    return Work(cores, lock, lane)
