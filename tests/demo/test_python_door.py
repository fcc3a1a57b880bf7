"""The Python door over the sample: what docs/python.md and the docstrings say is what comes out."""

from __future__ import annotations

import doctest
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tracker
from tracker.access import database

ROOT = Path(__file__).resolve().parents[2]
FLAGS = doctest.ELLIPSIS


@pytest.fixture
def beside(demo: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sample's database in it."""
    shutil.copyfile(demo[0] / "site" / "data" / "tracker.db", tmp_path / "tracker.db")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_says_what_comes_out(beside: Path) -> None:
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8").replace("\n```\n", "\n\n")
    test = doctest.DocTestParser().get_doctest(text, {}, "docs/python.md", "docs/python.md", 0)
    told: list[str] = []
    result = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=told.append)
    assert result.attempted > 20 and result.failed == 0, "".join(told)


@pytest.mark.parametrize("module", [tracker, database])
def test_docstrings_say_what_comes_out(beside: Path, module: object) -> None:
    attempted = 0
    for test in doctest.DocTestFinder().find(module, globs={"tracker": tracker}):  # type: ignore[arg-type]
        told: list[str] = []
        result = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=told.append)
        assert result.failed == 0, "".join(told)
        attempted += result.attempted
    assert attempted > 1


def test_the_notebook_keeps_what_it_shows(demo: tuple[Path, str]) -> None:
    path = demo[0] / "site" / "data" / "tracker.db"
    command = [sys.executable, str(ROOT / "tools" / "notebook.py"), "--check", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
