"""The benchmark of whole runs tells stories that are read, and counts every stage of them."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from benchmarks.scale_run import STAGES, Cost, figures_of, least_of, run_once
from benchmarks.scale_stories import stories
from tracker.nlp.extractor import RuleExtractor
from tracker.types import Document


def test_its_stories_are_the_same_each_time_and_give_claims_for_a_realistic_share() -> None:
    told = stories(60)
    assert told == stories(80)[:60]
    assert len({story.host + story.path for story in told}) == 60
    on_the_matter = [story for story in told if not story.title.startswith("News of")]
    assert 0.25 < len(on_the_matter) / len(told) < 0.55
    documents = [
        Document(
            story.path, story.text, f"http://{story.host}{story.path}", "Paper", "news", story.day, "en", story.title
        )
        for story in told
    ]
    read = dict(zip((story.path for story in told), RuleExtractor(gated=True).extract_all(documents), strict=True))
    assert all(read[story.path].claims and read[story.path].relevance == "relevant" for story in on_the_matter)
    others = [read[story.path] for story in told if story not in on_the_matter]
    # The judge of relevance takes one in forty of these made-up sentences for the matter; the shares stay realistic.
    assert sum(item.relevance == "relevant" for item in others) <= len(others) / 20
    assert sum(len(item.quantities) for item in read.values()) > len(on_the_matter)


def test_it_counts_every_stage_of_a_run() -> None:
    cost = run_once(12, None)
    assert set(cost.cpu_s) == set(STAGES) and all(seconds > 0 for seconds in cost.cpu_s.values())
    assert cost.done["collect"] == cost.done["read"] == cost.done["extract"] == 12
    assert cost.done["reconcile"] > 0 and cost.done["publish"] > 0
    assert set(cost.peak_mb) == set(cost.cpu_s) and max(cost.peak_mb.values()) > 50
    figures, ratios = figures_of("sqlite", [cost, cost])
    assert sum(figures[f"run_sqlite_12_{stage}_share"] for stage in STAGES) > 0.99
    assert ratios["run_sqlite_12_vs_12_cpu"] == 1


def test_of_several_runs_the_least_time_and_the_most_memory_of_each_stage_count() -> None:
    once = Cost(10, {"read": 3.0, "publish": 1.0}, {"read": 10}, 4.5, {"read": 200.0, "publish": 90.0}, 700)
    again = Cost(10, {"read": 2.0, "publish": 1.5}, {"read": 10}, 4.0, {"read": 150.0, "publish": 95.0}, 710)
    least = least_of([once, again])
    assert least.total_s == 3.0 and least.clock_s == 4.0
    assert least.peak_mb == {"read": 200.0, "publish": 95.0} and least.instructions == 700


@pytest.mark.skipif(shutil.which("perf") is None, reason="no perf (Debian: apt install linux-perf)")
def test_it_counts_instructions_of_the_program_and_of_what_it_starts() -> None:
    if not _can_count():
        pytest.skip("perf counts no instructions on this machine")
    cost = run_once(6, None, counting=True)
    assert cost.instructions is not None and cost.instructions > 1e9
    figures, ratios = figures_of("sqlite", [cost, cost])
    assert ratios["run_sqlite_6_vs_6_instructions"] == 1
    assert figures["run_sqlite_6_instructions_g"] == round(cost.instructions / 1e9, 1)


def _can_count() -> bool:
    told = subprocess.run(["perf", "stat", "-x,", "-e", "instructions:u", "true"], capture_output=True, text=True)
    return told.returncode == 0 and told.stderr.split(",")[0].isdecimal()
