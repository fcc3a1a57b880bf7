"""Saved in the middle of a run, destroyed, put back and run on: the site of a run that nothing has happened to."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.demo.conftest import EPOCH, dump_database, read_tree, run_tracker
from tracker.backup import save
from tracker.backup.saving import BACKUP_MARK
from tracker.demo import demo_settings


@contextmanager
def running_demo(folder: Path, pages: int) -> Iterator[subprocess.Popen[bytes]]:
    """A demo that is crawling, and has fetched so many pages."""
    with subprocess.Popen(
        [sys.executable, "-m", "tracker", "demo", "--dir", folder.name],
        cwd=folder.parent, env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            until = time.monotonic() + 120
            while fetched(folder) < pages:
                assert process.poll() is None and time.monotonic() < until, "it ended before it had fetched so many"
                time.sleep(0.02)
            yield process
        finally:
            process.kill()


def fetched(folder: Path) -> int:
    if not (folder / "tracker.db").is_file():
        return 0
    with closing(sqlite3.connect(f"file:{folder / 'tracker.db'}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM page").fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # no tables yet


@pytest.mark.slow
def test_a_backup_in_the_middle_of_a_run_leads_to_the_same_site(demo: tuple[Path, str], tmp_path: Path) -> None:
    undisturbed, _ = demo
    lost, kept = tmp_path / "demo", tmp_path / "kept"
    settings = demo_settings(lost, "127.0.0.1:9")
    with running_demo(lost, pages=8) as process:
        first = save(settings, kept)
        again = save(settings, kept)
        assert process.poll() is None, "the run went on meanwhile"
    shutil.rmtree(lost)

    assert first.archive_files >= 1 and again.archive_files >= 1
    assert 8 <= fetched(kept) < fetched(undisturbed), "it is of the middle of the run"
    assert "put back" not in run_tracker("restore", "kept", "--dir", "demo", cwd=tmp_path).stderr
    for command in (("db", "check"), ("archive", "verify")):
        for folder in ("kept", "demo"):
            run_tracker(*command, "--dir", folder, cwd=tmp_path)  # ends with 0: all is sound
    run_tracker("demo", "--dir", "demo", cwd=tmp_path)
    rows = dump_database(lost / "tracker.db")
    (marked,) = [row for row in rows["mark"] if row[0] == BACKUP_MARK]
    rows["mark"].remove(marked)
    assert rows == dump_database(undisturbed / "tracker.db")
    assert read_tree(lost / "site") == read_tree(undisturbed / "site")
