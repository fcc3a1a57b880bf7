"""One demo for all tests that look at its result: real server, real crawl, real database, real site."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

EPOCH = "1795219200"
"""2026-11-21T00:00:00Z: with a fixed clock two runs are equal to the byte."""


def run_tracker(*arguments: str, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the program as a user does, in a process of its own."""
    result = subprocess.run(
        [sys.executable, "-m", "tracker", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "COLUMNS": "100"},
        timeout=300,
        check=False,
    )
    if check:
        assert result.returncode == 0, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result


def dump_database(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the log of attempts and the marks that count requests, without where in the archive
    a record lies: those tell how often we ran, everything else only what we know."""
    connection = sqlite3.connect(path)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    dump = {}
    for table in tables:
        if table in ("attempt", "alembic_version") or table.startswith("sqlite_"):
            continue
        columns = [
            row[1]
            for row in connection.execute(f"PRAGMA table_info({table})")
            if row[1] not in ("archive_file", "archive_offset")
        ]
        where = " WHERE name NOT LIKE 'requests %'" if table == "mark" else ""
        dump[table] = sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}{where}"), key=repr)
    connection.close()
    return dump


def read_tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its relative path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """(the folder of an undisturbed demo, what it printed)."""
    folder = tmp_path_factory.mktemp("demo")
    result = run_tracker("demo", "--dir", "demo", cwd=folder)
    return folder / "demo", result.stdout
