"""Workers as processes of their own, which are killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.postgres import PASSWORD, RestartableServer
from tracker.app import open_app
from tracker.config import load_settings
from tracker.ports.work import STAGES

DRAINED_WITHIN_S = 900
_IN_HAND = """
SELECT job.queue_name, job.id, coalesce(cardinality(taken.items), 0), job.args FROM procrastinate_jobs job
JOIN work_taken taken ON taken.job_id = job.id WHERE job.status = 'doing' AND taken.worker = %s ORDER BY job.id
"""
HERE = Path(__file__).parent
_ENDS_WITHIN_S = 120
_CANNOT_BEGIN = 2


@dataclass
class Member:
    """One process of the fleet, over all its lives; each life has a log of its own."""

    name: str
    command: tuple[str, ...]
    folder: Path
    environment: dict[str, str]
    lives: int = 0
    process: subprocess.Popen[bytes] | None = None
    ended: list[str] = field(default_factory=list)
    """What it ended with where nobody had killed it."""

    def start(self) -> None:
        """Begin another life."""
        self.lives += 1
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tracker", *self.command, "--log-format", "json"],
                cwd=self.folder, stdout=log, stderr=log, env=self.environment,
            )  # fmt: skip

    @property
    def log(self) -> Path:
        """What it tells in this life."""
        return self.folder / f"{self.name}-{self.lives}.log"

    def freeze(self) -> None:
        """Let it stand still where it is."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """End it at once."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end, and say with what it did."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self, within_s: float = _ENDS_WITHIN_S) -> int:
        """The exit code when it has ended by itself; it is killed where it takes too long."""
        assert self.process is not None
        try:
            return self.process.wait(within_s)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL

    def tail(self) -> str:
        """The end of what it told in this life."""
        return " / ".join(self.log.read_text("utf-8", "replace").strip().splitlines()[-3:])[-600:]

    def look(self) -> None:
        """Where it has ended by itself, keep that and start it again, as systemd does. That a worker which begins while
        the database is away says so and ends with 2 is no fault."""
        assert self.process is not None
        code = self.process.poll()
        if code is not None:
            if code != _CANNOT_BEGIN or "The database cannot be read" not in self.tail():
                self.ended.append(f"{self.name} (life {self.lives}) ended with {code}: {self.tail()}")
            self.start()


@contextmanager
def standing_clock(epoch: int) -> Iterator[None]:
    """In this process, too, the clock stands."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    try:
        yield
    finally:
        os.environ.pop("SOURCE_DATE_EPOCH")
        if before is not None:
            os.environ["SOURCE_DATE_EPOCH"] = before


def environment(epoch: int) -> dict[str, str]:
    """What processes of the program are run with: this checkout, and a clock that stands."""
    return {**os.environ, "PYTHONPATH": str(HERE.parent), "SOURCE_DATE_EPOCH": str(epoch)}


def member(name: str, folder: Path, epoch: int, *command: str) -> Member:
    """A process that is not started yet."""
    return Member(name, (*command, "--config", str(folder / "config.yaml")), folder, environment(epoch))


@dataclass(frozen=True)
class Blow:
    """Something that is done to the fleet."""

    at_s: float
    what: Literal["worker", "fast", "kill"]
    worker: int = 0


@dataclass
class Outcome:
    """What was done, and what came of it."""

    blows: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)


class Chaos:
    """A fleet, its database, and what is done to them."""

    def __init__(
        self,
        folder: Path,
        server: RestartableServer,
        url: str,
        workers: int,
        patience_s: float,
        epoch: int,
        tell: Callable[[str], None],
    ) -> None:
        self._server, self._url, self._tell, self.outcome = server, url, tell, Outcome()
        self._folder, self._patience_s, self._epoch = folder, patience_s, epoch
        self.workers = [member(f"worker{n}", folder, self._epoch, "worker") for n in range(workers)]

    def run(self, blows: list[Blow], seconds: float) -> None:
        """Start everybody, and do all this to them."""
        for one in self.workers:
            one.start()
        started = time.monotonic()
        for blow in blows:
            self._wait_until(started + blow.at_s)
            self._strike(blow, time.monotonic() - started)
        self._wait_until(started + seconds)

    def drain(self) -> None:
        """Wait until nothing is left to do, and ask everybody to end."""
        until = time.monotonic() + DRAINED_WITHIN_S
        with open_app(load_settings(self._folder / "config.yaml"), shared=True) as app:
            if back := app.store.work.bring_back():
                self._tell(f"{back} pages or texts had been set aside: they were at hand in too many killings")
            while any(live := app.store.work.count_live(STAGES)):
                if time.monotonic() > until:
                    self.outcome.faults.append(f"{sum(live)} jobs are left after {DRAINED_WITHIN_S} s")
                    break
                self._wait_until(time.monotonic() + 0.5)
            self.outcome.faults += [f"dead: {job}" for job in app.store.work.load_jobs("failed")]
        for one in self.workers:
            if (code := one.stop()) != 0:
                self.outcome.faults.append(f"{one.name} ended with {code} when it was asked to stop: {one.tail()}")
            self.outcome.faults += one.ended

    def _wait_for_work(self, one: Member) -> None:
        """A worker that is still starting is given some time to have something in hand."""
        until = time.monotonic() + self._patience_s
        while time.monotonic() < until and not self._in_hand(one):
            time.sleep(0.05)
            one.look()

    def _in_hand(self, one: Member) -> str:
        """The jobs that a worker is at work on, as the database knows them."""
        import psycopg

        assert one.process is not None
        database = self._url.partition("@/")[2].partition("?")[0]
        where = f"host={self._server.server.folder} user=postgres password={PASSWORD} dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            if connection.execute("SELECT to_regclass('work_taken')").fetchone() == (None,):
                return ""  # nobody has made the tables yet
            jobs = connection.execute(_IN_HAND, (f"{one.process.pid} on {socket.gethostname()}",)).fetchall()
        return ", ".join(
            f"{stage} {args.get('source', '') or f'{items} items'} (job {job})" for stage, job, items, args in jobs
        )

    def _wait_until(self, moment: float) -> None:
        while (left := moment - time.monotonic()) > 0:
            time.sleep(min(left, 0.5))
            for one in self.workers:
                one.look()

    def _strike(self, blow: Blow, at_s: float) -> None:
        if blow.what == "worker":
            struck = self.workers[blow.worker]
            self._wait_for_work(struck)
            struck.freeze()
            told = f"{struck.name} killed in the middle of {self._in_hand(struck) or 'nothing'}"
            struck.kill()
            struck.start()
        else:
            self._server.stop(blow.what)
            self._server.start()
            told = "the database restarted, politely" if blow.what == "fast" else "the database killed and started"
        self.outcome.blows.append(f"{at_s:6.1f} s  {told}")
        self._tell(self.outcome.blows[-1])
