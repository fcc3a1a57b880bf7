"""The commands as a tired person types them: right input, wrong input, and what the program says."""

from __future__ import annotations

import csv
import gzip
import io
import json
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pyarrow.parquet import read_table
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.commands import run_command, run_process

CONFIG = "data_dir: var\nsite: {out: site}\n"
LEAD = "Anthropic on Monday accused DeepSeek of copying its Claude models through more than 300 fake accounts."
REPLY = "DeepSeek did not immediately respond to a request for comment."
RECORD = {
    "id": "t-1",
    "url": "https://wire.example/2026/03/03/claude",
    "publisher": "Wire",
    "publisher_type": "news",
    "published": "2026-03-03",
    "language": "en",
    "title": "Anthropic accuses DeepSeek of copying Claude",
    "text": f"{LEAD}\n\n{REPLY}",
}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG)
    return tmp_path


def tracker(*arguments: str, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return run_command(*arguments, cwd=cwd, **options)


def write_lines(path: Path, *records: object) -> Path:
    path.write_text("".join(f"{json.dumps(item) if not isinstance(item, str) else item}\n" for item in records))
    return path


def assert_clear_error(result: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr.replace("\n", " "), result.stderr


# --- from files to a site ---


def test_from_json_lines_to_a_site(here: Path) -> None:
    write_lines(here / "in.jsonl", RECORD)
    assert tracker("ingest", "in.jsonl", cwd=here).stdout.startswith("1 new texts, 0 unchanged")
    assert tracker("ingest", "in.jsonl", cwd=here).stdout.startswith("0 new texts, 1 unchanged")
    assert tracker("reconcile", cwd=here).returncode == 0
    published = tracker("publish", cwd=here)
    assert published.returncode == 0, published.stderr
    events = json.loads(tracker("export", "events", cwd=here).stdout)
    assert [event["documents"] for event in events] == [["t-1"]]
    page = (here / "site" / "events" / f"{events[0]['id']}.html").read_text()
    assert "more than 300 fake accounts" in page and "DeepSeek" in page


def test_export_in_every_format_agrees(here: Path) -> None:
    write_lines(here / "in.jsonl", RECORD)
    tracker("ingest", "in.jsonl", cwd=here)
    tracker("reconcile", cwd=here)
    for what in ("events", "claims", "entities", "documents", "figures"):
        as_json = json.loads(tracker("export", what, cwd=here).stdout)
        as_lines = [
            json.loads(line) for line in tracker("export", what, "--format", "jsonl", cwd=here).stdout.splitlines()
        ]
        as_csv = list(csv.DictReader(io.StringIO(tracker("export", what, "--format", "csv", cwd=here).stdout)))
        assert as_json and as_json == as_lines
        assert len(as_csv) == len(as_json) and list(as_csv[0]) == list(as_json[0])
    claims = json.loads(tracker("export", "claims", cwd=here).stdout)
    assert {claim["quote"] for claim in claims} == {LEAD, REPLY}
    out = tracker("export", "claims", "--format", "csv", "--out", "claims.csv", cwd=here)
    assert out.returncode == 0 and LEAD in (here / "claims.csv").read_text()
    out = tracker("export", "claims", "--format", "parquet", "--out", "claims.parquet", cwd=here)
    assert out.returncode == 0, out.stderr
    assert set(read_table(here / "claims.parquet")["quote"].to_pylist()) == {LEAD, REPLY}


def test_extract_needs_no_database(here: Path) -> None:
    write_lines(here / "in.jsonl", RECORD)
    result = tracker("extract", "in.jsonl", cwd=here)
    (line,) = result.stdout.splitlines()
    extraction = json.loads(line)
    assert extraction["id"] == "t-1" and extraction["relevance"] == "relevant"
    for kind in ("entities", "quantities", "dates", "claims"):
        assert extraction[kind]
        for item in extraction[kind]:
            assert RECORD["text"][item["start"] : item["end"]] == item["text"]  # type: ignore[index]
    assert not (here / "var").exists()


def test_a_folder_of_text_and_pages(here: Path) -> None:
    folder = here / "saved"
    (folder / "deep").mkdir(parents=True)
    (folder / "note.txt").write_text(RECORD["text"])  # type: ignore[arg-type]
    (folder / "deep" / "page.html").write_text(
        f"<html lang=en><title>A page</title><body><article><h1>A page</h1><p>{LEAD}</p><p>{REPLY}</p></article></body></html>"
    )
    (folder / "empty.txt").write_text("")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    result = tracker("ingest", "saved", cwd=here)
    assert result.stdout.startswith("2 new texts")
    assert_clear_error(result, 3, "empty.txt", "empty.txt: is empty")


def test_a_warc_with_a_damaged_record(here: Path) -> None:
    path = here / "pages.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in (1, 2):
            words = f"<p>{LEAD}</p><p>{REPLY} Number {number}.</p>"
            body = f"<html><head><title>P{number}</title></head><body><article>{words}</article></body></html>".encode()
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"https://wire.example/{number}", "response", payload=io.BytesIO(body), http_headers=headers
            )
            writer.write_record(record)
    with path.open("ab") as file:
        file.write(gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9999\r\n\r\ncut")[:-12])
    result = tracker("ingest", "pages.warc.gz", cwd=here)
    assert result.stdout.startswith("2 new texts"), result.stderr
    assert_clear_error(result, 3, "pages.warc.gz")


# --- wrong input ---


def test_a_broken_line_is_named_and_the_good_ones_go_in(here: Path) -> None:
    other = {**RECORD, "id": "t-2", "url": "https://wire.example/other"}
    path = here / "in.jsonl"
    write_lines(path, RECORD, '{"id": "t-9", "text": "cut', {"id": "t-3"}, "[1, 2]", other)
    with path.open("ab") as file:
        file.write(b'{"id": "t-4", "text": "\xff"}\n' + b"[" * 100_000 + b"\n")
    result = tracker("ingest", "in.jsonl", cwd=here)
    assert result.stdout.startswith("2 new texts, 0 unchanged, 5 refused")
    assert_clear_error(
        result, 3, "in.jsonl, line 2", "not JSON", "line 3", "text: field required", "line 4", "expected an object",
        "line 6", "not UTF-8", "line 7",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["ingest", "nowhere.jsonl"], ["nowhere.jsonl", "no such file"], id="no-such-file"),
        pytest.param(["ingest", "empty.jsonl"], ["empty.jsonl is empty"], id="empty-file"),
        pytest.param(["ingest", "blank.jsonl"], ["blank.jsonl", "no document"], id="only-blank-lines"),
        pytest.param(["ingest", "photo.jpg"], ["photo.jpg", "expected a name that ends in"], id="unknown-kind"),
        pytest.param(["ingest", "folder"], ["folder holds no file"], id="empty-folder"),
        pytest.param(["extract", "nowhere.jsonl"], ["nowhere.jsonl", "no such file"], id="extract-nothing"),
        pytest.param(["extract", "empty.jsonl"], ["empty.jsonl"], id="extract-empty"),
        pytest.param(["collect", "nosuch"], ["There is no such source", "'nosuch'"], id="unknown-source"),
        pytest.param(["run", "nosuch"], ["There is no such source"], id="run-unknown-source"),
        pytest.param(["export", "evnts"], ["'evnts'", "expected one of events"], id="unknown-export"),
        pytest.param(["export", "events", "--format", "xls"], ["'xls'", "csv"], id="unknown-format"),
        pytest.param(["evaluate", "--gold", "folder"], ["folder"], id="no-gold-there"),
        pytest.param(["run", "--config", "other.yaml"], ["other.yaml"], id="no-such-config"),
        pytest.param(["run", "--config", "wrong.yaml"], ["wrong.yaml, line 2", "site.titel", "did you mean title?"], id="wrong-config"),
    ],
)  # fmt: skip
def test_wrong_input_is_one_clear_error(here: Path, arguments: list[str], words: list[str]) -> None:
    (here / "empty.jsonl").write_text("")
    (here / "blank.jsonl").write_text("\n  \n")
    (here / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (here / "folder").mkdir()
    (here / "wrong.yaml").write_text("site:\n  titel: x\n")
    assert_clear_error(tracker(*arguments, cwd=here), 2, *words)


def test_a_missing_model_says_what_to_do(here: Path) -> None:
    (here / "config.yaml").write_text(CONFIG + "nlp: {model: en_core_web_lg}\n")
    write_lines(here / "in.jsonl", RECORD)
    assert_clear_error(tracker("extract", "in.jsonl", cwd=here), 2, "en_core_web_lg")


def test_a_database_locked_by_another_program(here: Path) -> None:
    write_lines(here / "in.jsonl", RECORD)
    assert tracker("ingest", "in.jsonl", cwd=here).returncode == 0
    other = sqlite3.connect(here / "var" / "tracker.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    write_lines(here / "more.jsonl", {**RECORD, "id": "t-2", "url": "https://wire.example/2"})
    try:
        assert_clear_error(tracker("ingest", "more.jsonl", cwd=here), 2, "Another run is using", "another program")
    finally:
        other.close()
    assert tracker("ingest", "more.jsonl", cwd=here).returncode == 0


def test_a_full_disk_is_one_clear_error_and_leaves_nothing_half_written(here: Path) -> None:
    records = [{**RECORD, "id": f"t-{n}", "url": f"https://wire.example/{n}", "text": LEAD * 400} for n in range(60)]
    write_lines(here / "in.jsonl", *records)

    def limit() -> None:  # the size of files stands in for the size of the disk; both fail the write
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    result = run_process("ingest", "in.jsonl", cwd=here, preexec_fn=limit)
    assert_clear_error(result, 2, "tracker.db")
    again = tracker("ingest", "in.jsonl", cwd=here)
    assert again.returncode == 0, again.stderr
    connection = sqlite3.connect(here / "var" / "tracker.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("SELECT count(*) FROM version").fetchone() == (60,)
    connection.close()


def test_a_folder_that_is_not_ours_is_not_replaced_by_the_site(here: Path) -> None:
    (here / "site").mkdir()
    (here / "site" / "thesis.txt").write_text("years of work")
    write_lines(here / "in.jsonl", RECORD)
    tracker("ingest", "in.jsonl", cwd=here)
    tracker("reconcile", cwd=here)
    assert_clear_error(tracker("publish", cwd=here), 2, "site")
    assert (here / "site" / "thesis.txt").read_text() == "years of work"


# --- the rest ---


def test_every_command_has_help_with_an_example() -> None:
    overview = tracker("--help", cwd=Path.cwd()).stdout
    for command in (
        "demo", "run", "schedule", "collect", "ingest", "reconcile", "publish", "extract", "export", "evaluate", "sources",
    ):  # fmt: skip
        assert command in overview
        text = tracker(command, "--help", cwd=Path.cwd()).stdout
        assert "Example:" in text and f"tracker {command}" in text
        assert command == "demo" or "--config" in text


def test_sources_are_listed(here: Path) -> None:
    source = (
        "sources: [{name: wire, kind: feed, url: 'https://wire.example/rss', publisher: Wire, publisher_type: news}]"
    )
    (here / "config.yaml").write_text(f"{CONFIG}{source}\n")
    result = tracker("sources", cwd=here)
    assert result.returncode == 0 and "wire" in result.stdout and "never" in result.stdout


def test_a_source_that_does_not_answer_ends_in_exit_code_3(here: Path) -> None:
    source = "{name: wire, kind: feed, url: 'http://wire.example/rss', publisher: Wire, publisher_type: news}"
    network = "network: {resolve: {'*.example': '127.0.0.1:9'}, allow_networks: [127.0.0.0/8], retries: 0}"
    (here / "config.yaml").write_text(f"{CONFIG}sources: [{source}]\n{network}\n")
    result = tracker("collect", "wire", cwd=here)
    assert result.returncode == 3, result.stderr
    assert "wire: failed:" in result.stdout


def test_a_source_without_its_key_is_told_and_no_failure(here: Path) -> None:
    source = "{name: bill, kind: congress, url: 'https://api.example/v3/bill/119/hr/8283', publisher: C, publisher_type: government}"
    (here / "config.yaml").write_text(
        f"{CONFIG}sources: [{source.replace('publisher: C', 'key_env: NO_SUCH_KEY, publisher: C')}]\n"
    )
    result = tracker("collect", "bill", cwd=here)
    assert result.returncode == 0, result.stderr
    assert "bill: skipped: set the environment variable NO_SUCH_KEY" in result.stdout


def test_the_schedule_stops_on_sigterm_when_its_run_has_ended(here: Path) -> None:
    source = (
        "{name: wire, kind: feed, url: 'http://wire.example/rss', publisher: Wire, publisher_type: news, every: 1h}"
    )
    network = "network: {resolve: {'*.example': '127.0.0.1:9'}, allow_networks: [127.0.0.0/8], retries: 0}"
    (here / "config.yaml").write_text(f"{CONFIG}sources: [{source}]\n{network}\n")
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "tracker", "schedule"],
        cwd=here, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        deadline = time.monotonic() + 60
        lines = []
        while time.monotonic() < deadline:
            lines.append(process.stdout.readline())
            if "wire" in lines[-1]:
                break
        process.terminate()
        rest, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, rest
    assert "stopping" in "".join(lines) + rest


# --- review ---


def test_review_lists_what_is_not_published(here: Path) -> None:
    (here / "config.yaml").write_text(CONFIG + "nlp: {review_below: 1}\n")
    write_lines(here / "in.jsonl", RECORD)
    tracker("ingest", "in.jsonl", cwd=here)
    tracker("reconcile", cwd=here)
    assert json.loads(tracker("export", "events", cwd=here).stdout) == []
    table = tracker("review", cwd=here).stdout
    assert "accuse-verb" in table and "2 claims await review: confidence below 1" in table
    records = json.loads(tracker("review", "--format", "json", cwd=here).stdout)
    assert [item["confidence"] for item in records] == sorted(item["confidence"] for item in records)
    assert {item["quote"] for item in records} == {LEAD, REPLY} and all(item["awaits_review"] for item in records)
    assert_clear_error(tracker("review", "--format", "csv", cwd=here), 2, "table, json")
    (here / "config.yaml").write_text(CONFIG + "nlp: {review_below: 0}\n")
    tracker("reconcile", cwd=here)
    assert tracker("review", cwd=here).stdout.strip() == "0 claims await review: confidence below 0"
    assert len(json.loads(tracker("export", "events", cwd=here).stdout)) == 1


def test_a_threshold_that_is_no_share_is_refused_by_line(here: Path) -> None:
    (here / "config.yaml").write_text(CONFIG + "nlp:\n  review_below: 50\n")
    assert_clear_error(tracker("review", cwd=here), 2, "line 4", "nlp.review_below")
