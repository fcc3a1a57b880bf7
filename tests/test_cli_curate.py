"""`tracker curate ...` as it is typed: what it writes, what it says, and its exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tracker.cli import app
from tracker.errors import TrackerError

DOCUMENT = {
    "id": "t-1",
    "url": "https://wire.example/claude",
    "publisher": "Wire",
    "published": "2026-03-03",
    "title": "Anthropic accuses DeepSeek of distillation of Claude",
    "text": "Anthropic on Monday accused DeepSeek of copying its Claude models through more than 300 fake accounts.",
}


@dataclass
class Told:
    """What a command said, and the code with which it ended."""

    returncode: int
    stdout: str
    stderr: str


def run(folder: Path, *arguments: str, who: str = "Ana Lyst <ana@desk.example>") -> Told:
    """The command in this process, since starting one for each would take most of the time."""
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "TRACKER_WHO": who or None}
    before = Path.cwd()
    os.chdir(folder)
    try:
        result = CliRunner(env=quiet).invoke(app, arguments)
    finally:
        os.chdir(before)
    if isinstance(result.exception, TrackerError):
        return Told(result.exception.exit_code, result.stdout, str(result.exception))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Told(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("newsroom")
    (made / "config.yaml").write_text("data_dir: var\n")
    (made / "in.jsonl").write_text(json.dumps(DOCUMENT) + "\n")
    assert run(made, "ingest", "in.jsonl").returncode == 0
    assert run(made, "reconcile").returncode == 0
    return made


def test_a_decision_is_written_applied_listed_and_taken_back(folder: Path) -> None:
    (claim, *_) = json.loads(run(folder, "export", "claims").stdout)
    done = run(folder, "curate", "correct", claim["id"], "--accused", "moonshot-ai", "--why", "it says so")
    assert done.returncode == 0, done.stderr
    assert "written to" in done.stdout and (folder / "data/curation/claims.yaml").is_file()
    assert "pending" in run(folder, "curate", "list").stdout
    assert run(folder, "reconcile").returncode == 0
    (after, *_) = json.loads(run(folder, "export", "claims").stdout)
    assert after["id"] == claim["id"] and after["accused"] == ["moonshot-ai"]
    (edit,) = json.loads(run(folder, "curate", "list", "--format", "json").stdout)
    assert (edit["state"], edit["who"], edit["why"]) == ("applied", "Ana Lyst <ana@desk.example>", "it says so")
    (row,) = csv.DictReader(io.StringIO(run(folder, "export", "curation", "--format", "csv").stdout))
    assert row["id"] == edit["id"]

    with (folder / "data/curation/claims.yaml").open("a") as file:
        file.write("- id: typo\n  edit: hied_claim\n")
    result = run(folder, "reconcile")
    assert (
        result.returncode == 3 and "claims.yaml, line " in result.stderr and "did you mean hide_claim" in result.stderr
    )
    checked = run(folder, "curate", "check")
    assert checked.returncode == 2 and "2 edits, 1 refused" in checked.stdout
    (folder / "data/curation/claims.yaml").write_text("")
    assert run(folder, "curate", "check").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("merge", "deepsek", "openai", "--why", "x"), "did you mean deepseek"),
        (("title", "2026-03-02-anthropic-allegation", "T", "--why", "x"), "there is no event"),
        (("hide", "c-1"), "--why"),
        (("correct", "c-1", "--why", "x"), "nothing to correct"),
        (("correct", "c-1", "--status", "true", "--why", "x"), "expected one of alleged, asserted, denied"),
        (("entity", "x", "--type", "firm", "--why", "x"), "expected one of company"),
        (("entity", "x", "--wikidata", "1359568", "--why", "x"), "expected an id such as Q1359568"),
        (("list", "--format", "xml"), "expected one of table, json, csv"),
        (("proposals", "--dir", "nowhere"), "holds no tracker.db"),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_is_told_and_nothing_is_written(
    folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    result = run(folder, "curate", *arguments)
    assert result.returncode == 2 and told in " ".join(result.stderr.split())


def test_nobody_is_not_somebody(folder: Path) -> None:
    result = run(folder, "curate", "alias", "openai", "Open A.I. Lab", "--why", "x", who="")
    assert result.returncode == 2 and "TRACKER_WHO" in result.stderr
