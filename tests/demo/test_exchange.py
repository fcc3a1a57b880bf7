"""The sample in the formats of others: as the site offers it, read whole by the ecosystems' own libraries."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import networkx
import pytest
import stix2
from followthemoney import model
from followthemoney.statement.serialize import read_path_statements
from followthemoney.statement.statement import Statement
from followthemoney.types import registry

from tests.demo.conftest import EPOCH
from tracker.render.exchange import EXCHANGES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "exchange.md"


@pytest.fixture(scope="module")
def downloads(demo: tuple[Path, str]) -> Path:
    return demo[0] / "site" / "downloads"


@pytest.fixture(scope="module")
def counts(demo: tuple[Path, str]) -> dict[str, int]:
    with closing(sqlite3.connect(demo[0] / "site" / "data" / "tracker.db")) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("claims", "events", "entities", "documents")
        }


def test_followthemoney_reads_every_entity_and_statement(downloads: Path, counts: dict[str, int]) -> None:
    entities = [json.loads(line) for line in (downloads / "entities.ftm.json").read_text().splitlines()]
    kinds: dict[str, int] = {}
    for entity in entities:
        schema = model.get(entity["schema"])
        assert schema is not None
        schema.validate(entity)
        kinds[entity["id"].split("-")[1]] = kinds.get(entity["id"].split("-")[1], 0) + 1
        for name, values in entity["properties"].items():
            assert [schema.properties[name].type.clean(value) for value in values] == values, (entity["id"], name)
    assert (kinds["party"], kinds["page"]) == (counts["entities"], counts["documents"])
    assert (kinds["event"], kinds["claim"]) == (counts["events"], counts["claims"])
    told: dict[str, dict[str, list[str]]] = {}
    for item in read_path_statements(downloads / "statements.ftm.json", "json"):
        assert item.id == item.generate_key()
        assert (item.first_seen or "") <= (item.last_seen or ""), "neither of an owner that no page names"
        values = told.setdefault(item.entity_id, {})
        if item.prop != Statement.BASE:
            values.setdefault(item.prop, []).append(item.value)
            assert item.lang is None or registry.language.validate(item.lang)
    assert told == {entity["id"]: entity["properties"] for entity in entities}


def test_stix2_reads_the_bundle_strictly(downloads: Path, counts: dict[str, int]) -> None:
    bundle = stix2.parse((downloads / "bundle.stix.json").read_text(), allow_custom=False, version="2.1")
    kinds = [item["type"] for item in bundle.objects]
    assert (kinds.count("note"), kinds.count("report")) == (counts["claims"], counts["events"])
    store = stix2.MemoryStore(stix_data=bundle)
    for item in store.query([stix2.Filter("relationship_type", "=", "accuses")]):
        assert store.get(item["source_ref"]) and store.get(item["target_ref"])
        assert "no finding" in item["description"]


def test_networkx_reads_the_network(downloads: Path) -> None:
    graph = networkx.read_graphml(downloads / "network.graphml")
    edge = graph.edges["anthropic", "alibaba"]
    assert "operators affiliated with Alibaba" in json.loads(edge["said_as"])
    assert edge["count"] == len(json.loads(edge["claims"])) > edge["by_name_count"] == 0
    assert graph.edges["anthropic", "minimax"]["by_name_count"] > 5


def test_another_process_makes_the_same_bytes(demo: tuple[Path, str], tmp_path: Path) -> None:
    code = "import sys; from tracker.cli import app; [app(line.split(), standalone_mode=False) for line in sys.stdin]"
    lines = [f"export {item.what} --format {item.format} --dir {demo[0]} --out {item.what}" for item in EXCHANGES]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-c", code]
    subprocess.run(command, check=True, cwd=tmp_path, env=environment, input="\n".join(lines), text=True)
    for item in EXCHANGES:
        assert (tmp_path / item.what).read_bytes() == (demo[0] / "site" / item.path).read_bytes(), item.what


def test_what_the_page_shows_in_python_runs(
    downloads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for item in EXCHANGES:
        shutil.copyfile(downloads / Path(item.path).name, tmp_path / Path(item.path).name)
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        exec(block, {})
    assert "ddt-party-alibaba name Alibaba" in capsys.readouterr().out
