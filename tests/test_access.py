"""The Python door: typed rows that are those of the views, filters that refuse what they do not know, and clear errors."""

from __future__ import annotations

import ast
import inspect
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from dataclasses import FrozenInstanceError, fields
from datetime import UTC, date, datetime
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tracker
from tests.render.exchange.conftest import seen_world
from tracker import access
from tracker.access import Answer, Claim, Database, Dispute, Document, Entity, Event, Figure, Relation, Source
from tracker.config import Site
from tracker.errors import InputError, QueryRefused, UnreadableInput
from tracker.render.database import SCHEMA_VERSION, load_schema, make_database

KINDS: dict[str, type] = {
    "events": Event, "claims": Claim, "figures": Figure, "answers": Answer, "disputes": Dispute, "entities": Entity,
    "relations": Relation, "documents": Document, "sources": Source,
}  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("door") / "tracker.db"
    path.write_bytes(make_database(seen_world(), Site()))
    return path


@pytest.fixture(scope="module")
def data(file: Path) -> Iterator[Database]:
    with tracker.open(file) as opened:
        yield opened


def test_every_column_of_the_views_is_a_field_with_its_description() -> None:
    relations = {item.name: item for item in load_schema().relations}
    for view, kind in KINDS.items():
        told = _told(kind)
        columns = {c.name: c for c in relations[view].columns if c.name not in ("position", "search_id")}
        assert list(told)[: len(columns)] == list(columns), view
        for name, column in columns.items():
            if name not in ("flags", "conflicts", "chain"):  # lists of values, which have their own descriptions
                description = " ".join(column.description.split()).replace("null", "None")
                if column.kind == "flag":
                    description = description.replace("0 for", "False for")
                assert told[name] == description, (view, name)


def _told(kind: type) -> dict[str, str]:
    """Each field with the text below it."""
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)
    told = {}
    for item, after in zip(body.body, [*body.body[1:], ast.Pass()], strict=True):
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            text = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            told[item.target.id] = " ".join(str(text).split())
    return told


@pytest.mark.parametrize("view", KINDS)
def test_rows_are_those_of_the_view_and_of_the_types_that_they_declare(data: Database, file: Path, view: str) -> None:
    rows = list(getattr(data, view)())
    with closing(sqlite3.connect(file)) as connection:
        assert len(rows) == connection.execute(f"SELECT count(*) FROM {view}").fetchone()[0] > 0
    hints = get_type_hints(KINDS[view])
    for row in rows:
        for field in fields(row):
            assert _is_of(hints[field.name], getattr(row, field.name)), (view, field.name, row)
        with pytest.raises(FrozenInstanceError):
            setattr(row, fields(row)[0].name, "else")


def _is_of(hint: Any, value: Any) -> bool:
    if get_origin(hint) is UnionType:
        return any(_is_of(one, value) for one in get_args(hint))
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(isinstance(item, get_args(hint)[0]) for item in value)
    return isinstance(value, (int, float) if hint is float else hint) and (hint is not int or value is not True)


def test_claims_by_party_speaker_accused_and_day(data: Database) -> None:
    def ids(**wanted: Any) -> set[str]:
        return {claim.id for claim in data.claims(**wanted)}

    everything = ids()
    assert ids(speaker="Northwind") == {"c-letter-1", "c-letter-2", "c-zh-1", "c-fix-1", "c-fix-2"}
    assert ids(speaker="kestrel") == {"c-letter-3", "c-letter-4"}, "on its behalf, and by what belongs to it"
    assert ids(accused="红隼公司", type="allegation") == {"c-letter-1", "c-letter-2", "c-memo-1", "c-zh-1", "c-fix-1"}
    assert ids(accused="Umbra", type="allegation") == {"c-letter-2", "c-fix-1"}
    assert ids(about="Northwind Labs", document="memo-1") == {"c-memo-1"}
    assert ids(since="2026-02-25") == ids(since=date(2026, 2, 25)) == {"c-zh-1"}
    assert ids(until="2026-02-24") | ids(since="2026-02-25") == everything - {"c-memo-1", "c-memo-2"}, "undated"
    assert ids(current=False) == {"c-fix-1"}
    assert ids(event="northwind-letter-old") == ids(event="northwind-letter-2026-02") > {"c-zh-1"}
    assert ids(text="Umbra outright") == {"c-fix-1"}
    assert ids(text="虚假账户") == ids(text="账户") == {"c-zh-1"}
    assert [claim.published_on for claim in data.claims(since="2026-01-01")] == sorted(
        (claim.published_on for claim in data.claims(since="2026-01-01")), reverse=True
    )


