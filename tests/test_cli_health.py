"""`tracker sources health` as it is typed, over a loopback web in every state."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.commands import run_command, run_process

PAGE = "<html><head><title>T</title></head><body><article><p>{}</p></article></body></html>"
WORDS = "Orchid Labs said on Monday that Fern AI had opened about 300 fake accounts to copy its language model. " * 3


def feed(*paths: str) -> str:
    items = "".join(f"<item><title>T</title><link>http://web.example{path}</link></item>" for path in paths)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>W</title>{items}</channel></rss>'


def run(folder: Path, *arguments: str, key: str | None = None) -> subprocess.CompletedProcess[str]:
    return run_command(*arguments, cwd=folder, columns=160, env={"DATA_GOV_API_KEY": key})


def states(folder: Path, *names: str) -> dict[str, dict[str, object]]:
    result = run(folder, "sources", "health", "--format", "json", *names)
    assert result.returncode in (0, 3), result.stderr
    return {item["source"]: item for item in json.loads(result.stdout)}


@pytest.fixture
def web() -> Iterator[HTTPServer]:
    with HTTPServer(threaded=True) as server:
        server.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /forbidden\n")
        server.expect_request(re.compile("/page/.*")).respond_with_data(PAGE.format(WORDS), content_type="text/html")
        yield server


SOURCES = {
    "good": "kind: feed, url: http://web.example/good",
    "gone": "kind: feed, url: http://web.example/gone",
    "closed": "kind: feed, url: http://web.example/forbidden/feed",
    "rebuilt": "kind: listing, url: http://web.example/list, items: '.entry'",
    "notfeed": "kind: feed, url: http://web.example/page/1",
    "nothing": "kind: feed, url: http://web.example/nothing",
    "keyless": "kind: regulations_gov, term: distillation",
}


@pytest.fixture
def here(tmp_path: Path, web: HTTPServer) -> Path:
    web.expect_request("/good").respond_with_data(feed("/page/1", "/page/2"), content_type="application/rss+xml")
    web.expect_request("/nothing").respond_with_data(feed(), content_type="application/rss+xml")
    web.expect_request("/gone").respond_with_data("gone", status=410)
    web.expect_request("/list").respond_with_data(
        "<html><body><p>New design</p></body></html>", content_type="text/html"
    )
    lines = [
        f"network: {{retries: 0, per_host_delay_s: 0, allow_networks: [127.0.0.0/8], "
        f"resolve: {{'*.example': '127.0.0.1:{web.port}'}}}}",
        "sources:",
        *(f"  - {{name: {name}, {keys}, publisher: W, publisher_type: news}}" for name, keys in SOURCES.items()),
    ]
    (tmp_path / "config.yaml").write_text("\n".join(lines))
    return tmp_path


def test_each_state_says_which_and_what_to_do_and_the_run_goes_on(here: Path) -> None:
    assert {item["state"] for item in states(here).values()} == {"new"}
    collected = run(here, "collect")
    assert collected.returncode == 3, collected.stderr
    assert "Traceback" not in collected.stderr
    found = states(here)
    assert {name: item["state"] for name, item in found.items()} == {
        "good": "fine", "gone": "unreachable", "closed": "refused", "rebuilt": "layout_changed",
        "notfeed": "layout_changed", "nothing": "empty", "keyless": "skipped",
    }  # fmt: skip
    for name, item in found.items():
        if item["troubled"]:
            assert item["why"] and item["what_to_do"] and item["since"], name
    assert "DATA_GOV_API_KEY" in str(found["keyless"]["why"])
    assert ".entry" in str(found["rebuilt"]["why"])
    shown = run(here, "sources", "health")
    assert shown.returncode == 3
    for words in ("layout changed", "410", "robots.txt", "what to do", "never given an entry"):
        assert words in shown.stdout, words


def test_the_exit_code_is_of_the_sources_named(here: Path) -> None:
    run(here, "collect")
    assert run(here, "sources", "health", "good", "keyless").returncode == 0
    assert run(here, "sources", "health", "gone").returncode == 3
    unknown = run(here, "sources", "health", "god")
    assert unknown.returncode == 2 and "did you mean" in unknown.stderr
    assert run(here, "sources", "health", "--format", "xml").returncode == 2


def test_nothing_where_there_always_was_something_fails_the_run(here: Path, web: HTTPServer) -> None:
    for _ in range(3):
        assert run(here, "collect", "good").returncode == 0
    web.clear()
    web.expect_request("/robots.txt").respond_with_data("", status=404)
    web.expect_request("/good").respond_with_data(feed(), content_type="application/rss+xml")
    emptied = run(here, "collect", "good")
    assert emptied.returncode == 3 and "always gave some" in emptied.stdout
    assert states(here, "good")["good"]["state"] == "empty"


def test_a_run_leaves_metrics_and_json_events(here: Path) -> None:
    result = run_process("run", "good", "keyless", "--log-format", "json", cwd=here)
    assert result.returncode == 0, result.stderr
    events = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
    assert [(item["event"], item.get("new")) for item in events if item.get("source") == "good"] == [("collected", 2)]
    assert {item["event"] for item in events} >= {"collected", "skipped", "read", "extract", "reconcile", "publish"}
    assert len({item["run"] for item in events}) == 1
    metrics = (here / "var" / "metrics.prom").read_text()
    assert 'tracker_source_state{source="good",state="fine"} 1.0' in metrics
    assert 'tracker_source_state{source="keyless",state="skipped"} 1.0' in metrics
    page = (here / "site" / "sources.html").read_text()
    assert "health-skipped" in page and "health-fine" in page


def test_a_key_that_is_refused_is_told_by_its_variable_and_written_nowhere(here: Path, web: HTTPServer) -> None:
    config = here / "config.yaml"
    keyed = "  - {name: keyed, kind: regulations_gov, url: http://web.example/v4/documents, term: x, publisher: W, publisher_type: government}"
    config.write_text(f"{config.read_text()}\n{keyed}\n")
    web.expect_request("/v4/documents").respond_with_data('{"error": {"code": "API_KEY_INVALID"}}', status=403)
    key = "s3cret-key-0f-ours"
    result = run(here, "collect", "keyed", "--log-format", "json", key=key)
    assert result.returncode == 3 and "DATA_GOV_API_KEY" in result.stdout + result.stderr
    found = states(here, "keyed")["keyed"]
    assert found["state"] == "refused" and "DATA_GOV_API_KEY" in str(found["why"])
    written = result.stdout + result.stderr
    for path in (here / "var").rglob("*"):
        if path.is_file():
            written += path.read_bytes().decode("latin-1")
    assert key not in written
