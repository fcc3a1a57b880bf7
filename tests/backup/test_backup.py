"""A backup is whole or none, of either database; nothing that is there is replaced when it is put back."""

from __future__ import annotations

import gzip
import json
import subprocess
import threading
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commands import run_command
from tests.postgres import PASSWORD, PostgresServer, _programs
from tests.store.filled import fill
from tracker.app import open_app
from tracker.backup.archivefiles import copy_archive
from tracker.config import load_settings
from tracker.store import FolderLock, check_store, hold_database, open_store
from tracker.store.engine import connected
from tracker.store.subscriptions import open_subscriptions
from tracker.store.tables import TableSum, all_tables, sum_table

KEY = "0123456789abcdef" * 4


def sums_of(address: str) -> dict[str, TableSum]:
    """What each table holds, but for the marks: they tell of the backup itself."""
    with connected(address) as (engine, _), engine.connect() as connection:
        return {table.name: sum_table(connection, table) for table in all_tables() if table.name != "mark"}


@pytest.fixture
def here(tmp_path: Path, database: str) -> Path:
    """A folder with a configuration, a filled store of either kind, subscribers, a key, an archive and an edit."""
    home = tmp_path / "home"
    home.mkdir()
    configure(home, database)
    with open_store(database) as store:
        fill(store, sightings=3)
    (home / "var" / "archive").mkdir(parents=True)
    (home / "var" / "archive" / "20260302-a.warc.gz").write_bytes(gzip.compress(b"one") + gzip.compress(b"two"))
    with open_subscriptions(f"sqlite:///{home}/var/subscribers.db"):
        pass
    (home / "var" / "digests.key").write_text(KEY)
    (home / "var" / "digests.key").chmod(0o600)
    (home / "data" / "curation").mkdir(parents=True)
    (home / "data" / "curation" / "claims.yaml").write_text("[]\n")
    return home


def configure(home: Path, database: str) -> None:
    (home / "config.yaml").write_text(f"data_dir: var\ndatabase: '{database}'\n")


