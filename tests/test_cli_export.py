"""`tracker export` as somebody tired types it: what is meant is found or named, and nothing half-done is left."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import networkx
import pytest
import stix2
from typer.testing import CliRunner

from tracker.app import open_app
from tracker.cli import app
from tracker.config import load_settings
from tracker.errors import InputError, OutputUnusable

TEXT = (
    "Northwind Labs accused Kestrel AI of copying its model Borealis through 24,000 fraudulent accounts. "
    "Kestrel AI denied the charge."
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one document that was read and reconciled."""
    here = tmp_path_factory.mktemp("export")
    config = here / "config.yaml"
    config.write_text("data_dir: var\n")
    line = {"id": "d-1", "text": TEXT, "publisher": "Harbour Courier", "published": "2026-02-24", "language": "en",
            "title": "Northwind accuses Kestrel", "url": "https://courier.example/1"}  # fmt: skip
    (here / "in.jsonl").write_text(json.dumps(line) + "\n")
    for command in (["ingest", str(here / "in.jsonl")], ["reconcile"]):
        result = CliRunner().invoke(app, [*command, "--config", str(config)])
        assert result.exit_code == 0, result.output
    return here


def export(folder: Path, *arguments: str) -> bytes:
    result = CliRunner().invoke(app, ["export", *arguments, "--config", str(folder / "config.yaml")])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["claim"], "did you mean claims?"),
        (["Events"], "did you mean events?"),
        (["everything"], "expected one of events, claims, entities"),
        (["stix"], "'stix' is a format; it goes behind what is written: tracker export bundle --format stix"),
        (["ftm"], "tracker export entities --format ftm (also statements)"),
        (
            ["claims", "--format", "stix"],
            "claims can be written as json, jsonl, csv, parquet; stix is written of bundle",
        ),
        (["claims", "--format", "xlsx"], "claims can be written as json, jsonl, csv, parquet"),
        (["network", "--format", "csv"], "network comes in one form, graphml: leave --format out"),
        (["entity-proposals", "--format", "parquet"], "parquet is written of events"),
        (["claims", "--out", "claims.xlsx"], "name it .csv, which spreadsheets open"),
        (["bundle", "--as-of", "tomorrow-ish"], "tomorrow-ish"),
        (["network", "--as-of", "2020-01-01"], "nothing was known then"),
    ],
)
def test_a_wrong_word_is_told_with_what_is_meant(folder: Path, arguments: list[str], told: str) -> None:
    with pytest.raises(InputError) as caught:
        export(folder, *arguments)
    assert told in str(caught.value)


def test_the_end_of_the_name_says_the_format(folder: Path, tmp_path: Path) -> None:
    for name in ("c.csv", "c.jsonl", "c.parquet", "c.json", "c"):
        export(folder, "claims", "--out", str(tmp_path / name))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "c.csv").read_text())))
    held = [json.loads(line) for line in (tmp_path / "c.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == [item["id"] for item in held] != []
    assert json.loads((tmp_path / "c.json").read_text()) == held == json.loads((tmp_path / "c").read_text())
    assert (tmp_path / "c.parquet").read_bytes()[:4] == b"PAR1"
    export(folder, "entities", "--out", str(tmp_path / "entities.ftm.json"))
    first = json.loads((tmp_path / "entities.ftm.json").read_text().splitlines()[0])
    assert first["datasets"] == ["distillation_disputes"]
    export(folder, "claims", "--format", "csv", "--out", str(tmp_path / "odd.json"))
    assert (tmp_path / "odd.json").read_text().startswith("id,type,"), "what is asked for goes before what is named"


def test_the_formats_of_others_are_read_by_their_libraries(folder: Path) -> None:
    bundle = stix2.parse(export(folder, "bundle").decode())
    assert {item["type"] for item in bundle.objects} >= {"note", "report", "identity"}
    graph = networkx.read_graphml(io.BytesIO(export(folder, "network", "--format", "graphml")))
    assert graph.number_of_edges() >= 1
    assert export(folder, "statements").count(b"\n") > export(folder, "entities", "--format", "ftm").count(b"\n") > 0


def test_a_folder_that_is_not_there_or_cannot_be_written_is_named_before_any_work(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputUnusable, match="there is no folder"):
        export(folder, "claims", "--out", str(tmp_path / "nowhere" / "c.csv"))
    with pytest.raises(OutputUnusable, match="is a folder; name a file"):
        export(folder, "claims", "--out", str(tmp_path))
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    if os.access(closed, os.W_OK):
        pytest.skip("somebody who may write anywhere")
    with pytest.raises(OutputUnusable, match="cannot be written to"):
        export(folder, "claims", "--out", str(closed / "c.csv"))


def test_an_empty_table_has_its_head_and_says_so(folder: Path) -> None:
    result = CliRunner().invoke(
        app, ["export", "revisions", "--format", "csv", "--config", str(folder / "config.yaml")]
    )
    assert result.exit_code == 0
    assert result.stdout.startswith("document,kind,what,") and len(result.stdout.splitlines()) == 1
    assert "no revisions in the data" in result.stderr


def test_without_documents_every_format_is_empty_and_sound(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("data_dir: var\n")
    with open_app(load_settings(tmp_path / "config.yaml")):
        pass
    for what in ("events", "bundle", "network", "statements"):
        result = CliRunner().invoke(app, ["export", what, "--config", str(tmp_path / "config.yaml")])
        assert result.exit_code == 0 and "no documents yet" in result.stderr


def test_without_networkx_it_is_told_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "networkx", None)
    with pytest.raises(InputError, match=r"pip install 'tracker\[exchange\]'"):
        export(folder, "network")
