"""One question to a chat completions server: the shape sent, the limits kept, and every way that it can go wrong."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tracker.errors import ConfigError, FetchFailed, NotParsable
from tracker.fetch.completions import ChatCompletions

PATH = "/v1/chat/completions"
SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
KEY = "sk-Se3cret-0123456789"


def answered(
    content: str | None = '{"claims": []}', finish_reason: str = "stop", **message: object
) -> dict[str, object]:
    """The documented body of a whole answer."""
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1767225600, "model": "local", "system_fingerprint": "b1",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": content, **message}, "logprobs": None, "finish_reason": finish_reason}
        ],
        "usage": {"prompt_tokens": 900, "completion_tokens": 40, "total_tokens": 940},
    }  # fmt: skip


def door(server: HTTPServer, **options: object) -> ChatCompletions:
    options = {"timeout_s": 5, "max_retries": 2, "backoff_base_s": 0.01, **options}
    return ChatCompletions(server.url_for("/v1"), "local", **options)  # type: ignore[arg-type]


def ask(completions: ChatCompletions) -> str:
    return completions.ask("system words", "user words", "reported_claims", SCHEMA)


def test_the_question_has_the_documented_shape(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH, method="POST").respond_with_json(answered())
    assert ask(door(httpserver, api_key=KEY)) == '{"claims": []}'
    (request, _) = httpserver.log[0]
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.data) == {
        "model": "local",
        "messages": [{"role": "system", "content": "system words"}, {"role": "user", "content": "user words"}],
        "temperature": 0, "seed": 7, "stream": False, "max_completion_tokens": 16_000,
        "response_format": {"type": "json_schema", "json_schema": {"name": "reported_claims", "strict": True, "schema": SCHEMA}},
    }  # fmt: skip


def test_without_a_key_none_is_sent_whatever_the_environment_holds(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    httpserver.expect_request(PATH).respond_with_json(answered())
    ask(door(httpserver))
    assert "Authorization" not in httpserver.log[0][0].headers


def test_a_base_url_may_end_in_a_slash(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_json(answered())
    assert ask(ChatCompletions(httpserver.url_for("/v1/"), "local"))


def test_the_name_tells_model_host_and_port_but_no_key() -> None:
    completions = ChatCompletions("http://models.example:8080/v1", "org/qwen3-32b", api_key=KEY)
    assert completions.name == "org/qwen3-32b@models.example:8080"
    assert KEY not in repr(completions)


@pytest.mark.parametrize("key", ["sk-\n1", "ключ", "two words", ""])
def test_a_key_that_no_header_can_hold_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ChatCompletions("http://127.0.0.1:1/v1", "local", api_key=key)
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(answered('{"claims": [{"quote"', "length"), "length limit", id="truncated"),
        pytest.param(answered("{}", "content_filter"), "content_filter", id="withheld"),
        pytest.param(answered(None, refusal="I will not."), "refuses", id="refusal"),
        pytest.param(answered(None), "empty", id="no-content"),
        pytest.param(answered(""), "empty", id="empty"),
        pytest.param({"object": "chat.completion", "choices": []}, "choices", id="no-choice"),
        pytest.param({"error": {"message": "model is loading"}}, "choices", id="error-with-200"),
        pytest.param([1, 2], "not an answer", id="a-list"),
    ],
)
def test_an_answer_of_no_use_says_why(httpserver: HTTPServer, body: object, why: str) -> None:
    httpserver.expect_request(PATH).respond_with_json(body)
    with pytest.raises(NotParsable, match=why):
        ask(door(httpserver))
    assert len(httpserver.log) == 1, "the same question would get the same answer"


@pytest.mark.parametrize(
    "body", [b"<html>Bad gateway</html>", b"", b"\xff\xfe", b"[" * 100_000], ids=["html", "empty", "binary", "deep"]
)
def test_what_is_no_json_is_an_error_of_ours(httpserver: HTTPServer, body: bytes) -> None:
    httpserver.expect_request(PATH).respond_with_data(body, content_type="application/json")
    with pytest.raises(NotParsable, match="chat completions API"):
        ask(door(httpserver))


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_and_then_given_up(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request(PATH).respond_with_data("busy", status)
    with pytest.raises(FetchFailed, match=str(status)):
        ask(door(httpserver))
    assert len(httpserver.log) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_will_not_pass_is_asked_once(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request(PATH).respond_with_data("no", status)
    with pytest.raises(FetchFailed, match=str(status)):
        ask(door(httpserver))
    assert len(httpserver.log) == 1


def test_retry_after_is_obeyed(httpserver: HTTPServer) -> None:
    pauses: list[float] = []
    httpserver.expect_ordered_request(PATH).respond_with_data("slow down", 429, {"Retry-After": "3"})
    httpserver.expect_ordered_request(PATH).respond_with_json(answered())
    assert ask(door(httpserver, pause=pauses.append))
    assert pauses == [3.0]


def test_a_longer_pause_than_the_time_left_is_not_waited_for(httpserver: HTTPServer) -> None:
    pauses: list[float] = []
    httpserver.expect_request(PATH).respond_with_data("slow down", 429, {"Retry-After": "600"})
    with pytest.raises(FetchFailed, match="429"):
        ask(door(httpserver, pause=pauses.append))
    assert pauses == []
    assert len(httpserver.log) == 1


def test_a_silent_server_costs_no_more_than_the_time_out(httpserver: HTTPServer) -> None:
    def slow(_: Request) -> Response:
        time.sleep(1.5)
        return Response("{}")

    httpserver.expect_request(PATH).respond_with_handler(slow)
    begun = time.monotonic()
    with pytest.raises(FetchFailed, match=r"0\.4 s"):
        ask(door(httpserver, timeout_s=0.4))
    assert time.monotonic() - begun < 1.3


@pytest.fixture
def dribbling() -> Iterator[str]:
    """A server that never falls silent and never ends."""
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            try:
                while not done.wait(0.05):
                    self.wfile.write(b" ")
                    self.wfile.flush()
            except OSError:
                pass

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    done.set()
    server.shutdown()
    server.server_close()


def test_an_answer_that_dribbles_is_cut_off_in_time(dribbling: str) -> None:
    begun = time.monotonic()
    with pytest.raises(FetchFailed, match="not whole after"):
        ask(ChatCompletions(dribbling, "local", timeout_s=0.4))
    assert time.monotonic() - begun < 2


def test_a_huge_answer_is_not_read_to_its_end(httpserver: HTTPServer) -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(2000):
            sent += 50_000
            yield b"x" * 50_000

    httpserver.expect_request(PATH).respond_with_response(Response(pieces()))
    with pytest.raises(FetchFailed, match="larger than 100000 bytes"):
        ask(door(httpserver, max_answer_bytes=100_000))
    assert sent < 60_000_000


def test_a_compressed_answer_is_refused_before_it_can_expand(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_data(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchFailed, match="compressed"):
        ask(door(httpserver))


def test_neither_text_nor_key_follows_a_redirect(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_data("", 307, {"Location": httpserver.url_for("/elsewhere")})
    httpserver.expect_request("/elsewhere").respond_with_json(answered())
    with pytest.raises(FetchFailed, match="307"):
        ask(door(httpserver, api_key=KEY))
    assert [request.path for request, _ in httpserver.log] == [PATH]


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(FetchFailed, match="cannot be reached"):
        ask(ChatCompletions(f"http://127.0.0.1:{port}/v1", "local", max_retries=1, backoff_base_s=0.01))


def test_a_server_s_complaint_is_told_on_one_line_without_the_key(httpserver: HTTPServer) -> None:
    told = f"context of 4096 tokens exceeded\x1b[31m\n\n{KEY} " + "x" * 5000
    httpserver.expect_request(PATH).respond_with_json({"error": {"message": told}}, 400)
    with pytest.raises(FetchFailed, match="context of 4096 tokens exceeded") as caught:
        ask(door(httpserver, api_key=KEY))
    assert KEY not in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
def test_the_key_is_in_no_log_and_no_error(
    httpserver: HTTPServer, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    httpserver.expect_request(PATH).respond_with_handler(
        lambda request: Response(f"echo {request.headers['Authorization']}", status)
    )
    with pytest.raises((FetchFailed, NotParsable)) as caught:
        ask(door(httpserver, api_key=KEY, max_retries=0))
    assert KEY not in f"{caught.value!r} {caught.value}"
    # The test server's own log shows what it was sent; ours must not.
    ours = [
        record.getMessage()
        for record in caplog.records
        if record.name.partition(".")[0] in ("tracker", "httpx", "httpcore")
    ]
    assert not any(KEY in line for line in ours)


def test_a_broken_connection_is_tried_again() -> None:
    calls = 0

    def handle(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(answered()).encode()))

    completions = ChatCompletions(
        "http://models.example/v1", "local", transport=httpx.MockTransport(handle), backoff_base_s=0.01
    )
    assert ask(completions)
    assert calls == 2
