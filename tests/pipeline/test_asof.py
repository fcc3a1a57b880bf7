"""As of a day, through the real store: exports, site and refusals; what was not known then is nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tracker.cli import app as command
from tracker.config import Settings, Site
from tracker.deliver.site import FolderSiteWriter
from tracker.errors import InputError, OutputUnusable
from tracker.pipeline.asof import load_dataset_as_of, publish_as_of
from tracker.pipeline.publish import load_dataset
from tracker.reconcile import reconcile
from tracker.render.exports import export_records
from tracker.store import SqlStore, open_store
from tracker.types import (
    Anchor,
    Claim,
    Curation,
    Document,
    Edit,
    Entity,
    Extraction,
    Quantity,
    Reconciled,
    TitleEdit,
)

PARTIES = (Entity("lumen", "Lumen Labs", "company"), Entity("garnet", "Garnet AI", "company"))
FIRST, THIRD, NOW = (datetime(2026, 6, day, 10, tzinfo=UTC) for day in (24, 26, 30))
EVENING = datetime.combine(FIRST, time.max, UTC)
OLD = "Lumen Labs told the panel that Garnet AI had copied Prism through about 24,000 accounts."
NEW = "Lumen Labs told the panel that Garnet AI had copied Prism through nearly 25,000 accounts."
LATER = "Garnet AI told the panel that Lumen Labs had copied Opal for the whole of the year."


def _claim(text: str, speaker: str, accused: str, figures: tuple[int, ...] = ()) -> Claim:
    return Claim("allegation", 0, len(text), text, speaker, (accused,), quantities=figures)


def _count(text: str, words: str, low: float | None, high: float, qualifier: str) -> Quantity:
    start = text.index(words)
    return Quantity(start, start + len(words), words, "accounts", low, high, qualifier)  # type: ignore[arg-type]


def fill(store: SqlStore) -> None:
    """A story that was corrected two days later, and another story of that later day; reconciled today."""
    story = Document("a", OLD, "https://wire.example/a", "Wire", published=FIRST.date(), title="Lumen speaks")
    store.save_ingested(story, FIRST)
    store.save_ingested(replace(story, id="a2", text=NEW), THIRD)
    store.save_ingested(replace(story, id="b", text=LATER, url="https://wire.example/b", title="Garnet speaks"), THIRD)
    about, under = (
        _count(OLD, "about 24,000", 24_000, 24_000, "about"),
        _count(NEW, "nearly 25,000", None, 25_000, "under"),
    )
    store.save_extractions(
        "test",
        [
            Extraction("a", "relevant", quantities=(about,), claims=(_claim(OLD, "lumen", "garnet", (0,)),)),
            Extraction("a2", "relevant", quantities=(under,), claims=(_claim(NEW, "lumen", "garnet", (0,)),)),
            Extraction("b", "relevant", claims=(_claim(LATER, "garnet", "lumen"),)),
        ],
    )
    store.save_reconciled("today", reconcile(store.load_documents(), PARTIES, Reconciled()))


@pytest.fixture
def store() -> Iterator[SqlStore]:
    with open_store("sqlite://") as opened:
        fill(opened)
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_store(f"sqlite:///{tmp_path / 'tracker.db'}") as opened:
        fill(opened)
    return tmp_path


def titled(at: datetime) -> Curation:
    act = TitleEdit((Anchor("a", OLD),), "A title that somebody wrote")
    return Curation((Edit("e-1", act, "Jo", at, "clearer"),))


def test_exports_know_what_was_known_and_keep_the_ids_of_today(store: SqlStore) -> None:
    today = load_dataset(store, (), NOW, entities=PARTIES)
    then = load_dataset_as_of(store, (), EVENING, entities=PARTIES)
    (event,) = export_records(then, "events")
    assert event["id"] in {item.id for item in today.reconciled.events} and len(today.reconciled.events) == 2
    assert event["as_of"] == "2026-06-24T23:59:59.999999+00:00"
    assert [row["text"] for row in export_records(then, "figures")] == ["about 24,000"]
    (claim,) = export_records(then, "claims")
    assert (claim["in_current_version"], claim["last_seen_at"]) == (True, FIRST.isoformat())
    assert export_records(then, "revisions") == []
    assert [row["id"] for row in export_records(then, "documents")] == ["a"]
    rows = {row["quote"]: row for row in export_records(today, "claims")}
    assert (rows[OLD]["in_current_version"], rows[OLD]["vanished"]) == (False, True)
    assert "as_of" not in rows[OLD]
    (revision,) = export_records(today, "revisions")
    assert (revision["what"], revision["was"][0]) == (["figure", "qualifier", "words"], "about 24,000")


def test_as_of_now_is_what_is_published(store: SqlStore) -> None:
    now = load_dataset_as_of(store, (), NOW, entities=PARTIES)
    assert replace(now, as_of=None) == load_dataset(store, (), NOW, entities=PARTIES)


def test_an_edit_holds_from_the_day_on_which_it_was_made(store: SqlStore) -> None:
    for made, title in ((FIRST, "A title that somebody wrote"), (THIRD, None)):
        then = load_dataset_as_of(store, (), EVENING, curation=titled(made), entities=PARTIES)
        (event,) = then.reconciled.events
        assert (event.title == "A title that somebody wrote") == (title is not None)
        assert len(then.edits) == (title is not None)


def test_every_page_says_as_of_when_and_the_present_site_is_left_alone(store: SqlStore, tmp_path: Path) -> None:
    site = Site(title="Tracker", out=tmp_path / "site", base_url="https://tracker.example/")
    settings = Settings(data_dir=tmp_path, site=site)
    marks = dict(store.load_marks())
    publish_as_of(store, FolderSiteWriter(), settings, EVENING, tmp_path / "then", entities=PARTIES)
    pages = {path: path.read_text(encoding="utf-8") for path in (tmp_path / "then").rglob("*.html")}
    assert len(pages) > 10
    for path, page in pages.items():
        title = page[page.index("<title>") : page.index("</title>")]
        assert title.endswith("(as of 24 June 2026)"), path
        assert "<strong>As of 24 June 2026.</strong>" in page and 'name="robots" content="noindex"' in page, path
        assert "through nearly 25,000" not in page and "Opal" not in page and "tracker.example" not in page, path
    (event,) = (tmp_path / "then" / "events").glob("*.json")
    assert json.loads(event.read_text())["as_of"].startswith("2026-06-24")
    assert not (tmp_path / "site").exists() and dict(store.load_marks()) == marks


def test_an_instant_within_a_day_is_told_with_its_time(store: SqlStore, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, site=Site(out=tmp_path / "site"))
    at = datetime(2026, 6, 26, 12, 5, tzinfo=UTC)
    publish_as_of(store, FolderSiteWriter(), settings, at, tmp_path / "then", entities=PARTIES)
    assert "(as of 26 June 2026, 12:05 UTC)</title>" in (tmp_path / "then" / "index.html").read_text()


def test_the_folder_of_the_present_site_and_of_others_is_refused(store: SqlStore, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, site=Site(out=tmp_path / "site"))
    with pytest.raises(InputError, match="where the site of the present stands"):
        publish_as_of(store, FolderSiteWriter(), settings, EVENING, tmp_path / "x" / ".." / "site", entities=PARTIES)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(OutputUnusable):
        publish_as_of(store, FolderSiteWriter(), settings, EVENING, tmp_path / "mine", entities=PARTIES)


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    config = folder / "config.yaml"
    config.write_text(f"data_dir: {folder}\nsite: {{out: {folder / 'site'}}}\n")
    result = CliRunner().invoke(command, [*arguments, "--config", str(config)])
    if result.exception and not isinstance(result.exception, SystemExit | InputError):
        raise result.exception
    return result.exit_code, f"{result.output}{result.exception or ''}"


def test_export_and_publish_on_the_command_line(folder: Path) -> None:
    code, output = run(folder, "export", "claims", "--as-of", "2026-06-24", "--format", "csv")
    assert code == 0 and OLD in output and NEW not in output
    assert output.splitlines()[0].endswith(",as_of")
    code, output = run(folder, "publish", "--as-of", "2026-06-24", "--out", str(folder / "then"))
    assert code == 0 and "then/index.html" in output.replace("\n", "")
    assert "as of 24 June 2026" in (folder / "then" / "index.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export", "events", "--as-of", "yesterday-ish"], "expected a day such as 2026-06-24"),
        (["export", "events", "--as-of", "2099-01-01"], "that has not been yet"),
        (["export", "events", "--as-of", "2026-06-23"], "the first document was fetched on 2026-06-24"),
        (["export", "entity-proposals", "--as-of", "2026-06-24"], "leave --as-of out"),
        (["publish", "--as-of", "2026-06-24"], "--as-of needs --out FOLDER"),
        (["publish", "--as-of", "2026-02-30", "--out", "then"], "there is no such day"),
    ],
)
def test_what_a_tired_person_types_is_told_and_nothing_is_written(
    folder: Path, arguments: list[str], words: str
) -> None:
    code, output = run(folder, *arguments)
    assert code != 0 and words in " ".join(output.split())
    assert not (folder / "site").exists() and not (folder / "then").exists()


def test_before_anything_was_collected_nothing_is_known(tmp_path: Path) -> None:
    code, output = run(tmp_path, "export", "events", "--as-of", "2026-06-24")
    assert code != 0 and "nothing is known yet" in output


def test_a_figure_is_seen_as_long_as_its_page_says_it(store: SqlStore) -> None:
    rows = {row["text"]: row for row in export_records(load_dataset(store, (), NOW, entities=PARTIES), "figures")}
    assert [rows[text]["vanished"] for text in ("about 24,000", "nearly 25,000")] == [True, False]
    assert rows["about 24,000"]["last_seen_at"] == FIRST.isoformat()
    assert rows["nearly 25,000"]["first_seen_at"] == THIRD.isoformat()
