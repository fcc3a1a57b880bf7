"""A web of many small hosts on loopback, for benchmarks/collect.py: robots.txt, one feed and many pages a host.

Host n is 127.0.1.n, so that neither crawler needs names resolved. Each answer waits `latency_s`, as a real network
makes us wait, and costs next to no work, so that what is measured is the crawler.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

HOSTS = 50
LATENCY_S = 0.02
_WORDS = [
    *("the", "ministry", "said", "on", "monday", "that", "a", "company", "had", "opened", "accounts", "to", "copy"),
    *("answers", "of", "model", "and", "matter", "would", "be", "looked", "into", "while", "it", "did", "not", "reply"),
    *("questions", "sent", "by", "mail", "before", "report", "was", "printed"),
]


@contextmanager
def served_by(command: Sequence[str]) -> Iterator[int]:
    """The port that a program prints when it is ready to serve; it is killed at the end."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def host(number: int) -> str:
    return f"127.0.1.{number + 1}"


def _page(seed: str) -> bytes:
    """About 20 kB of HTML: twelve kB of prose in a frame of navigation, no two pages alike."""
    chance = random.Random(seed)
    prose = "".join(f"<p>{' '.join(chance.choices(_WORDS, k=90)).capitalize()}.</p>\n" for _ in range(24))
    frame = "".join(f'<li class="nav"><a href="/section/{n}">Section {n} of the paper</a></li>\n' for n in range(120))
    return (
        f"<!doctype html><html><head><title>Report {seed}</title></head><body><ul>{frame}</ul>"
        f"<article><h1>Report {seed}</h1>{prose}</article></body></html>"
    ).encode()


def _feed(name: str, port: int, pages: int) -> bytes:
    first = datetime(2026, 6, 1, tzinfo=UTC)
    items = "".join(
        f"<item><title>Report {n}</title><link>http://{name}:{port}/p/{n}</link>"
        f"<pubDate>{format_datetime(first + timedelta(hours=n))}</pubDate></item>"
        for n in range(pages)
    )
    head = f"<title>{name}</title><link>http://{name}:{port}/</link><description>Reports</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


class Connection(asyncio.Protocol):
    """Answers one request after the other, each `latency_s` after it came."""

    def __init__(self, answer: Callable[[bytes, asyncio.Transport], bytes], latency_s: float) -> None:
        """`answer` gets the head of a request, and the connection that it came by."""
        self._answer, self._latency_s = answer, latency_s
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            asyncio.get_running_loop().call_later(self._latency_s, self._send, head)

    def _send(self, head: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(self._answer(head, self._transport))


def whole(body: bytes, kind: str, status: str = "200 OK") -> bytes:
    """An answer of HTTP/1.1."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def path_of(head: bytes) -> str:
    """The path that a request asks for."""
    return head.split(b" ", 2)[1].decode()


def _build(name: str, path: str, port: int, pages: int) -> bytes:
    if path == "/robots.txt":
        return whole(b"User-agent: *\nDisallow: /private/\n", "text/plain")
    if path == "/feed":
        return whole(_feed(name, port, pages), "application/rss+xml")
    return whole(_page(f"{name}{path}"), "text/html; charset=utf-8")


async def serve(pages_per_host: int) -> None:
    """Serve until killed; prints the port when ready, and every answer is built before that."""
    answers: dict[str, bytes] = {}
    port = 0

    def answer(head: bytes, transport: asyncio.Transport) -> bytes:
        name, path = str(transport.get_extra_info("sockname")[0]), path_of(head)
        if name + path not in answers:
            answers[name + path] = _build(name, path, port, pages_per_host)
        return answers[name + path]

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(answer, LATENCY_S), "0.0.0.0", 0, backlog=1000)
    port = server.sockets[0].getsockname()[1]
    for number in range(HOSTS):
        for path in ("/robots.txt", "/feed", *(f"/p/{n}" for n in range(pages_per_host))):
            answers[host(number) + path] = _build(host(number), path, port, pages_per_host)
    print(port, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
