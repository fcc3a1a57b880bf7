"""Anybody's SQL over the published database: it answers, it cannot write, and it cannot cost much."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.conftest import build_world
from tracker.config import Site
from tracker.errors import QueryRefused, UnreadableInput
from tracker.query import Limits, Published, open_published
from tracker.render.database import load_questions, make_database

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "tracker.db"
    path.write_bytes(make_database(build_world(), Site()))
    return path


@pytest.fixture(scope="module")
def database(file: Path) -> Iterator[Published]:
    with open_published(file) as opened:
        yield opened


def test_every_worked_question_is_allowed(database: Published) -> None:
    for question in load_questions():
        assert database.ask(question.sql, dict(question.parameters)).columns


def test_full_text_and_json_are_within_what_reading_allows(database: Published) -> None:
    found = database.ask(
        "SELECT id, snippet(search_trigram, -1, '[', ']', '', 9) FROM search_trigram('红隼公司') ORDER BY rank"
    )
    assert {row[0] for row in found.rows} == {"c-zh-1", "doc-zh"}
    assert database.ask("SELECT value FROM claims, json_each(accused) WHERE claims.id = 'c-letter-1'").rows == (
        ("kestrel",),
    )


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM events", "DELETE FROM _events", "UPDATE _claims SET quote = ''", "DROP VIEW events",
        "INSERT INTO _about VALUES (99, 'a', 'b', 'c')", "CREATE TABLE mine (a)", "CREATE TEMP TABLE mine (a)",
        "ATTACH 'other.db' AS other", "DETACH main", "PRAGMA journal_mode = wal", "PRAGMA query_only = OFF",
        "PRAGMA user_version = 9", "PRAGMA writable_schema = 1", "VACUUM INTO 'copy.db'", "REINDEX", "BEGIN", "ANALYZE",
        "SELECT load_extension('x')", "INSERT INTO search (search) VALUES ('delete-all')",
        "CREATE VIRTUAL TABLE mine USING fts5 (a)", "SELECT writefile('x', 'y')", "EXPLAIN DELETE FROM _events",
    ],
)  # fmt: skip
def test_nothing_can_be_written(database: Published, file: Path, sql: str) -> None:
    before = file.read_bytes()
    with pytest.raises(QueryRefused):
        database.ask(sql)
    assert file.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) == ["tracker.db"]


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT tile FROM events", "did you mean title"),
        ("SELECT e.tpe FROM events AS e", "did you mean type"),
        ("SELECT * FROM claim", "did you mean claims"),
        ("SELECT * FROM qqqqqq", "there are events, claims"),
        ('SELECT * FROM claims WHERE speaker = "northwind', "'single quotes'"),
        ("SELECT * FORM events", "syntax error"),
        ("SELECT * FROM (SELECT 1", "ends too early"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("SELECT * FROM claims WHERE id = :which", ":which is not given"),
        ("", "begins with SELECT"),
        ("-- nothing", "begins with SELECT"),
        ("SELECT '\ud800'", "cannot be answered"),
        ("SELECT 1\0", "cannot be answered"),
        ("SELECT " + "(" * 5000 + "1" + ")" * 5000, "cannot be answered"),
        ("SELECT '" + "x" * 200_000 + "'", "cannot be answered"),
        ("SELECT zeroblob(100000000)", "cannot be answered"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(database: Published, sql: str, told: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        database.ask(sql)
    assert told in str(refused.value)


def test_time_and_rows_and_size_are_limited(database: Published) -> None:
    began = time.monotonic()
    with pytest.raises(QueryRefused, match="it took longer than"):
        database.ask(ENDLESS, limits=Limits(seconds=0.2))
    assert time.monotonic() - began < 5
    many = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 50) SELECT x, 'abcdefghij' AS t FROM n"
    assert len(database.ask(many).rows) == 50
    assert not database.ask(many, limits=Limits(rows=50)).is_cut
    cut = database.ask(many, limits=Limits(rows=7))
    assert (len(cut.rows), cut.is_cut) == (7, True)
    assert len(database.ask(many, limits=Limits(chars=100)).rows) == 10


def test_a_column_that_stands_twice_is_kept_twice(database: Published) -> None:
    assert database.ask("SELECT 1 AS a, 2 AS a, 3 AS b, 4 AS a").records() == [{"a": 1, "a_2": 2, "b": 3, "a_3": 4}]


def test_other_files_are_refused_by_name(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.db", tmp_path / "other.db"
    text.write_text("not a database at all, though it is long enough to be looked at" * 20)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE a (b)")
    newer = tmp_path / "newer.db"
    newer.write_bytes(make_database(build_world(), Site()))
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    told = {
        text: "no SQLite database",
        other: "no published database",
        newer: "newer tracker",
        tmp_path / "none": "no such file",
    }
    for path, words in told.items():
        with pytest.raises(UnreadableInput, match=words), open_published(path):
            pass


@settings(max_examples=60, deadline=None)
@given(words=st.text(max_size=40))
def test_any_text_is_answered_or_refused(words: str) -> None:
    with open_published(WORLD) as database:
        for sql in (words, f"SELECT {words}", f"SELECT * FROM search('{words}')"):
            try:
                database.ask(sql, limits=Limits(seconds=0.5))
            except QueryRefused as refused:
                assert str(refused)


WORLD = make_database(build_world(), Site())
