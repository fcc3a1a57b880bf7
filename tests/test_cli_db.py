"""`tracker db` as a tired person types it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlalchemy import create_engine

from tests.commands import run_command
from tests.postgres import PASSWORD
from tests.store.filled import fill
from tracker.store import FolderLock, open_store
from tracker.store.schema import HEAD, upgrade


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with a configuration and a filled store."""
    (tmp_path / "config.yaml").write_text("data_dir: var\n")
    with open_store(f"sqlite:///{tmp_path}/var/tracker.db") as store:
        fill(store, sightings=3)
    return tmp_path


def tracker(*arguments: str, cwd: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    result = run_command("db", *arguments, cwd=cwd)
    assert result.returncode == status, result.stdout + result.stderr
    assert PASSWORD not in result.stdout + result.stderr and "Traceback" not in result.stderr
    return result


def test_a_store_is_moved_looked_through_and_worked_on(here: Path, postgres_url: str) -> None:
    moved = tracker("copy", postgres_url, cwd=here)
    assert "both hold the same" in moved.stdout and "version" in moved.stdout
    assert "copy" in moved.stderr, "progress is told"
    address = moved.stdout.partition("`database: ")[2].partition("`")[0]
    assert unquote(address) == postgres_url.replace(f":{PASSWORD}", "")
    (here / "config.yaml").write_text(f"data_dir: var\ndatabase: {postgres_url}\n")
    checked = tracker("check", cwd=here)
    assert f"schema {HEAD}, the newest" in checked.stdout and "every span of 4 extractions" in checked.stdout
    assert "nothing to do" in tracker("upgrade", cwd=here).stdout
    exported = run_command("export", "events", cwd=here)
    assert exported.returncode == 0 and "Garnet" in exported.stdout
    back = tracker("copy", f"sqlite:///{here}/back.db", cwd=here)
    assert back.stdout.splitlines()[1:25] == moved.stdout.splitlines()[1:25], "the same digests"


def test_an_old_store_is_taken_forward(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("data_dir: var\n")
    (tmp_path / "var").mkdir()
    engine = create_engine(f"sqlite:///{tmp_path}/var/tracker.db")
    upgrade(engine, "x", "0007")
    engine.dispose()
    assert "schema 0007; `tracker db upgrade` takes it to" in tracker("check", cwd=tmp_path).stdout
    assert f"schema 0007 taken forward to {HEAD}" in tracker("upgrade", cwd=tmp_path).stdout
    assert "the newest" in tracker("check", "--dir", "var", cwd=tmp_path).stdout


def test_one_that_is_not_there_is_made_by_upgrade_alone(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("data_dir: var\n")
    assert "there is no database" in tracker("check", cwd=tmp_path, status=2).stderr
    assert "there is no database" in tracker("copy", "sqlite:///x.db", cwd=tmp_path, status=2).stderr
    assert f"made with schema {HEAD}" in tracker("upgrade", cwd=tmp_path).stdout


def test_faults_end_with_three(here: Path) -> None:
    with create_engine(f"sqlite:///{here}/var/tracker.db").begin() as connection:
        connection.exec_driver_sql("UPDATE extraction SET payload = '{' WHERE version_id = 'd2'")
    assert "fault: extraction of d2" in tracker("check", cwd=here, status=3).stderr


def test_wrong_targets_are_one_clear_line(here: Path, postgres_url: str) -> None:
    for target, words in (
        (f"sqlite:///{here}/var/tracker.db", "is the database itself"),
        ("sqlite://", "names no file"),
        ("tracker.example/db", "is no database address"),
        ("mysql://root@db.example/x", "the tracker's database is one of sqlite or postgresql+psycopg"),
        (postgres_url.replace("@/", "@/no_such_"), "createdb"),
    ):
        assert words in tracker("copy", target, cwd=here, status=2).stderr


def test_nothing_is_moved_while_a_run_goes_on(here: Path, postgres_url: str) -> None:
    with FolderLock(here / "var").hold():
        assert "Another run" in tracker("copy", postgres_url, cwd=here, status=2).stderr


def test_the_environment_may_name_the_database(here: Path, postgres_url: str) -> None:
    given = {"TRACKER_DATABASE": postgres_url}
    assert "made with" not in run_command("db", "upgrade", cwd=here, env=given).stdout
    checked = run_command("db", "check", cwd=here, env=given)
    assert checked.returncode == 0 and "every span of 0 extractions" in checked.stdout
    assert "every span of 4 extractions" in tracker("check", cwd=here).stdout
    at_hand = run_command("db", "check", "--dir", "var", cwd=here, env=given)
    assert "every span of 4 extractions" in at_hand.stdout, "a folder that is named is meant"
