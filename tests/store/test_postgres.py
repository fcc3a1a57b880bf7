"""What PostgreSQL has that SQLite has not: servers that are away, passwords, orders and sizes of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from tests.postgres import OWNER, PASSWORD, PostgresServer
from tracker.configfields import MAX_URL_LENGTH
from tracker.errors import StoreLocked, StoreUnusable, UnreadableInput
from tracker.ids import sha256_hex
from tracker.ports import Attempt
from tracker.read.urls import canonical_url
from tracker.records import MAX_URL_BYTES, document_from_record
from tracker.store import RunLock, SqlStore, open_store
from tracker.store.addresses import has_store, parse_address, place_of, without_secrets
from tracker.store.dialects import write_alone
from tracker.store.faults import explain
from tracker.types import ArchiveRef, Candidate, Outcome, Reconciled, Response

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def said(address: str) -> str:
    with pytest.raises(StoreUnusable) as raised, open_store(address):
        pass
    assert PASSWORD not in str(raised.value) and "wrong-one" not in str(raised.value)
    return str(raised.value)


def test_texts_integers_and_instants_are_as_wide_and_ordered_as_on_sqlite(postgres_url: str) -> None:
    with create_engine(postgres_url).connect() as connection:
        columns = connection.execute(text(
            "SELECT c.relname || '.' || a.attname, t.typname, l.collname FROM pg_attribute a "
            "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid "
            "LEFT JOIN pg_collation l ON l.oid = a.attcollation "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped "
            "AND c.relname <> 'alembic_version' AND c.relname !~ '^(work|procrastinate)_'"  # which SQLite has not
        )).all()  # fmt: skip
    kinds = {(kind, collation) for _, kind, collation in columns}
    assert len(columns) > 80
    assert kinds == {
        ("varchar", "C"), ("text", "C"), ("int8", None), ("bool", None), ("timestamptz", None), ("date", None),
        ("json", None), ("float8", None),
    }  # fmt: skip


def test_large_offsets_and_sums_come_back_as_integers(store: SqlStore) -> None:
    huge = 3_000_000_000_000
    response = Response(
        "https://a.example/", "https://a.example/", 200, (), b"x", NOW, False, ArchiveRef("f", huge, "r")
    )
    attempt = Attempt("wire", response.url, NOW, Outcome.NEW, 200, None, False, bytes=huge, elapsed_ms=7)
    store.save_page("wire", response, attempt)
    store.save_attempt(attempt)
    assert store.load_pages([response.url])[response.url].archive.offset == huge
    (total,) = store.load_attempt_sums()
    assert (total.bytes, total.elapsed_ms) == (2 * huge, 14)
    assert type(total.bytes) is type(total.elapsed_ms) is int


def test_words_that_no_database_can_hold_are_mended(store: SqlStore) -> None:
    store.save_sightings("wire", [Candidate("https://a.example/", "One\0 two \udfff three")], NOW)
    (kept,) = store.load_pointed_at("wire", NOW)
    assert kept.title == "One\ufffd two \ufffd three"
    store.save_attempt(Attempt("wire", kept.url, NOW, Outcome.FAILED, None, "said \0 and \ud800", False))
    assert [item.why for item in store.load_attempts()] == ["said \ufffd and \ufffd"]


def test_ids_are_ordered_by_their_bytes(store: SqlStore) -> None:
    names = ["é", "e", "Z", "z", "a", "_", "-", "中", "\U0001f600", "E", "ä", "a b", "ab"]
    store.save_sightings("wire", [Candidate(f"https://a.example/{name}") for name in names], NOW)
    found = [item.url.rpartition("/")[2] for item in store.load_pointed_at("wire", NOW)]
    assert found == sorted(names, key=str.encode)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_an_address_may_be_written_as_hosts_give_it(postgres_url: str, scheme: str) -> None:
    with open_store(postgres_url.replace("postgresql+psycopg", scheme)) as store:
        assert store.load_marks() == {}


def test_a_wrong_password_is_told_without_it(postgres_url: str) -> None:
    why = said(postgres_url.replace(PASSWORD, "wrong-one"))
    assert "the password or the user is wrong" in why and f"{OWNER}@" in why


def test_a_missing_password_and_a_missing_database_say_what_to_do(postgres_url: str) -> None:
    assert "PGPASSWORD" in said(postgres_url.replace(f":{PASSWORD}", ""))
    assert "createdb" in said(postgres_url.replace("@/", "@/no_such_"))


def test_a_server_that_is_not_there_is_one_clear_error() -> None:
    with socket.socket() as taken:  # bound and not listening: refused, and nobody else gets the port
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        why = said(f"postgresql://tracker:wrong-one@127.0.0.1:{port}/tracker")
    assert "no server answers there" in why and f"tracker@127.0.0.1:{port}/tracker" in why


def test_addresses_that_lead_nowhere_are_told_without_what_is_secret_in_them(tmp_path: Path) -> None:
    assert "two @" in said("postgresql://tracker:wrong-one@x@db.example/tracker")
    assert "is one of sqlite or postgresql" in said("mysql://root:wrong-one@db.example/tracker")
    assert "is no database address" in said("tracker:wrong-one@db.example//:")
    assert "is no database address" in said("postgresql://u:wrong-one@db.example:port/tracker")
    assert "no server listens at that socket" in said(f"postgresql://u:wrong-one@/t?host={tmp_path}&password=wrong-one")


def test_somebody_elses_database_is_not_touched(postgres: PostgresServer, empty_postgres_url: str) -> None:
    engine = create_engine(empty_postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (name TEXT)"))
    assert "not a database of the tracker" in said(empty_postgres_url)
    assert inspect(engine).get_table_names() == ["recipes"]
    engine.dispose()


def test_a_database_in_another_encoding_is_refused_before_anything_is_made(postgres: PostgresServer) -> None:
    with postgres.database(options="ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'") as url:
        assert "keeps texts in LATIN1" in said(url)


def test_a_user_who_may_not_make_tables_is_told_so(postgres: PostgresServer, empty_postgres_url: str) -> None:
    name = empty_postgres_url.partition("@/")[2].partition("?")[0]
    postgres.run(f"ALTER DATABASE {name} OWNER TO postgres")
    assert "make it the owner" in said(empty_postgres_url)


def test_two_that_make_the_tables_at_once_make_them_once(empty_postgres_url: str) -> None:
    together, wrong = threading.Barrier(3, timeout=30), []

    def make() -> None:
        together.wait()
        try:
            with open_store(empty_postgres_url) as store:
                store.load_totals()
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_connections_that_the_server_has_closed_are_made_anew(postgres: PostgresServer, postgres_url: str) -> None:
    with open_store(postgres_url) as store:
        store.save_mark("a", "1")
        postgres.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tracker'")
        assert store.load_marks() == {"a": "1"}


def test_a_server_that_goes_away_in_the_middle_is_one_clear_error_and_nothing_is_half_written(
    postgres: PostgresServer, postgres_url: str
) -> None:
    waiting = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    told: list[StoreUnusable] = []

    def save() -> None:
        try:
            with open_store(postgres_url) as store:
                store.save_mark("a", "1")
        except StoreUnusable as error:
            told.append(error)

    with create_engine(postgres_url).begin() as other:
        write_alone(other)
        writing = threading.Thread(target=save)
        writing.start()
        until = time.monotonic() + 30
        while writing.is_alive() and time.monotonic() < until:
            postgres.run(waiting)
            writing.join(0.05)
    assert len(told) == 1 and "the server was stopped; run again when it is back" in str(told[0])
    with open_store(postgres_url) as store:
        assert store.load_marks() == {}


def test_a_full_disk_and_a_lock_are_told_as_on_sqlite(postgres_url: str) -> None:
    full = OperationalError("INSERT", {}, psycopg.errors.DiskFull("could not extend file"))
    assert "the disk is full" in str(explain("x", full))
    waited = OperationalError("SELECT", {}, psycopg.errors.LockNotAvailable("canceling statement"))
    assert isinstance(explain("x", waited), StoreLocked)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*"), min_size=4))
@example("p@ss/word:1")
@example("a b?c#d&e=f")
def test_no_password_is_ever_shown(password: str) -> None:
    address = URL.create("postgresql+psycopg", "u", "zq" + password + "qz", "db.example", 5432, "d")
    for shown in (place_of(address), place_of(address.render_as_string(hide_password=False))):
        assert shown == "postgresql://u@db.example:5432/d"
    raw = f"postgresql://u:zq{password}qz@db.example/d"
    assert f"zq{password}qz" not in without_secrets(raw)


def test_a_file_that_is_not_there_holds_no_store(tmp_path: Path) -> None:
    assert not has_store(f"sqlite:///{tmp_path}/none.db")
    assert has_store("postgresql://db.example/tracker") and has_store("no address")
    assert parse_address("postgres://db.example/t").drivername == "postgresql+psycopg"


def test_two_machines_cannot_run_on_one_database(postgres_url: str, tmp_path: Path) -> None:
    here, there = RunLock(tmp_path / "here", postgres_url), RunLock(tmp_path / "there", postgres_url)
    with here.hold():
        with pytest.raises(StoreLocked, match=rf"tracker {os.getpid()} on \S+\); wait for it"), there.hold():
            pass
        with open_store(postgres_url) as store:  # to look at the data meanwhile is everybody's right
            assert store.load_marks() == {}
    with there.hold():
        pass


def test_the_lock_of_a_killed_run_is_free_again(postgres_url: str, tmp_path: Path) -> None:
    script = (
        "import sys, time, pathlib\n"
        "from tracker.store import RunLock\n"
        "with RunLock(pathlib.Path(sys.argv[1]), sys.argv[2]).hold():\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    run = [sys.executable, "-c", script, str(tmp_path / "other"), postgres_url]
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        lock = RunLock(tmp_path, postgres_url)
        with pytest.raises(StoreLocked, match=f"tracker {other.pid} on"), lock.hold():
            pass
        other.kill()
    until = time.monotonic() + 20
    while True:
        try:
            with lock.hold():
                return
        except StoreLocked:
            assert time.monotonic() < until
            time.sleep(0.05)


def test_writers_wait_for_each_other_and_readers_for_nobody(postgres_url: str) -> None:
    with open_store(postgres_url) as store, create_engine(postgres_url).begin() as other:
        write_alone(other)
        assert store.load_marks() == {}
        writing = threading.Thread(target=store.save_mark, args=("a", "1"))
        writing.start()
        writing.join(0.3)
        assert writing.is_alive() and store.load_marks() == {}
        other.rollback()
        writing.join(30)
        assert store.load_marks() == {"a": "1"}


def test_what_a_session_reads_is_of_one_state(postgres_url: str) -> None:
    with open_store(postgres_url) as store:
        store.save_mark("a", "1")
        with store.remembering(lambda ids: ()) as memory:
            assert not memory.is_used("e-1")
            store.save_reconciled("k", Reconciled(redirects=(("e-1", "e-2"),)))
            assert not memory.is_used("e-1")
        with store.remembering(lambda ids: ()) as memory:
            assert memory.is_used("e-1")


def test_the_longest_address_that_we_take_fits_the_servers_indexes(store: SqlStore) -> None:
    noise = "".join(sha256_hex(str(n)) for n in range(40))
    longest = "https://a.example/" + noise[: MAX_URL_BYTES - 18]
    assert canonical_url(longest[:MAX_URL_LENGTH]) and len(longest) == MAX_URL_BYTES
    document = document_from_record({"id": "a" * 200, "text": "One.", "url": longest})
    store.save_ingested(document, NOW)
    store.save_sightings("a-source-with-a-rather-long-name", [Candidate(longest)], NOW)
    store.save_page("wire", Response(longest, longest, 200, (), b"x", NOW, False, ArchiveRef("f", 0, "r")),
                    Attempt("a-source-with-a-rather-long-name", longest, NOW, Outcome.NEW, 200, None, False))  # fmt: skip
    assert store.load_pages([longest])[longest].url == longest == store.find_documents(longest)[0].url
    with pytest.raises(UnreadableInput, match=r"url: .*longer than 2,500 bytes"):
        document_from_record({"id": "a", "text": "One.", "url": longest + "x"})
    with pytest.raises(ValueError, match="not an address for the public"):
        canonical_url("https://a.example/" + "\u4e2d" * 300)


def test_without_the_driver_it_says_what_to_install(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "sys.modules['psycopg'] = None\n"
        "from tracker.cli import main\n"
        "sys.argv = ['tracker', 'db', 'copy', 'postgresql://u:wrong-one@db.example/t']\n"
        "main()\n"
    )
    (tmp_path / "config.yaml").write_text("data_dir: var\ndatabase: postgresql://u:wrong-one@db.example/t\n")
    run = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 2 and "pip install 'tracker[postgres]'" in run.stderr.replace("\n", " ")
    assert "wrong-one" not in run.stderr