def test_as_of_gives_what_stood_then(data: Database) -> None:
    assert not list(data.claims(as_of="2026-02-28"))
    assert not list(data.claims(as_of=datetime(2026, 3, 1, 9, 29, tzinfo=UTC)))
    assert len(list(data.claims(as_of=date(2026, 3, 1)))) == len(list(data.claims(current=True)))
    assert len(list(data.claims(as_of="20260301"))) == len(list(data.claims(as_of="2026-03-01"))) > 0, "its end"
    assert len(list(data.claims(as_of="2026-03-01T09:30:00Z"))) == len(list(data.claims(current=True)))


def test_the_others_are_filtered_too(data: Database) -> None:
    assert {event.id for event in data.events(about="Borealis")} == {"northwind-letter-2026-02", "umbra-claim-2026-02"}
    assert [event.id for event in data.events(since="2025-06-10", until="2025-12-31")] == [
        "oma-memo-2025",
        "campaign-2025",
    ]
    assert {event.id for event in data.events(text="counts accounts")} == {"oma-memo-2025"}
    assert data.event("northwind-letter-old").id == "northwind-letter-2026-02"
    figures = list(data.figures(accused="Kestrel", kind="accounts"))
    assert [(item.low, item.high, item.qualifier) for item in figures] == [
        (24000, None, "over"), (20000, None, "vague"), (None, 25000, "under"),
    ]  # fmt: skip
    assert {answer.kind for answer in data.answers(party="Umbra")} == {"no_reply", "none_found"}
    assert [dispute.id for dispute in data.disputes(about="Umbra", status="in_bill")] in ([], ["northwind-v-kestrel"])
    assert [dispute.id for dispute in data.disputes(about="umbra")] == ["northwind-v-kestrel"]
    assert [document.id for document in data.documents(naming="Northwind")] == ["doc-letter"]
    assert [document.id for document in data.documents(text="Corrected")] == ["doc-fix"]
    assert {source.name for source in data.sources(enabled=False)} == {"silent"}
    assert {entity.id for entity in data.entities(known=False)} == {"umbra"}
    assert {(item.subject, item.object) for item in data.relations(relation="accuses", about="oma")} == {
        ("oma", "kestrel")
    }


def test_an_entity_has_its_names_and_members(data: Database) -> None:
    kestrel = data.entity("KESTREL")
    assert (kestrel.id, kestrel.aliases, kestrel.members) == ("kestrel", ("Kestrel", "红隼公司"), ("umbra",))


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda data: data.entity("Kestral"), "did you mean Kestrel (kestrel)"),
        (lambda data: data.claims(about="nobody at all"), "nobody is called 'nobody at all'"),
        (lambda data: data.claims(type="rumour"), "expected one of allegation"),
        (lambda data: data.claims(since="yesterday"), "since 'yesterday': expected a day such as 2026-06-01"),
        (lambda data: data.claims(since=20260601), "since 20260601: expected a day such as 2026-06-01"),
        (lambda data: data.claims(as_of="then"), "as_of 'then'"),
        (lambda data: data.claims(as_of=20261122), "as_of 20261122: expected a day"),
        (lambda data: data.claims(as_of="0001-01-01T00:00+09:00"), "expected a day"),
        (lambda data: data.claims(text="!?"), "expected a word to look for"),
        (lambda data: data.event("northwind-letter"), "did you mean northwind-letter-2026-02?"),
        (lambda data: data.answers(kind="silence"), "expected one of denied"),
        (lambda data: data.figures(kind="queries"), "expected one of accounts"),
        (lambda data: data.disputes(status="lost"), "expected one of alleged"),
        (lambda data: data.documents(relevance="high"), "expected one of relevant"),
        (lambda data: data.entities(type="firm"), "expected one of company"),
        (lambda data: data.relations(relation="owns"), "expected one of part_of"),
    ],
)
def test_what_a_filter_does_not_know_is_refused_at_once(data: Database, ask: Any, told: str) -> None:
    with pytest.raises(InputError) as caught:
        ask(data)
    assert told in str(caught.value)


