"""TLS is verified always: who is not known, not named or no longer valid gets neither a request nor a key."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from tests.loopback import SetClock
from tracker.config import Network
from tracker.errors import FetchFailed
from tracker.fetch.client import PoliteFetcher
from tracker.fetch.transport import CheckedTransport
from tracker.types import Response

NOW = datetime(2026, 6, 10, 8, 30, tzinfo=UTC)


@contextlib.contextmanager
def _serving(certificate: trustme.LeafCert) -> Iterator[tuple[int, list[bytes]]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    received: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
            while data := secured.recv(65_536):
                received.append(data)
                body = b"User-agent: *\nAllow: /\n" if b"/robots.txt" in data else b"secret garden"
                secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield int(listener.getsockname()[1]), received


def _get(port: int, trusted: str | None, headers: dict[str, str] | None = None) -> Response:
    network = Network.model_validate(
        {"resolve": {"*.example": f"127.0.0.1:{port}"}, "allow_networks": ["127.0.0.0/8"], "retries": 0}
    )

    async def run() -> Response:
        transport = CheckedTransport(network, trusted)
        async with PoliteFetcher(network, SetClock(NOW), transport=transport) as fetcher:
            return await fetcher.fetch("https://a.example/garden", headers=headers)

    return asyncio.run(run())


def test_a_certificate_of_a_known_authority_for_the_name_is_accepted() -> None:
    authority = trustme.CA()
    with _serving(authority.issue_cert("a.example")) as (port, received):
        got = _get(port, authority.cert_pem.bytes().decode())
    assert got.body == b"secret garden"
    assert len(received) == 2, "one connection, used twice"


@pytest.mark.parametrize("flaw", ["unknown authority", "another name", "expired"])
def test_any_other_certificate_is_refused_before_anything_is_said(flaw: str) -> None:
    authority = trustme.CA()
    certificate = {
        "unknown authority": lambda: trustme.CA().issue_cert("a.example"),
        "another name": lambda: authority.issue_cert("b.example"),
        "expired": lambda: authority.issue_cert(
            "a.example", not_before=datetime(2001, 1, 1), not_after=datetime(2001, 1, 1) + timedelta(days=9)
        ),
    }[flaw]()
    with _serving(certificate) as (port, received), pytest.raises(FetchFailed, match="TLS certificate") as caught:
        _get(port, authority.cert_pem.bytes().decode(), {"X-Api-Key": "s3cret"})
    assert caught.value.reason == "tls"
    assert not received
