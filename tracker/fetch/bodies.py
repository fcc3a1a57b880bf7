"""Reading a body within limits: the size counts after decompression, and so does the expansion.

httpx would decompress whole chunks, and layers on layers, before anybody could count; zlib's `max_length` lets us
stop at the first byte too many.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator

from tracker.errors import FetchFailed

ACCEPT_ENCODING = "gzip, deflate"
_STEP_BYTES = 65_536
_MAX_EXPANSION = 250
_EXPANSION_FREE_BYTES = 2_000_000
"""Below this size a high rate of expansion is harmless, and honest for a page of tables."""


class _Plain:
    complete = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Inflater:
    """gzip (RFC 1952, members in a row) or deflate (RFC 1950; raw RFC 1951 as some servers send it)."""

    def __init__(self, coding: str) -> None:
        self._wbits = zlib.MAX_WBITS if coding == "deflate" else zlib.MAX_WBITS | 16
        self._zlib = zlib.decompressobj(self._wbits)
        self._begun = False

    @property
    def complete(self) -> bool:
        return self._zlib.eof or not self._begun

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Pieces of at most `_STEP_BYTES`, so that the caller can count between them."""
        while data:
            if self._zlib.eof:
                if self._wbits == zlib.MAX_WBITS or not data.startswith(b"\x1f"):
                    return  # what follows the stream is padding
                self._zlib = zlib.decompressobj(self._wbits)
            piece = self._inflate(data)
            self._begun = True
            data = self._zlib.unused_data if self._zlib.eof else self._zlib.unconsumed_tail
            yield piece

    def _inflate(self, data: bytes) -> bytes:
        try:
            return self._zlib.decompress(data, _STEP_BYTES)
        except zlib.error as exc:
            if self._begun or self._wbits != zlib.MAX_WBITS:
                raise FetchFailed(f"the compressed body is damaged ({exc})", reason="damaged") from exc
            self._wbits = -zlib.MAX_WBITS
            self._zlib = zlib.decompressobj(self._wbits)
            return self._inflate(data)


def _decoder_of(content_encoding: str | None) -> _Plain | _Inflater:
    codings = [name.strip().lower() for name in (content_encoding or "").split(",")]
    codings = [name for name in codings if name not in ("", "identity")]
    if not codings:
        return _Plain()
    if len(codings) > 1 or codings[0] not in ("gzip", "x-gzip", "deflate"):
        why = f"the body is encoded as {', '.join(codings)[:60]!r}, which we did not ask for"
        raise FetchFailed(why, reason="damaged")
    return _Inflater(codings[0])


def check_stated_length(content_length: str | None, max_bytes: int) -> None:
    """Spare the host and us a body that says itself that it is too long.

    Raises:
        FetchFailed: more than `max_bytes`.
    """
    text = (content_length or "").strip()
    if text.isascii() and text.isdigit() and int(text[:18]) > max_bytes:
        why = f"the body of {int(text[:18])} bytes is larger than {max_bytes} bytes (network.max_body_bytes)"
        raise FetchFailed(why, reason="too_large")


async def read_body(
    parts: AsyncIterator[bytes], content_encoding: str | None, max_bytes: int, *, truncate: bool = False
) -> tuple[bytes, bool]:
    """The whole body, decoded of its content encoding (RFC 9110, section 8.4.1), and whether it was cut.

    With `truncate`, a longer body gives its first `max_bytes` bytes.

    Raises:
        FetchFailed: more than `max_bytes`, expands beyond reason, is damaged, cut short or encoded in another way.
    """
    decoder = _decoder_of(content_encoding)
    body = bytearray()
    received = 0
    async for part in parts:
        received += len(part)
        for piece in decoder.feed(part):
            body += piece
            if len(body) > max_bytes:
                if truncate:
                    return bytes(body[:max_bytes]), True
                why = f"the body is larger than {max_bytes} bytes (network.max_body_bytes)"
                raise FetchFailed(why, reason="too_large")
            if len(body) > max(_EXPANSION_FREE_BYTES, _MAX_EXPANSION * received):
                why = f"{received} compressed bytes expand beyond reason ({len(body)} bytes and more)"
                raise FetchFailed(why, reason="too_large")
    if not decoder.complete:
        raise FetchFailed("the compressed body is cut short", reason="damaged")
    return bytes(body), False
