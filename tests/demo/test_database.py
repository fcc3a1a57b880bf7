"""The published database of the sample, read with sqlite3 alone and compared with what the exports say."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.demo.conftest import EPOCH, run_tracker
from tracker.cli.data import open_data
from tracker.render.database import load_questions
from tracker.render.exports import export_records
from tracker.types import Dataset

HANDBOOK = Path(__file__).resolve().parents[2] / "tools" / "database_handbook.py"
Row = dict[str, Any]


@pytest.fixture(scope="module")
def dataset(demo: tuple[Path, str]) -> Dataset:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        with open_data(None, demo[0]) as app:
            return app.dataset()


@pytest.fixture(scope="module")
def database(demo: tuple[Path, str]) -> Iterator[sqlite3.Connection]:
    path = demo[0] / "site" / "data" / "tracker.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
        connection.row_factory = lambda cursor, row: dict(zip([c[0] for c in cursor.description], row, strict=True))
        yield connection


def answer(database: sqlite3.Connection, name: str, **values: str) -> list[Row]:
    question = next(item for item in load_questions() if item.name == name)
    return database.execute(question.sql, dict(question.parameters) | values).fetchall()


def test_the_handbook_is_that_of_the_sample(demo: tuple[Path, str]) -> None:
    path = demo[0] / "site" / "data" / "tracker.db"
    command = [sys.executable, str(HANDBOOK), "--check", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_another_process_makes_the_same_bytes(demo: tuple[Path, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tracker", "export", "database", "--dir", str(demo[0]), "--out", "again.db"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONHASHSEED": "7"}
    subprocess.run(command, check=True, cwd=tmp_path, env=environment, capture_output=True)
    assert (tmp_path / "again.db").read_bytes() == (demo[0] / "site" / "data" / "tracker.db").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--format", "csv", "--out", "x.db"), "leave --format out"),
        (("--out", "demo/tracker.db"), "would replace"),
        (("--out", "demo"), "is a folder"),
        (("--as-of", "2020-01-01", "--out", "x.db"), "nothing was known then"),
    ],
)
def test_what_would_harm_or_cannot_be_is_refused(demo: tuple[Path, str], arguments: tuple[str, ...], told: str) -> None:
    before = (demo[0] / "tracker.db").read_bytes()
    result = run_tracker("export", "database", "--dir", "demo", *arguments, cwd=demo[0].parent, check=False)
    assert result.returncode == 2
    assert told in " ".join(result.stderr.split())
    assert (demo[0] / "tracker.db").read_bytes() == before
    assert not (demo[0].parent / "x.db").exists()


def test_the_commands_ask_the_published_site(demo: tuple[Path, str], dataset: Dataset) -> None:
    shown = run_tracker("query", "SELECT count(*) AS events FROM events", "--dir", "demo", cwd=demo[0].parent)
    assert "no published database" not in shown.stderr
    assert str(len(dataset.reconciled.events)) in shown.stdout.split()
    claims = run_tracker("claims", "--about", "qwen", "--since", "2026-06-01", "--dir", "demo", cwd=demo[0].parent)
    assert "operators linked to Alibaba and its Qwen lab" in claims.stdout


def test_counts_are_those_of_the_dataset(database: sqlite3.Connection, dataset: Dataset) -> None:
    def count(table: str) -> int:
        return database.execute(f"SELECT count(*) AS n FROM {table}").fetchone()["n"]

    reconciled = dataset.reconciled
    assert count("events") == len(reconciled.events) > 10
    assert count("claims") == len(reconciled.claims) > 100
    assert count("entities") == len(reconciled.entities)
    assert count("disputes") == len(reconciled.disputes)
    assert count("figures") == sum(len(event.figures) for event in reconciled.events)
    assert count("quantities") == sum(len(record.quantities) for record in reconciled.claims)
    assert count("documents") == len(dataset.documents)
    assert count("versions") == sum(len(document.versions) for document in dataset.documents)
    assert count("sources") == len(dataset.sources)
    assert count("answers") == len(export_records(dataset, "answers"))
    assert count("revisions") == len(reconciled.revisions)
    assert count("aliases") == sum(len(set(entity.aliases)) for entity in reconciled.entities)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_every_claim_is_as_the_export_has_it(database: sqlite3.Connection, dataset: Dataset) -> None:
    texts = {version.id: version.text for document in dataset.documents for version in document.versions}
    rows = {row["id"]: row for row in database.execute("SELECT * FROM claims")}
    exported = [record for record in export_records(dataset, "claims") if not record["awaits_review"]]
    assert len(exported) == len(rows)
    for record in exported:
        row = rows[record["id"]]
        same = ("type", "status", "speaker", "accused_as", "quote", "publisher", "confidence", "language")
        assert {key: row[key] for key in same} == {key: record[key] for key in same}
        assert row["on_behalf_of"] == record["for"]
        assert [json.loads(row[key]) for key in ("accused", "target", "via", "chain")] == [
            record[key] for key in ("accused", "target", "via", "chain")
        ]
        assert (row["start_offset"], row["end_offset"], row["version_id"]) == (
            record["start"], record["end"], record["version"]
        )  # fmt: skip
        assert bool(row["is_current"]) == record["in_current_version"]
        assert bool(row["is_vanished"]) == record["vanished"]
        assert row["first_seen_at"] == record["first_seen_at"].replace("+00:00", "Z")
        assert row["last_seen_on"] == record["last_seen_at"][:10]
        assert texts[row["version_id"]][row["start_offset"] : row["end_offset"]] == row["quote"]


def test_every_figure_and_number_stands_where_it_says(database: sqlite3.Connection, dataset: Dataset) -> None:
    texts = {version.id: version.text for document in dataset.documents for version in document.versions}
    figures = database.execute("SELECT text, version_id, start_offset, end_offset FROM figures").fetchall()
    numbers = database.execute(
        "SELECT q.text, c.version_id, q.start_offset, q.end_offset FROM quantities AS q JOIN claims AS c ON c.id = q.claim_id"
    ).fetchall()
    assert len(figures) > 30 and len(numbers) > len(figures)
    for row in (*figures, *numbers):
        assert texts[row["version_id"]][row["start_offset"] : row["end_offset"]] == row["text"]


def test_who_first_said_a_number(database: sqlite3.Connection, dataset: Dataset) -> None:
    rows = answer(database, "who-first-said-a-number")
    figures = [
        f
        for f in export_records(dataset, "figures")
        if f["kind"] == "exchanges" and 28_800_000 in (f["low"], f["high"])
    ]
    published = {record.id: record.published_on for record in dataset.reconciled.claims}
    days = [on for figure in figures if (on := published[figure["claim_id"]])]
    assert rows[0]["published_on"] == min(days).isoformat()
    assert rows[0]["speaker_name"] == "Anthropic"


def test_figures_of_an_event_are_all_of_them_with_their_conflicts(
    database: sqlite3.Connection, dataset: Dataset
) -> None:
    event = "2026-06-10-anthropic-allegation-alibaba"
    rows = answer(database, "figures-of-an-event", event=event)
    exported = [f for f in export_records(dataset, "figures") if f["event"] == event]
    assert sorted(row["text"] for row in rows) == sorted(f["text"] for f in exported)
    assert {row["text"] for row in rows if row["conflicts"]} == {f["text"] for f in exported if f["conflicts"]} != set()
    assert [row["text"] for row in rows if not row["is_current"]] == ["about 24,000 fraudulent accounts"]


def test_everything_about_a_vendor_reaches_its_laboratories(database: sqlite3.Connection, dataset: Dataset) -> None:
    rows = answer(database, "everything-about-a-vendor", vendor="alibaba", since="2026-06-01")
    family = {"alibaba"} | {entity.id for entity in dataset.reconciled.entities if entity.parent == "alibaba"}
    exported = [
        record["quote"]
        for record in export_records(dataset, "claims")
        if not record["awaits_review"]
        and (record["published"] or "") >= "2026-06-01"
        and family & {record["speaker"], record["for"], *record["accused"], *record["target"], *record["via"]}
    ]
    parties = [row["quote"] for row in rows if row["role"] != "named"]
    assert sorted(parties) == sorted(exported) != []
    named = [row["quote"] for row in rows if row["role"] == "named"]
    assert all("alibaba" in quote.lower() or "qwen" in quote.lower() for quote in named)


def test_the_edge_list_counts_allegations_and_keeps_lesser_words(
    database: sqlite3.Connection, dataset: Dataset
) -> None:
    rows = {(row["accuser"], row["accused"]): row for row in answer(database, "accusers-and-accused")}
    charges = [record.claim for record in dataset.reconciled.claims if record.claim.type == "allegation"]
    pairs = [
        (claim.on_behalf_of or claim.speaker, party, claim.accused_as)
        for claim in charges
        for party in set(claim.accused)
    ]
    counted = [pair for pair in pairs if pair[0] is not None]
    assert sum(row["claim_count"] for row in rows.values()) == len(counted)
    lesser = [words for accuser, accused, words in counted if (accuser, accused) == ("anthropic", "alibaba")]
    row = rows["anthropic", "alibaba"]
    assert row["claim_count"] == len(lesser) > 10
    assert row["by_name_count"] == 0  # each quote has operators or people of theirs, or only figures
    assert rows["anthropic", "minimax"]["by_name_count"] > 5
    assert set(json.loads(row["said_as"])) == set(lesser) - {None}


def test_denials_follow_within_the_days_asked_for(database: sqlite3.Connection) -> None:
    rows = answer(database, "denials-within-seven-days")
    assert rows
    for row in rows:
        assert 0 <= (date.fromisoformat(row["denied_on"]) - date.fromisoformat(row["accused_on"])).days <= 7
    assert len(answer(database, "denials-within-seven-days", days="0")) < len(rows)


def test_claims_on_one_source_are_those_of_the_assertions(database: sqlite3.Connection, dataset: Dataset) -> None:
    rows = answer(database, "one-independent-source")
    wanted = [
        record
        for record in export_records(dataset, "assertions")
        if record["type"] == "allegation" and record["independent_sources"] == 1
    ]
    assert len(rows) == len(wanted) > 0
    assert {row["event_id"] for row in rows} == {record["event"] for record in wanted}


def test_what_changed_and_whose_text_changed(database: sqlite3.Connection, dataset: Dataset) -> None:
    numbers = {row["what"]: row["number"] for row in answer(database, "what-changed-last-week")}
    assert numbers["new event"] == len(dataset.reconciled.events)
    assert numbers["claim changed"] == len(dataset.reconciled.revisions)
    changed = answer(database, "source-text-changed")
    assert {(row["before_quote"], row["after_quote"]) for row in changed} == {
        (record["before_quote"], record["after_quote"]) for record in export_records(dataset, "revisions")
    }


def test_who_speaks_for_a_body_and_what_it_holds(database: sqlite3.Connection) -> None:
    rows = {(row["speaker"], row["speaks_for"]) for row in answer(database, "who-speaks-for")}
    assert ("David Sacks", "White House") in rows
    assert ("Michael Kratsios", "Office of Science and Technology Policy") in rows


def test_bills_come_with_their_stages_by_date(database: sqlite3.Connection) -> None:
    rows = [
        row for row in answer(database, "bills-and-stages") if row["bill"].startswith("Deterring American AI Model")
    ]
    assert [row["from_on"] for row in rows] == ["2026-04-15", "2026-04-22"]
    assert all("8283" in row["title"] for row in rows)


def test_the_questions_use_indexes(database: sqlite3.Connection) -> None:
    """No question reads all of the claims, figures or mentions, but the one that asks for what is new."""
    for question in load_questions():
        plan = [row["detail"] for row in database.execute(f"EXPLAIN QUERY PLAN {question.example}")]
        scans = [line for line in plan if line.startswith("SCAN") and " USING " not in line and "json_each" not in line]
        assert not [line for line in scans if line.split()[1] in ("_mentions", "m", "c", "_claim_parties")], (
            question.name
        )


@pytest.mark.parametrize(
    ("name", "usual", "typed"),
    [
        ("who-first-said-a-number", {"number": "28800000"}, {"number": " 28,800,000", "kind": "Exchanges"}),
        ("everything-about-a-vendor", {"vendor": "alibaba"}, {"vendor": "Alibaba"}),
        ("everything-about-a-vendor", {"vendor": "alibaba"}, {"vendor": "alibaba group HOLDING "}),
        ("everything-about-a-vendor", {"vendor": "alibaba"}, {"vendor": "阿里巴巴"}),
        ("who-speaks-for", {"body": "white-house"}, {"body": "White-House"}),
        ("who-speaks-for", {"body": "white-house"}, {"body": "the White House"}),
        ("who-speaks-for", {"body": "white-house"}, {"body": "White House"}),
    ],
)
def test_values_are_understood_as_people_type_them(
    database: sqlite3.Connection, name: str, usual: dict[str, str], typed: dict[str, str]
) -> None:
    found = answer(database, name, **typed)
    assert found == answer(database, name, **usual) != []
    assert answer(database, name, **dict.fromkeys(usual, "nobody at all")) == []


def test_one_source_is_also_that_of_a_single_document(database: sqlite3.Connection) -> None:
    rows = answer(database, "one-independent-source")
    query = "SELECT count(*) AS n FROM assertions WHERE type = 'allegation' AND independent_sources = 1"
    assert len(rows) == database.execute(query).fetchone()["n"]
    assert {row["document_count"] for row in rows} > {1}


@pytest.mark.parametrize("word", ["qwen", "anthropic", "minimax", "claude", "deepseek"])
def test_latin_names_are_found_amid_chinese(database: sqlite3.Connection, word: str) -> None:
    found = {row["id"] for row in database.execute("SELECT id FROM search WHERE search MATCH ?", (word,))}
    query = "SELECT id, words FROM searchable WHERE words LIKE ? OR title LIKE ?"
    held = {row["id"] for row in database.execute(query, (f"%{word}%", f"%{word}%"))}
    assert held <= found and any(
        mark > "\u4e00" for row in database.execute(query, (f"%{word}%",) * 2) for mark in row["words"]
    )
