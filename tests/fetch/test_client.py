"""The polite client against real servers on loopback that misbehave in every way that servers do."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import pairwise

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request
from werkzeug import Response as Answer

from tests.loopback import SetClock, loopback_network
from tracker.config import Network
from tracker.errors import FetchError, FetchFailed, Refused
from tracker.fetch import pace, rules
from tracker.fetch.client import PoliteFetcher
from tracker.types import Response, Validators

NOW = datetime(2026, 6, 10, 8, 30, tzinfo=UTC)


def _network(port: int, **changes: object) -> Network:
    limits = {"connect_timeout_s": 2, "read_timeout_s": 2, "total_timeout_s": 5, "retries": 1}
    return loopback_network(port, user_agent="tracker/0.1 (+https://tracker.example/about)", **(limits | changes))


def _get(network: Network, *urls: str, validators: Validators | None = None) -> list[Response | FetchError]:
    async def run() -> list[Response | FetchError]:
        got: list[Response | FetchError] = []
        async with PoliteFetcher(network, SetClock(NOW), backoff_base_s=0.01) as fetcher:
            for url in urls:
                try:
                    got.append(await fetcher.fetch(url, validators))
                except FetchError as exc:
                    got.append(exc)
        return got

    return asyncio.run(run())


def _get_one(network: Network, url: str, validators: Validators | None = None) -> Response:
    (got,) = _get(network, url, validators=validators)
    if isinstance(got, FetchError):
        raise got
    return got


@pytest.fixture
def web(httpserver: HTTPServer) -> HTTPServer:
    """A host without robots.txt."""
    httpserver.expect_request("/robots.txt").respond_with_data("", 404)
    return httpserver


def _asked(web: HTTPServer, path: str) -> list[Request]:
    return [request for request, _ in web.log if request.path == path]


def test_a_page_is_fetched_by_configured_name_with_its_own_host_header(web: HTTPServer) -> None:
    web.expect_request("/a").respond_with_data("hello", content_type="text/plain", headers={"X-Kept": "yes"})
    got = _get_one(_network(web.port, contact="desk@tracker.example"), "http://News.Example/a#part")
    assert (got.status, got.body, got.url, got.final_url) == (200, b"hello", *["http://News.Example/a"] * 2)
    assert (got.header("x-kept"), got.fetched_at, got.not_modified) == ("yes", NOW, False)
    request = _asked(web, "/a")[0]
    assert request.host == "news.example"
    assert request.headers["User-Agent"].startswith("tracker/0.1 (+https://tracker.example/about)")
    assert "desk@tracker.example" in request.headers["User-Agent"]
    assert request.headers["From"] == "desk@tracker.example"
    assert "Cookie" not in request.headers


def test_robots_txt_is_asked_once_and_obeyed(httpserver: HTTPServer) -> None:
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: tracker\nDisallow: /private/\n"
    httpserver.expect_request("/robots.txt").respond_with_data(rules)
    httpserver.expect_request("/open").respond_with_data("open")
    network = _network(httpserver.port)
    one, two, three = _get(
        network, "http://a.example/open", "http://a.example/private/x?key=1", "http://a.example/open"
    )
    assert isinstance(one, Response)
    assert isinstance(three, Response)
    assert isinstance(two, Refused)
    assert two.detail == "robots.txt of a.example forbids /private/x for tracker"
    assert len(_asked(httpserver, "/robots.txt")) == 1
    assert not _asked(httpserver, "/private/x")


def test_a_documented_api_is_asked_by_its_own_terms_and_pages_of_its_host_by_robots_txt(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /\n")
    httpserver.expect_request("/api/query").respond_with_data("<feed/>")
    network = _network(httpserver.port, hosts={"a.example": {"api": ["/api/query"]}})
    answer, page = _get(network, "http://a.example/api/query?start=0", "http://a.example/api/other")
    assert isinstance(answer, Response) and answer.body == b"<feed/>"
    assert isinstance(page, Refused) and page.reason == "robots"


def test_robots_txt_that_is_down_forbids_and_one_that_is_missing_allows(httpserver: HTTPServer) -> None:
    def robots(request: Request) -> Answer:
        return Answer("", {"down.example": 500, "login.example": 401, "gone.example": 410}[request.host])

    httpserver.expect_request("/robots.txt").respond_with_handler(robots)
    httpserver.expect_request("/").respond_with_data("page")
    network = _network(httpserver.port, retries=0)
    down, login, gone = _get(network, "http://down.example/", "http://login.example/", "http://gone.example/")
    assert isinstance(down, FetchFailed)
    assert "robots.txt" in down.detail
    assert "500" in down.detail
    assert isinstance(login, Response)
    assert isinstance(gone, Response)


def test_a_long_robots_txt_is_read_to_its_first_500_kib(httpserver: HTTPServer) -> None:
    rules = "User-agent: *\nDisallow: /private/\n" + "# filler\n" * 80_000 + "Disallow: /late/\n"
    httpserver.expect_request("/robots.txt").respond_with_data(rules)
    httpserver.expect_request("/late/a").respond_with_data("page")
    early, late = _get(_network(httpserver.port), "http://a.example/private/", "http://a.example/late/a")
    assert isinstance(early, Refused)
    assert isinstance(late, Response)


def test_a_client_that_lives_long_remembers_the_hosts_asked_last_and_what_binds_it(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MAX_ORIGINS", 10)
    monkeypatch.setattr(pace, "MAX_HOSTS", 10)
    slow = {"slow.example": "User-agent: *\nCrawl-delay: 500\n", "calm.example": "User-agent: *\nCrawl-delay: 0.3\n"}
    httpserver.expect_request("/robots.txt").respond_with_handler(lambda request: Answer(slow.get(request.host, "")))
    httpserver.expect_request("/a").respond_with_data("page")

    async def run() -> tuple[int, int, float]:
        async with PoliteFetcher(_network(httpserver.port), SetClock(NOW)) as fetcher:
            for name in ("slow", "calm", *(f"h{number}" for number in range(30))):
                await fetcher.fetch(f"http://{name}.example/a")
            with pytest.raises(Refused, match="one page a run"):
                await fetcher.fetch("http://slow.example/a")
            sizes = len(fetcher._rules), len(fetcher._turns._pace._hosts)
            await asyncio.sleep(0.4)
            await fetcher.fetch("http://calm.example/a")
            began = time.monotonic()
            await fetcher.fetch("http://calm.example/a")
            return *sizes, time.monotonic() - began

    known, paced, waited_s = asyncio.run(run())
    assert known <= 11 and paced <= 11
    assert waited_s > 0.2, "forgotten and asked for anew, the delay holds"


def test_only_a_body_that_was_cut_is_marked_as_cut(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n" + "# filler\n" * 80_000)
    for path, body, status in (
        ("page", b"x" * 65_536, 200),
        ("short", b"x" * 65_536, 404),
        ("long", b"x" * 65_537, 404),
    ):
        httpserver.expect_request(f"/{path}").respond_with_data(body, status)
    network = _network(httpserver.port)
    page, short, long = _get(network, *(f"http://a.example/{path}" for path in ("page", "short", "long")))
    assert isinstance(page, Response) and isinstance(short, FetchError) and isinstance(long, FetchError)
    assert short.answer is not None and long.answer is not None
    assert [item.truncated for item in (page, short.answer, long.answer, *page.before)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Refused), (403, Refused), (451, Refused), (404, FetchFailed), (410, FetchFailed), (500, FetchFailed)],
)
def test_an_error_status_raises_and_is_not_tried_again(web: HTTPServer, status: int, error: type[FetchError]) -> None:
    web.expect_request("/a").respond_with_data("no", status)
    with pytest.raises(error, match=str(status)):
        _get_one(_network(web.port), "http://a.example/a")
    assert len(_asked(web, "/a")) == 1


@pytest.mark.parametrize("status", [202, 204, 206, 300])
def test_a_status_that_is_no_whole_page_fails(web: HTTPServer, status: int) -> None:
    web.expect_request("/a").respond_with_data("", status)
    with pytest.raises(FetchFailed, match=str(status)):
        _get_one(_network(web.port), "http://a.example/a")


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_429_with_retry_after_is_waited_for(web: HTTPServer, form: str) -> None:
    value = "1" if form == "seconds" else format_datetime(NOW.replace(second=1), usegmt=True)
    answers = [Answer("slow down", 429, headers={"Retry-After": value}), Answer("fine")]
    web.expect_request("/a").respond_with_handler(lambda request: answers.pop(0))
    began = time.monotonic()
    assert _get_one(_network(web.port), "http://a.example/a").body == b"fine"
    assert 0.9 < time.monotonic() - began < 3


def test_a_retry_after_beyond_reason_is_not_waited_for(web: HTTPServer) -> None:
    web.expect_request("/a").respond_with_data("", 503, headers={"Retry-After": "3600"})
    with pytest.raises(FetchFailed, match=r"503.*asks to wait 3600 s"):
        _get_one(_network(web.port), "http://a.example/a")
    assert len(_asked(web, "/a")) == 1


def test_what_does_not_pass_is_given_up_after_the_retries(web: HTTPServer) -> None:
    web.expect_request("/a").respond_with_data("", 502)
    with pytest.raises(FetchFailed, match="502 Bad Gateway"):
        _get_one(_network(web.port, retries=2), "http://a.example/a")
    assert len(_asked(web, "/a")) == 3


def test_redirects_are_followed_and_the_answering_address_kept(web: HTTPServer) -> None:
    web.expect_request("/a").respond_with_data("", 301, headers={"Location": "/b?x=1#top"})
    web.expect_request("/b").respond_with_data("", 302, headers={"Location": "http://other.example/c"})
    web.expect_request("/c").respond_with_data("there")
    got = _get_one(_network(web.port), "http://a.example/a")
    assert (got.body, got.url, got.final_url) == (b"there", "http://a.example/a", "http://other.example/c")
    assert [request.host for request in _asked(web, "/robots.txt")] == ["a.example", "other.example"]


def test_redirects_in_circles_and_without_end_fail(web: HTTPServer) -> None:
    web.expect_request("/a").respond_with_data("", 302, headers={"Location": "/b"})
    web.expect_request("/b").respond_with_data("", 302, headers={"Location": "/a"})
    web.expect_request("/n").respond_with_handler(
        lambda request: Answer("", 302, headers={"Location": f"/n?{len(web.log)}"})
    )
    circle, endless = _get(_network(web.port, max_redirects=3), "http://a.example/a", "http://a.example/n")
    assert "circle" in str(circle)
    assert "more than 3 times" in str(endless)
    assert len(_asked(web, "/n")) == 4


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://2130706433/",  # 127.0.0.1 in another spelling
        "http://0x7f.1/",
        "http://0/",
        "file:///etc/passwd",
        "ftp://a.example/",
        "http://user:word@a.example/",
    ],
)
def test_a_redirect_to_where_we_do_not_go_is_refused(web: HTTPServer, target: str) -> None:
    web.expect_request("/a").respond_with_data("", 302, headers={"Location": target})
    # The server is let in at another loopback address, so that 127.0.0.1 itself stays forbidden.
    network = _network(web.port, resolve={"*.example": f"127.0.0.2:{web.port}"}, allow_networks=["127.0.0.2/32"])
    with pytest.raises(Refused):
        _get_one(network, "http://a.example/a")


def test_loopback_is_refused_unless_allowed(web: HTTPServer) -> None:
    web.expect_request("/a").respond_with_data("inside")
    url = f"http://127.0.0.1:{web.port}/a"
    for address in (url, "http://a.example/a", f"http://localhost:{web.port}/a"):
        with pytest.raises(Refused, match="private, local or reserved"):
            _get_one(_network(web.port, allow_networks=[]), address)
    assert not web.log
    assert _get_one(_network(web.port), url).body == b"inside"


def test_robots_of_the_redirect_target_counts(httpserver: HTTPServer) -> None:
    def robots(request: Request) -> Answer:
        return Answer("User-agent: *\nDisallow: /" if request.host == "closed.example" else "", 200)

    httpserver.expect_request("/robots.txt").respond_with_handler(robots)
    httpserver.expect_request("/a").respond_with_data("", 302, headers={"Location": "http://closed.example/b"})
    with pytest.raises(Refused, match=r"closed\.example forbids /b"):
        _get_one(_network(httpserver.port), "http://a.example/a")


def test_not_modified_is_a_value_only_when_asked_for(web: HTTPServer) -> None:
    def answer(request: Request) -> Answer:
        known = request.headers.get("If-None-Match") == '"v1"' and request.headers.get("If-Modified-Since")
        return Answer("", 304) if known else Answer("body", headers={"ETag": '"v1"'})

    web.expect_request("/a").respond_with_handler(answer)
    web.expect_request("/b").respond_with_data("", 304)
    network = _network(web.port)
    assert _get_one(network, "http://a.example/a").body == b"body"
    again = _get_one(network, "http://a.example/a", Validators('"v1"', "Wed, 10 Jun 2026 08:00:00 GMT"))
    assert (again.not_modified, again.status, again.body) == (True, 304, b"")
    with pytest.raises(FetchFailed, match="304"):
        _get_one(network, "http://a.example/b")


def _gzip_members(data: bytes) -> bytes:
    return gzip.compress(data[: len(data) // 2]) + gzip.compress(data[len(data) // 2 :])


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("gzip", _gzip_members),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("identity", bytes),
    ],
)
def test_content_encodings_are_undone(web: HTTPServer, coding: str, encode: Callable[[bytes], bytes]) -> None:
    text = b"<p>words and more words</p>" * 9000
    web.expect_request("/a").respond_with_data(encode(text), headers={"Content-Encoding": coding})
    assert _get_one(_network(web.port), "http://a.example/a").body == text


def test_bodies_beyond_the_limits_fail(web: HTTPServer) -> None:
    bomb = gzip.compress(b"\0" * 30_000_000)
    coded = {"Content-Encoding": "gzip"}
    web.expect_request("/long").respond_with_data(b"x" * 100_001)
    web.expect_request("/bomb").respond_with_data(bomb, headers=coded)
    web.expect_request("/cut").respond_with_data(gzip.compress(b"words" * 999)[:-9], headers=coded)
    web.expect_request("/bad").respond_with_data(b"not gzip at all", headers=coded)
    web.expect_request("/br").respond_with_data(b"???", headers={"Content-Encoding": "br"})
    web.expect_request("/twice").respond_with_data(gzip.compress(bomb), headers={"Content-Encoding": "gzip, gzip"})
    small = _network(web.port, max_body_bytes=100_000)
    large = _network(web.port)
    for network, path, why in (
        (small, "long", "larger than 100000 bytes"),
        (small, "bomb", "larger than 100000 bytes"),
        (large, "bomb", "expand beyond reason"),
        (large, "cut", "cut short"),
        (large, "bad", "damaged"),
        (large, "br", "'br'"),
        (large, "twice", "'gzip, gzip'"),
    ):
        with pytest.raises(FetchFailed, match=why):
            _get_one(network, f"http://a.example/{path}")
        assert len(_asked(web, f"/{path}")) <= 2


@pytest.fixture
def raw() -> Iterator[Callable[[Callable[[socket.socket], None]], int]]:
    """Starts a server that answers robots.txt with 404 and hands every other connection to a function."""
    listeners: list[socket.socket] = []

    def start(behave: Callable[[socket.socket], None]) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve(connection: socket.socket) -> None:
            with connection:
                try:
                    if b"/robots.txt" in connection.recv(65_536):
                        connection.sendall(b"HTTP/1.1 404 None\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    else:
                        behave(connection)
                except OSError:
                    return

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    for listener in listeners:
        listener.close()


def test_a_drip_ends_at_the_total_timeout_and_is_not_tried_again(
    raw: Callable[[Callable[[socket.socket], None]], int],
) -> None:
    tries: list[float] = []

    def drip(connection: socket.socket) -> None:
        tries.append(time.monotonic())
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.05)

    began = time.monotonic()
    with pytest.raises(FetchFailed, match=r"not whole after 0\.4 s"):
        _get_one(_network(raw(drip), total_timeout_s=0.4), "http://a.example/a")
    assert time.monotonic() - began < 2
    assert len(tries) == 1


def test_silence_is_tried_again_and_then_fails(raw: Callable[[Callable[[socket.socket], None]], int]) -> None:
    tries: list[int] = []

    def stay_silent(connection: socket.socket) -> None:
        tries.append(1)
        time.sleep(1)

    with pytest.raises(FetchFailed, match=r"silent for 0\.2 s"):
        _get_one(_network(raw(stay_silent), read_timeout_s=0.2), "http://a.example/a")
    assert len(tries) == 2


def test_a_body_dropped_midway_is_asked_for_again(raw: Callable[[Callable[[socket.socket], None]], int]) -> None:
    tries: list[int] = []

    def drop_once(connection: socket.socket) -> None:
        tries.append(1)
        body = b"half" if len(tries) == 1 else b"half and half"
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\nConnection: close\r\n\r\n" + body)

    assert _get_one(_network(raw(drop_once)), "http://a.example/a").body == b"half and half"
    assert len(tries) == 2


def test_what_is_no_http_fails_in_one_line(raw: Callable[[Callable[[socket.socket], None]], int]) -> None:
    port = raw(lambda connection: connection.sendall(b"220 mail.example ESMTP\r\n"))
    with pytest.raises(FetchFailed) as caught:
        _get_one(_network(port), "http://a.example/a?api_key=hush")
    assert "\n" not in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_host_that_is_not_there_fails_with_its_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(FetchFailed, match=r"a\.example"):
        _get_one(_network(port), "http://a.example/a")


def test_a_host_without_a_certificate_is_not_trusted(web: HTTPServer) -> None:
    with pytest.raises(FetchFailed):
        _get_one(_network(web.port, retries=0), "https://a.example/a")
    assert not web.log


def _starts(web: HTTPServer, network: Network, urls: list[str]) -> list[tuple[str, float]]:
    starts: list[tuple[str, float]] = []

    def answer(request: Request) -> Answer:
        starts.append((request.host, time.monotonic()))
        time.sleep(0.05)
        return Answer("page")

    web.expect_request("/p").respond_with_handler(answer)

    async def run() -> None:
        async with PoliteFetcher(network, SetClock(NOW)) as fetcher:
            await asyncio.gather(*(fetcher.fetch(url) for url in urls))

    asyncio.run(run())
    return starts


def test_requests_to_one_host_keep_their_distance_and_others_do_not_wait(web: HTTPServer) -> None:
    hosts = ["a.example"] * 4 + ["b.example", "c.example"]
    urls = [f"http://{host}/p?{number}" for number, host in enumerate(hosts)]
    starts = _starts(web, _network(web.port, per_host_delay_s=0.2), urls)
    of_a = [at for host, at in starts if host == "a.example"]
    assert all(later - earlier > 0.15 for earlier, later in pairwise(of_a))
    assert {host for host, _ in starts[:3]} == {"a.example", "b.example", "c.example"}


def test_crawl_delay_prevails_over_a_shorter_pace(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nCrawl-delay: 0.3\n")
    starts = _starts(httpserver, _network(httpserver.port), [f"http://a.example/p?{number}" for number in range(3)])
    times = [at for _, at in starts]
    assert all(later - earlier > 0.25 for earlier, later in pairwise(times))


def test_a_crawl_delay_beyond_reason_gives_one_page_a_run(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nCrawl-delay: 86400\n")
    httpserver.expect_request("/a").respond_with_data("page")
    one, two = _get(_network(httpserver.port), "http://a.example/a", "http://a.example/b")
    assert isinstance(one, Response)
    assert isinstance(two, Refused)
    assert "86400 s" in two.detail


def test_a_key_goes_to_the_host_that_was_asked_and_to_no_other(web: HTTPServer) -> None:
    web.expect_request("/api").respond_with_data("", 302, headers={"Location": "/api2"})
    web.expect_request("/api2").respond_with_data("", 302, headers={"Location": "http://b.example/away"})
    web.expect_request("/away").respond_with_data("page")

    async def run() -> Response:
        async with PoliteFetcher(_network(web.port), SetClock(NOW)) as fetcher:
            return await fetcher.fetch("http://a.example/api", headers={"X-Api-Key": "s3cret"})

    asyncio.run(run())
    sent = {request.path: request.headers.get("X-Api-Key") for request, _ in web.log}
    assert sent == {"/robots.txt": None, "/api": "s3cret", "/api2": "s3cret", "/away": None}


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_is_told_apart_from_a_page_that_is(web: HTTPServer, status: int) -> None:
    web.expect_request("/api").respond_with_data("no", status)

    async def run() -> FetchError:
        async with PoliteFetcher(_network(web.port), SetClock(NOW)) as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch("http://a.example/api", headers={"X-Api-Key": "s3cret"})
            return caught.value

    error = asyncio.run(run())
    assert isinstance(error, FetchFailed)
    assert (error.reason, error.status) == ("key_refused", status)
    assert "s3cret" not in str(error)
