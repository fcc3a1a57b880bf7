"""A worker drains what is due, says how, and keeps to its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import run_command
from tests.jobs.fleet import Fleet, documents


def test_a_worker_drains_an_ingested_store_down_to_its_site(fleet: Fleet) -> None:
    fleet.ingest(documents(40))
    told = fleet.drain("--only", "read,extract,reconcile,publish,deliver")
    assert (fleet.folder / "site/index.html").is_file(), told
    with fleet.app() as app:
        totals = app.store.load_totals()
        assert totals["documents"] == 40 and totals["claims"] > 0, told
        assert not list(app.store.load_unextracted(app.extractor.name))
        assert not app.store.load_pending()
        assert not app.store.work.load_unpublished()
        assert not any(app.store.work.count_live(["read", "extract", "reconcile", "publish", "deliver"]))
    assert " extract " in told and " publish " in told and "queue=extract" in told


def test_on_a_file_there_are_no_workers(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("data_dir: var\n", encoding="utf-8")
    ended = run_command("worker", cwd=tmp_path)
    assert ended.returncode == 2
    assert "workers need PostgreSQL" in ended.stderr and "tracker db copy" in ended.stderr


@pytest.mark.parametrize(("only", "said"), [("extrakt", "expected one of collect, read"), (" , ", "names no stage")])
def test_a_stage_that_there_is_not_is_told(fleet: Fleet, only: str, said: str) -> None:
    ended = fleet.run("worker", "--only", only)
    assert ended.returncode == 2 and said in ended.stderr
