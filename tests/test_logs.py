"""Logs: one event a line with what is bound to it, and never a key."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from tracker.logs import Masking, bound, configure_logs, get_log, log_stage
from tracker.types import Outcome, Problem, StageReport

KEY = "k3y-4-the-api-of-0rchid"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_json_line_carries_what_is_bound(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json")
    with bound(run="r1"), bound(source="wire"):
        get_log("tracker.test").info("collected", new=3)
        logging.getLogger("tracker.other").warning("%s is odd", "this")
    get_log("tracker.test").info("after")
    first, second, third = lines_of(capsys)
    assert (first["event"], first["new"], first["run"], first["source"]) == ("collected", 3, "r1", "wire")
    assert (first["level"], first["logger"]) == ("info", "tracker.test")
    assert str(first["timestamp"]).endswith("Z")
    assert (second["event"], second["run"], second["level"]) == ("this is odd", "r1", "warning")
    assert "run" not in third


def test_a_traceback_stays_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json")
    try:
        raise ValueError("broken")
    except ValueError:
        get_log("t").exception("failed")
    (line,) = lines_of(capsys)
    assert "ValueError: broken" in str(line["exception"])


def test_a_text_line_reads_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("text")
    with bound(run="r1", source="wire"):
        get_log("t").info("collected", new=3, failed=0)
        get_log("t").warning("failed", why="no answer")
        get_log("t").debug("not shown")
        get_log("t").info("said", why="a\n2026-01-01 forged\x1b[2J")
    first, second, third = capsys.readouterr().err.splitlines()
    assert first.endswith("  wire: collected new=3")
    assert second.endswith("  WARNING: wire: failed why=no answer")
    assert third.endswith("  wire: said why=a 2026-01-01 forged [2J")


@pytest.mark.parametrize("text", [
    f"https://api.example/v1?q=x&api_key={KEY}&b=1", f"asked with {KEY}", f"{{'X-Api-Key': '{KEY}'}}",
    f"Authorization: Token {KEY}", f"http://user:{KEY}@host.example/feed", f"https://a.example/?token={KEY}",
])  # fmt: skip
@pytest.mark.parametrize("environ", [{"ORCHID_API_KEY": KEY}, {}])
def test_no_key_is_written(text: str, environ: dict[str, str]) -> None:
    if not environ and text.startswith("asked"):
        return
    masked = Masking(environ)(None, "info", {"event": text, "urls": [text], "more": {"url": text}})
    assert KEY not in json.dumps(masked)
    assert json.dumps(masked).count("***") >= 3


def test_words_are_left_alone() -> None:
    text = "The key question; token prices; https://a.example/keys?page=2"
    assert Masking({"SOME_KEY": "key", "PATH": "question"}).mask(text) == text


def test_an_edit_that_is_left_out_is_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json")
    problem = Problem("data/curation/claims.yaml, line 7", Outcome.REFUSED, "there is no document 'x'")
    log_stage(StageReport("reconcile", given=3, done=2, problems=(problem,)))
    told, left_out = lines_of(capsys)
    assert told["failed"] == 1 and left_out["level"] == "warning"
    assert (left_out["where"], left_out["why"]) == (problem.where, problem.why)
