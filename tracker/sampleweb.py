"""The bundled sample web: the pages of invented publishers on `*.example`, served on loopback by their Host header.

What is served is written down in `web.yaml` beside the pages; nothing else can be reached. A page may have another
body in edition 2, which is how a story gets corrected between two crawls.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tracker.errors import InputError, UnreadableInput
from tracker.ids import sha256_hex
from tracker.yamlfile import YamlFile, load_yaml

MANIFEST = "web.yaml"
_IDLE_TIMEOUT_S = 30.0
_NOT_FOUND = b"<!doctype html><title>Not found</title><h1>Not found</h1><p>There is no such page on this host.</p>\n"


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes that a page has from one edition on, with their validators (RFC 9110, section 8.8)."""

    content: bytes
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class Page:
    """One entry of the manifest."""

    host: str
    path: str
    status: int
    content_type: str
    headers: tuple[tuple[str, str], ...]
    query: tuple[tuple[str, str], ...]
    """Parameters that the request must have."""
    any_query: bool
    """Whether the request may have other parameters besides."""
    bodies: tuple[Body, ...]
    """Edition 1 first; an edition without a body of its own has the one before it."""

    def body(self, edition: int) -> Body:
        """The body in an edition (from 1)."""
        return self.bodies[min(edition, len(self.bodies)) - 1]

    def accepts(self, query: list[tuple[str, str]]) -> bool:
        """Whether a request with these parameters is one for this page."""
        wanted = set(self.query)
        return wanted <= set(query) if self.any_query else wanted == set(query)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the client; a HEAD leaves out the body and keeps its length."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def load_pages(root: Path) -> dict[tuple[str, str], list[Page]]:
    """The manifest of a sample web with the bytes it names, by (host, path).

    Raises:
        UnreadableInput: the manifest is missing or wrong, or a file it names is missing or outside `root`.
    """
    file = load_yaml(root / MANIFEST)
    pages: dict[tuple[str, str], list[Page]] = {}
    try:
        for host, entries in file.data["hosts"].items():
            for number, entry in enumerate(entries):
                page = _parse_page(root, file, host, number, entry)
                pages.setdefault((page.host, page.path), []).append(page)
    except (KeyError, TypeError, AttributeError) as exc:
        raise UnreadableInput(f"{file.path}: not a manifest of a sample web ({exc!r})") from exc
    for same_path in pages.values():
        same_path.sort(key=lambda page: len(page.query), reverse=True)
    return pages


def _parse_page(root: Path, file: YamlFile, host: str, number: int, entry: Mapping[str, Any]) -> Page:
    bodies = []
    for part in (entry, entry.get("edition_2")):
        if part is None:
            continue
        path = (root / part["file"]).resolve()
        if not path.is_relative_to(root.resolve()) or not path.is_file():
            line = file.line_of(("hosts", host, number, "file"))
            raise UnreadableInput(f"{file.path}, line {line}: {part['file']}: no such file in {root}")
        content = path.read_bytes()
        bodies.append(Body(content, f'"{sha256_hex(content)[:32]}"', part["last_modified"]))
    return Page(
        host=host,
        path=entry["path"],
        status=entry.get("status", 200),
        content_type=entry["content_type"],
        headers=tuple((entry.get("headers") or {}).items()),
        query=tuple((entry.get("query") or {}).items()),
        any_query=entry.get("any_query", False),
        bodies=tuple(bodies),
    )


def decide_answer(page: Page | None, edition: int, request: Message) -> Answer:
    """What a request for a page gets, as RFC 9110 (section 13.2.2) orders it: If-None-Match, else If-Modified-Since."""
    if page is None:
        return Answer(404, (("Content-Type", "text/html; charset=utf-8"),), _NOT_FOUND)
    body = page.body(edition)
    headers = (("Content-Type", page.content_type), *page.headers)
    if page.status != 200:
        return Answer(page.status, headers, body.content)
    validators = (("ETag", body.etag), ("Last-Modified", body.last_modified), ("Cache-Control", "no-cache"))
    if _is_current(body, request):
        return Answer(304, validators, b"")
    return Answer(200, headers + validators, body.content)


def _is_current(body: Body, request: Message) -> bool:
    if (tags := request.get("If-None-Match")) is not None:
        return tags.strip() == "*" or body.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    try:
        since = parsedate_to_datetime(request.get("If-Modified-Since", ""))
        return parsedate_to_datetime(body.last_modified) <= since
    except (ValueError, TypeError):  # an unreadable condition is ignored: RFC 9110, section 13.1.3
        return False


class SampleWeb:
    """Serves a sample web on loopback from a background thread, between `with` and the block's end."""

    def __init__(self, root: Path, edition: int = 1, port: int = 0) -> None:
        """Read the manifest and all pages; nothing listens yet.

        Raises:
            UnreadableInput: see `load_pages`.
        """
        self._pages = load_pages(root)
        self._lock = threading.Lock()
        self._requests: list[tuple[str, str, int]] = []
        self._port = port
        self._server: _Server | None = None
        self.edition = edition
        """Which edition is served; may be set while the server runs."""

    def __enter__(self) -> SampleWeb:
        try:
            self._server = _Server(("127.0.0.1", self._port), _Handler)
        except OSError as exc:
            raise InputError(f"cannot listen on 127.0.0.1:{self._port}: {exc.strerror or exc}") from exc
        self._server.web = self
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sample-web", daemon=True)
        thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def address(self) -> str:
        """`127.0.0.1:PORT`, while the server runs."""
        if self._server is None:
            raise RuntimeError("the sample web is not running")
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    @property
    def requests(self) -> list[tuple[str, str, int]]:
        """Every request answered so far, oldest first: (host, path with its query, status)."""
        with self._lock:
            return list(self._requests)

    def pages(self) -> Iterator[Page]:
        """Every entry of the manifest."""
        for same_path in self._pages.values():
            yield from same_path

    def answer(self, target: str, request: Message) -> Answer:
        """The answer to a request with this target (RFC 9112, section 3.2) and these header fields."""
        try:
            parts = urlsplit(target if "://" in target else f"//{request.get('Host', '')}{target}")
        except ValueError:  # a Host field that is none
            parts = urlsplit("")
        host, path = (parts.hostname or ""), parts.path or "/"
        query = parse_qsl(parts.query, keep_blank_values=True)
        page = next((page for page in self._pages.get((host, path), []) if page.accepts(query)), None)
        answer = decide_answer(page, self.edition, request)
        with self._lock:
            self._requests.append((host, f"{path}?{parts.query}" if parts.query else path, answer.status))
        return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # an idle keep-alive connection must not hold up the end
    request_queue_size = 64
    web: SampleWeb

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no event; anything else is our bug and must be seen."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SampleWeb"
    sys_version = ""
    timeout = _IDLE_TIMEOUT_S
    wbufsize = -1  # head and body leave in one packet
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._send(with_body=True)

    def do_HEAD(self) -> None:
        self._send(with_body=False)

    def _send(self, *, with_body: bool) -> None:
        server = self.server
        assert isinstance(server, _Server)
        answer = server.web.answer(self.path, self.headers)
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if with_body:
            self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing goes to the terminal: `SampleWeb.requests` is the log."""
