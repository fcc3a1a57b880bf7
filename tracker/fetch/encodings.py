"""Bodies of archives, decoded of their content encoding (RFC 9110, section 8.4.1) within a size.

Many archives keep a body decoded beside the header that says how it was encoded: a body that is not in its encoding is
taken as it is, where that can be told.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress

_STEP_BYTES = 1 << 16
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_NO_EXTRA = "needs more than is installed: pip install 'tracker[encodings]'"


class NotDecoded(Exception):
    """Says why."""


def decoded(body: bytes, encoding: str, max_bytes: int) -> bytes:
    """A body without its content encoding: gzip, deflate, br (RFC 7932) or zstd (RFC 8878).

    Raises:
        NotDecoded: more than `max_bytes`, damaged, cut short, in another encoding, or one whose library is missing.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        found = body
    elif name in _DECODERS:
        found = _DECODERS[name](body, max_bytes)
    else:
        raise NotDecoded(f"encoded as {name[:20]!r}, which is not read")
    if len(found) > max_bytes:
        raise NotDecoded(f"larger than {max_bytes:,} bytes")
    return found


def _gunzipped(body: bytes, max_bytes: int) -> bytes:
    return _inflated(body, zlib.MAX_WBITS | 16, max_bytes) if body.startswith(b"\x1f\x8b") else body


def _deflated(body: bytes, max_bytes: int) -> bytes:
    """RFC 1950, or as some servers send it RFC 1951."""
    try:
        return _inflated(body, zlib.MAX_WBITS, max_bytes)
    except NotDecoded as problem:
        with suppress(NotDecoded):
            return _inflated(body, -zlib.MAX_WBITS, max_bytes)
        if _is_text(body):
            return body
        raise problem from problem.__cause__


def _inflated(body: bytes, form: int, max_bytes: int) -> bytes:
    found = bytearray()
    while body and len(found) <= max_bytes:
        unpacker = zlib.decompressobj(form)
        try:
            found += unpacker.decompress(body, max_bytes + 1 - len(found))
        except zlib.error as exc:
            raise NotDecoded(f"its content encoding is damaged ({exc})") from exc
        if not unpacker.eof and len(found) <= max_bytes:
            raise NotDecoded("its content encoding is cut short")
        body = unpacker.unused_data if unpacker.unused_data.startswith(b"\x1f\x8b") else b""
    return bytes(found)


def _unbrotlied(body: bytes, max_bytes: int) -> bytes:
    try:
        import brotli
    except ImportError as exc:
        raise NotDecoded(f"encoded as 'br', which {_NO_EXTRA}") from exc
    unpacker = brotli.Decompressor()
    found, left = bytearray(), body
    try:
        while not unpacker.is_finished() and len(found) <= max_bytes:
            part = unpacker.process(left, output_buffer_limit=_STEP_BYTES)
            if not part and not left:
                raise NotDecoded("its content encoding is cut short")
            found, left = found + part, b""
    except brotli.error as exc:
        if _is_text(body):
            return body
        raise NotDecoded("its content encoding is damaged (br)") from exc
    return bytes(found)


def _is_text(body: bytes) -> bool:
    """Whether a body looks like a page: br and deflate have no mark of their own."""
    return body[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{"))


def _unzstded(body: bytes, max_bytes: int) -> bytes:
    if not body.startswith(_ZSTD_MAGIC):
        return body
    try:
        from backports import zstd
    except ImportError as exc:
        raise NotDecoded(f"encoded as 'zstd', which {_NO_EXTRA}") from exc
    found = bytearray()
    try:
        while body.startswith(_ZSTD_MAGIC) and len(found) <= max_bytes:
            unpacker = zstd.ZstdDecompressor()
            found += unpacker.decompress(body, max_length=max_bytes + 1 - len(found))
            if not unpacker.eof and len(found) <= max_bytes:
                raise NotDecoded("its content encoding is cut short")
            body = unpacker.unused_data
    except zstd.ZstdError as exc:
        raise NotDecoded("its content encoding is damaged (zstd)") from exc
    return bytes(found)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _deflated,
    "br": _unbrotlied,
    "zstd": _unzstded,
}
