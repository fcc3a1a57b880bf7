"""Which addresses we connect to, and the retry rules: pure functions."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
import time
from datetime import UTC, datetime

import httpcore
import pytest

from tracker.config import Network
from tracker.errors import Refused
from tracker.fetch import transport
from tracker.fetch.addresses import find_configured, is_permitted, parse_networks
from tracker.fetch.retry import backoff_s, parse_retry_after
from tracker.fetch.robots import agent_token


@pytest.mark.parametrize("text", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are_permitted(text: str) -> None:
    assert is_permitted(ipaddress.ip_address(text), ())


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:db8::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)
def test_private_local_and_reserved_addresses_are_not(text: str) -> None:
    assert not is_permitted(ipaddress.ip_address(text), ())


def test_an_allowed_network_is_permitted_and_no_other() -> None:
    allowed = parse_networks(["127.0.0.0/8", "fd00::/8"])
    assert is_permitted(ipaddress.ip_address("127.0.0.1"), allowed)
    assert is_permitted(ipaddress.ip_address("::ffff:127.0.0.1"), allowed)
    assert is_permitted(ipaddress.ip_address("fd00::1"), allowed)
    assert not is_permitted(ipaddress.ip_address("10.0.0.1"), allowed)


def test_configured_names_exact_before_longest_suffix() -> None:
    resolve = {"a.example": "127.0.0.1:1", "*.example": "127.0.0.1:2", "*.b.example": "[::1]:3"}
    assert find_configured("A.example.", resolve) == (ipaddress.ip_address("127.0.0.1"), 1)
    assert find_configured("z.example", resolve) == (ipaddress.ip_address("127.0.0.1"), 2)
    assert find_configured("x.b.example", resolve) == (ipaddress.ip_address("::1"), 3)
    assert find_configured("example", resolve) is None
    assert find_configured("badexample", resolve) is None


def test_a_name_that_changes_its_answer_is_checked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the first answer is public, the second is the metadata service. Only the resolver is faked."""
    answers = [["93.184.215.14"], ["169.254.169.254"], ["169.254.169.254", "10.0.0.1"]]

    def resolve(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, 0)) for text in answers.pop(0)]

    opened: list[str] = []

    class Recorder(httpcore.AsyncMockBackend):
        async def connect_tcp(self, host: str, *rest: object, **more: object) -> httpcore.AsyncNetworkStream:
            opened.append(host)
            return httpcore.AsyncMockStream([])

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    backend = transport.CheckedBackend(Network())
    backend._inner = Recorder([])  # type: ignore[assignment]
    asyncio.run(backend.connect_tcp("rebind.example", 80, 1.0))
    for _ in range(2):
        with pytest.raises(Refused, match=r"169\.254\.169\.254"):
            asyncio.run(backend.connect_tcp("rebind.example", 80, 1.0))
    assert opened == ["93.184.215.14"]


def test_names_that_hang_hold_up_no_other_and_each_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty names whose DNS is silent: the system's resolver cannot be told to stop. Only it is faked."""
    silence, asked = threading.Event(), list[str]()

    def resolve(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        if host.startswith("hangs"):
            silence.wait(20)
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    async def run(port: int) -> float:
        network = Network(allow_networks=("127.0.0.0/8",))
        backend = transport.CheckedBackend(network)
        names = [f"hangs{number}.example" for number in range(20)] * 2
        waiting = [asyncio.create_task(backend.connect_tcp(name, 80, 0.3)) for name in names]
        ends = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(end) for end in ends} == {httpcore.ConnectTimeout}
        began = time.monotonic()
        stream = await backend.connect_tcp("lives.example", port, 5)
        await stream.aclose()
        await asyncio.to_thread(int)
        backend.close()
        return time.monotonic() - began

    with socket.create_server(("127.0.0.1", 0)) as server:
        try:
            took_s = asyncio.run(run(server.getsockname()[1]))
        finally:
            silence.set()
    assert took_s < 2
    assert sorted(asked) == sorted({*asked})


NOW = datetime(2026, 6, 10, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Wed, 10 Jun 2026 08:31:30 GMT", 90.0),
        ("Wed, 10 Jun 2026 08:00:00 GMT", 0.0),
        ("Wed, 10 Jun 2026 10:31:30 +0200", 90.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_both_forms(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


def test_back_off_doubles_within_bounds() -> None:
    assert [backoff_s(attempt, 0.5, 1.0) for attempt in range(4)] == [0.5, 1.0, 2.0, 4.0]
    assert backoff_s(2, 0.5, 0.0) == 1.0
    assert backoff_s(50, 0.5, 1.0) == 60.0


def test_the_agent_token_is_the_product() -> None:
    assert agent_token("tracker/0.1 (+https://x.example)") == "tracker"
    assert agent_token("My-Bot") == "My-Bot"
