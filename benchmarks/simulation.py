"""Sources, workers and the database as a fluid model: what benchmarks/simulate.py runs.

Time goes by in steps. In each, sources publish (Poisson, by day more than by night, their rates lognormal), lists and
young pages are asked for as the cadence and the politeness of config.yaml allow, and what came flows through the stages
as far as the cores, the one writer's lock, the one run of the reconciler and the one build of the site go. Nothing is
made or lost on the way, and a seed gives the same run again.

A page's way from its publisher to the site is read off two curves: when the n-th page was printed and when it was
published, with the wait for the source's next turn on top.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from benchmarks.simulation_costs import DAY_S, Costs, Flow, Machines, Work, World, work_of

_CLASSES = 128
_ASKS_PER_GAP = 4
"""tracker/cadence.py: how often a source is asked between two of its news."""
_NIGHT = 0.6
"""By how much of the mean the hour of the day moves what is printed."""
_SAMPLES = 4_001
_NARROW = 1e-6


@dataclass
class Outcome:
    """What came of a run."""

    printed: float
    """Pages that sources printed."""
    published: float
    waiting: dict[str, float]
    """What stands before each stage at the end."""
    lag_s: tuple[float, float]
    """From the publisher to the site: of half of the pages, and of nineteen in twenty at the most; nan without any."""
    load: dict[str, float]
    """Of each resource what is wanted of it in the long run by what it has: above 1 it is what breaks."""
    busy: dict[str, float]
    """How much of its time each was at work in this run."""
    requests_a_day: float
    revisits_a_day: float
    database_bytes_a_day: float
    archive_bytes_a_day: float
    build_s: float
    """One build of the site at the end."""
    build_gb: float
    late_revisits: float
    """Pages that were not asked for again, since their host had enough."""

    @property
    def bottleneck(self) -> str:
        """What is wanted most of."""
        return max(self.load, key=lambda name: self.load[name])


def rates_of(world: World, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(sources in each class, pages a second of one of them): the draw of a lognormal, in classes of like sources."""
    draw = np.random.default_rng(seed)
    rates = np.sort(draw.lognormal(0.0, world.skew, world.sources))
    rates *= world.pages_a_day / DAY_S / rates.mean()
    parts = np.array_split(rates, min(_CLASSES, world.sources))
    return np.array([len(part) for part in parts], float), np.array([part.mean() for part in parts])


