"""Write the dashboard for Grafana: rows of panels, each a question, its queries and its unit.

Grafana's own JSON is a thousand lines of which these are the ones that say something. Import the file into Grafana 10 or
newer and choose the Prometheus that reads our metrics.
usage: dashboard.py [--check]
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATH = Path(__file__).resolve().parents[1] / "deploy" / "grafana" / "tracker.json"
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
WIDTH, STAT_HEIGHT, PLOT_HEIGHT = 24, 4, 8


@dataclass(frozen=True)
class Panel:
    """One panel: what it answers, the queries with what their lines are called, the unit of their values."""

    title: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"
    kind: str = "timeseries"
    width: int = 8
    stacked: bool = False
    bad_from: float | None = None
    """A value from which on a stat is red."""
    words: str = ""


# Every process tells what the database holds, so `max by` makes one of them.
ROWS: tuple[tuple[str, tuple[Panel, ...]], ...] = (
    ("At a glance", (
        Panel("Sources that need a look", (('sum(max by (source, state) (tracker_source_state{state=~"empty|silent|refused|unreachable|layout_changed"})) or vector(0)', ""),), kind="stat", width=4, bad_from=1),
        Panel("Last run", (("time() - max(tracker_last_run_timestamp_seconds)", ""),), "s", "stat", 4, bad_from=86400),
        Panel("Workers", (("max(tracker_workers)", ""),), kind="stat", width=4),
        Panel("Dead jobs", (('sum(max by (queue) (tracker_jobs{status="failed"})) or vector(0)', ""),), kind="stat", width=4, bad_from=1),
        Panel("Published site is from", (("min(tracker_serve_build_age_seconds)", ""),), "s", "stat", 4, bad_from=3 * 86400),
        Panel("Last backup", (("time() - max(tracker_last_backup_timestamp_seconds)", ""),), "s", "stat", 4, bad_from=2 * 86400),
    )),
    ("Sources", (
        Panel("Sources by state", (("sum by (state) (max by (source, state) (tracker_source_state))", "{{state}}"),), stacked=True),
        Panel("Attempts by outcome", (("sum by (outcome) (max by (source, outcome, reason) (rate(tracker_attempts_total[15m])))", "{{outcome}}"),), "reqps", stacked=True),
        Panel("Received", (("sum(max by (source) (rate(tracker_received_bytes_total[15m])))", "all sources"), ("topk(5, max by (source) (rate(tracker_received_bytes_total[15m])))", "{{source}}")), "Bps"),
        Panel("Seconds an attempt", (("topk(8, max by (source) (rate(tracker_attempt_seconds_sum[1h]) / rate(tracker_attempt_seconds_count[1h])))", "{{source}}"),), "s"),
        Panel("Longest without news", (("topk(8, time() - max by (source) (tracker_source_last_news_timestamp_seconds))", "{{source}}"),), "s"),
        Panel("Pages that were never had", (("topk(8, max by (source) (tracker_source_missing_pages))", "{{source}}"),)),
    )),
    ("Stages", (
        Panel("Seconds of the last run of a stage", (("max by (stage) (tracker_stage_seconds)", "{{stage}}"),), "s", width=12),
        Panel("What the database holds", (("max by (what) (tracker_held)", "{{what}}"),), width=12),
    )),
    ("Workers", (
        Panel("Jobs that wait", (('max by (queue) (tracker_jobs{status="todo"})', "{{queue}}"),), stacked=True),
        Panel("Jobs that are worked on", (('max by (queue) (tracker_jobs{status="doing"})', "{{queue}}"),), stacked=True),
        Panel("The oldest that waits", (("max by (queue) (tracker_jobs_oldest_waiting_seconds)", "{{queue}}"),), "s"),
        Panel("Pages and texts that are due", (("max by (stage) (tracker_due)", "{{stage}}"), ("max by (stage) (tracker_set_aside)", "{{stage}}, set aside"))),
        Panel("Failed attempts, dead jobs", (("max by (queue) (tracker_job_failures)", "{{queue}}, failed attempts"), ('max by (queue) (tracker_jobs{status="failed"})', "{{queue}}, dead"))),
        Panel("Workers heard of", (("max(tracker_workers)", "workers"),)),
    )),
    ("Digests", (
        Panel("Messages by state", (("max by (channel, state) (tracker_deliveries)", "{{channel}} {{state}}"),)),
        Panel("Tries", (("max by (channel, outcome) (rate(tracker_delivery_attempts_total[1h])) * 3600", "{{channel}} {{outcome}}"),), words="An hour."),
        Panel("The oldest that waits", (("time() - max(tracker_deliveries_waiting_since_timestamp_seconds)", "oldest"),), "s"),
        Panel("Subscribers", (("max by (state) (tracker_subscribers)", "{{state}}"),), stacked=True),
    )),
    ("Readers", (
        Panel("Requests", (("sum by (part) (rate(tracker_serve_requests_total[5m]))", "{{part}}"),), "reqps", stacked=True),
        Panel("95th percentile", (("histogram_quantile(0.95, sum by (part, le) (rate(tracker_serve_request_seconds_bucket[5m])))", "{{part}}"),), "s"),
        Panel("Errors", (('sum by (status) (rate(tracker_serve_requests_total{status=~"5..|429"}[5m]))', "{{status}}"),), "reqps"),
    )),
    ("Processes", (
        Panel("Memory", (('process_resident_memory_bytes{job=~"tracker.*"}', "{{instance}}"),), "bytes"),
        Panel("Processors", (('rate(process_cpu_seconds_total{job=~"tracker.*"}[5m])', "{{instance}}"),)),
        Panel("Open files", (('process_open_fds{job=~"tracker.*"}', "{{instance}}"),)),
    )),
)  # fmt: skip


def panel_of(panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    """The panel as Grafana's JSON."""
    red = panel.bad_from if panel.bad_from is not None else 1e99
    steps = [{"color": "green", "value": None}, {"color": "red", "value": red}]
    custom = {"stacking": {"mode": "normal"}, "fillOpacity": 20} if panel.stacked else {}
    plot = {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}}
    stat = {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "background" if panel.bad_from else "value"}
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.words,
        "datasource": SOURCE,
        "gridPos": place,
        "targets": [
            {"refId": chr(ord("A") + place), "datasource": SOURCE, "expr": query, "legendFormat": legend or "__auto"}
            for place, (query, legend) in enumerate(panel.queries)
        ],
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit, "min": 0, "custom": custom,
                "thresholds": {"mode": "absolute", "steps": steps if panel.bad_from is not None else steps[:1]},
            },
            "overrides": [],
        },
        "options": stat if panel.kind == "stat" else plot,
    }  # fmt: skip


