"""What workers bring and what their queue costs: part of benchmarks/scale.py.

The same invented stories (scale_stories.py) are extracted out of copies of one PostgreSQL database, in which they were
ingested: by `tracker worker --only extract --until-idle`, by two of them, and by one process without the queue. What
two bring is seen by the clock, over the middle of the work, when both have loaded their models; the queue's cost in
seconds of the processor, the server's too, beyond what the same takes over two documents: loading programs and models
is not in it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.scale_run import cpu_s, pid_of
from benchmarks.scale_stories import stories
from tracker.store import open_store
from tracker.types import Document

if TYPE_CHECKING:
    from tests.postgres import PostgresServer

HERE = Path(__file__).parent
_AT = datetime(2026, 9, 1, tzinfo=UTC)
_FROM, _TO = 0.25, 0.95
"""The part of the work that is timed when two share it."""
_LOOKS_EVERY_S = 0.25
_IN_PROCESS = """
import sys
from pathlib import Path
from tracker.app import open_app
from tracker.config import load_settings
with open_app(load_settings(Path(sys.argv[1]))) as app:
    app.extract()
"""


@dataclass(frozen=True)
class Took:
    """What extracting took."""

    middle_s: float
    """By the clock, for the middle part."""
    cpu_s: float
    """Of the processors, in all processes and in the server."""


def measure_workers(documents: int, few: int, rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    """Figures and ratios: `two_workers_vs_one` by the clock, `queue_overhead` as a share of extracting's own time."""
    from tests.postgres import running_server

    one: list[Took] = []
    two: list[Took] = []
    with running_server("autovacuum=on") as server:
        cost: dict[str, list[float]] = {"queue": [], "in_process": []}
        with _ingested(server, documents) as many, _ingested(server, few) as some:
            for _ in range(rounds):  # in turns, so that what else the machine does meets all alike
                one.append(_extract(server, many, documents, _worker(), 1))
                two.append(_extract(server, many, documents, _worker(), 2))
                alone = _extract(server, many, documents, _in_process(), 1)
                cost["queue"].append(one[-1].cpu_s - _extract(server, some, few, _worker(), 1).cpu_s)
                cost["in_process"].append(alone.cpu_s - _extract(server, some, few, _in_process(), 1).cpu_s)
    more = documents - few
    figures = {
        "workers_documents": documents,
        "one_worker_documents_per_s": round((_TO - _FROM) * documents / min(took.middle_s for took in one), 1),
        "two_workers_documents_per_s": round((_TO - _FROM) * documents / min(took.middle_s for took in two), 1),
        "queue_cpu_ms_a_document": round(1e3 * min(cost["queue"]) / more, 2),
        "in_process_cpu_ms_a_document": round(1e3 * min(cost["in_process"]) / more, 2),
    }
    ratios = {
        "two_workers_vs_one": round(min(took.middle_s for took in one) / min(took.middle_s for took in two), 2),
        "two_workers_cpu_vs_one": round(median(took.cpu_s for took in two) / median(took.cpu_s for took in one), 2),
        "queue_overhead": round(min(cost["queue"]) / min(cost["in_process"]) - 1, 3),
    }
    return figures, ratios


def _worker() -> Sequence[str]:
    return ("-m", "tracker", "worker", "--only", "extract", "--until-idle", "--config")


def _in_process() -> Sequence[str]:
    return ("-c", _IN_PROCESS)


@contextmanager
def _ingested(server: PostgresServer, documents: int) -> Iterator[str]:
    """The name of a database in which so many stories wait to be extracted."""
    with server.database() as url:
        with open_store(url) as store:
            for story in stories(documents):
                where = f"https://{story.host}{story.path}"
                paper = f"Paper {story.paper}"
                store.save_ingested(
                    Document(str(story.number), story.text, where, paper, "news", story.day, "en", story.title), _AT
                )
        yield url.partition("@/")[2].partition("?")[0]


def _extract(server: PostgresServer, template: str, documents: int, command: Sequence[str], processes: int) -> Took:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(server.database(template))
        config = folder / "config.yaml"
        config.write_text(json.dumps({"data_dir": "var", "database": url, "schedule": {"settle": "1h"}}), "utf-8")
        before = cpu_s(pid_of(server.folder)) + os.times()[2] + os.times()[3]
        with (folder / "log").open("wb") as log:
            begun = [
                subprocess.Popen(
                    [sys.executable, *command, str(config)], cwd=folder, stdout=log, stderr=log,
                    env={**os.environ, "PYTHONPATH": str(HERE.parent)},
                )
                for _ in range(processes)
            ]  # fmt: skip
            middle_s = _watch(url, documents, begun)
        codes = [process.wait() for process in begun]
        if any(codes):
            sys.exit(f"extracting ended with {codes}:\n{(folder / 'log').read_text('utf-8', 'replace')[-3000:]}")
        used = cpu_s(pid_of(server.folder)) + os.times()[2] + os.times()[3] - before
        return Took(middle_s, used)


def _watch(url: str, documents: int, begun: Sequence[subprocess.Popen[bytes]]) -> float:
    """Seconds between the extraction of the first and the last document of the middle part."""
    import psycopg

    at: dict[float, float] = {}
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        while True:
            row = connection.execute("SELECT count(*) FROM extraction").fetchone()
            share = (row[0] if row else 0) / documents
            for mark in (_FROM, _TO):
                if share >= mark:
                    at.setdefault(mark, time.perf_counter())
            if share >= 1 or all(process.poll() is not None for process in begun):
                break
            time.sleep(_LOOKS_EVERY_S)
    if share < 1:
        sys.exit(f"only {share:.0%} of the documents were extracted")
    return at[_TO] - at[_FROM]
