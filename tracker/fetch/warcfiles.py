"""Reading WARC files that somebody else wrote: whatever is whole comes out, the rest is named."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from warcio.bufferedreaders import ChunkedDataReader
from warcio.recordloader import ArcWarcRecordLoader

from tracker.errors import UnreadableInput
from tracker.fetch.encodings import NotDecoded, decoded
from tracker.fetch.pieces import NO_RECORD, ByteSource, Piece, pieces_of
from tracker.fetch.place import BROKEN, damage_of
from tracker.types import Outcome, Problem

_LOG = logging.getLogger(__name__)
_SCAN_BYTES = 1 << 20
MAX_RECORD_BODY_BYTES = 50_000_000
_MAX_HEADERS_BYTES = 1_000_000

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

    def header(self, name: str) -> str:
        """The first header of that name (in small letters); empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


Wanted = Callable[[ArchivedResponse], bool]
"""Whether a response is wanted, by all that it is; the digests of others are not looked at in a packed file."""


class _Damaged(Exception):
    pass


def _log_damage(problem: Problem) -> None:
    _LOG.warning("%s: %s", problem.where, problem.why)


def _any_address(url: str) -> bool:
    return True


def _any_response(item: ArchivedResponse) -> bool:
    return True


def _to_the_end(offset: int) -> bool:
    return True


def iter_responses(
    path: Path,
    on_damage: OnDamage = _log_damage,
    *,
    screen: Screen = _any_address,
    wanted: Wanted = _any_response,
    start: int = 0,
    go_on: GoOn = _to_the_end,
) -> Iterator[ArchivedResponse]:
    """The HTTP responses of a WARC file, plain or gzip, in order, from the record at `start` on.

    A record that is cut short, does not match its digest, or cannot be decoded is handed to `on_damage` and
    skipped, and so is each stretch in which there is no record; reading goes on at the next record that can be found.

    Raises:
        UnreadableInput: the file cannot be opened, or is no WARC file at all.
    """
    try:
        with path.open("rb") as file:
            file.seek(start)
            yield from read_responses(
                file, str(path), on_damage, screen=screen, wanted=wanted, start=start, go_on=go_on
            )
    except OSError as exc:
        raise UnreadableInput(f"{path}: {exc.strerror or exc}") from exc


def read_responses(
    source: ByteSource,
    name: str,
    on_damage: OnDamage = _log_damage,
    *,
    screen: Screen = _any_address,
    wanted: Wanted = _any_response,
    start: int = 0,
    go_on: GoOn = _to_the_end,
) -> Iterator[ArchivedResponse]:
    """As `iter_responses`, of a source that stands at `start` and is read forward only; `name` is that of the file.

    Raises:
        UnreadableInput: it is no WARC file at all.
    """
    for piece in pieces_of(source, start, MAX_RECORD_BODY_BYTES + _MAX_HEADERS_BYTES):
        if piece.why:
            if piece.offset == 0 and piece.why == NO_RECORD:
                raise UnreadableInput(f"{name}: not a WARC file")
            why = f"{piece.why}; {piece.end - piece.offset:,} bytes are passed over"
            on_damage(_problem(name, piece.offset, why))
            continue
        if not go_on(piece.offset):
            return
        for item, record in _responses_in(piece, name, on_damage, screen):
            if piece.is_packed and not wanted(item):
                continue  # its packing has a checksum already
            if trouble := _damage_in(record):
                on_damage(_problem(name, piece.offset, trouble))
            elif piece.is_packed or wanted(item):
                yield item


def _plain(text: str) -> str:
    """An error that may quote what it could not read: for a terminal, and short."""
    return "".join(char if char.isascii() and char.isprintable() else "?" for char in " ".join(text.split()))[:120]


def _problem(name: str, offset: int, why: str) -> Problem:
    return Problem(f"{name} at {offset}", Outcome.FAILED, f"damaged record skipped: {why}")


def _responses_in(
    piece: Piece, name: str, on_damage: OnDamage, screen: Screen
) -> Iterator[tuple[ArchivedResponse, bytes]]:
    """The responses of a piece, each with its record as it lies there: one as a rule, more where packed as one."""
    at = 0
    while at < len(piece.data):
        data = piece.data[at:] if at else piece.data
        try:
            record, end = _begin_record(data)
            found = _read_record(record, screen)
        except _Damaged as exc:
            on_damage(_problem(name, piece.offset, str(exc)))
        except BROKEN as exc:
            on_damage(_problem(name, piece.offset, _plain(str(exc)) or type(exc).__name__))
            return
        else:
            if found is not None:
                yield found._replace(offset=piece.offset), data[:end] if end < len(data) else data
        rest = data[end:].lstrip(b"\r\n")
        at = len(piece.data) - len(rest)


def _begin_record(data: bytes) -> tuple[Any, int]:
    """The record at the beginning of some bytes, its own headers read, and where it ends."""
    stream = io.BytesIO(data)
    record = _LOADER.parse_record_stream(stream, None, "warc", no_record_parse=True)
    if record.length is None:
        raise ValueError("a record does not say its length")
    return record, stream.tell() + record.length


def _read_record(record: Any, screen: Screen) -> ArchivedResponse | None:
    if record.rec_type != "response":
        return None
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    if not screen(url):
        return None
    http = _LOADER.load_http_headers(record.rec_type, url, record.raw_stream, record.length)
    if http is None:
        return None
    headers = tuple((str(name), str(value)) for name, value in http.headers)
    status = str(http.get_statuscode())
    if not status.isdigit():
        raise _Damaged(f"no HTTP status ({_plain(status[:20])!r})")
    record_id = record.rec_headers.get_header("WARC-Record-ID") or ""
    item = ArchivedResponse(url, int(status), headers, b"", _parse_warc_date(record), record_id)
    return item._replace(body=_read_body(record, item))


def _read_body(record: Any, item: ArchivedResponse) -> bytes:
    stream = record.raw_stream
    if item.header("transfer-encoding").strip().lower() == "chunked":
        stream = ChunkedDataReader(stream)
    body: bytes = stream.read(MAX_RECORD_BODY_BYTES + 1)
    if record.raw_stream.limit and len(body) <= MAX_RECORD_BODY_BYTES and stream is record.raw_stream:
        raise _Damaged(f"{record.raw_stream.limit} bytes are missing at its end")
    try:
        return decoded(body, item.header("content-encoding"), MAX_RECORD_BODY_BYTES)
    except NotDecoded as exc:
        raise _Damaged(str(exc)) from exc


def _damage_in(data: bytes) -> str | None:
    """What is wrong with a record by its length and digests."""
    record = _LOADER.parse_record_stream(io.BytesIO(data), None, "warc", check_digests=True)
    while record.raw_stream.read(_SCAN_BYTES):
        pass
    return damage_of(record)


def _parse_warc_date(record: Any) -> datetime | None:
    text = record.rec_headers.get_header("WARC-Date") or ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


_LOADER = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
"""Holds nothing between two records."""
