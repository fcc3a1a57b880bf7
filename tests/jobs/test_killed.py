"""Workers that are killed: nothing is lost, nothing is done twice, and what kills them is set aside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.fleet import WITHIN_S, Fleet, documents
from tracker.app import open_app
from tracker.types import Reconciled

DYING = str(Path(__file__).with_name("dying.py"))
STAGES = ("--only", "read,extract,reconcile,publish,deliver", "--until-idle")
KILLED = -9


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    yield


def undisturbed(fleet: Fleet, records: list[dict[str, str]]) -> Reconciled:
    """What one run on a file makes of the same."""
    path = fleet.folder / "all.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    settings = fleet.settings.model_copy(update={"database": None, "data_dir": fleet.folder / "alone"})
    with open_app(settings) as app:
        app.ingest([path])
        app.extract()
        app.reconcile()
        return app.store.load_reconciled()[1]


def test_a_worker_that_is_killed_at_any_commit_loses_nothing(fleet: Fleet) -> None:
    records = documents(12)
    fleet.ingest(records)
    codes = []
    for commits in (9, 40):
        with fleet.process("worker", *STAGES, program=(DYING, str(commits))) as worker:
            codes.append(worker.wait(WITHIN_S))
    assert KILLED in codes
    told = fleet.drain(*STAGES[:2])
    with fleet.app() as app:
        assert not list(app.store.load_unextracted(app.extractor.name)), told
        assert not app.store.load_pending()
        found, wanted = app.store.load_reconciled()[1], undisturbed(fleet, records)
        assert [record.id for record in found.claims] == [record.id for record in wanted.claims]
        # An event keeps the id of when its first document came, so they are told apart by what is told of them.
        assert sorted(event.title for event in found.events) == sorted(event.title for event in wanted.events)
        assert not app.store.work.load_jobs("failed") and not app.store.work.load_aside()
    assert (fleet.folder / "site/index.html").is_file()


def test_a_text_that_kills_workers_is_set_aside_and_holds_nobody_up(fleet: Fleet) -> None:
    fleet.ingest(
        [
            *documents(12),
            *[{**item, "id": "bad", "url": "https://wire.example/bad"} for item in documents(1, words="Deadly words.")],
        ]
    )
    lives = 0
    code: int | None = KILLED
    while code == KILLED and lives < 8:
        lives += 1
        with fleet.process("worker", *STAGES, program=(DYING, "Deadly")) as worker:
            code = worker.wait(WITHIN_S)
    assert code == 0 and lives <= 5, fleet.told
    with fleet.app() as app:
        assert [item.id for item in app.store.load_unextracted(app.extractor.name)] == ["bad"]
        assert app.store.load_totals()["claims"] > 0
    listed = fleet.run("jobs", "list", "--format", "json")
    (aside,) = json.loads(listed.stdout)["set_aside"]
    assert aside["item"] == "bad" and aside["stage"] == "extract"
    assert "set aside: extract bad" in fleet.run("jobs", "list").stderr
    assert "1 set aside before is due again" in fleet.run("jobs", "retry", "--set-aside").stdout
    fleet.drain(*STAGES[:2])
    with fleet.app() as app:
        assert not list(app.store.load_unextracted(app.extractor.name)), "another worker gets along with it"