def tracker(*arguments: str, cwd: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    result = run_command(*arguments, cwd=cwd)
    assert result.returncode == status, result.stdout + result.stderr
    assert PASSWORD not in result.stdout + result.stderr and "Traceback" not in result.stderr
    return result


def test_all_of_it_comes_back_also_in_the_other_kind_of_database(
    here: Path, database: str, empty_postgres_url: str, tmp_path: Path
) -> None:
    with FolderLock(here / "var").hold(), hold_database(database):  # a run goes on
        saved = tracker("backup", "../kept", cwd=here)
    assert "config.yaml, digests.key, subscribers.db, tracker.db, 1 file of edits" in saved.stdout
    assert not saved.stderr.count("not saved")
    kept = tmp_path / "kept"
    assert {(kept / name).stat().st_mode & 0o777 for name in ("tracker.db", "subscribers.db", "digests.key")} == {0o600}
    looked = tracker("db", "check", "--dir", "../kept", cwd=here)
    assert "every span of 4 extractions" in looked.stdout
    for name, address in (("file", f"sqlite:///{tmp_path}/file/var/tracker.db"), ("server", empty_postgres_url)):
        new = tmp_path / name
        new.mkdir()
        configure(new, address)
        told = tracker("restore", "../kept", cwd=new)
        assert "as of 20" in told.stdout and not told.stderr.count("not put back")
        assert sums_of(address) == sums_of(database) and not check_store(address).faults
        assert (new / "var" / "archive" / "20260302-a.warc.gz").read_bytes()[:2] == b"\x1f\x8b"
        assert (new / "var" / "digests.key").stat().st_mode & 0o777 == 0o600
        assert (new / "data" / "curation" / "claims.yaml").read_text() == "[]\n"
        with open_subscriptions(f"sqlite:///{new}/var/subscribers.db") as people:
            assert people.load_subscribers() == ()
        again = tracker("restore", "../kept", cwd=new, status=2)
        assert "already" in again.stderr or "is not empty" in again.stderr, "nothing is replaced"
    with open_app(load_settings(here / "config.yaml")) as app:
        app.write_metrics()
    assert "tracker_last_backup_timestamp_seconds 1." in (here / "var" / "metrics.prom").read_text()


def test_a_backup_that_is_made_again_takes_in_what_is_new_and_drops_what_is_gone(here: Path, tmp_path: Path) -> None:
    tracker("backup", "../kept", cwd=here)
    (here / "data" / "curation" / "claims.yaml").rename(here / "data" / "curation" / "events.yaml")
    (here / "var" / "archive" / "20260303-b.warc.gz").write_bytes(gzip.compress(b"three"))
    assert "2 files" in tracker("backup", "../kept", cwd=here).stdout
    told = json.loads((tmp_path / "kept" / "backup.json").read_text())
    assert sorted(told["archive"]) == ["20260302-a.warc.gz", "20260303-b.warc.gz"]
    assert [name for name in told["files"] if "curation" in name] == ["curation/events.yaml"]


def test_what_is_no_whole_backup_is_refused_by_name(here: Path, tmp_path: Path) -> None:
    kept, new = tmp_path / "kept", tmp_path / "new"
    new.mkdir()
    (new / "config.yaml").write_text("data_dir: var\n")
    assert "no such folder" in tracker("restore", "../kept", cwd=new, status=2).stderr
    kept.mkdir()
    assert "broken off" in tracker("restore", "../kept", cwd=new, status=2).stderr
    tracker("backup", "../kept", cwd=here)
    archived = kept / "archive" / "20260302-a.warc.gz"
    archived.write_bytes(archived.read_bytes()[:-1])
    with (kept / "tracker.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    refused = tracker("restore", "../kept", cwd=new, status=2).stderr
    assert "tracker.db is not as it was saved" in refused and "of 46 bytes" in refused
    assert not (new / "var" / "tracker.db").exists()


def test_a_folder_within_the_data_is_refused(here: Path) -> None:
    for wrong in ("var/backup", "var", ".", "site"):
        assert "lie in one another" in tracker("backup", wrong, cwd=here, status=2).stderr
    (here / "full").write_text("")
    assert "full" in tracker("backup", "full", cwd=here, status=2).stderr


def test_without_the_databases_the_files_are_saved(here: Path, tmp_path: Path) -> None:
    told = tracker("backup", "../kept", "--no-databases", cwd=here)
    assert "not saved: the databases" in told.stderr and not (tmp_path / "kept" / "tracker.db").exists()
    new = tmp_path / "new"
    new.mkdir()
    (new / "config.yaml").write_text("data_dir: var\n")
    assert "pg_restore" in tracker("restore", "../kept", cwd=new).stderr


def test_what_postgresqls_own_programs_save_is_as_sound(
    here: Path, database: str, postgres: PostgresServer, empty_postgres_url: str, tmp_path: Path
) -> None:
    if not database.startswith("postgresql"):
        pytest.skip("of a server alone")
    programs, dump = _programs(), tmp_path / "tracker.dump"
    with hold_database(database):  # a run goes on
        subprocess.run(
            [programs / "pg_dump", "--format=custom", f"--file={dump}", database.replace("+psycopg", "")], check=True
        )
    before = sums_of(database)
    postgres.run("DROP SCHEMA public CASCADE", database=database.partition("@/")[2].partition("?")[0])
    where = empty_postgres_url.replace("+psycopg", "")
    subprocess.run([programs / "pg_restore", "--no-owner", "--exit-on-error", f"--dbname={where}", dump], check=True)
    assert sums_of(empty_postgres_url) == before and not check_store(empty_postgres_url).faults


MEMBERS = st.lists(st.binary(min_size=1, max_size=300), max_size=12)


@given(MEMBERS, st.integers(0, 400), st.integers(0, 400))
def test_a_copy_of_a_growing_file_ends_with_a_whole_record_and_catches_up(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes], first: int, second: int
) -> None:
    folder = tmp_path_factory.mktemp("archive")
    whole = [gzip.compress(body) for body in bodies]
    ends = [sum(map(len, whole[:n])) for n in range(len(whole) + 1)]
    written, file = b"".join(whole), folder / "a" / "x.warc.gz"
    file.parent.mkdir()
    for upto in sorted((min(first, len(written)), min(second, len(written)), len(written))):
        file.write_bytes(written[:upto])
        copy_archive(folder / "a", folder / "b")
        assert (folder / "b" / "x.warc.gz").read_bytes() == written[: max(end for end in ends if end <= upto)]


def test_a_damaged_file_is_copied_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    damaged = gzip.compress(b"one") + b"\x00garbage" + gzip.compress(b"two")
    (tmp_path / "a" / "x.warc.gz").write_bytes(damaged)
    copy_archive(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b" / "x.warc.gz").read_bytes() == damaged


def test_a_writer_is_not_held_up_and_what_it_adds_meanwhile_is_not_in_it(here: Path, database: str) -> None:
    stop, turns = threading.Event(), []

    def write() -> None:
        with open_store(database) as store:
            while not stop.is_set():
                store.add_requests({(date(2026, 3, 2), "wire.example"): 1})
                turns.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            tracker("backup", "../kept", cwd=here)
    finally:
        stop.set()
        writer.join()
    assert turns
    assert tracker("db", "check", "--dir", "../kept", cwd=here).returncode == 0
