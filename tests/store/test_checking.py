"""The look through a database sees what does not hold, and changes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.store.filled import fill
from tracker.errors import StoreUnusable
from tracker.store import SqlStore, check_store, open_store
from tracker.store.schema import HEAD, upgrade


def change(address: str, *statements: str) -> None:
    engine = create_engine(address)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_a_sound_store_has_no_faults(store: SqlStore, database: str) -> None:
    fill(store, sightings=3)
    found = check_store(database)
    assert (found.schema, found.is_current, found.faults, found.more_faults) == (HEAD, True, (), 0)
    assert dict(found.rows)["version"] == found.extractions == 4
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE version SET text = replace(text, 'Cy', 'Bo') WHERE id = 'd2'", "version d2: its text is not the one"),
        ("UPDATE extraction SET payload = '{' WHERE version_id = 'd2'", "extraction of d2: cannot be read"),
        ("UPDATE page SET version_id = 'gone.1'", "page https://wire.example/a: refers to version gone.1"),
        ("UPDATE claim SET document_id = 'gone' WHERE document_id = 'd2'", "refers to document gone"),
        ("INSERT INTO pending (document_id, changes) VALUES ('gone', 1)", "pending gone: refers to document gone"),
    ],
)
def test_what_does_not_hold_is_named(store: SqlStore, database: str, statement: str, fault: str) -> None:
    fill(store, sightings=3)
    change(database, statement)
    assert any(fault in item for item in check_store(database).faults)


def test_a_span_that_has_lost_its_words_is_named(store: SqlStore, database: str) -> None:
    fill(store, sightings=3)
    change(database, "UPDATE version SET text = ' ' || text WHERE id = 'd2'")
    faults = check_store(database).faults
    assert any(item.startswith("extraction of d2, ") and "is claimed, the text has" in item for item in faults)


def test_many_faults_are_counted(store: SqlStore, database: str) -> None:
    change(database, *(f"INSERT INTO pending (document_id, changes) VALUES ('gone-{n:03}', 1)" for n in range(130)))
    found = check_store(database)
    assert (len(found.faults), found.more_faults) == (100, 30)


def test_an_old_schema_and_none_are_told_and_left(empty_postgres_url: str, tmp_path: Path) -> None:
    for address in (empty_postgres_url, f"sqlite:///{tmp_path / 't.db'}"):
        assert (check_store(address).schema, check_store(address).is_current) == (None, False)
        engine = create_engine(address)
        upgrade(engine, "x", "0003")
        for _ in range(2):
            assert (check_store(address).schema, check_store(address).rows) == ("0003", ())
        engine.dispose()
        with open_store(address):
            assert check_store(address).is_current


def test_a_damaged_file_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with open_store(f"sqlite:///{path}") as store:
        fill(store, sightings=3)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'version'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    body = bytearray(path.read_bytes())
    body[(page - 1) * size : page * size] = b"\x99" * size
    path.write_bytes(body)
    try:
        faults = check_store(f"sqlite:///{path}").faults
    except StoreUnusable as error:
        assert "malformed" in str(error)
    else:
        assert any("damaged" in fault for fault in faults)
