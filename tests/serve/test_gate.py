"""Requests that nobody should send: each gets an answer that says what is wrong, and costs little."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.serve.asking import ask_raw, connect, get, read_answer
from tests.serve.conftest import running
from tracker.serve.gate import is_allowed_host
from tracker.serve.protocol import PatientProtocol
from tracker.serve.running import Listening
from tracker.serve.serving import Serving


def problem(answer: bytes) -> dict[str, object]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    told = json.loads(body)
    assert told["status"] == int(head.split()[1])
    return dict(told)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "localhost@evil.example", "localhost:80:90", "localhost/", "", "local host",
     "127.0.0.1.evil.example", "[::1", "localhost#", "a" * 300, "ｌocalhost", "localhost:port", "[::1]x"],
)  # fmt: skip
def test_a_host_that_is_not_served_is_refused(server: str, host: str) -> None:
    answer = ask_raw(server, "/", host=host)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert "Host" in str(problem(answer)["detail"]) or b"not HTTP/1.1" in answer


def test_several_hosts_or_none_are_refused_and_a_forwarded_one_says_nothing(server: str) -> None:
    assert ask_raw(server, "/", "Host: evil.example").startswith(b"HTTP/1.1 400 ")
    assert ask_raw(server, "/", host=None).startswith(b"HTTP/1.1 400 ")
    moved = ask_raw(server, "/disputes", "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example")
    assert b"location: /disputes/\r\n" in moved
    assert ask_raw(server, "http://evil.example/").startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1:1", "[::1]:8001", "localhost."])
def test_the_usual_names_of_this_machine_are_served(server: str, host: str) -> None:
    assert ask_raw(server, "/healthz", host=host).startswith(b"HTTP/1.1 200 ")


@given(st.text())
def test_only_names_that_are_allowed_pass_whatever_the_header(host: str) -> None:
    if is_allowed_host(host, ("tracker.example",)):
        name, _, port = host.lower().partition(":")
        assert name.rstrip(".") == "tracker.example" and (not port or port.isdigit())


def test_a_long_address_is_told_so_before_anything_is_looked_up(server: str) -> None:
    answer = get(f"{server}/data/tracker/claims?_where=" + "x" * 20_000)
    assert answer.status_code == 414
    assert "16,384" in answer.json()["detail"]


def test_ten_megabytes_of_query_get_an_answer_that_says_what_is_wrong(server: str) -> None:
    with connect(server) as connection:
        connection.sendall(b"GET /api/v1/claims?q=")
        for _ in range(10):
            connection.sendall(b"a" * 1_000_000)
        connection.sendall(b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = read_answer(connection)
    assert "64 KB" in str(problem(answer)["detail"])
    assert get(f"{server}/healthz").status_code == 200


@pytest.mark.parametrize("length", ["Content-Length: 20000000", "Content-Length: " + "9" * 18])
def test_a_body_that_says_it_is_too_long_is_refused_unread(server: str, length: str) -> None:
    assert ask_raw(server, "/api/v1/reconcile", length, method="POST").startswith(b"HTTP/1.1 413 ")


def test_a_body_that_does_not_say_how_long_it_is_is_cut_off(server: str) -> None:
    pieces = (b"queries=" + b"a" * 100_000 for _ in range(30))
    answer = httpx.post(f"{server}/api/v1/reconcile", content=pieces, timeout=30)
    assert answer.status_code == 413 and answer.headers["content-type"] == "application/problem+json"


def test_what_is_no_http_gets_a_problem(server: str) -> None:
    with connect(server) as connection:
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert problem(read_answer(connection))["status"] == 400


@pytest.mark.parametrize("trusted", [(), ("127.0.0.1",), ("192.0.2.9",)])
def test_who_asks_is_taken_from_a_proxy_that_is_trusted_and_from_nobody_else(
    site: Path, trusted: tuple[str, ...]
) -> None:
    limited = Serving(site, requests_per_minute=2)
    with running(limited, Listening(trusted_proxies=trusted)) as address:
        asked = [get(f"{address}/api/v1/sources", headers={"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(5)]
    assert [item.status_code for item in asked].count(429) == (0 if trusted == ("127.0.0.1",) else 3)


@pytest.fixture(scope="module")
def impatient(site: Path) -> Iterator[str]:
    """A server that waits for half a second only."""

    class Impatient(PatientProtocol):
        headers_s = request_s = take_s = 0.5

    with running(Serving(site), http=Impatient, limit_concurrency=40) as address:
        yield address


@pytest.mark.parametrize(
    "begun", [b"", b"GET / HT", b"POST /api/v1/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab"]
)
def test_a_request_that_trickles_in_is_given_up(impatient: str, begun: bytes) -> None:
    started = time.monotonic()
    with connect(impatient) as connection:
        connection.sendall(begun)
        read_answer(connection)
    assert time.monotonic() - started < 10


def test_a_second_request_that_trickles_in_is_given_up_too(impatient: str) -> None:
    with connect(impatient) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hea")
        assert read_answer(connection).count(b"HTTP/1.1 200") == 1


def test_a_reader_who_stops_is_given_up(impatient: str) -> None:
    with connect(impatient) as connection:
        connection.sendall(b"GET /data/tracker.db HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200)
        time.sleep(2.5)
        assert len(read_answer(connection)) < 200 * get(f"{impatient}/data/tracker.db").num_bytes_downloaded


def test_many_slow_connections_do_not_hold_the_server_for_good(impatient: str) -> None:
    slow = [connect(impatient) for _ in range(80)]
    for connection in slow:
        connection.sendall(b"GET / HT")
    end = time.monotonic() + 20
    while get(f"{impatient}/healthz").status_code != 200:
        assert time.monotonic() < end
        time.sleep(0.2)
    for connection in slow:
        connection.close()
