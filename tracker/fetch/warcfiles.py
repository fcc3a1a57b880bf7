"""Reading WARC files that somebody else wrote: whatever is whole comes out, the rest is named."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from warcio.archiveiterator import ArchiveIterator

from tracker.errors import UnreadableInput
from tracker.fetch.place import BROKEN, damage_of
from tracker.types import Outcome, Problem

_LOG = logging.getLogger(__name__)
_GZIP_MAGIC = b"\x1f\x8b\x08"
_SCAN_BYTES = 1 << 20
MAX_RECORD_BODY_BYTES = 50_000_000

OnDamage = Callable[[Problem], None]
Screen = Callable[[str], bool]
"""Whether the response of an address is wanted; its body is not looked at otherwise."""
GoOn = Callable[[int], bool]
"""Asked at each record, of any kind, with where it begins: whether to read on."""


class ArchivedResponse(NamedTuple):
    """One response record: `body` decoded of content and transfer encoding, `date` when it was fetched (UTC)."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    date: datetime | None
    record_id: str = ""
    offset: int = 0
    """Where in the file the record begins; reading may begin there again."""


class _Damaged(Exception):
    pass


def _log_damage(problem: Problem) -> None:
    _LOG.warning("%s: %s", problem.where, problem.why)


def _any_address(url: str) -> bool:
    return True


def _to_the_end(offset: int) -> bool:
    return True


def iter_responses(
    path: Path,
    on_damage: OnDamage = _log_damage,
    *,
    screen: Screen = _any_address,
    start: int = 0,
    go_on: GoOn = _to_the_end,
) -> Iterator[ArchivedResponse]:
    """The HTTP responses of a WARC (or ARC) file, plain or gzip, in order, from the record at `start` on.

    A record that is cut short, does not match its digest, or cannot be decoded is handed to `on_damage` and
    skipped; reading goes on at the next record that can be found.

    Raises:
        UnreadableInput: the file cannot be opened, or is no WARC file at all.
    """
    try:
        with path.open("rb") as file:
            compressed = file.read(3) == _GZIP_MAGIC
            yield from _iter_file(path, file, compressed, on_damage, screen, start, go_on)
    except OSError as exc:
        raise UnreadableInput(f"{path}: {exc.strerror or exc}") from exc


def _iter_file(
    path: Path, file: IO[bytes], compressed: bool, on_damage: OnDamage, screen: Screen, begin: int, go_on: GoOn
) -> Iterator[ArchivedResponse]:
    start: int | None = begin
    records = 0
    while start is not None:
        file.seek(start)
        records_here = ArchiveIterator(file, check_digests=True)
        offset = start
        try:
            for record in records_here:
                records += 1
                offset = records_here.offset
                if not go_on(offset):
                    return
                try:
                    found = _read_record(record, screen)
                except _Damaged as exc:
                    on_damage(_problem(path, offset, str(exc)))
                else:
                    if found is not None:
                        yield found._replace(offset=offset)
                records_here.read_to_end()
                offset = records_here.offset
            return
        except BROKEN as exc:
            if not records and start == begin == 0 and not _looks_like_warc(file, compressed):
                raise UnreadableInput(f"{path}: not a WARC file") from exc
            on_damage(_problem(path, offset, _plain(str(exc)) or type(exc).__name__))
            start = find_next_record(file, max(offset, start) + 1, compressed)


def _plain(text: str) -> str:
    """An error that may quote what it could not read: for a terminal, and short."""
    return "".join(char if char.isascii() and char.isprintable() else "?" for char in " ".join(text.split()))[:120]


def _looks_like_warc(file: IO[bytes], compressed: bool) -> bool:
    file.seek(0)
    return compressed or file.read(5) == b"WARC/"


def _problem(path: Path, offset: int, why: str) -> Problem:
    return Problem(f"{path} at {offset}", Outcome.FAILED, f"damaged record skipped: {why}")


def find_next_record(file: IO[bytes], start: int, compressed: bool) -> int | None:
    """Where the next record may begin: a gzip member's magic, or a version line after a blank one."""
    mark, skip = (_GZIP_MAGIC, 0) if compressed else (b"\r\n\r\nWARC/1.", 4)
    file.seek(start)
    position, held = start, b""
    while block := file.read(_SCAN_BYTES):
        held += block
        at = held.find(mark)
        if at >= 0:
            return position + at + skip
        position += len(held) - (len(mark) - 1)
        held = held[-(len(mark) - 1) :]
    return None


def _read_record(record: Any, screen: Screen) -> ArchivedResponse | None:
    if record.rec_type != "response" or record.http_headers is None:
        return None
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    if not screen(url):
        return None
    body = _read_body(record)
    if why := damage_of(record):
        raise _Damaged(why)
    status = str(record.http_headers.get_statuscode())
    if not status.isdigit():
        raise _Damaged(f"no HTTP status ({status[:20]!r})")
    headers = tuple((str(name), str(value)) for name, value in record.http_headers.headers)
    record_id = record.rec_headers.get_header("WARC-Record-ID") or ""
    return ArchivedResponse(url, int(status), headers, body, _parse_warc_date(record), record_id)


def _read_body(record: Any) -> bytes:
    encoding = (record.http_headers.get_header("Content-Encoding") or "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise _Damaged(f"encoded as {encoding[:20]!r}, which is not read")
    body = bytearray()
    stream = record.content_stream()
    while part := stream.read(65_536):
        body += part
        if len(body) > MAX_RECORD_BODY_BYTES:
            raise _Damaged(f"larger than {MAX_RECORD_BODY_BYTES} bytes")
    return bytes(body)


def _parse_warc_date(record: Any) -> datetime | None:
    text = record.rec_headers.get_header("WARC-Date") or ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