class Simulation:
    """One run; `simulate` is its door."""

    def __init__(
        self, world: World, machines: Machines, costs: Costs, age_days: float, seed: int, step_s: float
    ) -> None:
        self.world, self.machines, self.costs, self.step_s = world, machines, costs, step_s
        self.draw = np.random.default_rng(seed + 1)
        self.count, self.rate = rates_of(world, seed)
        gap = 1 / np.maximum(self.rate, 1e-12)
        self.pause = np.maximum(world.every_s, np.minimum(gap / _ASKS_PER_GAP, world.slowest_s))
        before = world.sources * world.pages_a_day * age_days
        self.relevant, self.other = before * world.relevant, before * (1 - world.relevant)
        self.young = self.count * self.rate * min(age_days * DAY_S, world.revisit_for_s)
        """Pages of each class that are still asked for again."""
        self.to_fetch = np.zeros_like(self.count)
        self.queue = dict.fromkeys(("read", "extract", "reconcile", "publish"), 0.0)
        self.building, self.builds_until, self.now = 0.0, 0.0, 0.0
        self.printed = self.published = self.late = self.requests = self.revisits = self.fetched = 0.0
        self.busy = dict.fromkeys(("cores", "writer's lock", "reconciling", "publishing"), 0.0)
        self.times, self.came, self.went = [0.0], [0.0], [0.0]

    def step(self) -> None:
        """One step of time."""
        world, dt = self.world, self.step_s
        hour = 1 + _NIGHT * math.sin(2 * math.pi * self.now / DAY_S)
        arrived = self.draw.poisson(self.count * self.rate * dt * hour).astype(float)
        self.printed += arrived.sum()
        self.to_fetch += arrived
        self.young += arrived - self.young * min(dt / world.revisit_for_s, 1.0) * (
            self.young > self.count * self.rate * world.revisit_for_s
        )
        listings, new, again = self._asked(dt)
        asked = float(listings.sum()), float(new.sum()), float(again.sum())
        share = self._share(*asked, dt)
        self.to_fetch -= new * share
        self._move(self._flow(*asked, share, dt))
        self.requests += sum(asked) * share
        self.revisits += asked[2] * share
        self.now += dt
        self._publish(dt)
        self.times.append(self.now)
        self.came.append(self.printed)
        self.went.append(self.published)

    def _asked(self, dt: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Lists, new pages and pages once more that the hosts let us ask for."""
        world = self.world
        allowed = self.count * dt * min(1 / world.delay_s, world.daily_requests / DAY_S)
        listings = np.minimum(self.count * dt / self.pause, allowed)
        wanted_again = self.young * dt / world.revisit_every_s
        new = np.minimum(self.to_fetch, allowed - listings)
        again = np.minimum(wanted_again, allowed - listings - new)
        self.late += float((wanted_again - again).sum())
        return listings, new, again

    def _share(self, listings: float, new: float, again: float, dt: float) -> float:
        """How much of what could be done there are cores and turns at the lock for; all stages get as much of it."""
        building = min(self._build_s() / dt, 1.0) if self.queue["publish"] or self.building else 0.0
        free = max(self.machines.cores - building, self.machines.cores / 4) * dt

        def works(share: float) -> Work:
            return work_of(
                self._flow(listings, new, again, share, dt), self.world, self.machines, self.costs, self.relevant
            )

        low, high = 0.0, 1.0
        if works(high).cores_s <= free and works(high).lock_s <= dt:
            low = high
        while high - low > _NARROW:
            share = (low + high) / 2
            work = works(share)
            low, high = (share, high) if work.cores_s <= free and work.lock_s <= dt else (low, share)
        work = works(low)
        self.busy["cores"] += work.cores_s / self.machines.cores
        self.busy["writer's lock"] += work.lock_s
        self.busy["reconciling"] += work.lane_s
        return low

    def _flow(self, listings: float, new: float, again: float, share: float, dt: float) -> Flow:
        """What is done in a step where so much of everything can be."""
        fetched = new * share
        read = (self.queue["read"] + fetched) * share
        extracted = (self.queue["extract"] + read) * share
        lane = dt / self.costs.reconcile_s(self.world.relevant, self.relevant + 1)
        reconciled = min((self.queue["reconcile"] + extracted) * share, lane)
        return Flow(listings * share, again * share, fetched, read, extracted, reconciled)

    def _move(self, flow: Flow) -> None:
        """What is done stands before the next stage."""
        self.fetched += flow.new
        steps = (flow.new, flow.read, flow.extracted, flow.reconciled)
        for stage, came, went in zip(("read", "extract", "reconcile"), steps, steps[1:], strict=False):
            self.queue[stage] += came - went
        self.queue["publish"] += flow.reconciled
        self.relevant += flow.reconciled * self.world.relevant
        self.other += flow.reconciled * (1 - self.world.relevant)

    def _costs_of(self, name: str, unit: str) -> float:
        own = self.costs.publish(name, unit, self.relevant, self.other, shows_other=self.world.other_documents)
        return own + (self.world.sources * self.costs.ms("publish_source_ms") if unit == "s" else 0.0)

    def _build_s(self) -> float:
        return self._costs_of("one_more", "s")

    def _publish(self, dt: float) -> None:
        """One build after the other; what comes meanwhile waits for the next."""
        clock = self.now - dt
        while True:
            if self.building:
                if self.builds_until > self.now:
                    break
                clock = max(clock, self.builds_until)
                self.published, self.building = self.published + self.building, 0.0
            if not self.queue["publish"] or clock >= self.now:
                break
            self.building, self.queue["publish"] = self.queue["publish"], 0.0
            each = self.world.relevant * self.costs.ms("publish_whole_relevant_ms")
            took = self._build_s() + self.building * each
            self.builds_until = clock + self.world.settle_s + took
            self.busy["publishing"] += took

    def loads(self) -> dict[str, float]:
        """What is wanted of each resource in the long run, by what it has, as things stand now."""
        world, machines = self.world, self.machines
        a_second = float((self.count * self.rate).sum())
        again = float(self.young.sum()) / world.revisit_every_s
        flow = Flow(float((self.count / self.pause).sum()), again, a_second, a_second, a_second, a_second)
        work = work_of(flow, world, machines, self.costs, self.relevant)
        allowed = min(1 / world.delay_s, world.daily_requests / DAY_S)
        of_host = 1 / self.pause + self.rate + self.young / self.count / world.revisit_every_s
        each = world.relevant * self.costs.ms("publish_whole_relevant_ms")
        return {
            "cores": work.cores_s / machines.cores,
            "writer's lock": work.lock_s,
            "reconciling": work.lane_s,
            "publishing": self._build_s() / world.fresh_s + a_second * each,
            "memory of publishing": self._peak_gb() / machines.memory_gb,
            "the busiest hosts": float(of_host.max()) / allowed,
        }

    def _peak_gb(self) -> float:
        return self._costs_of("peak", "mb") / 1e3

    def outcome(self) -> Outcome:
        """What came of it so far."""
        days = self.now / DAY_S
        costs, per_day = self.costs, 1 / days
        of_page = costs.bytes_of("page", "sighting", "document", "version", "extraction")
        of_result = costs.figures["sqlite_bytes_of_a_result"] * (2 if costs.kind == "postgresql" else 1)
        database = self.fetched * (of_page + self.world.relevant * of_result) + self.requests * costs.bytes_of(
            "attempt"
        )
        archive = self.fetched * costs.figures[f"{costs.kind}_archive_bytes"]
        archive += self.revisits * costs.figures.get("archive_revisit_bytes", 0.0)
        return Outcome(
            printed=self.printed,
            published=self.published,
            waiting={"fetch": float(self.to_fetch.sum()), **self.queue, "build": self.building},
            lag_s=self._lags(),
            load=self.loads(),
            busy={name: used / self.now for name, used in self.busy.items()},
            requests_a_day=self.requests * per_day,
            revisits_a_day=self.revisits * per_day,
            database_bytes_a_day=database * per_day,
            archive_bytes_a_day=archive * per_day,
            build_s=self._build_s(),
            build_gb=self._peak_gb(),
            late_revisits=self.late,
        )

    def _lags(self) -> tuple[float, float]:
        if self.published < 1:
            return (math.nan, math.nan)
        at = np.linspace(0, self.published, _SAMPLES)
        way = np.interp(at, self.went, self.times) - np.interp(at, self.came, self.times)
        shares = np.cumsum(self.count * self.rate) / (self.count * self.rate).sum()
        turn = self.pause[np.searchsorted(shares, (np.arange(_SAMPLES) * 0.618034) % 1.0).clip(max=len(shares) - 1)]
        lags = np.maximum(way, 0) + turn * ((np.arange(_SAMPLES) * 0.414214) % 1.0)
        return float(np.quantile(lags, 0.5)), float(np.quantile(lags, 0.95))


def simulate(
    world: World, machines: Machines, costs: Costs, *, days: float = 2.0, age_days: float = 0.0, seed: int = 1,
    step_s: float = 60.0,
) -> Outcome:  # fmt: skip
    """So many days of a tracker that has been running for `age_days`.

    Raises:
        ValueError: no time goes by, or there is no such world.
    """
    if days <= 0 or step_s <= 0 or age_days < 0:
        raise ValueError(
            f"{days} days in steps of {step_s} s after {age_days}: the first two above 0, the last not below"
        )
    run = Simulation(world, machines, costs, age_days, seed, step_s)
    for _ in range(math.ceil(days * DAY_S / step_s)):
        run.step()
    return run.outcome()


def breaks_after(world: World, machines: Machines, costs: Costs, *, years: float = 20.0) -> dict[str, float]:
    """After how many days each resource is wanted more than it is there; those that never are in so many years, not."""

    def loads(age_days: float) -> dict[str, float]:
        return Simulation(world, machines, costs, age_days, seed=1, step_s=60.0).loads()

    found = {}
    for name, load in loads(365 * years).items():
        low, high = 0.0, 365 * years
        if load < 1:
            continue
        while high - low > 0.01 * high + 0.05:
            middle = (low + high) / 2
            low, high = (low, middle) if loads(middle)[name] >= 1 else (middle, high)
        found[name] = high
    return dict(sorted(found.items(), key=lambda item: item[1]))
