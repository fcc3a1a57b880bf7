"""The short form of benchmarks/chaos.py: workers killed at their work, and the database with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.chaos import Size, plan, run_chaos
from benchmarks.chaos_fleet import Blow
from benchmarks.chaos_results import differences

SIZE = Size(seconds=4, workers=2, stories=24, sources=3, delay_s=0.2, patience_s=60)
BLOWS = [Blow(0, "worker", 0), Blow(1, "worker", 1), Blow(2, "kill"), Blow(3, "worker", 0)]


@pytest.mark.slow
def test_a_fleet_that_is_killed_ends_where_an_undisturbed_run_does(tmp_path: Path) -> None:
    outcome = run_chaos(tmp_path, BLOWS, SIZE)
    assert outcome.faults == []
    assert len(outcome.blows) == len(BLOWS)
    assert outcome.rows["version"] == outcome.rows["extraction"] == SIZE.stories
    assert outcome.rows["event"] > 0 and outcome.rows["pending"] == 0


def test_the_plan_of_blows_is_that_of_its_seed_and_strikes_the_database_twice() -> None:
    blows = plan(120, 4, 3, 5)
    assert blows == plan(120, 4, 3, 5) != plan(120, 4, 4, 5)
    assert [blow.what for blow in blows if blow.what != "worker"] == ["fast", "kill"]
    assert {blow.worker for blow in blows} == {0, 1, 2, 3}
    assert [blow.at_s for blow in blows] == sorted(blow.at_s for blow in blows)
    assert blows[-1].at_s <= 120


def test_two_stores_differ_where_a_row_is_missing_or_twice() -> None:
    assert differences({"claim": ["a", "b"]}, {"claim": ["a", "b"]}) == []
    assert "claim: 1 and 0" in differences({"claim": ["a", "b"]}, {"claim": ["a"]})[0]
    assert differences({"claim": ["a", "a"]}, {"claim": ["a"]})
