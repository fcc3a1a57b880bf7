"""The simulation of docs/scale.md keeps to what it promises; its figures are those of benchmarks/costs.py."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.costs import KINDS, QUICK, WHOLE
from benchmarks.costs_writing import Transaction, Writers, opened
from benchmarks.simulate import _MEASURED, load_costs, scenarios, show
from benchmarks.simulation import Outcome, breaks_after, rates_of, simulate
from benchmarks.simulation_backfill import CC_NEWS, NewsArchive, backfill
from benchmarks.simulation_check import foretell
from benchmarks.simulation_costs import Costs, Flow, Machines, World, work_of

COSTS = load_costs(_MEASURED)
WORLD, MACHINES = World(200), Machines(cores=4)


def held(found: Outcome) -> float:
    return found.published + sum(found.waiting.values())


def run(world: World = WORLD, machines: Machines = MACHINES, **changes: float) -> Outcome:
    return simulate(world, machines, COSTS, **{"days": 0.5, "step_s": 300.0, **changes})  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 20_000),
    st.floats(0.1, 400),
    st.floats(0.05, 64),
    st.floats(0, 1),
    st.sampled_from((0.0, 3.0, 400.0)),
)
def test_no_page_is_made_or_lost_on_the_way(
    sources: int, pages_a_day: float, cores: float, relevant: float, age: float
) -> None:
    world = World(sources, pages_a_day=pages_a_day, relevant=relevant)
    found = run(world, Machines(cores=cores), age_days=age, days=0.2)
    assert held(found) == pytest.approx(found.printed, rel=1e-6, abs=1e-6)
    assert min(found.published, *found.waiting.values()) >= -1e-6
    assert all(0 <= used <= 1.0 + 1e-3 for name, used in found.busy.items() if name != "publishing")


def test_a_seed_is_a_run_and_another_is_another() -> None:
    first, again, other = run(seed=3), run(seed=3), run(seed=4)
    assert first == again and first.printed != other.printed


def test_what_sources_print_is_what_was_asked_for() -> None:
    count, rate = rates_of(World(5_000, pages_a_day=7), seed=1)
    assert count.sum() == 5_000 and (count * rate).sum() * 86_400 == pytest.approx(5_000 * 7)
    most = (count * rate)[::-1].cumsum() / (count * rate).sum()
    assert most[len(most) // 7] == pytest.approx(0.69, abs=0.05), "a seventh of the sources prints most of the stories"


def test_twice_the_sources_want_twice_of_what_grows_with_them() -> None:
    once, twice = run(World(4_000), days=1), run(World(8_000), days=1)
    for name in ("cores", "writer's lock"):
        assert twice.load[name] / once.load[name] == pytest.approx(2, rel=0.05)
    assert twice.requests_a_day / once.requests_a_day == pytest.approx(2, rel=0.05)
    assert twice.database_bytes_a_day / once.database_bytes_a_day == pytest.approx(2, rel=0.05)
    assert run(World(8_000), Machines(cores=8)).load["cores"] == pytest.approx(
        run(World(4_000)).load["cores"], rel=0.05
    )


def test_what_is_overloaded_is_named_and_makes_the_lag_grow() -> None:
    idle, busy = run(World(100)), run(World(20_000), Machines(cores=0.05))
    assert max(idle.load["cores"], idle.load["writer's lock"]) < 0.1
    assert busy.bottleneck == "cores" and busy.load["cores"] > 1 and busy.busy["cores"] > 0.95
    assert busy.lag_s[1] > idle.lag_s[1] and busy.waiting["fetch"] > 0


def test_a_far_database_and_a_slow_disk_lengthen_the_writers_turns() -> None:
    near, far = run(), run(machines=replace(MACHINES, way_s=0.02, sync_s=0.02))
    assert far.load["writer's lock"] > 3 * near.load["writer's lock"]
    one = Transaction(items=1, program_ms=1, server_ms=1, statements=3, log_kb=0)
    assert one.held_s(0.0, 0.0) == pytest.approx(0.002) and one.held_s(0.01, 0.005) == pytest.approx(0.047)


def test_hosts_are_not_asked_more_than_they_allow() -> None:
    world = World(50, pages_a_day=100, daily_requests=60)
    found = run(world, age_days=30)
    assert found.requests_a_day <= 50 * 60 * 1.001
    assert found.load["the busiest hosts"] > 1 and found.late_revisits > 0


def test_a_year_of_documents_makes_the_site_dearer() -> None:
    young, old = run(World(1_000)), run(World(1_000), age_days=365)
    assert old.build_s > young.build_s and old.build_gb > young.build_gb
    assert old.load["publishing"] > young.load["publishing"]


def test_what_breaks_later_with_more_of_it_is_told_by_the_day() -> None:
    small, large = (breaks_after(World(5_000), Machines(memory_gb=size), COSTS) for size in (8.0, 16.0))
    assert list(small.values()) == sorted(small.values())
    assert 0 < small["memory of publishing"] < large["memory of publishing"]
    day = small["memory of publishing"]
    assert run(World(5_000), Machines(memory_gb=8.0), age_days=day + 1, days=0.1).load["memory of publishing"] >= 1


def test_an_archive_takes_as_long_as_what_takes_longest() -> None:
    one, ten, hundred = (backfill(CC_NEWS, Machines(cores=n), COSTS, kept=0.01, relevant=0.5) for n in (1, 10, 100))
    assert one.bottleneck == "cores" and one.days_of["cores"] == pytest.approx(10 * ten.days_of["cores"])
    assert one.days > ten.days >= hundred.days and hundred.bottleneck != "cores"
    half = NewsArchive(CC_NEWS.files // 2, CC_NEWS.records / 2, CC_NEWS.bytes / 2)
    smaller = backfill(half, Machines(cores=1), COSTS, kept=0.0, relevant=0.5)
    whole = backfill(CC_NEWS, Machines(cores=1), COSTS, kept=0.0, relevant=0.5)
    assert whole.days_of["cores"] == pytest.approx(2 * smaller.days_of["cores"])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: World(0), lambda: World(10, relevant=1.5), lambda: World(10, pages_a_day=0),
        lambda: World(10, delay_s=0), lambda: Machines(cores=0), lambda: Machines(sync_s=-1),
        lambda: Costs({}), lambda: run(days=0), lambda: run(age_days=-1), lambda: run(step_s=0),
        lambda: backfill(CC_NEWS, MACHINES, COSTS, kept=2, relevant=0.5),
        lambda: load_costs(Path(__file__)), lambda: load_costs(Path("/no/such/file.json")),
    ],
)  # fmt: skip
def test_nonsense_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"above 0|between|no figures|from 0 to 1"):
        wrong()  # type: ignore[operator]


def test_every_scenario_has_a_line() -> None:
    lines = [show(*item[:2], 8, item[2]) for item in scenarios(COSTS, World(1), Machines(8), quick=True)]
    assert len(lines) == 8 and all("nan" not in line for line in lines)


def test_a_run_is_foretold_by_stage() -> None:
    costs = load_costs(_MEASURED, "sqlite")
    less, more = foretell(costs, 1_000), foretell(costs, 2_000)
    assert more["read"] == pytest.approx(2 * less["read"]) and more["publish"] < 2.01 * less["publish"]
    assert all(seconds > 0 and not math.isnan(seconds) for seconds in less.values())


def test_nothing_to_do_takes_nothing() -> None:
    work = work_of(Flow(), WORLD, MACHINES, COSTS, 0)
    assert (work.cores_s, work.lock_s, work.lane_s) == (0, 0, 0)


def test_the_writers_transactions_are_measured_on_a_real_store() -> None:
    with opened("sqlite") as (store, _):
        found = Writers(store, 8).measure()
    assert {"visits_1", "visits_64", "visits_again_64", "readings_1", "readings_32", "extractions_32"} <= found.keys()
    assert all(item.program_ms > 0 and item.statements >= 1 for item in found.values())
    assert found["readings_32"].statements == found["readings_1"].statements, "looked up for all of them at once"
    assert found["readings_32"].program_ms < 32 * found["readings_1"].program_ms


def test_the_kept_figures_are_of_the_benchmark_as_it_is() -> None:
    kept = json.loads(_MEASURED.read_text("utf-8"))["figures"]
    assert {f"reconcile_relevant_ms_at_{size}" for size in WHOLE.reconciled} <= kept.keys()
    assert {f"lock_{kind}_readings_32_held_ms" for kind in KINDS} <= kept.keys()
    assert QUICK.run < WHOLE.run and all(value >= 0 for name, value in kept.items() if name.endswith("_ms"))
