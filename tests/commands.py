"""The program as somebody types it: within this process, as a start costs more than most commands, or in its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import tracker
from tracker.cli import console, main


def run_command(
    *arguments: str,
    cwd: Path,
    given: str | None = None,
    columns: int = 200,
    env: Mapping[str, str | None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """What `tracker ARGUMENTS` printed in a folder and ended with, given that on standard input.

    `env` is set beside the environment; None takes a variable out. A bug of ours is raised as it is.
    """
    output, errors = _stream(), _stream()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        for name, value in {"COLUMNS": str(columns), **(env or {})}.items():
            patch.setenv(name, value) if value is not None else patch.delenv(name, raising=False)
        for name, made in {"argv": ["tracker", *arguments], "stdin": _stream(given or "")}.items():
            patch.setattr(sys, name, made)
        patch.setattr(sys, "stdout", output)
        patch.setattr(sys, "stderr", errors)
        for screen in (console.out, console.err):  # a process of its own would read COLUMNS when it starts
            patch.setattr(screen, "width", columns)
        code = _ended()
    return subprocess.CompletedProcess(["tracker", *arguments], code, _text(output), _text(errors))


def run_process(*arguments: str, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own: for limits, signals and logs, which belong to the whole process."""
    environment = {**os.environ, "PYTHONPATH": str(Path(tracker.__file__).parents[1]), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "tracker", *arguments],
        cwd=cwd, env=environment, capture_output=True, text=True, timeout=180, check=False, **options,
    )  # fmt: skip


def _ended() -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _stream(text: str = "") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", newline="", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode()  # type: ignore[attr-defined]
