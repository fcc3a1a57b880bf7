"""One run, one id: in every event of every stage, in what works for the run, and in what ends it."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.commands import run_command, run_process
from tests.schedule.conftest import PAGE, WORDS
from tracker.config import Settings
from tracker.logs import get_log
from tracker.schedule.apart import Apart

CONFIG = """
network: {{per_host_delay_s: 0, retries: 0, allow_networks: [127.0.0.0/8], resolve: {{'*.example': '127.0.0.1:{port}'}}}}
sources:
  - {{name: wire, kind: feed, url: 'http://wire.example/wire', publisher: W, publisher_type: news}}
  - {{name: gone, kind: feed, url: 'http://gone.example/gone', publisher: G, publisher_type: news}}
"""


@pytest.fixture
def here(tmp_path: Path, httpserver: HTTPServer) -> Path:
    """A folder whose configuration names a feed of one story, and one that is gone."""
    feed = "<item><title>S</title><link>http://wire.example/story</link></item>"
    rss = f'<?xml version="1.0"?><rss version="2.0"><channel><title>W</title>{feed}</channel></rss>'
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/wire").respond_with_data(rss, content_type="application/rss+xml")
    httpserver.expect_request("/story").respond_with_data(PAGE.format("Story", WORDS), content_type="text/html")
    httpserver.expect_request("/gone").respond_with_data("", status=410)
    (tmp_path / "config.yaml").write_text(CONFIG.format(port=httpserver.port))
    return tmp_path


def events_of(result: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stderr.splitlines()]


def test_one_id_goes_through_all_stages_of_a_run(here: Path) -> None:
    for prepared in (("publish",), ("subscribers", "add", "desk", "--feed", "--query", "copied")):
        assert run_command(*prepared, cwd=here).returncode == 0
    result = run_process("run", "--log-format", "json", cwd=here)
    assert result.returncode == 3, "a source is gone"
    events = events_of(result)
    told = [event["event"] for event in events]
    for stage in ("collected", "could not be read", "read", "extract", "reconcile", "publish", "cut", "send"):
        assert stage in told, told
    (run,) = {event["run"] for event in events}
    again = events_of(run_process("reconcile", "--log-format", "json", cwd=here))
    assert again and {event["run"] for event in again} != {run}, "another run is another id"


def test_what_ends_a_run_is_its_last_event(here: Path) -> None:
    (here / "site").mkdir()
    (here / "site" / "mine.txt").write_text("somebody's own")
    result = run_process("run", "--log-format", "json", cwd=here)
    last = events_of(result)[-1]
    assert (result.returncode, last["event"], last["exit_code"]) == (2, "failed", 2)
    assert "site" in str(last["why"]) and last["run"]


def test_files_that_are_refused_are_events_too(here: Path) -> None:
    good = {"id": "a-1", "text": "Orchid Labs said that Fern AI copied its model.", "language": "en"}
    (here / "in.jsonl").write_text(f"{json.dumps(good)}\nno json\n")
    result = run_process("ingest", "in.jsonl", "--log-format", "json", cwd=here)
    problem, ingested = sorted(events_of(result), key=lambda event: str(event["event"]), reverse=True)
    assert (problem["event"], ingested["event"], ingested["failed"]) == ("problem", "ingest", 1)
    assert "line 2" in str(problem["where"]) and problem["run"] == ingested["run"]


def complain(settings: Settings) -> str:
    get_log("tracker.test").warning("odd", folder=str(settings.data_dir))
    return "done"


def test_a_process_that_works_for_a_run_has_its_id(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    apart = Apart("process of the test", complain, Settings(data_dir=tmp_path), "json")
    assert asyncio.run(apart.run("r4")) == "done"
    (line,) = capfd.readouterr().err.splitlines()
    event = json.loads(line)
    assert (event["event"], event["run"]) == ("odd", "r4")
