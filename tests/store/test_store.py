"""The store's contract: what was saved is there, whole or not at all, and the same input gives the same rows."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, func, select
from sqlmodel import Session, SQLModel

from tracker.errors import SpanMismatch, StoreLocked, StoreNewer, StoreUnusable, UnreadableInput
from tracker.ids import sha256_hex
from tracker.ports import Attempt, Reading, Visit
from tracker.store import FolderLock, SqlStore, open_store
from tracker.store.rows import SightingRow
from tracker.types import (
    ArchiveRef,
    Candidate,
    Claim,
    ClaimRecord,
    Document,
    Entity,
    Event,
    Extraction,
    Mention,
    Outcome,
    PageContent,
    Reconciled,
    Response,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://wire.example/a"
SAID = "Orchid Labs said so."


def response(body: bytes = b"<p>one</p>", at: datetime = NOW, record: str | None = "r1") -> Response:
    archive = ArchiveRef("f.warc.gz", 10, record) if record else None
    return Response(URL, URL, 200, (("ETag", '"1"'), ("Content-Type", "text/html")), body, at, False, archive)


def attempt(outcome: Outcome = Outcome.NEW, why: str | None = None, at: datetime = NOW) -> Attempt:
    return Attempt("wire", URL, at, outcome, 200 if why is None else None, why, is_listing=False)


def reading(text: str = "One.", published: date | None = None) -> Reading:
    return Reading(URL, "wire", "Wire", "news", "Title", published, "en", PageContent(text))


def save_and_read(store: SqlStore, text: str, body: bytes, record: str, at: datetime = NOW) -> Outcome:
    store.save_page("wire", response(body, at, record), attempt())
    store.save_sightings("wire", [Candidate(URL, "Title")])
    (page,) = store.load_unread("read/1")
    return store.save_reading(page, "read/1", reading(text))


def test_a_page_comes_back_as_it_was_saved(store: SqlStore) -> None:
    assert store.find_page(URL) is None
    store.save_page("wire", response(), attempt())
    state = store.find_page(URL)
    assert state is not None
    assert (state.validators.etag, state.content_type) == ('"1"', "text/html")
    assert state.body_sha256 == sha256_hex(b"<p>one</p>")
    assert state.archive == ArchiveRef("f.warc.gz", 10, "r1")
    assert state.fetched_at == NOW and state.fetched_at.tzinfo is not None


def test_a_304_only_moves_the_time_of_the_check(store: SqlStore) -> None:
    save_and_read(store, "One.", b"<p>one</p>", "r1")
    later = NOW + timedelta(hours=6)
    not_modified = replace(response(b"", later, None), status=304, not_modified=True, headers=())
    store.save_page("wire", not_modified, attempt(Outcome.UNCHANGED, at=later))
    state = store.find_page(URL)
    assert state is not None
    assert (state.checked_at, state.fetched_at, state.validators.etag) == (later, NOW, '"1"')
    assert not list(store.load_unread("read/1")), "a body that was read is not read again"
    store.save_extractions("x", [Extraction(d.id, "irrelevant") for d in store.load_unextracted("x")])
    (document,) = store.load_documents("x")
    assert document.current.last_seen_at == later and document.last_seen_at == later


def test_changed_words_are_a_new_version_and_changed_boilerplate_is_not(store: SqlStore) -> None:
    assert save_and_read(store, "One.", b"1", "r1") is Outcome.NEW
    assert save_and_read(store, "One.", b"1, other advertisement", "r2") is Outcome.UNCHANGED
    assert save_and_read(store, "Two.", b"2", "r3", NOW + timedelta(days=1)) is Outcome.CHANGED
    assert save_and_read(store, "One.", b"1", "r4", NOW + timedelta(days=2)) is Outcome.CHANGED, "words that come back"
    store.save_extractions("x", [Extraction(d.id, "irrelevant") for d in store.load_unextracted("x")])
    (document,) = store.load_documents("x")
    assert [(v.number, v.text) for v in document.versions] == [(1, "One."), (2, "Two."), (3, "One.")]
    assert [v.id for v in document.versions] == [f"{document.id}.{n}" for n in (1, 2, 3)]


def test_an_unreadable_page_is_told_and_not_tried_again_by_the_same_reader(store: SqlStore) -> None:
    store.save_page("wire", response(), attempt())
    store.save_sightings("wire", [Candidate(URL)])
    (page,) = store.load_unread("read/1")
    store.save_unreadable(page, "read/1", "no text")
    assert store.load_unreadable() == ((URL, "no text"),)
    assert not list(store.load_unread("read/1"))
    assert len(list(store.load_unread("read/2"))) == 1


def test_handing_in_the_same_file_twice_changes_nothing(store: SqlStore) -> None:
    first = Document("a-1", "About 300.", url=URL, published=date(2026, 3, 1))
    corrected = Document("a-2", "Nearly 400.", url=URL, published=date(2026, 3, 2))
    assert [store.save_ingested(d, NOW) for d in (first, corrected)] == [Outcome.NEW, Outcome.CHANGED]
    assert [store.save_ingested(d, NOW) for d in (first, corrected)] == [Outcome.UNCHANGED] * 2
    store.save_extractions("x", [Extraction(d.id, "irrelevant") for d in store.load_unextracted("x")])
    (document,) = store.load_documents("x")
    assert (document.id, [v.id for v in document.versions]) == ("a-1", ["a-1", "a-2"])


def test_an_id_of_another_address_is_refused(store: SqlStore) -> None:
    store.save_ingested(Document("a", "Text.", url=URL), NOW)
    with pytest.raises(UnreadableInput, match="already belongs"):
        store.save_ingested(Document("a", "Text.", url="https://wire.example/other"), NOW)


def test_documents_without_an_address_stay_apart(store: SqlStore) -> None:
    outcomes = [store.save_ingested(Document(name, "Same text."), NOW) for name in ("a", "b")]
    assert outcomes == [Outcome.NEW, Outcome.NEW]


def test_spans_are_checked_on_write_and_the_batch_is_whole(store: SqlStore) -> None:
    for name in ("a", "b"):
        store.save_ingested(Document(name, SAID), NOW)
    right = Extraction("a", "relevant", (Mention(0, 11, "Orchid Labs", "orchid-labs", "Orchid Labs", "company"),))
    wrong = Extraction("b", "relevant", (), (), (), (Claim("statement", 0, 6, "Orchit", None),))
    with pytest.raises(SpanMismatch, match=r"b, Claim 0\.\.6"):
        store.save_extractions("x", [right, wrong])
    assert len(list(store.load_unextracted("x"))) == 2


def test_another_extractor_sees_everything_again(store: SqlStore) -> None:
    store.save_ingested(Document("a", SAID), NOW)
    store.save_extractions("x/1", [Extraction("a", "relevant")])
    assert not list(store.load_unextracted("x/1"))
    assert len(list(store.load_unextracted("x/2"))) == 1
    assert store.load_documents("x/2") == ()
    assert len(store.load_documents()) == 1


def test_a_reconciled_result_comes_back_and_replaces_the_last(store: SqlStore) -> None:
    claim = ClaimRecord("c-1", "a", "a", "a", True, Claim("statement", 0, len(SAID), SAID, "orchid-labs"))
    event = Event(
        "e-1", "statement", "T", date(2026, 3, 1), date(2026, 3, 1), "stated", ("orchid-labs",), ("c-1",), (), ("a",)
    )
    result = Reconciled((event,), (claim,), (Entity("orchid-labs", "Orchid Labs", "company"),), (("e-0", "e-1"),))
    store.save_reconciled("k1", result)
    assert store.load_reconciled() == ("k1", result)
    store.save_reconciled("k2", Reconciled())
    assert store.load_reconciled() == ("k2", Reconciled())


def test_the_last_attempt_at_each_address_is_told(store: SqlStore) -> None:
    store.save_attempt(attempt(Outcome.FAILED, "timed out"))
    store.save_attempt(attempt(Outcome.REFUSED, "403", NOW + timedelta(hours=1)))
    assert [(item.outcome, item.why) for item in store.load_attempts()] == [(Outcome.REFUSED, "403")]


def test_what_an_attempt_cost_and_gave_is_kept(store: SqlStore) -> None:
    whole = replace(attempt(), items=30, bytes=12_345, elapsed_ms=87, reason=None, is_listing=True)
    store.save_attempt(whole)
    assert store.load_attempts() == (whole,)
    refused = replace(attempt(Outcome.REFUSED, "robots.txt forbids it"), reason="robots")
    store.save_attempt(refused)
    assert store.load_attempts() == (refused,)


def test_a_sighting_keeps_when_it_was_first_made_and_what_was_said_last(store: SqlStore, database: str) -> None:
    many = [Candidate(f"https://wire.example/{n}", f"Story {n}") for n in range(1_201)]
    store.save_sightings("wire", many, NOW)
    later = NOW + timedelta(hours=1)
    store.save_sightings("wire", [replace(many[7], title="Corrected", publisher="Wire", language="zh")], later)
    with Session(create_engine(database)) as session:
        assert session.execute(select(func.count()).select_from(SightingRow)).scalar() == 1_201
        row = session.get_one(SightingRow, ("wire", many[7].url))
    assert (row.title, row.publisher, row.language) == ("Corrected", "Wire", "zh")
    assert (row.first_seen_at, row.last_seen_at) == (NOW, later)


def test_marks_survive_reopening(database: str) -> None:
    with open_store(database) as store:
        store.save_mark("edition", "1")
    with open_store(database) as store:
        assert store.load_marks() == {"edition": "1"}


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Senator, this is not a database at all. " * 50)
    with pytest.raises(StoreUnusable, match=r"letter\.db is not a database"), open_store(f"sqlite:///{path}"):
        pass
    assert path.read_text().startswith("Dear Senator")


def test_somebody_elses_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreUnusable, match="not a database of the tracker"), open_store(f"sqlite:///{path}"):
        pass


def test_a_newer_database_asks_for_a_newer_program(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with open_store(f"sqlite:///{path}"):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreNewer, match="newer version"), open_store(f"sqlite:///{path}"):
        pass


def test_a_database_locked_by_another_program_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with pytest.raises(StoreLocked, match="another program"), open_store(f"sqlite:///{path}") as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            store.save_mark("a", "b")
        finally:
            other.close()


def test_a_data_folder_is_for_one_run(tmp_path: Path) -> None:
    holder, rival = FolderLock(tmp_path), FolderLock(tmp_path)
    with holder.hold(), pytest.raises(StoreLocked, match="process"), rival.hold():
        pass
    with FolderLock(tmp_path).hold():
        pass


def test_the_migrations_make_the_tables_that_the_rows_describe(database: str) -> None:
    with open_store(database):
        pass

    def is_common(_: object, name: str | None, kind: str, reflected: bool, found: object) -> bool:
        return not (kind == "table" and reflected and name and name.startswith(("work_", "procrastinate_")))

    with create_engine(database).connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_common})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_several_recorders_may_save_the_same_new_page_at_once(store: SqlStore) -> None:
    turns, together = 10, threading.Barrier(4, timeout=30)

    def save(name: str) -> None:
        for turn in range(turns):
            url = f"https://wire.example/{turn}"
            made = replace(response(record=f"{name}{turn}"), url=url)
            together.wait()
            store.save_visits([Visit(replace(attempt(), source=name, url=url), made)])
            store.save_sightings("wire", [Candidate(url)], NOW)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(save, "abcd"))  # raises what a thread has raised
    assert len(store.load_pages([f"https://wire.example/{turn}" for turn in range(turns)])) == turns
    assert len(store.load_attempts()) == 4 * turns, "no visit is lost"


def test_a_database_whose_making_is_cut_short_is_made_by_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    script = (
        "import os, sys\n"
        "from sqlalchemy import Engine, event\n"
        "from tracker.store import open_store\n"
        "made = []\n"
        "def stop(connection, cursor, statement, *rest):\n"
        "    made.append(statement.lstrip().startswith('CREATE TABLE'))\n"
        "    if sum(made) == 5:\n"
        "        os._exit(9)\n"
        "event.listen(Engine, 'after_cursor_execute', stop)\n"
        "open_store(sys.argv[1]).__enter__()\n"
    )
    cut = subprocess.run([sys.executable, "-c", script, f"sqlite:///{path}"], check=False, timeout=60)
    assert cut.returncode == 9
    with open_store(f"sqlite:///{path}") as store:
        assert list(store.load_documents()) == []
