"""A web server on loopback that commits every fault that servers commit, by the path that it is asked for."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

WORDS = (
    "<p>Orchid Labs said on Monday that Fern AI had opened about 300 accounts to copy its model, in a letter.</p>"
    "<p>Fern AI did not reply to a request for comment, and its office in the city was closed all day long.</p>"
)
CHALLENGE = (
    b"<!doctype html><html><head><title>Just a moment...</title></head>"
    b"<body><script>window._cf_chl_opt={};</script></body></html>"
)
_DOCTYPE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b'<!ENTITY x SYSTEM "file:///etc/passwd">]>'
)
LAUGHS = (
    _DOCTYPE + b"<rss version='2.0'><channel><title>&l9;</title><item><title>&l9;&x;</title>"
    b"<link>http://fault.example/story</link></item></channel></rss>"
)
LAUGHS_SITEMAP = (
    _DOCTYPE + b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    b"<url><loc>http://fault.example/story</loc></url><url><loc>&l9;</loc></url><url><loc>&x;</loc></url></urlset>"
)


def page(title: str, words: str = WORDS) -> bytes:
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{words}</article></body></html>".encode()


def feed(*links: str) -> bytes:
    items = "".join(f"<item><title>T</title><link>{link}</link></item>" for link in links)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>W</title>{items}</channel></rss>'.encode()


def head(
    status: str = "200 OK", length: int | None = None, kind: str = "text/html; charset=utf-8", *more: str
) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *more]
    lines += [f"Content-Length: {length}"] if length is not None else []
    return "\r\n".join([*lines, "", ""]).encode()


def whole(body: bytes, kind: str = "text/html; charset=utf-8") -> bytes:
    return head("200 OK", len(body), kind) + body


class FaultServer:
    """Serves until closed. `healed` paths answer as `answers` says; others commit the fault that they are named by."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.asked: list[tuple[str, float]] = []
        """(host and path, seconds on the monotonic clock)."""
        self.sent_bytes = 0
        self._closing = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._closing = True
        self._listener.close()

    def count(self, address: str) -> int:
        return sum(asked == address for asked, _ in self.asked)

    def _accept(self) -> None:
        while not self._closing:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                request = connection.recv(65_536).decode("latin-1")
                path = request.split(" ", 2)[1]
                host = next(
                    (line[6:].strip() for line in request.split("\r\n") if line.lower().startswith("host: ")), ""
                )
                self.asked.append((f"{host}{path}", time.monotonic()))
                self._answer(connection, f"{host}{path}", path)
            except (OSError, IndexError):
                return

    def _answer(self, connection: socket.socket, address: str, path: str) -> None:
        if address in self.answers:
            connection.sendall(self.answers[address])
        elif path == "/robots.txt":
            connection.sendall(head("404 Not Found", 0))
        else:
            FAULTS[path.strip("/")](self, connection)

    def _drip(self, connection: socket.socket, first: bytes, seconds: float) -> None:
        connection.sendall(first)
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self._closing:
            connection.sendall(b"x")
            time.sleep(0.1)

    def _flood(self, connection: socket.socket) -> None:
        connection.sendall(head("200 OK", 2_000_000_000))
        block = b"x" * 65_536
        while self.sent_bytes < 2_000_000_000 and not self._closing:
            self.sent_bytes += connection.send(block)


def _retry_after(status: str, value: Callable[[], str]) -> Callable[[FaultServer, socket.socket], None]:
    return lambda server, connection: connection.sendall(head(status, 0, "text/plain", f"Retry-After: {value()}"))


def _in_two_hours() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)


_BOMB = gzip.compress(b"\0" * 60_000_000)
FAULTS: dict[str, Callable[[FaultServer, socket.socket], None]] = {
    "times-out": lambda server, connection: time.sleep(4),
    "drops-mid-body": lambda server, connection: connection.sendall(head("200 OK", 9_000) + b"<html><p>half"),
    "drops-mid-head": lambda server, connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "drips": lambda server, connection: server._drip(connection, head("200 OK", 1_000), 6),
    "drips-its-head": lambda server, connection: server._drip(connection, b"HTTP/1.1 200 OK\r\nX: ", 6),
    "claims-more-than-it-sends": lambda server, connection: connection.sendall(head("200 OK", 500_000) + page("Short")),
    "redirects-in-circles": lambda server, connection: connection.sendall(
        head("302 Found", 0, "text/html", "Location: /redirects-in-circles-back")
    ),
    "redirects-in-circles-back": lambda server, connection: connection.sendall(
        head("302 Found", 0, "text/html", "Location: /redirects-in-circles")
    ),
    "gzip-bomb": lambda server, connection: connection.sendall(
        head("200 OK", len(_BOMB), "text/html", "Content-Encoding: gzip") + _BOMB
    ),
    "two-gigabytes": lambda server, connection: server._flood(connection),
    "no-http": lambda server, connection: connection.sendall(b"220 mail.example ESMTP\r\n"),
    "429-seconds": _retry_after("429 Too Many Requests", lambda: "7200"),
    "429-date": _retry_after("429 Too Many Requests", _in_two_hours),
    "503-seconds": _retry_after("503 Service Unavailable", lambda: "7200"),
    "503-date": _retry_after("503 Service Unavailable", _in_two_hours),
    "503-challenge": lambda server, connection: connection.sendall(
        head("503 Service Unavailable", len(CHALLENGE), "text/html", "Retry-After: 1") + CHALLENGE
    ),
    "403": lambda server, connection: connection.sendall(head("403 Forbidden", 2) + b"no"),
    "403-challenge": lambda server, connection: connection.sendall(
        head("403 Forbidden", len(CHALLENGE), "text/html", "cf-mitigated: challenge") + CHALLENGE
    ),
    "200-challenge": lambda server, connection: connection.sendall(whole(CHALLENGE)),
    "billion-laughs": lambda server, connection: connection.sendall(whole(LAUGHS, "application/rss+xml")),
    "broken-xml": lambda server, connection: connection.sendall(
        whole(b'<?xml version="1.0"?><rss><channel><title>W</oops>', "application/rss+xml")
    ),
    "html-for-a-feed": lambda server, connection: connection.sendall(whole(page("Log in"))),
    "empty-feed": lambda server, connection: connection.sendall(whole(feed(), "application/rss+xml")),
}
