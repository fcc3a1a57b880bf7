"""Plain Datasette and `tracker serve` over one published database, and clients that time what they answer."""

from __future__ import annotations

import http.client
import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_START_S = 120
_IDLE_S = 2.0
"""A connection that was idle for longer is opened anew; servers close theirs after five seconds and more."""


@dataclass
class Server:
    """A running server, and a connection to it that is kept."""

    process: subprocess.Popen[str]
    port: int
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)
    _asked_at: float = 0.0

    def ask(self, path: str) -> tuple[int, bytes]:
        """(status, body)."""
        self._connection = self._connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self._connection.request("GET", path, headers={"Accept": "application/json"})
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def timed(self, path: str) -> tuple[float, float]:
        """(milliseconds that an answer took, milliseconds of the processor that the server spent)."""
        if self._asked_at < time.monotonic() - _IDLE_S and self._connection is not None:
            self._connection.close()  # the server has done so, or is about to
            self.ask("/-/")
        before, started = self.processor_ms(), time.perf_counter()
        status, body = self.ask(path)
        self._asked_at = time.monotonic()
        took = (time.perf_counter() - started) * 1000
        if status != 200:
            raise SystemExit(f"{path}: {status} {body[:300]!r}")
        return took, self.processor_ms() - before

    def processor_ms(self) -> float:
        """Of all its threads (Linux; 0 elsewhere)."""
        try:
            tasks = list(Path(f"/proc/{self.process.pid}/task").iterdir())
            return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6
        except (OSError, ValueError, IndexError):
            return 0.0

    def resident_mb(self) -> float:
        """Memory that it holds (Linux; 0 elsewhere)."""
        try:
            lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
            return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1000
        except (OSError, StopIteration):
            return 0.0


@contextmanager
def tracker_server(site: Path) -> Iterator[Server]:
    """`tracker serve` as it is run, without a limit to how much one address may ask."""
    options = ["--site", str(site), "--rate-limit", "0", "--sql-rate-limit", "0", "--sql-per-address", "0"]
    with _running("tracker", "serve", *options, "--timeout", "30") as server:
        yield server


@contextmanager
def plain_datasette(site: Path) -> Iterator[Server]:
    """Datasette as it comes, over the same file with the same description; only its time limit is off the way."""
    options = ["--immutable", str(site / "data/tracker.db"), "--metadata", str(site / "data/metadata.json")]
    with _running("datasette", "serve", *options, "--setting", "sql_time_limit_ms", "30000") as server:
        yield server


@contextmanager
def _running(*command: str) -> Iterator[Server]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    server = Server(process, port)
    try:
        _await(server)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def _await(server: Server) -> None:
    end = time.monotonic() + _START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
            return
        except OSError:
            if server.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{server.process.args}: did not start") from None
            time.sleep(0.1)


@dataclass(frozen=True)
class Throughput:
    """What many clients at once were given."""

    per_second: float
    errors: int
    mb_before: float
    mb_after: float


def measure_throughput(server: Server, paths: Sequence[str], seconds: float, clients: int = 32) -> Throughput:
    """So many clients, each asking again once it is answered; first for a while that does not count."""
    _drive(server.port, paths, seconds / 3, clients)
    before = server.resident_mb()
    done, errors, took = _drive(server.port, paths, seconds, clients)
    return Throughput(done / took, errors, before, server.resident_mb())


def _drive(port: int, paths: Sequence[str], seconds: float, clients: int) -> tuple[int, int, float]:
    """In a process of its own, whose work is not mixed up with that of the measuring."""
    asked = json.dumps([port, list(paths), seconds, clients])
    result = subprocess.run(
        [sys.executable, __file__], input=asked, capture_output=True, text=True, check=True, timeout=seconds * 10 + 60
    )
    done, errors, took = json.loads(result.stdout)
    return done, errors, took


def _keep_asking(port: int, paths: Sequence[str], first: int, end: float, told: queue.Queue[tuple[int, int]]) -> None:
    done = errors = 0
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    number = first
    while time.monotonic() < end:
        number += 1
        try:
            connection.request("GET", paths[number % len(paths)], headers={"Accept": "application/json"})
            answer = connection.getresponse()
            answer.read()
            done, errors = done + 1, errors + (answer.status != 200)
        except (OSError, http.client.HTTPException):
            errors += 1
            connection.close()
    told.put((done, errors))


def _main() -> None:
    port, paths, seconds, clients = json.load(sys.stdin)
    told: queue.Queue[tuple[int, int]] = queue.Queue()
    started = time.monotonic()
    threads: list[Any] = [
        threading.Thread(target=_keep_asking, args=(port, paths, number * 7, started + seconds, told))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sums = [told.get() for _ in threads]
    print(json.dumps([sum(done for done, _ in sums), sum(bad for _, bad in sums), time.monotonic() - started]))


if __name__ == "__main__":
    _main()
