"""Sources that give something else than they promise: each is told with what to do, the run goes on and exits 3."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from pytest_httpserver import HTTPServer

from tests.commands import run_command

STORY = "<html><head><title>Story</title></head><body><article><h1>Story</h1><p>{}</p></article></body></html>"
HTML = "<!doctype html><html><body><p>Welcome to our site, which has moved.</p></body></html>"


def source(name: str, kind: str, path: str, **more: str) -> dict[str, str]:
    about = {"name": name, "kind": kind, "url": f"http://{name}.example{path}"}
    return {**about, "publisher": name, "publisher_type": "news", **more}


def tracker(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run_command(*arguments, cwd=cwd, env={"MY_KEY": "0123secret"})


def test_each_is_told_with_what_to_do_and_the_good_one_is_collected(tmp_path: Path, httpserver: HTTPServer) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "/a", "title": "Story"}]}
    httpserver.expect_request("/robots.txt").respond_with_data("", 404)
    httpserver.expect_request("/good").respond_with_data(json.dumps(feed))
    httpserver.expect_request("/a").respond_with_data(STORY.format("Words of a story. " * 30), content_type="text/html")
    httpserver.expect_request("/html").respond_with_data(HTML, content_type="text/html")
    httpserver.expect_request("/text").respond_with_data("Please limit requests to one every 5 seconds.")
    httpserver.expect_request("/v4/documents").respond_with_data('{"error": {"code": "API_KEY_INVALID"}}', 403)
    config = {
        "network": {
            "resolve": {"*.example": f"127.0.0.1:{httpserver.port}"}, "allow_networks": ["127.0.0.0/8"],
            "per_host_delay_s": 0, "retries": 0,
        },
        "sources": [
            source("good", "feed", "/good"),
            source("no-feed", "feed", "/html"),
            source("no-entries", "listing", "/html", items="li.entry"),
            source("plain-text", "gdelt", "/text", query="model distillation"),
            source("bad-key", "regulations_gov", "/v4/documents", key_env="MY_KEY"),
        ],
    }  # fmt: skip
    (tmp_path / "config.yaml").write_text(json.dumps(config))  # JSON is YAML
    run = tracker("collect", cwd=tmp_path)
    assert run.returncode == 3, run.stdout + run.stderr
    health = tracker("sources", "health", "--format", "json", cwd=tmp_path)
    assert health.returncode == 3
    states = {item["source"]: item["state"] for item in json.loads(health.stdout)}
    assert states == {
        "good": "fine", "no-feed": "layout_changed", "no-entries": "layout_changed", "plain-text": "unreachable",
        "bad-key": "refused",
    }  # fmt: skip
    for words in (
        "is an HTML page, not a feed", "the selector items: 'li.entry' matches nothing", "at most one request in 5 seconds",
        "check the key in the environment variable MY_KEY",
    ):  # fmt: skip
        assert words in run.stdout, run.stdout
    assert "0123secret" not in run.stdout + run.stderr + health.stdout
