"""Webhooks out over a real server on loopback, and to where they must not go."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.loopback import SetClock, loopback_network
from tests.subscriptions.made import NOW, message, subscriber
from tracker.config import Network
from tracker.fetch import posting
from tracker.fetch.posting import WebhookDoor, sign
from tracker.ports.channels import Answer

SECRET = "whsec_" + base64.b64encode(b"twenty-four bytes or so.").decode()
HOOK = replace(
    message(subscriber(1, "webhook", address="http://hook.example/in"), "Digest 1"), message_id="dg-1",
    body=json.dumps({"text": "nearly 300 accounts"}).encode(),
)  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[HTTPServer]:
    with HTTPServer(threaded=True) as made:
        yield made


@pytest.fixture
def server(running: HTTPServer) -> HTTPServer:
    running.clear()
    return running


def post(network: Network, address: str = HOOK.address, **options: Any) -> Answer:
    async def run() -> Answer:
        door = WebhookDoor(network, SetClock(NOW), **options)
        try:
            return await door.send(replace(HOOK, address=address), SECRET)
        finally:
            await door.close()

    return asyncio.run(run())


def test_the_signature_is_that_of_the_specification() -> None:
    # The example of the libraries at github.com/standard-webhooks
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == expected
    digest = hmac.new(b"plain words", b"a.1.b", hashlib.sha256).digest()
    assert sign("plain words", "a", 1, b"b") == "v1," + base64.b64encode(digest).decode()


def test_what_is_posted_is_signed_and_has_an_id_that_stays(server: HTTPServer) -> None:
    server.expect_request("/in", method="POST").respond_with_data("thanks", status=202)
    answer = post(loopback_network(server.port))
    assert (answer.outcome, answer.code, answer.why) == ("sent", 202, "202 Accepted: thanks")
    (asked, _), = server.log  # fmt: skip
    assert asked.get_data() == HOOK.body
    headers = asked.headers
    assert headers["Content-Type"].startswith("application/json")
    assert headers["webhook-id"] == headers["Idempotency-Key"] == "dg-1"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["webhook-signature"] == sign(SECRET, "dg-1", int(NOW.timestamp()), HOOK.body)


@pytest.mark.parametrize(
    ("status", "outcome", "blames"),
    [(200, "sent", "nobody"), (204, "sent", "nobody"), (410, "refused", "address"), (400, "temporary", "nobody"),
     (404, "temporary", "nobody"), (429, "temporary", "nobody"), (500, "temporary", "nobody"), (503, "temporary", "nobody")],
)  # fmt: skip
def test_a_status(server: HTTPServer, status: int, outcome: str, blames: str) -> None:
    server.expect_request("/in").respond_with_data("", status=status, headers={"Retry-After": "120"})
    answer = post(loopback_network(server.port))
    assert (answer.outcome, answer.blames, answer.code) == (outcome, blames, status)
    assert answer.after_s == (120 if outcome == "temporary" else None)


@pytest.mark.parametrize(
    ("location", "told"),
    [("http://169.254.169.254/latest/meta-data", "to 169.254.169.254:"), ("http://127.0.0.1:{port}/in", "to 127.0.0.1:"),
     ("/elsewhere", "to another path of the host:"), ("", "to another path")],
)  # fmt: skip
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(server: HTTPServer, status: int, location: str, told: str) -> None:
    where = location.format(port=server.port)
    server.expect_request("/in").respond_with_data("", status=status, headers={"Location": where})
    answer = post(loopback_network(server.port))
    assert (answer.outcome, answer.code) == ("temporary", status)
    assert told in answer.why and "not followed" in answer.why
    assert [item[0].path for item in server.log] == ["/in"]


@pytest.mark.parametrize(
    "address",
    ["https://169.254.169.254/hook", "https://10.0.0.7/hook", "https://[::1]/hook", "https://[::ffff:127.0.0.1]/hook",
     "https://inner.example/hook", "https://0.0.0.0/hook", "https://localhost/hook"],
)  # fmt: skip
def test_private_addresses_are_refused_whatever_their_name(address: str) -> None:
    answer = post(Network.model_validate({"resolve": {"inner.example": "192.168.1.9:443"}}), address)
    assert (answer.outcome, answer.code) == ("temporary", None)
    assert "private, local or reserved" in answer.why


def test_without_encryption_only_where_the_network_is_allowed(server: HTTPServer) -> None:
    network = Network.model_validate(
        {"resolve": {"far.example": "93.184.216.34:80"}, "allow_networks": ["127.0.0.0/8"]}
    )
    answer = post(network, "http://far.example/hook")
    assert answer.outcome == "temporary" and "needs https" in answer.why
    server.expect_request("/in").respond_with_data("")
    assert post(loopback_network(server.port)).outcome == "sent"


@pytest.mark.parametrize(
    "address", ["ftp://hook.example/", "https://", "https://user:word@hook.example/", "hook", "https://[::1"]
)
def test_what_is_no_address_is_told(server: HTTPServer, address: str) -> None:
    answer = post(loopback_network(server.port), address)
    assert answer.outcome == "temporary" and answer.why and "word" not in answer.why


def test_a_server_that_hangs_is_left_in_time_and_may_have_it(server: HTTPServer) -> None:
    let_go = threading.Event()

    def answer(_: Request) -> Response:
        let_go.wait(20)
        return Response("")

    server.expect_request("/in").respond_with_handler(answer)
    began = time.monotonic()
    got = post(loopback_network(server.port), within_s=0.3)
    let_go.set()
    assert got.outcome == "unknown" and "0.3 s" in got.why and time.monotonic() - began < 10


def test_who_answers_and_is_slow_with_the_rest_has_it(server: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "BODY_WITHIN_S", 0.2)
    let_go = threading.Event()

    def parts() -> Iterator[bytes]:
        yield b"tha"
        let_go.wait(20)
        yield b"nks"

    server.expect_request("/in").respond_with_handler(lambda _: Response(parts(), status=200))
    got = post(loopback_network(server.port), within_s=5)
    let_go.set()
    assert (got.outcome, got.code, got.why) == ("sent", 200, "200 OK: tha")


KEYED = "/services/T0AAAAAAA/B0BBBBBBB/secretTokenOfTheHook?sig=Another%2FSecret"


@pytest.mark.parametrize(
    "body",
    ["no hook {path}", "{{\"path\": \"\\/services\\/T0AAAAAAA\\/B0BBBBBBB\\/secretTokenOfTheHook\"}}",
     "token SECRETTOKENOFTHEHOOK, sig another/secret", " " * 1_990 + "secretTokenOfTheHook", "secretTokenOf"],
)  # fmt: skip
def test_the_key_in_an_address_is_in_no_answer(server: HTTPServer, body: str) -> None:
    server.expect_request("/services/T0AAAAAAA/B0BBBBBBB/secretTokenOfTheHook").respond_with_data(
        body.format(path=KEYED) if "{" in body else body, status=404
    )
    answer = post(loopback_network(server.port), f"http://hook.example{KEYED}")
    assert answer.code == 404 and answer.why.startswith("404 Not Found: ")
    assert not any(word in answer.why.lower() for word in ("secret", "t0aaaa", "b0bbbb"))


@pytest.mark.parametrize(
    "address", ["https://10.0.0.1", "https://127.0.0.1:1", "ftp://hook.example", "https://no.example"]
)
def test_the_key_is_not_told_where_nothing_is_posted(address: str) -> None:
    answer = post(Network(), address + KEYED)
    assert answer.why and "secret" not in answer.why.lower()


def test_a_huge_answer_is_not_read(server: HTTPServer) -> None:
    sent: list[int] = []

    def parts() -> Iterator[bytes]:
        for number in range(100_000):
            sent.append(number)
            yield b"x" * 65_536

    server.expect_request("/in").respond_with_handler(lambda _: Response(parts(), status=200))
    answer = post(loopback_network(server.port))
    assert answer.outcome == "sent" and len(answer.why) <= 300
    assert len(sent) < 1000


def test_nobody_there_is_no_unknown() -> None:
    answer = post(loopback_network(1))
    assert (answer.outcome, answer.code) == ("temporary", None)


def test_without_a_secret_nothing_is_signed(server: HTTPServer) -> None:
    server.expect_request("/in").respond_with_data("")

    async def run() -> None:
        door = WebhookDoor(loopback_network(server.port), SetClock(NOW))
        await door.send(HOOK, "")
        await door.close()

    asyncio.run(run())
    assert "webhook-signature" not in server.log[0][0].headers
