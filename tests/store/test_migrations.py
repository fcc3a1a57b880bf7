"""Every schema that was ever released is taken forward with what it held, on both databases to the same rows.

schemas/NUMBER.sql is what the program of that day left after crawling its sample, cut down to a few documents
(tools/freeze_schema.py).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, insert, select
from sqlalchemy.pool import StaticPool

from tests.pipeline.test_incremental import Prepared
from tests.store.test_copying import sums_of
from tracker.nlp.gazetteer import load_gazetteer
from tracker.pipeline.reconcile import reconcile
from tracker.ports import Attempt
from tracker.store import check_store, open_store
from tracker.store.schema import HEAD, MIGRATIONS, upgrade
from tracker.types import Outcome

FROZEN = Path(__file__).parent / "schemas"
RELEASED = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
LEFT_EMPTY = {"report_use", "host_turn", "robots"}


def frozen(number: str) -> str:
    return (FROZEN / f"{number}.sql").read_text(encoding="utf-8")


def restored(number: str, path: Path) -> str:
    """The address of an SQLite file as that schema's program left it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(frozen(number))
    return f"sqlite:///{path}"


def rebuilt(number: str, address: str) -> None:
    """The same schema with the same rows in another database, which had never heard of it."""
    engine = create_engine(address)
    upgrade(engine, "x", number)
    old = create_engine("sqlite://", poolclass=StaticPool)
    with old.connect() as source, engine.begin() as target:
        raw = source.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.executescript(frozen(number))
        from_tables, to_tables = MetaData(), MetaData()
        from_tables.reflect(source)
        to_tables.reflect(target, only=list(from_tables.tables))  # and not those of workers
        assert from_tables.tables.keys() == to_tables.tables.keys()
        for table in to_tables.sorted_tables:
            rows = [dict(row._mapping) for row in source.execute(select(from_tables.tables[table.name]))]
            if rows and table.name != "alembic_version":
                target.execute(insert(table), [{name: _aware(value) for name, value in row.items()} for row in rows])
    engine.dispose()


def _aware(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def shape_of(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name")
    return [(name, "".join(sql.replace('"', "").split())) for name, sql in found]


def test_the_newest_schema_is_known_and_every_one_is_frozen() -> None:
    assert RELEASED[-1] == HEAD
    assert [path.stem for path in sorted(FROZEN.glob("*.sql"))] == RELEASED, (
        "tools/freeze_schema.py makes a missing one"
    )


@pytest.mark.parametrize("number", RELEASED)
def test_a_released_migration_still_makes_what_it_made(number: str, tmp_path: Path) -> None:
    upgrade(create_engine(f"sqlite:///{tmp_path / 'new.db'}"), "x", number)
    restored(number, tmp_path / "old.db")
    with closing(sqlite3.connect(tmp_path / "new.db")) as new, closing(sqlite3.connect(tmp_path / "old.db")) as old:
        assert shape_of(new) == shape_of(old)
        tables = {name for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        filled = {name for name in tables if old.execute(f"SELECT count(*) FROM {name}").fetchone()[0]}
        assert tables - filled <= LEFT_EMPTY, "a migration over empty tables proves little"


@pytest.mark.parametrize("number", RELEASED)
def test_what_was_kept_is_taken_forward_on_both(number: str, tmp_path: Path, empty_postgres_url: str) -> None:
    here = restored(number, tmp_path / "t.db")
    rebuilt(number, empty_postgres_url)
    with open_store(here) as one, open_store(empty_postgres_url) as other:
        documents = one.load_documents()
        assert len(documents) == 3 and any("马斯克" in d.current.text or "外交部" in d.current.text for d in documents)
        assert other.load_documents() == documents
        assert other.load_reconciled() == one.load_reconciled()
        assert len(one.load_reconciled()[1].events) >= 2
        assert other.load_attempts() == one.load_attempts() != ()
    assert sums_of(here) == sums_of(empty_postgres_url)
    for address in (here, empty_postgres_url):
        found = check_store(address)
        assert found.is_current and not [fault for fault in found.faults if "claim" not in fault]


@pytest.mark.parametrize("number", RELEASED)
def test_a_store_of_that_day_can_be_worked_on(number: str, tmp_path: Path) -> None:
    with open_store(restored(number, tmp_path / "t.db")) as store:
        before = {event.id for event in store.load_reconciled()[1].events}
        extractor = sqlite3.connect(tmp_path / "t.db").execute("SELECT extractor FROM extraction").fetchone()[0]
        reconcile(store, Prepared(extractor), load_gazetteer().entities())
        after = store.load_reconciled()[1]
        known = {event.id for event in after.events} | {old for old, _ in after.redirects}
        assert before <= known, "a permalink outlives an upgrade"
        late = datetime(2026, 12, 1, tzinfo=UTC)
        store.save_attempt(Attempt("new", "https://new.example/", late, Outcome.NEW, 200, None, True, items=3))
        assert store.find_listed_at("new", "https://new.example/") == late
        assert store.load_source_record("new", "https://new.example/").askings[0].at == late