def panels() -> list[dict[str, Any]]:
    """All rows with their panels, placed from left to right and down."""
    made: list[dict[str, Any]] = []
    y = 0
    for title, row in ROWS:
        made.append(
            {"id": len(made) + 1, "type": "row", "title": title, "collapsed": False, "panels": [],
             "gridPos": {"x": 0, "y": y, "w": WIDTH, "h": 1}}
        )  # fmt: skip
        x, y = 0, y + 1
        height = STAT_HEIGHT if row[0].kind == "stat" else PLOT_HEIGHT
        for panel in row:
            if x + panel.width > WIDTH:
                x, y = 0, y + height
            made.append(panel_of(panel, len(made) + 1, {"x": x, "y": y, "w": panel.width, "h": height}))
            x += panel.width
        y += height
    return made


def dashboard() -> dict[str, Any]:
    """The whole file."""
    choice = {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "current": {}}
    return {
        "uid": "tracker",
        "title": "Tracker",
        "tags": ["tracker"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "timezone": "utc",
        "refresh": "1m",
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [choice]},
        "annotations": {"list": []},
        "links": [],
        "panels": panels(),
    }


def main() -> None:
    text = json.dumps(dashboard(), indent=1) + "\n"
    if sys.argv[1:] != ["--check"]:
        PATH.write_text(text)
    elif not PATH.is_file() or PATH.read_text() != text:
        sys.exit(f"{PATH.name} is not what tools/dashboard.py makes: run it")


if __name__ == "__main__":
    main()
