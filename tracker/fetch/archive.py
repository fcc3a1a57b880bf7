"""The WARC archive of what was fetched (WARC 1.1, ISO 28500:2017), written and read by warcio."""

from __future__ import annotations

import hashlib
import io
import os
import uuid
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tracker.errors import StoreUnusable
from tracker.fetch.exchange import named
from tracker.types import ArchiveRef, Response

_CODING_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_SERVER_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


class WarcArchive:
    """`ports.Archive`: one file a run in `folder`, named by the day (UTC) of its first record and the run's id.

    Each record is a gzip member of its own, written whole, flushed and synced before `append` returns. Nothing is
    ever added to a file that this object did not make, so a tail torn by a crash spoils no later record. A file
    that has grown past `max_file_bytes` is followed by another ("-2", "-3" ...). No file is made for no record.
    """

    def __init__(self, folder: Path, run_id: str, max_file_bytes: int = 500_000_000) -> None:
        self._folder = folder
        self._run_id = run_id
        self._max_file_bytes = max_file_bytes
        self._file: IO[bytes] | None = None
        self._name = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file that is being written; a later `append` begins another."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def append(self, response: Response) -> ArchiveRef:
        """Write one response and flush it to disk; on return the record survives a crash.

        The body is stored as it is in the value, without content or transfer encoding; the headers that spoke of
        the encoding are kept as `X-Archive-Orig-*`. A 304 becomes a revisit record (server-not-modified).

        Raises:
            StoreUnusable: the disk is full or not writable; nothing half-written is left behind.
        """
        record_id = _record_id(response)
        data = _response_record(response, record_id)
        try:
            file = self._open_for(response.fetched_at)
            offset = file.tell()
            self._write(file, data, offset)
        except OSError as exc:
            raise StoreUnusable(f"{self._folder / self._name}: {exc.strerror or exc}") from exc
        return ArchiveRef(self._name, offset, record_id)

    def holds(self, ref: ArchiveRef) -> bool:
        """Whether the file that the record lies in is still in the folder."""
        return (self._folder / Path(ref.file).name).is_file()

    def load_body(self, ref: ArchiveRef) -> bytes:
        """The archived body, as `Response.body` was; empty for a revisit.

        Raises:
            StoreUnusable: the file is missing, or does not hold that record whole at that place.
        """
        where = f"{ref.file} at {ref.offset}"
        try:
            with (self._folder / Path(ref.file).name).open("rb") as file:
                file.seek(ref.offset)
                for record in ArchiveIterator(file, check_digests=True):
                    if record.rec_headers.get_header("WARC-Record-ID") != ref.record_id:
                        raise StoreUnusable(f"{where} holds another record than {ref.record_id}")
                    body: bytes = record.content_stream().read()
                    if record.digest_checker.passed is False or record.raw_stream.limit:
                        raise StoreUnusable(f"{where}: the record is damaged")
                    return body
        except OSError as exc:
            raise StoreUnusable(f"{where}: {exc.strerror or exc}") from exc
        except (ArchiveLoadFailed, EOFError, ValueError) as exc:
            raise StoreUnusable(f"{where}: not a WARC record ({exc})") from exc
        raise StoreUnusable(f"{where}: no record there")

    def _open_for(self, moment: datetime) -> IO[bytes]:
        if self._file is not None and self._file.tell() >= self._max_file_bytes:
            self.close()
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = self._create(f"{moment:%Y%m%d}-{self._run_id}")
            try:
                self._write(self._file, _warcinfo_record(self._name, self._run_id), 0)
            except OSError:
                self.close()
                (self._folder / self._name).unlink(missing_ok=True)
                raise
        return self._file

    def _create(self, stem: str) -> IO[bytes]:
        number = 1
        while True:
            self._name = f"{stem}.warc.gz" if number == 1 else f"{stem}-{number}.warc.gz"
            try:
                return (self._folder / self._name).open("xb", buffering=0)
            except FileExistsError:
                number += 1

    def _write(self, file: IO[bytes], data: bytes, offset: int) -> None:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except OSError:
            # What was written of the record goes again, so that the file stays readable to its end.
            with suppress(OSError):
                os.ftruncate(file.fileno(), offset)
            self.close()
            raise


def _member(record_writer: Any, record: Any, out: io.BytesIO) -> bytes:
    record_writer.write_record(record)
    return out.getvalue()


def _warcinfo_record(name: str, run_id: str) -> bytes:
    from tracker import __version__

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    info = {
        "software": f"tracker/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": run_id,
        "description": "bodies are stored without content and transfer encoding; see X-Archive-Orig headers",
    }
    return _member(writer, writer.create_warcinfo_record(name, info), out)


def _record_id(response: Response) -> str:
    """The id of a response's record, derived from what was asked when and what came (RFC 9562, version 5).

    The same answer at the same second gets the same id, so that what cites a record is the same on every machine.
    """
    digest = hashlib.sha256(response.body).hexdigest()
    name = f"{response.url} {response.fetched_at.isoformat()} {response.status} {digest}"
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"


def _stored_headers(response: Response) -> list[tuple[str, str]]:
    kept: list[tuple[str, str]] = []
    for name, value in response.headers:
        coding = name.lower() in _CODING_HEADERS
        kept.append((f"X-Archive-Orig-{name}" if coding else name, value))
    return [*kept, ("Content-Length", str(len(response.body)))]


def _response_record(response: Response, record_id: str) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    headers = {"WARC-Record-ID": record_id, "WARC-Date": f"{response.fetched_at:%Y-%m-%dT%H:%M:%SZ}"}
    if response.url != response.final_url:
        headers["X-Requested-URI"] = response.url
    if response.not_modified:
        headers["WARC-Profile"] = _SERVER_NOT_MODIFIED
    body = b"" if response.not_modified else response.body
    record = writer.create_warc_record(
        response.final_url,
        "revisit" if response.not_modified else "response",
        payload=io.BytesIO(body),
        length=len(body),
        warc_headers_dict=headers,
        http_headers=StatusAndHeaders(named(response.status), _stored_headers(response), protocol="HTTP/1.1"),
    )
    return _member(writer, record, out)
