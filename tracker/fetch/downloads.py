"""Fetching a large file to disk: politely like any page, in pieces that a later run takes up again (RFC 9110, 14.2)."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from tracker.errors import FetchFailed, StoreUnusable
from tracker.fetch.client import PoliteFetcher
from tracker.fetch.exchange import Passing, check_status, shown

_TRIES = 5
"""A try that has got further by `_PROGRESS_BYTES` begins the count anew."""
_PROGRESS_BYTES = 1_000_000
_MIN_BYTES_PER_S = 5_000
"""Slower than this over `network.total_timeout_s`, a file is left for a later run: it would hold its slot for days."""


class _Speed:
    """Watches that a file comes on: its whole time has no limit, but each stretch of it has."""

    def __init__(self, url: str, stretch_s: float) -> None:
        self._url, self._stretch_s = url, stretch_s
        self._bytes, self._since = 0, asyncio.get_running_loop().time()

    def note(self, size: int) -> None:
        """So many bytes more have come. Raises: FetchFailed: too few over the last stretch."""
        self._bytes += size
        now = asyncio.get_running_loop().time()
        took_s = now - self._since
        if took_s < self._stretch_s:
            return
        if self._bytes < _MIN_BYTES_PER_S * took_s:
            why = f"{shown(self._url)}: only {self._bytes:,} bytes in {took_s:.3g} s; a later run goes on from here"
            raise FetchFailed(why, reason="timeout")
        self._bytes, self._since = 0, now


async def download(fetcher: PoliteFetcher, url: str, target: Path, max_bytes: int) -> None:
    """Fetch `url` into `target`, which appears when it is whole. What came before a break stays beside it.

    Raises:
        Refused, FetchFailed: as from `PoliteFetcher.fetch`; `too_large` beyond `max_bytes`.
        StoreUnusable: the disk is full or not writable.
    """
    part = target.with_name(f"{target.name}.part")
    tries, size = 0, 0
    while True:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            await _fetch_rest(fetcher, url, part, max_bytes)
            part.replace(target)
            part.with_suffix(".etag").unlink(missing_ok=True)
            return
        except Passing as exc:
            here = part.stat().st_size if part.exists() else 0
            tries, size = (1, here) if here >= size + _PROGRESS_BYTES else (tries + 1, size)
            await fetcher.pause(url, exc, tries - 1, is_last=tries == _TRIES)
        except OSError as exc:
            raise StoreUnusable(f"{target.parent}: {exc.strerror or exc}") from exc


async def _fetch_rest(fetcher: PoliteFetcher, url: str, part: Path, max_bytes: int) -> None:
    tag = part.with_suffix(".etag")
    have = part.stat().st_size if part.exists() and tag.exists() else 0
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": tag.read_text()}
    async with fetcher.open_stream(url, headers) as answer:
        if answer.status_code == 416 and have:  # everything is here, or what is there has changed
            if answer.headers.get("content-range") == f"bytes */{have}":
                return
            part.unlink()
            why = f"{shown(url)} has changed while it was fetched"
            raise Passing(FetchFailed(why, reason="damaged"))
        if answer.status_code != 206:
            check_status(url, answer.status_code)
            have = 0
        elif not re.match(rf"bytes {have}-", answer.headers.get("content-range", "")):
            raise FetchFailed(f"{shown(url)} answered with another part than was asked for", reason="damaged")
        length = answer.headers.get("content-length", "")
        if length.isdigit() and have + int(length) > max_bytes:
            why = f"{shown(url)} has {have + int(length):,} bytes, more than the {max_bytes:,} of max_file_bytes"
            raise FetchFailed(why, reason="too_large")
        etag = answer.headers.get("etag", "")
        tag.unlink(missing_ok=True)
        if etag and not etag.startswith("W/"):  # a weak one is no promise of the same bytes
            tag.write_text(etag)
        speed = _Speed(url, fetcher.total_timeout_s)
        with part.open("ab" if have else "wb") as file:
            async for piece in answer.stream:  # type: ignore[union-attr]  # of an async transport it is always async
                have += len(piece)
                if have > max_bytes:
                    raise FetchFailed(f"{shown(url)} is larger than {max_bytes:,} bytes", reason="too_large")
                file.write(piece)
                speed.note(len(piece))
