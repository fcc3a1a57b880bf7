"""Mistakes that lose no data and end in one clear line: outputs over inputs, odd files, folders of others, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands import run_command

TEXT = "Anthropic on Monday accused DeepSeek of copying its Claude models through more than 300 fake accounts."
LINE = json.dumps({"id": "t-1", "text": TEXT, "url": "https://wire.example/1"}) + "\n"
SOURCE = "{name: wire, kind: feed, url: 'http://wire.example/rss', publisher: Wire, publisher_type: news}"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text("data_dir: var\nsite: {out: site}\n")
    (tmp_path / "in.jsonl").write_text(LINE)
    return tmp_path


def tracker(
    *arguments: str, cwd: Path, given: str | None = None, columns: int = 200
) -> subprocess.CompletedProcess[str]:
    return run_command(*arguments, cwd=cwd, given=given, columns=columns)


def assert_refused(result: subprocess.CompletedProcess[str], *words: str) -> None:
    assert result.returncode == 2, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr, result.stderr


# --- what is written over what ---


@pytest.mark.parametrize("out", ["in.jsonl", "./in.jsonl", "link.jsonl", "hard.jsonl"])
def test_extract_does_not_replace_its_input(here: Path, out: str) -> None:
    (here / "link.jsonl").symlink_to("in.jsonl")
    (here / "hard.jsonl").hardlink_to(here / "in.jsonl")
    assert_refused(tracker("extract", "in.jsonl", "--out", out, cwd=here), "would replace in.jsonl")
    assert (here / "in.jsonl").read_text() == LINE


def test_extract_does_not_replace_a_file_of_its_input_folder(here: Path) -> None:
    (here / "saved").mkdir()
    (here / "saved" / "a.txt").write_text(TEXT)
    assert_refused(tracker("extract", "saved", "--out", "saved/a.txt", cwd=here), "would replace saved/a.txt")
    assert (here / "saved" / "a.txt").read_text() == TEXT


@pytest.mark.parametrize("out", ["var/tracker.db", "config.yaml"])
def test_export_does_not_replace_what_it_reads(here: Path, out: str) -> None:
    tracker("ingest", "in.jsonl", cwd=here)
    before = (here / out).read_bytes()
    assert_refused(tracker("export", "claims", "--out", out, cwd=here), "would replace")
    assert (here / out).read_bytes() == before


def test_a_link_given_as_output_stays_a_link(here: Path) -> None:
    (here / "real.jsonl").write_text("old")
    (here / "link.jsonl").symlink_to("real.jsonl")
    assert tracker("extract", "in.jsonl", "--out", "link.jsonl", cwd=here).returncode == 0
    assert (here / "link.jsonl").is_symlink() and json.loads((here / "real.jsonl").read_text())["id"] == "t-1"


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract", "in.jsonl", "--out", "nowhere/x.jsonl"],
        ["extract", "in.jsonl", "--out", "folder"],
        ["export", "claims", "--out", "nowhere/x.json"],
        ["publish", "--out", "/"],
        ["publish", "--out", "in.jsonl/site"],
        ["demo", "--dir", "in.jsonl/demo"],
    ],
)
def test_an_output_that_cannot_be_written_is_called_so(here: Path, arguments: list[str]) -> None:
    (here / "folder").mkdir()
    assert_refused(tracker(*arguments, cwd=here), "The output cannot be written")


def test_publish_names_the_files_of_others_and_says_what_it_removed(here: Path) -> None:
    empty = tracker("publish", cwd=here)
    assert empty.returncode == 0 and "no documents yet: the site is empty" in empty.stdout
    tracker("ingest", "in.jsonl", cwd=here)
    tracker("reconcile", cwd=here)
    full = tracker("publish", cwd=here)
    assert ", 0 removed" in full.stdout and "no documents yet" not in full.stdout
    (here / "site" / "CNAME").write_text("mine.example")
    before = sorted((here / "site").rglob("*"))
    assert_refused(tracker("publish", cwd=here), "did not write", "CNAME")
    assert sorted((here / "site").rglob("*")) == before
    (here / "site" / "CNAME").unlink()
    (here / "fresh.yaml").write_text("data_dir: fresh\nsite: {out: site}\n")
    again = tracker("publish", "--config", "fresh.yaml", cwd=here)
    assert again.returncode == 0 and ", 0 removed" not in again.stdout and " removed" in again.stdout


def test_the_demo_looks_at_its_site_folder_before_it_crawls(here: Path) -> None:
    (here / "f2" / "site").mkdir(parents=True)
    (here / "f2" / "site" / "mine.txt").write_text("mine")
    assert_refused(tracker("demo", "--dir", "f2", cwd=here), "not a site that the tracker made")
    assert [path.name for path in (here / "f2").iterdir()] == ["site"]


# --- what is read ---


@pytest.mark.parametrize("command", ["extract", "ingest"])
@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("hostname", b"box\n", "expected a name that ends in"),
        ("arr.json", b"[]", "expected a name that ends in"),
        ("empty.jsonl", b"", "is empty"),
        ("bin.pdf", b"\x00\x01" * 600, "bin.pdf: is damaged or not a PDF"),
        ("bad.jsonl", b"{}\n[]\n", "no document that can be used"),
    ],
)
def test_extract_and_ingest_refuse_the_same_files(here: Path, command: str, name: str, body: bytes, words: str) -> None:
    (here / name).write_bytes(body)
    assert_refused(tracker(command, name, cwd=here), name, words)


@pytest.mark.parametrize("command", ["extract", "ingest"])
def test_a_folder_with_one_bad_file_is_done_in_part(here: Path, command: str) -> None:
    (here / "saved").mkdir()
    (here / "saved" / "a.txt").write_text(TEXT)
    (here / "saved" / "b.txt").write_text("")
    result = tracker(command, "saved", cwd=here)
    assert result.returncode == 3 and "b.txt: is empty" in result.stderr and result.stdout


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_standard_input_is_read_as_json_lines(here: Path, name: str) -> None:
    result = tracker("extract", name, cwd=here, given=LINE + "{}\n")
    assert result.returncode == 3 and json.loads(result.stdout)["id"] == "t-1"
    assert "standard input, line 2" in result.stderr
    assert tracker("ingest", name, cwd=here, given=LINE).stdout.startswith("1 new texts")


def test_an_empty_configuration_is_said_to_be_empty(here: Path) -> None:
    (here / "config.yaml").write_text("")
    result = tracker("sources", cwd=here)
    assert result.returncode == 0 and "config.yaml is empty: defaults, no sources" in result.stderr
    (here / "config.yaml").write_text("data_dir: var\n")
    assert "is empty" not in tracker("sources", cwd=here).stderr


def test_the_second_source_of_a_name_is_shown_by_its_line(here: Path) -> None:
    (here / "config.yaml").write_text(
        f"sources:\n  - {SOURCE}\n  - {SOURCE.replace('wire,', 'other,')}\n  - {SOURCE}\n"
    )
    assert_refused(tracker("sources", cwd=here), "config.yaml, line 4", "two sources are named 'wire'")


def test_commands_that_do_not_extract_do_not_look_for_the_model(here: Path) -> None:
    (here / "config.yaml").write_text("data_dir: var\nnlp: {model: budled}\n")
    assert tracker("ingest", "in.jsonl", cwd=here).returncode == 0
    assert tracker("sources", cwd=here).returncode == 0
    assert_refused(tracker("extract", "in.jsonl", cwd=here), "budled")


# --- what is shown ---


def test_tables_show_every_column_at_80_columns(here: Path) -> None:
    name = "a-source-with-a-name-that-is-as-long-as-a-name-may-ever-get"
    network = "network: {resolve: {'*.example': '127.0.0.1:9'}, allow_networks: [127.0.0.0/8], retries: 0}"
    (here / "config.yaml").write_text(f"data_dir: var\n{network}\nsources: [{SOURCE.replace('wire,', name + ',')}]\n")
    for command, heads in (
        ("collect", ["source", "fetched", "new", "changed", "unchanged", "refused", "failed", "why"]),
        ("sources", ["source", "kind", "documents", "relevant", "last", "success"]),
    ):
        lines = tracker(command, cwd=here, columns=80).stdout.splitlines()
        table = lines[: next(number for number, line in enumerate(lines) if "http" in line or "Times" in line)]
        head = next(line for line in table if "source " in line)
        assert head.split() == heads and all(len(line) <= 80 for line in table)
        assert "…" not in "".join(table)
        assert name in "".join(line.strip().split("  ")[0] for line in table if not line.startswith(" all"))


def test_a_host_that_cannot_be_reached_is_said_in_few_words(here: Path) -> None:
    source = SOURCE.replace("wire.example", "nowhere.invalid")
    (here / "config.yaml").write_text(f"data_dir: var\nnetwork: {{retries: 0}}\nsources: [{source}]\n")
    result = tracker("collect", cwd=here)
    assert result.returncode == 3
    assert "http://nowhere.invalid cannot be reached" in result.stdout and "name not known" in result.stdout


def test_another_data_folder_is_read_with_dir(here: Path) -> None:
    empty = tracker("export", "documents", cwd=here)
    assert empty.stdout.strip() == "[]" and "no documents yet" in empty.stderr
    tracker("ingest", "in.jsonl", cwd=here)
    tracker("reconcile", cwd=here)
    other = here / "elsewhere"
    other.mkdir()
    for option in ("--dir", "--data-dir"):
        result = tracker("export", "documents", option, str(here / "var"), cwd=other)
        assert [item["id"] for item in json.loads(result.stdout)] == ["t-1"] and "no documents" not in result.stderr
    assert tracker("review", "--dir", str(here / "var"), cwd=other).returncode == 0
    assert_refused(tracker("export", "documents", "--dir", ".", cwd=other), "holds no tracker.db")
    assert list(other.iterdir()) == []


def test_the_data_of_the_demo_is_within_reach(here: Path) -> None:
    last = tracker("demo", "--dir", "my demo", cwd=here).stdout.splitlines()[-1]
    assert last == "Its data: tracker export events --dir 'my demo'"
    assert len(json.loads(tracker("export", "events", "--dir", "my demo", cwd=here).stdout)) > 5
    assert "northwire" in tracker("sources", "--dir", "my demo", cwd=here).stdout


# --- Ctrl-C ---


def test_ctrl_c_is_one_line_and_130_and_leaves_nothing_half_written(here: Path) -> None:
    os.mkfifo(here / "slow.jsonl")
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "extract", "slow.jsonl", "--out", "out.jsonl"],
        cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    )  # fmt: skip
    try:
        with (here / "slow.jsonl").open("w") as writer:  # opens once the command reads
            writer.write(LINE)
            writer.flush()
            time.sleep(0.2)
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, output) == (130, "")
    assert errors == "stopped; run again to go on, nothing is half-written\n"
    assert not (here / "out.jsonl").exists()
