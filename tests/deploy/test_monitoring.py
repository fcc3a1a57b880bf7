"""Alerts and dashboard ask for what we export, and all that we export is in the handbook."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import Metric

from tracker.metrics.families import metrics_of
from tracker.metrics.snapshot import Snapshot, SourceFigures
from tracker.ports import AttemptSum
from tracker.ports.queue import QueueFigures
from tracker.ports.subscriptions import DeliveryFigures
from tracker.serve.edition import Editions
from tracker.serve.figures import Figures
from tracker.types import Health
from tracker.yamlfile import load_yaml

ROOT = Path(__file__).parents[2]
ALERTS, DASHBOARD = ROOT / "deploy/prometheus/alerts.yaml", ROOT / "deploy/grafana/tracker.json"
HANDBOOK = ROOT / "docs/monitoring.md"
NOW = datetime(2026, 6, 10, 8, tzinfo=UTC)
FULL = Snapshot(
    sources=(SourceFigures("wire", Health("fine", NOW, "", "", NOW, NOW, "x", NOW), NOW),),
    sums=(AttemptSum("wire", "new", "", 4, 4000, 90),),
    totals=(("documents", 7),),
    stages=(("extract", 1.5),),
    run_at=NOW,
    backup_at=NOW,
    deliveries=DeliveryFigures((("mail", "sent", 2),), (("mail", "sent", 2),), (("active", 1),), NOW),
    queue=QueueFigures((("read", "todo", 2),), (("read", 3.5),), (("read", 1),), 2, (("read", 9),), (("read", 1),)),
)
"""Something of everything that we can tell."""


def metrics(demo_database: Path | None = None) -> Iterator[Metric]:
    """Every family of every process of ours."""
    yield from metrics_of(FULL)
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    yield from registry.collect()


def serve_names(site: Path) -> set[str]:
    figures = Figures(Editions(site))
    families = {family.name for family in figures.registry.collect()}
    return families | {f"{name}{end}" for name in families for end in ("_total", "_bucket", "_sum", "_count")}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all series that a Prometheus finds at our processes."""
    samples = {sample.name for family in metrics() for sample in family.samples}
    of_an_edition = {
        f"tracker_serve_{name}"
        for name in ("build_timestamp_seconds", "build_age_seconds", "claims", "data_timestamp_seconds")
    }  # told only where something is published: tests/serve/test_figures.py sees each
    return samples | serve_names(tmp_path_factory.mktemp("site")) | of_an_edition | {"up"}


def names_in(query: str) -> set[str]:
    """The metrics of a query: names that no bracket of a function follows, outside of strings and label lists."""
    plain = re.sub(r'"[^"]*"|\{[^}]*\}|\b(?:by|on|without)\s*\([^)]*\)', " ", query)
    words = re.findall(r"\b([a-z_][a-z0-9_]*)\b(?!\s*\()", plain)
    return {word for word in words if word.startswith(("tracker_", "process_", "up"))}


def queries() -> list[tuple[str, str]]:
    rules = [rule for group in load_yaml(ALERTS).data["groups"] for rule in group["rules"]]
    panels = [panel for panel in json.loads(DASHBOARD.read_text())["panels"] if panel["type"] != "row"]
    asked = [(rule["alert"], rule["expr"]) for rule in rules]
    return asked + [(panel["title"], target["expr"]) for panel in panels for target in panel["targets"]]


@pytest.mark.parametrize(("asker", "query"), queries(), ids=[f"{name}-{n}" for n, (name, _) in enumerate(queries())])
def test_each_query_asks_for_what_there_is(exported: set[str], asker: str, query: str) -> None:
    assert names_in(query), query
    assert names_in(query) <= exported, f"{asker} asks for {names_in(query) - exported}"


def test_the_dashboard_is_what_its_program_makes_and_its_panels_stand_side_by_side() -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "tools/dashboard.py", "--check"], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: dict[tuple[int, int], str] = {}
    for panel in panels:
        place = panel["gridPos"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert x < 24 and (x, y) not in taken, (panel["title"], taken.get((x, y)))
                taken[x, y] = panel["title"]


def test_each_alert_says_what_it_is_about() -> None:
    for group in load_yaml(ALERTS).data["groups"]:
        for rule in group["rules"]:
            assert rule["labels"]["severity"] in ("page", "ticket") and rule["annotations"]["summary"]
            assert f"`{rule['alert']}`" in HANDBOOK.read_text(), "the handbook says what to do about it"


def test_the_handbook_names_each_metric() -> None:
    told = HANDBOOK.read_text() + (ROOT / "docs/operations.md").read_text()
    for family in metrics_of(FULL):
        alternatives = re.sub(r"^tracker_source_(state_since|last_\w+|next)_", "tracker_source_{", family.name)
        shown = (
            family.name
            if "{" not in alternatives
            else "tracker_source_{state_since,last_success,last_error,last_news,next}_timestamp_seconds"
        )
        assert shown in told, f"docs/monitoring.md lacks {family.name}"


@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool (Debian: apt-get install prometheus)")
def test_prometheus_itself_finds_them_right_and_each_fires_where_it_should() -> None:
    for arguments in (
        ("check", "config", "deploy/prometheus/prometheus.yaml"),
        ("test", "rules", "tests/deploy/alerts.test.yaml"),
    ):
        done = subprocess.run(["promtool", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
