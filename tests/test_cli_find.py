"""`tracker find` as a tired person types it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.commands import run_command
from tracker.store import open_store
from tracker.types import Document, Extraction

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = "Orchid Labs said\nthat \x1b[2Jmodel distillation costs [bold]nothing[/]. 模型蒸馏。"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("find")
    (folder / "config.yaml").write_text("data_dir: var\n")
    with open_store(f"sqlite:///{folder}/var/tracker.db") as store:
        address, publisher = "https://wire.example/a", "The Wire"
        store.save_ingested(
            Document("d1", "About 300 accounts.", title="=Orchid", url=address, publisher=publisher), NOW
        )
        given = Document("d1.2", TEXT, title="=Orchid", url=address, publisher=publisher, published=date(2026, 3, 1))
        store.save_ingested(given, NOW)
        store.save_ingested(Document("d2", "Ferries of Orchid.", url="https://wire.example/b", language="en"), NOW)
        store.save_extractions("x/1", [Extraction("d2", "irrelevant")])
    return folder


def find(here: Path, *arguments: str, status: int = 0, columns: int = 200) -> CompletedProcess[str]:
    result = run_command("find", *arguments, cwd=here, columns=columns)
    assert result.returncode == status, result.stdout + result.stderr
    assert "Traceback" not in result.stderr and "sqlite" not in result.stderr.lower()
    return result


def test_a_table_shows_whose_it_is_and_where_it_stands(here: Path) -> None:
    told = find(here, "distillation").stdout
    assert "=Orchid\n    2026-03-01  The Wire" in told and "not judged yet  d1.2  version 2, the newest" in told
    assert "https://wire.example/a" in told and "1 document\n" in told
    assert "that [2Jmodel «distillation» costs [bold]nothing[/]." in told and "\x1b" not in told
    assert "irrelevant  d2" in find(here, "ferries").stdout
    assert "«模型蒸馏»" in find(here, "模型蒸馏").stdout


def test_what_a_page_said_before_is_found_and_said_to_be_old(here: Path) -> None:
    told = find(here, "accounts").stdout
    assert "undated, fetched 2026-03-02" in told and "version 1 of 2: the page has changed since" in told
    assert "2 documents, 3 versions" in find(here, "orchid").stdout
    assert find(here, "orchid", "--all-versions").stdout.count("wire.example/a") == 2


def test_words_with_a_dash_are_left_out_and_are_no_options(here: Path) -> None:
    assert "d2" in find(here, "orchid", "-labs", "-cats", "-huawei").stdout
    for phrase in ('-"labs said"', "-labs said"):  # as it comes from a shell that was given the quotes for itself
        assert "wire.example/a" not in find(here, "orchid", phrase, "-accounts").stdout
    assert "there is no option --sourc" in find(here, "orchid", "--sourc", "x", status=2).stderr


def test_json_has_places_in_the_text(here: Path) -> None:
    (record,) = json.loads(find(here, "distillation", "--format", "json").stdout)
    (passage,) = record["passages"]
    assert passage["text"] == TEXT[passage["start"] : passage["end"]]
    assert [TEXT[hit["start"] : hit["end"]] for hit in passage["hits"]] == ["distillation"]
    assert (record["document"], record["version_id"], record["version"], record["hits"]) == ("d1", "d1.2", 2, 1)
    assert record["relevance"] is None and record["published"] == "2026-03-01"
    assert json.loads(find(here, "zzz", "--format", "json").stdout) == []


def test_csv_marks_what_was_found_and_runs_in_no_spreadsheet(here: Path) -> None:
    result = find(here, "orchid", "--format", "csv", "--limit", "1")
    assert "the first 1 of 2; --limit allows more" in result.stderr
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert row["title"] == "'=Orchid" and "«Orchid» Labs" in row["passages"]
    assert find(here, "zzz", "--format", "csv").stdout.startswith("document,version_id,")


def test_what_is_not_there_has_near_words(here: Path) -> None:
    told = find(here, "distilation").stdout
    assert "no document has that" in told and "no text has 'distilation'; similar: distillation" in told
    told = find(here, "~distilation").stdout
    assert "«distillation»" in told and "~distilation: distillation" in told
    assert "~qqqqq: no word of any text" in find(here, "~qqqqq").stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("",), "no word to look for"),
        (("*", "!!!"), "no word to look for"),
        (("-orchid",), "only words to leave out"),
        (("x" * 10_000,), "10,000 characters; give at most 1,000"),
        (("(a", "OR", "b)"), "parentheses"),
        (("orchid", "--source", "nobody"), "'nobody'; `tracker sources` names them"),
        (("orchid", "--since", "yesterday"), "--since 'yesterday': expected a day"),
        (("orchid", "--since", "2026-03-02", "--until", "2026-03-01"), "is after"),
        (("orchid", "--language", "english please"), "expected a tag"),
        (("orchid", "--format", "xml"), "expected one of table, json, csv"),
        (("orchid", "--order", "best"), "expected one of relevance, newest"),
    ],
)
def test_wrong_input_is_one_clear_line(here: Path, arguments: tuple[str, ...], why: str) -> None:
    assert why in find(here, *arguments, status=2).stderr


@pytest.mark.parametrize(
    "typed",
    ['"', "orchid AND", "NEAR(orchid labs)", "orchid & !labs | x:*", "title: orchid", "{a b}: c", "'; DROP TABLE version",
     "a\0b", "\ud800 x", "%_", "orchid^2", "a <-> b", "\\", "orchid 'labs", 'a""b', "～", "OR orchid", "orchid:A*"],
)  # fmt: skip
def test_operators_of_other_languages_are_words_or_nothing(here: Path, typed: str) -> None:
    assert run_command("find", typed, cwd=here).returncode in (0, 2)


def test_the_index_is_told_of_checked_made_again_and_dropped(here: Path) -> None:
    find(here, "orchid")
    assert "The full-text index files 3 versions; 0 are due." in run_command("db", "check", cwd=here).stdout
    assert "full-text index of 3 versions" in run_command("db", "index", "--rebuild", cwd=here).stdout
    assert "is gone" in run_command("db", "index", "--drop", cwd=here).stdout
    assert "full-text index" not in run_command("db", "check", cwd=here).stdout
    assert "there is no full-text index" in run_command("db", "index", "--drop", cwd=here).stdout
    assert run_command("db", "index", "--drop", "--rebuild", cwd=here).returncode == 2
