"""One client cannot take the server from everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.serve.asking import ask_raw, connect, read_answer
from tests.serve.conftest import running
from tracker.serve.protocol import PatientProtocol
from tracker.serve.running import Listening
from tracker.serve.serving import Serving

_SLOW = "/data/tracker.json?sql=" + (
    "with+recursive+n(i)+as+(select+1+union+all+select+i%2B1+from+n)+select+count(*)+from+n"
)


@pytest.fixture(scope="module")
def narrow(site: Path) -> Iterator[str]:
    """A server that lets an address have eight connections, or two questions under /data."""
    with running(Serving(site, queries_per_address=2, query_seconds=1), Listening(most_per_address=8)) as address:
        yield address


def test_half_a_header_on_every_connection_leaves_others_theirs(narrow: str) -> None:
    held = [connect(narrow) for _ in range(8)]
    for connection in held:
        connection.sendall(b"GET / HT")
    with connect(narrow) as beyond:
        answer = read_answer(beyond)
    assert answer.startswith(b"HTTP/1.1 503 ") and b"Retry-After" in answer and b"too many connections" in answer
    neighbour = httpx.HTTPTransport(local_address="127.0.0.2")
    with httpx.Client(transport=neighbour) as other:
        assert other.get(f"{narrow}/healthz").status_code == 200
    for connection in held:
        connection.close()


def test_places_are_free_again_once_connections_end(narrow: str) -> None:
    for _ in range(20):
        assert ask_raw(narrow, "/healthz").startswith(b"HTTP/1.1 200 ")


def test_a_trusted_proxy_has_as_many_connections_as_it_likes(site: Path) -> None:
    with running(Serving(site), Listening(most_per_address=2, trusted_proxies=("127.0.0.0/8",))) as address:
        held = [connect(address) for _ in range(6)]
        assert ask_raw(address, "/healthz").startswith(b"HTTP/1.1 200 ")
        for connection in held:
            connection.close()


def test_slow_questions_of_one_address_beyond_its_share_are_refused_at_once(narrow: str) -> None:
    with ThreadPoolExecutor(5) as pool:
        codes = list(pool.map(lambda _: httpx.get(narrow + _SLOW, timeout=30), range(5)))
    refused = [item for item in codes if item.status_code == 429]
    assert len(refused) == 3 and {item.status_code for item in codes} == {400, 429}
    assert refused[0].headers["retry-after"] and refused[0].headers["content-type"] == "application/problem+json"
    assert httpx.get(f"{narrow}/data/tracker.json?sql=select+1").status_code == 200, "the share is free again"


def test_an_address_asks_so_often_a_minute_and_is_told_what_is_left(site: Path) -> None:
    question = "/data/tracker.json?sql=select+1"
    with running(Serving(site, queries_per_minute=3)) as address:
        answers = [httpx.get(address + question) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[0].headers["ratelimit-policy"] == '"requests";q=3;w=60'
        left = [answer.headers["ratelimit"].partition(";t=")[0] for answer in answers]
        assert left == [f'"requests";r={number}' for number in (2, 1, 0, 0)]
        assert 1 <= int(answers[3].headers["retry-after"]) <= 20
        assert answers[3].headers["content-type"] == "application/problem+json"
        assert "3 requests are allowed within 60 s" in answers[3].json()["detail"]
        assert httpx.get(f"{address}/data/tracker").status_code == 429, "a page is a question too"
        style = "/data/-/static/app.css"
        for other in ("/data/tracker.db", style, "/api/v1/events", "/index.html"):  # not what is counted
            assert httpx.get(address + other).status_code == 200, other
        neighbour = httpx.HTTPTransport(local_address="127.0.0.2")
        with httpx.Client(transport=neighbour) as client:
            assert client.get(address + question).status_code == 200


def test_without_limits_an_address_asks_as_it_likes(site: Path) -> None:
    with running(Serving(site, queries_per_minute=0, queries_per_address=0, query_seconds=0.5)) as address:
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: httpx.get(address + _SLOW, timeout=30), range(6)))
        assert {answer.status_code for answer in answers} == {400}
        assert not any(name.startswith("ratelimit") for answer in answers for name in answer.headers)


def test_headers_have_less_time_than_a_body(site: Path) -> None:
    class Quick(PatientProtocol):
        headers_s = 0.3
        request_s = 30.0

    with running(Serving(site), http=Quick) as address, connect(address) as connection, connect(address) as posting:
        posting.sendall(b"POST /api/v1/reconcile HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        connection.sendall(b"GET / HT")
        assert read_answer(connection) == b""
        posting.sendall(b"queries={")
        assert posting.recv(100).startswith(b"HTTP/1.1 ")
