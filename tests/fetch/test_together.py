"""Several processes that share a PostgreSQL database are one polite client; the asked server's own record says so."""

from __future__ import annotations

import multiprocessing
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request
from werkzeug import Response as Answer

from tests.fetch.asking_together import Job, work
from tests.postgres import PostgresServer

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([work.__module__])
"""What takes two seconds to import is imported once for all processes."""
DELAY_S = 0.05
LATE_S = 0.4
"""A loaded machine may bring a request to the server so much after its start."""


class Worker:
    """A process of its own that fetches what it is told."""

    def __init__(self, database: str, port: int) -> None:
        self._orders, theirs = FORKS.Pipe()
        self.process = FORKS.Process(target=work, args=(database, port, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def begin(self, *urls: str, lease_s: float = 8, **network: object) -> None:
        """Let it ask for these addresses."""
        self._orders.send(Job(urls, lease_s, network))

    def end(self) -> list[str]:
        """How its addresses ended."""
        return list(self._orders.recv())

    def ask(self, *urls: str, **network: object) -> list[str]:
        self.begin(*urls, **network)
        return self.end()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


@dataclass
class Web:
    """A server that answers to every name, with what it saw."""

    server: HTTPServer
    starts: dict[str, list[float]] = field(default_factory=dict)
    robots: dict[str, str] = field(default_factory=dict)
    robots_asked: Counter[str] = field(default_factory=Counter)
    flying: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    answers: dict[str, Callable[[Request], Answer]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request) -> Answer:
        host = request.host
        with self.lock:
            self.starts.setdefault(host, []).append(time.monotonic())
            self.flying[host] = self.flying.get(host, 0) + 1
            self.most[host] = max(self.most.get(host, 0), self.flying[host])
        try:
            if request.path == "/robots.txt":
                self.robots_asked[host] += 1
                return Answer(self.robots[host]) if host in self.robots else Answer("", 404)
            return self.answers.get(host, lambda _: Answer("page"))(request)
        finally:
            with self.lock:
                self.flying[host] -= 1


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with HTTPServer("127.0.0.1", 0, threaded=True) as server:
        web = Web(server)
        server.expect_request("/robots.txt").respond_with_handler(web.answer)
        server.expect_request("/p").respond_with_handler(web.answer)
        yield web


@pytest.fixture(scope="module")
def database(postgres: PostgresServer, migrated: str) -> Iterator[str]:
    with postgres.database(migrated) as address:
        yield address


@pytest.fixture(scope="module")
def workers(database: str, web: Web) -> Iterator[list[Worker]]:
    started = [Worker(database, web.server.port) for _ in range(4)]
    yield started
    for worker in started:
        worker.kill()


def pages(host: str, number: int) -> list[str]:
    return [f"http://{host}/p?{index}" for index in range(number)]


def distances_kept(starts: list[float], delay_s: float) -> bool:
    """Whether no stretch of requests is shorter than its pauses."""
    return all(
        later - earlier >= distance * delay_s - LATE_S
        for index, earlier in enumerate(starts)
        for distance, later in enumerate(starts[index:])
    )


@pytest.mark.parametrize("number", [2, 4])
def test_the_pause_lies_between_the_requests_of_all(web: Web, workers: list[Worker], number: int) -> None:
    host = f"paced-{number}.example"
    for worker in workers[:number]:
        worker.begin(*pages(host, 20 // number), per_host_delay_s=DELAY_S)
    for worker in workers[:number]:
        assert set(worker.end()) == {"ok"}
    starts = web.starts[host]
    assert len(starts) == 20 + web.robots_asked[host]
    assert distances_kept(starts, DELAY_S)
    assert not distances_kept([number * DELAY_S / 2 for number in range(20)], DELAY_S), "twice the rate would be seen"


def test_no_more_requests_are_under_way_than_one_process_may_have(web: Web, workers: list[Worker]) -> None:
    def slowly(request: Request) -> Answer:
        time.sleep(0.05)
        return Answer("page")

    web.answers["narrow.example"] = slowly
    for worker in workers:
        worker.begin(*pages("narrow.example", 5), per_host_concurrency=2)
    for worker in workers:
        assert set(worker.end()) == {"ok"}
    assert web.most["narrow.example"] == 2


def test_the_budget_of_a_day_is_one_for_all(web: Web, workers: list[Worker]) -> None:
    for worker in workers:
        worker.begin(*pages("small.example", 10), per_host_concurrency=8, daily_requests_per_host=17)
    said = [reason for worker in workers for reason in worker.end()]
    assert len(web.starts["small.example"]) == 17, "with robots.txt"
    assert said.count("ok") == 17 - web.robots_asked["small.example"] == 40 - said.count("budget")
    assert set(workers[0].ask(*pages("small.example", 2), daily_requests_per_host=17)) == {"budget"}
    assert len(web.starts["small.example"]) == 17


def test_who_wants_to_be_left_alone_is_left_alone_by_all_at_once(web: Web, workers: list[Worker]) -> None:
    web.answers["tired.example"] = lambda _: Answer("", 429, headers={"Retry-After": "3600"})
    workers[1].begin(*pages("tired.example", 200), per_host_delay_s=DELAY_S, per_host_concurrency=1)
    # "held" where the other's request was the first
    assert workers[0].ask(*pages("tired.example", 1), per_host_delay_s=DELAY_S) in (["busy"], ["held"])
    told_at, asked = time.monotonic(), len(web.starts["tired.example"])
    assert workers[2].ask(*pages("tired.example", 3)) == ["held"] * 3
    assert set(workers[1].end()) <= {"busy", "held"}
    assert len(web.starts["tired.example"]) == asked <= 5, "also who waited for a turn asks no more"
    assert time.monotonic() - told_at < 5


def test_a_short_pause_is_waited_for_by_all(web: Web, workers: list[Worker]) -> None:
    seen: list[float] = []

    def once_busy(request: Request) -> Answer:
        seen.append(time.monotonic())
        return Answer("", 503, headers={"Retry-After": "1"}) if len(seen) == 1 else Answer("page")

    web.answers["busy.example"] = once_busy
    workers[0].begin(*pages("busy.example", 1), retries=1)
    while not seen:
        time.sleep(0.01)
    time.sleep(LATE_S)
    assert workers[1].ask(*pages("busy.example", 1)) == ["ok"]
    assert workers[0].end() == ["ok"]
    later = [at for at in web.starts["busy.example"] if at > seen[0]]
    assert len(later) == 2 and min(later) - seen[0] > 1 - 0.01


def test_robots_txt_is_fetched_by_one_and_kept_by_all(web: Web, workers: list[Worker]) -> None:
    web.robots["ruled.example"] = "User-agent: *\nDisallow: /q\nCrawl-delay: 0.3\n"
    for worker in workers[:3]:
        assert worker.ask("http://ruled.example/p", "http://ruled.example/q") == ["ok", "robots"]
    assert web.robots_asked["ruled.example"] == 1
    assert distances_kept(web.starts["ruled.example"], 0.3)
    web.robots["slow.example"] = "User-agent: *\nCrawl-delay: 86400\n"
    assert [worker.ask("http://slow.example/p") for worker in workers] == [["ok"], *[["robots"]] * 3], (
        "one page for all"
    )


def test_three_silences_of_three_processes_are_three_in_a_row(database: str, workers: list[Worker]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        came: list[float] = []

        def slam() -> None:
            while True:
                try:
                    connection, _ = door.accept()
                except OSError:
                    return
                came.append(time.monotonic())
                connection.close()

        threading.Thread(target=slam, daemon=True).start()
        elsewhere = {"dead.example": f"127.0.0.1:{door.getsockname()[1]}"}
        for worker in workers:
            assert worker.ask("http://dead.example/p", resolve=elsewhere) == ["connection"]
        assert len(came) == 3
        door.shutdown(socket.SHUT_RDWR)


def test_a_killed_process_keeps_nobody_waiting_and_a_slow_one_keeps_its_place(
    web: Web, database: str, workers: list[Worker]
) -> None:
    let_go, lease_s = threading.Event(), 0.6

    def stuck(request: Request) -> Answer:
        if request.query_string == b"stuck":
            let_go.wait(20)
        return Answer("page")

    web.answers["stuck.example"] = stuck
    doomed = Worker(database, web.server.port)
    doomed.begin("http://stuck.example/p?stuck", per_host_concurrency=1, lease_s=lease_s)
    while web.flying.get("stuck.example", 0) == 0 or len(web.starts["stuck.example"]) < 2:
        time.sleep(0.02)
    workers[0].begin(*pages("stuck.example", 1), per_host_concurrency=1, lease_s=lease_s)
    time.sleep(3 * lease_s)
    assert len(web.starts["stuck.example"]) == 2, "a request that takes long goes on counting"
    doomed.kill()
    killed_at = time.monotonic()
    assert workers[0].end() == ["ok"]
    assert web.starts["stuck.example"][2] - killed_at < lease_s + 2
    let_go.set()


def test_without_the_database_nothing_is_asked_and_then_it_goes_on_as_politely(
    web: Web, database: str, postgres: PostgresServer, workers: list[Worker]
) -> None:
    name = database.partition("@/")[2].partition("?")[0]
    workers[0].begin(*pages("long.example", 40), per_host_delay_s=DELAY_S)
    while len(web.starts.get("long.example", ())) < 5:
        time.sleep(0.01)
    postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    try:
        postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        time.sleep(LATE_S)
        asked = len(web.starts["long.example"])
        time.sleep(0.5)
        assert len(web.starts["long.example"]) == asked < 40
    finally:
        postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert set(workers[0].end()) == {"ok"}
    assert len(web.starts["long.example"]) == 41
    assert distances_kept(web.starts["long.example"], DELAY_S)


def test_who_waits_holds_no_connection(web: Web, database: str, workers: list[Worker]) -> None:
    for worker in workers:
        worker.begin(*(f"http://many-{number}.example/p" for number in range(20)), per_host_delay_s=0.3)
    while sum(host.startswith("many-") for host in list(web.starts)) < 20:
        time.sleep(0.02)
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        (open_ones,) = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone() or (0,)
    assert open_ones <= 3 * len(workers)
    for worker in workers:
        assert set(worker.end()) == {"ok"}