def test_sql_reads_only_and_says_what_is_wrong(data: Database, file: Path) -> None:
    before = file.read_bytes()
    assert list(data.sql("SELECT count(*) AS n FROM claims WHERE type = :type", type="allegation")) == [{"n": 5}]
    for query in ("DELETE FROM _claims", "ATTACH 'x.db' AS x", "PRAGMA user_version = 9", "SELECT load_extension('x')"):
        with pytest.raises(QueryRefused):
            list(data.sql(query))
    with pytest.raises(QueryRefused, match="did you mean claims"):
        list(data.sql("SELECT * FROM claim"))
    with pytest.raises(QueryRefused, match=r"longer than 0\.1 s"):
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0"
        list(data.sql(endless, seconds=0.1))
    assert file.read_bytes() == before


def test_rows_are_read_as_they_are_taken(data: Database) -> None:
    endless = data.sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n")
    assert [next(endless)["i"] for _ in range(1000)][-1] == 1000
    one, other = data.claims(), data.events()
    assert next(one).id and next(other).id and next(one).id, "several at once"


def test_two_columns_of_one_name_are_both_there(data: Database) -> None:
    assert list(data.sql("SELECT 1 AS n, 2 AS n")) == [{"n": 1, "n_2": 2}]


def test_a_closed_one_says_so(file: Path) -> None:
    with tracker.open(str(file)) as data:
        assert "closed" not in repr(data)
    assert repr(data).endswith("closed>")
    with pytest.raises(InputError, match="was closed; open it again"):
        list(data.claims())


def test_what_is_no_published_database_is_told(file: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="there is no such file"):
        tracker.open(tmp_path / "nowhere.db")
    (tmp_path / "notes.txt").write_text("notes " * 200)
    with pytest.raises(UnreadableInput, match="is no SQLite database"):
        tracker.open(tmp_path / "notes.txt")
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE claims (id)")
        connection.commit()
    with pytest.raises(UnreadableInput, match="tracker export database --out FILE"):
        tracker.open(tmp_path / "other.db")
    newer = tmp_path / "newer.db"
    newer.write_bytes(file.read_bytes())
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(UnreadableInput, match="made by a newer tracker"):
        tracker.open(newer)
    place = tmp_path / "site" / "data"
    place.mkdir(parents=True)
    with pytest.raises(UnreadableInput, match="name the published database"):
        tracker.open(tmp_path)
    (place / "tracker.db").write_bytes(file.read_bytes())
    for folder in (tmp_path, tmp_path / "site"):
        with pytest.raises(UnreadableInput, match=r"the published database in it is .*site/data/tracker\.db"):
            tracker.open(folder)


def test_a_file_of_an_older_tracker_lacks_what_came_later(file: Path, tmp_path: Path) -> None:
    older = tmp_path / "older.db"
    older.write_bytes(file.read_bytes())
    with closing(sqlite3.connect(older)) as connection:
        connection.execute("DROP VIEW sources")
        connection.execute("CREATE VIEW sources AS SELECT name, kind, is_enabled FROM _sources")
        connection.commit()
    with tracker.open(older) as data:
        first = next(data.sources())
        assert first.name == "courier" and first.is_enabled is True and first.health_why is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_whatever_is_looked_for_is_found_or_refused(data: Database, text: str) -> None:
    for ask in (data.claims, data.events, data.documents):
        try:
            list(ask(text=text))
        except InputError as error:
            assert "expected a word" in str(error)


def test_the_kinds_of_row_are_at_hand_for_annotations_and_help() -> None:
    assert tracker.Claim is Claim and tracker.Database is Database
    assert set(tracker.__all__) == {*access.__all__, "__version__", "open"}
    with pytest.raises(AttributeError, match="no attribute 'claim'"):
        _ = tracker.claim


def test_importing_loads_nothing() -> None:
    code = (
        "import sys, tracker; "
        "print(sorted(n for n in sys.modules if n.split('.')[0] in ('spacy', 'numpy', 'pydantic', 'jinja2', 'sqlite3')), "
        "[n for n in sys.modules if n.startswith('tracker.')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[] []"
    opened = (
        "import sys, tracker; hasattr(tracker.open, '__call__'); import tracker.access; print('spacy' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", opened], capture_output=True, text=True, check=True).stdout.strip()
        == "False"
    )
