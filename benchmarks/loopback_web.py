"""A web of many small hosts on loopback, for benchmarks/collect.py: robots.txt, one feed and many pages a host.

Host n is 127.0.1.n, so that neither crawler needs names resolved. Each answer waits `latency_s`, as a real network
makes us wait, and costs next to no work, so that what is measured is the crawler.
"""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

HOSTS = 50
LATENCY_S = 0.02
_WORDS = [
    *("the", "ministry", "said", "on", "monday", "that", "a", "company", "had", "opened", "accounts", "to", "copy"),
    *("answers", "of", "model", "and", "matter", "would", "be", "looked", "into", "while", "it", "did", "not", "reply"),
    *("questions", "sent", "by", "mail", "before", "report", "was", "printed"),
]


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


class _Connection(asyncio.Protocol):
    def __init__(self, answers: dict[bytes, bytes], port: int, pages: int) -> None:
        self._answers, self._port, self._pages = answers, port, pages
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            name = str(self._transport.get_extra_info("sockname")[0])
            asyncio.get_running_loop().call_later(LATENCY_S, self._answer, name, path)

    def _answer(self, name: str, path: str) -> None:
        if self._transport.is_closing():
            return
        key = f"{name}{path}".encode()
        if key not in self._answers:
            self._answers[key] = self._build(name, path)
        self._transport.write(self._answers[key])

    def _build(self, name: str, path: str) -> bytes:
        if path == "/robots.txt":
            body, kind = b"User-agent: *\nDisallow: /private/\n", "text/plain"
        elif path == "/feed":
            body, kind = _feed(name, self._port, self._pages), "application/rss+xml"
        else:
            body, kind = _page(f"{name}{path}"), "text/html; charset=utf-8"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body


async def serve(pages_per_host: int) -> None:
    """Serve until killed; prints the port when ready, and every answer is built before that."""
    answers: dict[bytes, bytes] = {}
    loop = asyncio.get_running_loop()
    port = 0

    def connect() -> _Connection:
        return _Connection(answers, port, pages_per_host)

    server = await loop.create_server(connect, "0.0.0.0", 0, backlog=1000)
    port = server.sockets[0].getsockname()[1]
    builder = connect()
    for number in range(HOSTS):
        for path in ("/robots.txt", "/feed", *(f"/p/{n}" for n in range(pages_per_host))):
            answers[f"{host(number)}{path}".encode()] = builder._build(host(number), path)
    print(port, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
