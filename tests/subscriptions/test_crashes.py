"""Nothing is lost, and nothing is doubled but what was in flight: two hundred crashes at points that are drawn."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.schedule.conftest import ENVIRON

SEED, CRASHES = 20260624, 200


@pytest.mark.slow
def test_two_hundred_crashes_lose_nothing_and_double_nothing_but_what_was_in_flight(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.subscriptions.crashing", tmp_path, str(SEED), str(CRASHES)],
        capture_output=True, text=True, env=ENVIRON, timeout=600, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    report = json.loads(ran.stdout.splitlines()[-1])
    assert report["wrong"] == []
    assert report["crashes"] == CRASHES
    assert report["messages"] >= 8 and report["changes"] >= 3 and min(report["points"]) >= 50
    assert report["doubled"] <= CRASHES
