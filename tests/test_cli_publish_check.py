"""`tracker publish --check`: looks through the site that would come, says what is wrong, and writes nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.test_cli import CONFIG, RECORD, assert_clear_error, tracker, write_lines


def files_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    found = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): (file.read_bytes(), file.stat().st_mtime_ns) for file in found}


def test_check_tells_what_would_be_written_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG)
    write_lines(tmp_path / "in.jsonl", RECORD)
    assert tracker("ingest", "in.jsonl", cwd=tmp_path).returncode == 0
    assert tracker("reconcile", cwd=tmp_path).returncode == 0
    checked = tracker("publish", "--check", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert "files would be written" in checked.stdout and not (tmp_path / "site").exists()

    assert tracker("publish", cwd=tmp_path).returncode == 0
    before = files_of(tmp_path / "site")
    assert "0 files would be written" in tracker("publish", "--check", cwd=tmp_path).stdout

    with sqlite3.connect(tmp_path / "var" / "tracker.db") as database:
        database.execute("update version set text = replace(text, 'Monday', 'Sunday')")
    assert_clear_error(tracker("publish", "--check", cwd=tmp_path), 2, "SHA-256", "version t-1")
    assert files_of(tmp_path / "site") == before
    assert_clear_error(tracker("publish", "--check", "--as-of", "2026-03-04", cwd=tmp_path), 2, "leave out --as-of")
