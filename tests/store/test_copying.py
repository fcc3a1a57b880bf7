"""A copy is whole and proven, or it is none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.store.filled import EMPTY_WHEN_FILLED, NOW, fill
from tracker.errors import InputError, StoreUnusable
from tracker.ports import Attempt
from tracker.store import copy_store, open_store
from tracker.store.tables import BATCH_ROWS, TableSum, all_tables, count_rows, sum_table
from tracker.types import Outcome


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a store that tests only read."""
    address = f"sqlite:///{tmp_path_factory.mktemp('filled') / 'tracker.db'}"
    with open_store(address) as store:
        fill(store)
    return address


def sums_of(address: str) -> dict[str, TableSum]:
    with create_engine(address).connect() as connection:
        return {table.name: sum_table(connection, table) for table in all_tables()}


def rows_in(address: str) -> int:
    with create_engine(address).connect() as connection:
        return sum(count_rows(connection).values())


def test_there_and_back_everything_is_the_same(filled: str, postgres_url: str, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    there = copy_store(filled, postgres_url, lambda done, total: told.append((done, total)))
    back = copy_store(postgres_url, f"sqlite:///{tmp_path / 'back.db'}")
    assert there.tables == back.tables
    assert {item.name: item for item in there.tables} == sums_of(filled) == sums_of(postgres_url)
    assert {item.name for item in there.tables if not item.rows} <= EMPTY_WHEN_FILLED
    assert max(item.rows for item in there.tables) > 2 * BATCH_ROWS, "more than a batch"
    assert told == sorted(told) and told[-1] == (2 * rows_in(filled),) * 2
    assert "s3cret" not in repr(there) and there.address.startswith("postgresql+psycopg://tracker@/")


def test_the_same_calls_leave_the_same_rows(filled: str, postgres_url: str) -> None:
    with open_store(postgres_url) as store:
        fill(store)
    assert sums_of(postgres_url) == sums_of(filled)


def test_the_copy_answers_as_the_first_did_and_goes_on_from_there(filled: str, postgres_url: str) -> None:
    copy_store(filled, postgres_url)
    with open_store(filled) as first, open_store(postgres_url) as second:
        assert second.load_documents() == first.load_documents()
        assert second.load_reconciled() == first.load_reconciled()
        assert second.load_digests() == first.load_digests()
        assert second.load_marks() == first.load_marks()
        known = first.load_attempts()
        second.save_attempt(Attempt("z", "https://z.example/", NOW, Outcome.FAILED, None, "gone", False))
        assert len(second.load_attempts()) == len(known) + 1, "the log goes on behind the last copied number"


def test_a_target_that_holds_something_is_refused(filled: str, database: str) -> None:
    with open_store(database) as store:
        store.save_mark("kept", "1")
    with pytest.raises(InputError, match=r"not empty \(rows: 1 in mark\)"):
        copy_store(filled, database)
    assert rows_in(database) == 1


def test_a_copy_onto_itself_is_refused(filled: str, postgres_url: str) -> None:
    for address in (filled, postgres_url):
        with pytest.raises(InputError, match="is the database itself"):
            copy_store(address, address)
    with pytest.raises(InputError, match="is the database itself"):
        copy_store(postgres_url, postgres_url.replace("postgresql+psycopg", "postgres"))


_SPOILING = (
    "CREATE FUNCTION spoil() RETURNS trigger AS $$ BEGIN {} RETURN NEW; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER spoiled BEFORE INSERT ON version FOR EACH ROW EXECUTE FUNCTION spoil()",
)


def test_one_changed_letter_is_seen_and_nothing_is_left(filled: str, postgres_url: str) -> None:
    with create_engine(postgres_url).begin() as connection:
        for statement in _SPOILING:
            connection.exec_driver_sql(statement.format("NEW.text := replace(NEW.text, 'Ann', 'Anm');"))
    with pytest.raises(StoreUnusable, match=r"table version: 4 rows .* came back as 4 rows .* nothing was copied"):
        copy_store(filled, postgres_url)
    assert rows_in(postgres_url) == 0


def test_a_failure_in_the_middle_leaves_nothing(filled: str, postgres_url: str) -> None:
    with create_engine(postgres_url).begin() as connection:
        for statement in _SPOILING:
            connection.exec_driver_sql(statement.format("RAISE EXCEPTION 'not today';"))
    with pytest.raises(StoreUnusable, match="not today"):
        copy_store(filled, postgres_url)
    assert rows_in(postgres_url) == 0


def test_what_postgresql_cannot_hold_is_mended_on_the_way(postgres_url: str, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with open_store(f"sqlite:///{path}") as store:
        store.save_mark("note", "one\ufffdtwo")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE mark SET value = 'one' || char(0) || 'two'")
    copy_store(f"sqlite:///{path}", postgres_url)
    with open_store(postgres_url) as store:
        assert store.load_marks() == {"note": "one\ufffdtwo"}


def test_an_address_without_a_database_says_so(filled: str, postgres_url: str) -> None:
    with pytest.raises(StoreUnusable, match="createdb"):
        copy_store(filled, postgres_url.replace("@/", "@/no_such_"))
    with create_engine(filled).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM document")).scalar_one() == 3
