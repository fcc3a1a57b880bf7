"""Workers of a test: in this process where nobody is killed, else in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import tracker
from tests.commands import run_command
from tracker.app import App, open_app
from tracker.config import Settings, load_settings

CONFIG = """\
data_dir: var
database: {url}
schedule: {{settle: 0s, grace: 5s}}
workers: {{stalled_after: 2s}}
site: {{out: site, search: false}}
{more}
"""
WITHIN_S = 120.0


def documents(count: int, *, words: str = "") -> list[dict[str, str]]:
    """So many invented records, as `tracker ingest` takes them."""
    return [
        {
            "id": f"doc-{number:04}",
            "url": f"https://wire.example/{number}",
            "publisher": "The Wire",
            "publisher_type": "news",
            "published": "2026-03-02",
            "language": "en",
            "title": f"Norvane accuses Kestrel of distillation, part {number}",
            "text": f"Norvane said on 2 March 2026 that Kestrel AI had distilled its model with {number + 100} accounts. "
            f"Kestrel AI denied it. {words}",
        }
        for number in range(count)
    ]


class Fleet:
    """The folder of a fleet, its database and its processes."""

    def __init__(self, folder: Path, url: str, more: str = "") -> None:
        self.folder, self.url = folder, url
        self.config = folder / "config.yaml"
        self.configure(more)

    def configure(self, more: str = "") -> None:
        """Write the configuration, with more keys."""
        self.config.write_text(CONFIG.format(url=self.url, more=more), encoding="utf-8")

    @property
    def settings(self) -> Settings:
        """The configuration as the program reads it."""
        return load_settings(self.config)

    @contextmanager
    def app(self) -> Iterator[App]:
        """The parts over the store, beside whoever works on it."""
        with open_app(self.settings, shared=True) as app:
            yield app

    def ingest(self, records: Sequence[dict[str, str]]) -> None:
        """Hand in documents."""
        path = self.folder / "documents.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        with self.app() as app:
            report = app.ingest([path])
        assert not report.problems, report.problems[:3]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command, to its end, in this process."""
        return run_command(*arguments, cwd=self.folder)

    @contextmanager
    def process(self, *arguments: str, program: Sequence[str] = ("-m", "tracker")) -> Iterator[subprocess.Popen[bytes]]:
        """A command in a process of its own, which is killed at the end where it has not ended."""
        path = os.pathsep.join([str(Path(tracker.__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
        log = self.folder / f"{arguments[0]}-{time.monotonic_ns()}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *program, *arguments], cwd=self.folder, stdout=output, stderr=output,
                env={**os.environ, "PYTHONPATH": path},
            )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait(30)
            self.told = log.read_text(encoding="utf-8")

    def last_told(self, command: str) -> str:
        """What the last process of a command has told so far."""
        return max(self.folder.glob(f"{command}-*.log"), key=lambda log: log.stat().st_ctime_ns).read_text("utf-8")

    def drain(self, *arguments: str) -> str:
        """A worker until nothing is left to do; what it told."""
        with self.process("worker", "--until-idle", *arguments) as worker:
            code = worker.wait(WITHIN_S)
        assert code == 0, self.told
        return self.told


def wait_for(condition: Callable[[], bool], within_s: float = WITHIN_S) -> None:
    """Until something is so."""
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until, f"not within {within_s} s"
        time.sleep(0.05)
