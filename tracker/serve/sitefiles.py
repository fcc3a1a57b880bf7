"""The site's files over HTTP: what lies below one folder, and nothing else of the machine.

Starlette's StaticFiles opens a file after it has answered for it. Publishing swaps the whole folder by two renames, so
here a file is opened first and everything that is said of it comes from the open file; what is not there for the
moment between the renames is looked for again.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from tracker.serve.ranges import UNSATISFIABLE, parse_range
from tracker.serve.refusal import refuse

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".db": "application/vnd.sqlite3",
    ".graphml": "application/graphml+xml",
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".sha256": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".xml": "application/xml",
    "SHA256SUMS": "text/plain; charset=utf-8",
}
"""What the site holds; not asked of the machine, whose own table differs from place to place."""
_BYTES = "application/octet-stream"
_RELATIVE = re.compile(rb'\b(href|src)="(?![a-z]+:|[/#])')
"""The site's page for what is not there links from the top of the site, but is shown at any address."""
_SWAP_S = 1.0
_BETWEEN_LOOKS_S = 0.02
_AT_ONCE_BYTES = 1 << 20
_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Found:
    """An open file of the site."""

    file: BinaryIO
    size: int
    modified_ns: int
    media_type: str

    @property
    def etag(self) -> str:
        """Another one for another file: unchanged files keep their modification time from one site to the next."""
        return f'"{self.modified_ns:x}-{self.size:x}"'


class Folder:
    """An address that names a folder without its last slash."""


class SiteFiles:
    """An ASGI application over a site's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET and HEAD; for what is not there with the site's own page that says so."""
        if scope["method"] not in ("GET", "HEAD"):
            answer = refuse(405, "the site can only be read: GET or HEAD", {"Allow": "GET, HEAD"})
        else:
            found = await run_in_threadpool(find_file, self._folder, scope["path"])
            if found is None:
                answer = await self._missing(scope)
            elif isinstance(found, Folder):
                answer = RedirectResponse(quote(scope["path"]) + "/", 308)
            else:
                answer = await answer_with(found, scope)
        await answer(scope, receive, send)

    def holds(self, path: str) -> bool:
        """Whether there is a file of that address."""
        found = find_file(self._folder, path, swap_s=0)
        if isinstance(found, Found):
            found.file.close()
        return isinstance(found, Found)

    async def _missing(self, scope: Scope) -> Response:
        page = await run_in_threadpool(find_file, self._folder, "/404.html", 0)
        if not isinstance(page, Found):
            return refuse(404, "there is no such page")
        body = _RELATIVE.sub(rb'\1="/', await run_in_threadpool(_read_all, page))
        return Response(body, 404, media_type=page.media_type, headers={"Cache-Control": "no-cache"})


def find_file(folder: Path, path: str, swap_s: float = _SWAP_S) -> Found | Folder | None:
    """The open file that an address of the site names; a folder's is its index.html."""
    parts = path.split("/")[1:]
    if parts and not parts[-1]:
        parts[-1] = "index.html"
    if not parts or any(not part or part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        return None
    end = time.monotonic() + swap_s
    while True:
        before = _identify(folder)
        found = _open(folder, parts) if before else None
        if found is not None or (before and before == _identify(folder)) or time.monotonic() >= end:
            return found
        time.sleep(_BETWEEN_LOOKS_S)


def _identify(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _open(folder: Path, parts: list[str]) -> Found | Folder | None:
    top = os.path.realpath(folder)
    try:
        real = os.path.realpath("/".join((top, *parts)))
        if os.path.commonpath((top, real)) != top:
            return None
        descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    state = os.fstat(descriptor)
    if stat.S_ISREG(state.st_mode):
        name = PurePosixPath(parts[-1])
        media_type = MEDIA_TYPES.get(name.suffix) or MEDIA_TYPES.get(name.name, _BYTES)
        return Found(os.fdopen(descriptor, "rb"), state.st_size, state.st_mtime_ns, media_type)
    os.close(descriptor)
    is_folder = stat.S_ISDIR(state.st_mode) and Path(real, "index.html").is_file()
    return Folder() if is_folder else None


async def answer_with(found: Found, scope: Scope) -> Response:
    """The file, a part of it, or that it is as the asker has it (RFC 9110, 13 and 14)."""
    asked = Headers(scope=scope)
    modified = formatdate(found.modified_ns // 10**9, usegmt=True)
    headers = {"ETag": found.etag, "Last-Modified": modified, "Cache-Control": "no-cache", "Accept-Ranges": "bytes"}
    if _is_held(found, asked):
        found.file.close()
        return Response(status_code=304, headers=headers)
    part = None
    if asked.get("if-range", found.etag) in (found.etag, modified):
        part = parse_range(asked.get("range"), found.size)
    if part == UNSATISFIABLE:
        found.file.close()
        return refuse(416, f"the file has {found.size} bytes", {"Content-Range": f"bytes */{found.size}"})
    start, end = part or (0, found.size)
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    headers["Content-Length"] = str(end - start)
    status = 206 if part else 200
    if scope["method"] == "HEAD":
        found.file.close()
        return Response(status_code=status, headers=headers, media_type=found.media_type)
    if end - start <= _AT_ONCE_BYTES:
        body = await run_in_threadpool(_read_all, found, start, end)
        return Response(body, status, headers=headers, media_type=found.media_type)
    return StreamingResponse(_chunks(found, start, end), status, headers=headers, media_type=found.media_type)


def _is_held(found: Found, asked: Headers) -> bool:
    if held := asked.get("if-none-match"):
        return held.strip() == "*" or found.etag in [tag.strip().removeprefix("W/") for tag in held.split(",")]
    try:
        since = parsedate_to_datetime(asked["if-modified-since"])
        return found.modified_ns // 10**9 <= since.timestamp()
    except (KeyError, ValueError, OverflowError):
        return False


def _read_all(found: Found, start: int = 0, end: int | None = None) -> bytes:
    with found.file as file:
        file.seek(start)
        return file.read((found.size if end is None else end) - start)


async def _chunks(found: Found, start: int, end: int) -> AsyncIterator[bytes]:
    try:
        found.file.seek(start)
        while start < end:
            chunk = await run_in_threadpool(found.file.read, min(_CHUNK_BYTES, end - start))
            if not chunk:
                return  # it was cut while it was read: the length that was promised tells the reader
            start += len(chunk)
            yield chunk
    finally:
        found.file.close()
