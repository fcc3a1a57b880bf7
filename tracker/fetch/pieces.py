"""A WARC file in pieces, from its bytes on: the records that are whole, and each stretch that is none, with its place.

Of a packed file a piece is a gzip member, whose checksum proves it (RFC 1952); of a plain one a record by its stated
length. Reads forward only, so that a file may come over a network.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple, Protocol

GZIP_MAGIC = b"\x1f\x8b\x08"
NO_RECORD = "no record begins here"
_VERSION = b"WARC/"
_CHUNK_BYTES = 1 << 18
_FEED_BYTES = 1 << 15
_MAX_EXPANSION = 20
"""A member of so many times `max_bytes` is left in its middle."""
_MAX_HEAD_BYTES = 1 << 16
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_HEAD_END = b"\r\n\r\n"


class ByteSource(Protocol):
    """What bytes are read from, in order: a file, an object in a store."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        ...


class Piece(NamedTuple):
    """One stretch of a file, `offset` to `end`: what is in it, unpacked, or why nothing is (`why`)."""

    offset: int
    end: int
    data: bytes = b""
    why: str = ""
    is_packed: bool = False


class _Unusable(Exception):
    """No piece begins here, or it is damaged."""


class _TooLarge(Exception):
    """A piece that was passed over."""


class _Window:
    """The bytes at hand of a source, and where in the file they lie. Places within are counted from where it stands."""

    def __init__(self, source: ByteSource, start: int) -> None:
        self._source = source
        self._held, self._from = b"", 0
        self.at = start
        """Where in the file it stands."""

    @property
    def size(self) -> int:
        """How many bytes are at hand."""
        return len(self._held) - self._from

    def more(self) -> bool:
        """Hold some bytes more; false at the end. Ever more at once: a long piece is not copied over and over."""
        chunk = self._source.read(max(_CHUNK_BYTES, self.size))
        self._held, self._from = self._held[self._from :] + chunk, 0
        return bool(chunk)

    def hold(self, size: int) -> bool:
        """Hold so many bytes, where there are so many."""
        while self.size < size:
            if not self.more():
                return False
        return True

    def part(self, begin: int, end: int) -> memoryview:
        """The bytes from one place to another, as far as they are at hand."""
        return memoryview(self._held)[self._from + begin : self._from + end]

    def begins_with(self, mark: bytes) -> bool:
        """Whether it stands at a mark."""
        self.hold(len(mark))
        return self._held.startswith(mark, self._from)

    def find(self, mark: bytes, begin: int) -> int:
        """Where the next mark is among the bytes at hand; -1 where it is not."""
        found = self._held.find(mark, self._from + begin)
        return found - self._from if found >= 0 else -1

    def drop(self, size: int) -> None:
        """Go on by so many bytes at hand."""
        self._from += size
        self.at += size

    def drop_to(self, mark: bytes, begin: int, behind: int) -> None:
        """Go on to the next mark from `begin` on, and so many bytes into it; where there is none, to the end."""
        while (found := self.find(mark, begin)) < 0:
            self.drop(max(self.size - len(mark) + 1, 0))
            begin = 0
            if not self.more():
                self.drop(self.size)
                return
        self.drop(found + behind)


def pieces_of(source: ByteSource, start: int, max_bytes: int) -> Iterator[Piece]:
    """The pieces of a file, of which the source has what follows byte `start`. One of more than `max_bytes` is told."""
    window = _Window(source, start)
    is_packed = window.begins_with(GZIP_MAGIC)
    read, go_on = (_member, _to_member) if is_packed else (_record, _to_record)
    lost_from, why = -1, ""
    while window.size or window.more():
        if not is_packed:
            _skip_blank_lines(window)
        offset = window.at
        try:
            data = read(window, max_bytes)
            found = Piece(offset, window.at, data, is_packed=is_packed)
        except _TooLarge as exc:
            found = Piece(offset, window.at, why=str(exc), is_packed=is_packed)
        except _Unusable as exc:
            if lost_from < 0:
                lost_from, why = offset, str(exc)
            go_on(window, 1 if window.at == offset else 0)
            continue
        if lost_from >= 0:
            yield Piece(lost_from, offset, why=why, is_packed=is_packed)
            lost_from = -1
        if found.data or found.why:
            yield found
    if lost_from >= 0:
        yield Piece(lost_from, window.at, why=why, is_packed=is_packed)


def _to_member(window: _Window, begin: int) -> None:
    window.drop_to(GZIP_MAGIC, begin, 0)


def _to_record(window: _Window, begin: int) -> None:
    window.drop_to(_HEAD_END + _VERSION, begin, len(_HEAD_END))


def _member(window: _Window, max_bytes: int) -> bytes:
    """The gzip member that begins here, unpacked; the window then stands behind it."""
    if not window.begins_with(GZIP_MAGIC):
        raise _Unusable(NO_RECORD)
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    parts: list[bytes] = []
    size = fed = 0
    while not unpacker.eof:
        if fed == window.size and not window.more():
            raise _Unusable("a record is cut short: the file ends in its middle")
        piece = window.part(fed, fed + _FEED_BYTES)
        try:
            part = unpacker.decompress(piece)
        except zlib.error as exc:
            raise _Unusable(f"the packing of a record is damaged ({exc})") from exc
        size, fed = size + len(part), fed + len(piece) - len(unpacker.unused_data)
        parts.append(part)
        if size > max_bytes:
            parts.clear()
            window.drop(fed)
            fed = 0
            if size > _MAX_EXPANSION * max_bytes:
                raise _Unusable(f"a gzip member unpacks to more than {_MAX_EXPANSION * max_bytes:,} bytes")
    window.drop(fed)
    if size > max_bytes:
        raise _TooLarge(
            f"larger than {max_bytes:,} bytes; a file that is packed as one is read after warcio recompress"
        )
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _record(window: _Window, max_bytes: int) -> bytes:
    """The record that begins here; nothing at the end of the file."""
    if not window.size:
        return b""
    if not window.begins_with(_VERSION):
        raise _Unusable(NO_RECORD)
    while (end := window.find(_HEAD_END, 0)) < 0:
        if window.size > _MAX_HEAD_BYTES or not window.more():
            raise _Unusable("the headers of a record have no end")
    length = _LENGTH.search(window.part(0, end))
    if length is None:
        raise _Unusable("a record does not say its length")
    size = end + len(_HEAD_END) + int(length[1])
    if size > max_bytes:
        _pass_over(window, size)
        raise _TooLarge(f"larger than {max_bytes:,} bytes")
    if not window.hold(size):
        raise _Unusable("a record is cut short: the file ends in its middle")
    data = bytes(window.part(0, size))
    window.drop(size)
    return data


def _skip_blank_lines(window: _Window) -> None:
    while window.begins_with(b"\r\n") or window.begins_with(b"\n"):
        window.drop(2 if window.begins_with(b"\r\n") else 1)


def _pass_over(window: _Window, size: int) -> None:
    left = size
    while left:
        step = min(left, window.size)
        window.drop(step)
        left -= step
        if left and not window.more():
            raise _Unusable("a record is cut short: the file ends in its middle")
