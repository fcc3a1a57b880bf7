"""A web on loopback whose answers a test holds back or lets go, and the program as a service over it."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

import tracker

WORDS = (
    "<p>Orchid Labs said on Monday that Fern AI had opened about 300 accounts to copy its model, in a letter.</p>"
    "<p>Fern AI did not reply to a request for comment, and its office in the city was closed all day long.</p>"
)
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>{1}</article></body></html>"
WITHIN_S = 60.0
ENVIRON = {**os.environ, "PYTHONPATH": str(Path(tracker.__file__).parents[1])}
"""So that the program of this checkout runs, whatever is installed."""


def wait_for(what: Callable[[], object], within_s: float = WITHIN_S) -> None:
    """Wait until something is so."""
    end = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < end, f"not within {within_s} s"
        time.sleep(0.05)


class Web:
    """Feeds of three stories each; `gates` hold back the answer at an address until it is let go."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.gates: dict[str, threading.Event] = {}
        self.asked: list[str] = []
        self.at_once: dict[str, int] = {}
        self.most_at_once: dict[str, int] = {}
        self._lock = threading.Lock()
        server.expect_request("/robots.txt").respond_with_data("", status=404)
        server.expect_request(re.compile("/.*")).respond_with_handler(self._answer)

    def hold(self, path: str) -> threading.Event:
        self.gates[path] = threading.Event()
        return self.gates[path]

    def was_asked(self, path: str) -> bool:
        return path in self.asked

    def _answer(self, request: Request) -> Response:
        path = request.path
        with self._lock:
            self.asked.append(path)
            self.at_once[path] = self.at_once.get(path, 0) + 1
            self.most_at_once[path] = max(self.most_at_once.get(path, 0), self.at_once[path])
        try:
            if path in self.gates:
                self.gates[path].wait(WITHIN_S)
            return self._page(path)
        finally:
            with self._lock:
                self.at_once[path] -= 1

    def _page(self, path: str) -> Response:
        if path.count("/") == 1:
            links = "".join(
                f"<item><title>S</title><link>http://wire.example{path}/{n}</link></item>" for n in range(3)
            )
            feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>W</title>{links}</channel></rss>'
            return Response(feed, content_type="application/rss+xml")
        return Response(PAGE.format(f"Story {path}", WORDS), content_type="text/html; charset=utf-8")


class Service:
    """`tracker schedule` in a process of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.errors = (folder / "log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tracker", "schedule", "--log-format", "json", *options],
            cwd=folder, stderr=self.errors, env={**ENVIRON, "ORCHID_API_KEY": "k3y-of-orchid"},
        )  # fmt: skip

    def events(self, event: str, source: str | None = None) -> list[dict[str, object]]:
        lines = (self.folder / "log").read_text().splitlines()
        items = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
        return [item for item in items if item["event"] == event and source in (None, item.get("source"))]

    def stop(self, sign: signal.Signals = signal.SIGTERM, within_s: float = WITHIN_S) -> int:
        self.process.send_signal(sign)
        return self.process.wait(within_s)

    def count(self, query: str) -> int:
        with closing(sqlite3.connect(self.folder / "var" / "tracker.db", timeout=30)) as connection:
            return int(connection.execute(query).fetchone()[0])


@pytest.fixture
def web() -> Iterator[Web]:
    with HTTPServer(threaded=True) as server:
        made = Web(server)
        yield made
        for gate in made.gates.values():
            gate.set()


Start = Callable[..., Service]


@pytest.fixture
def start(web: Web, tmp_path: Path) -> Iterator[Start]:
    """Start the service over some feeds: `start({"fast": "3s"}, grace="20s")`."""
    started: list[Service] = []

    def run(sources: dict[str, str], *options: str, grace: str = "30s", settle: str = "1h", more: str = "") -> Service:
        lines = [
            *more.splitlines(),
            # What is held is to be held until the gate opens, also where the machine is busy.
            "network: {retries: 0, per_host_delay_s: 0, first_byte_timeout_s: 110, read_timeout_s: 110, "
            "total_timeout_s: 120, allow_networks: [127.0.0.0/8], "
            f"resolve: {{'*.example': '127.0.0.1:{web.server.port}'}}}}",
            f"schedule: {{grace: {grace}, settle: {settle}}}",
            "sources:",
        ]
        for name, every in sources.items():
            url = f"http://{name}.example/{name}"
            lines.append(
                f"  - {{name: {name}, kind: feed, url: '{url}', publisher: W, publisher_type: news, every: {every}}}"
            )
        (tmp_path / "config.yaml").write_text("\n".join(lines))
        started.append(Service(tmp_path, *options))
        return started[-1]

    yield run
    for service in started:
        if service.process.poll() is None:
            service.process.kill()
            service.process.wait()
        service.errors.close()
