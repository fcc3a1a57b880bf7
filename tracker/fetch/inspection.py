"""Looking into the archive: one record whole, as it was fetched, and whether all of them are sound."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from warcio.recordloader import ArcWarcRecordLoader

from tracker.fetch.pieces import pieces_of
from tracker.fetch.place import BROKEN, damage_of, open_record
from tracker.types import ArchiveRef, Outcome, Problem

_BLOCK = 1 << 20
_MAX_RECORD_BYTES = 500_000_000
_LOADER = ArcWarcRecordLoader(verify_http=False, arc2warc=False)


@dataclass(frozen=True, slots=True)
class ArchivedRecord:
    """One record of the archive: its own headers, the answer's status line and headers, and the body as it is kept."""

    kind: str
    """"response" or "revisit" (an answer without a body of its own)."""
    record_headers: tuple[tuple[str, str], ...]
    status_line: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The answer's first header of that name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record that the database points at."""

    ref: ArchiveRef
    what: str
    """What points at it, for a message: "version doc-1.2", "page https://..."."""
    body_sha256: str | None = None


@dataclass
class ArchiveCheck:
    """What looking at every record gave."""

    files: int = 0
    records: int = 0
    bytes: int = 0
    wanted: int = 0
    problems: list[Problem] = field(default_factory=list)


def load_record(folder: Path, ref: ArchiveRef) -> ArchivedRecord:
    """The record at a place in the archive.

    Raises:
        RecordLost: the file is missing, holds another record there, or the record is damaged; says which.
        StoreUnusable: the disk does not let us look.
    """
    with open_record(folder, ref) as record:
        return _whole(record)


def _whole(record: Any) -> ArchivedRecord:
    body = bytes(record.content_stream().read())
    http = record.http_headers
    return ArchivedRecord(
        kind=str(record.rec_type),
        record_headers=tuple((str(key), str(value)) for key, value in record.rec_headers.headers),
        status_line=f"{http.protocol} {http.statusline}".strip() if http else "",
        headers=tuple((str(key), str(value)) for key, value in http.headers) if http else (),
        body=body,
    )


def check_archive(folder: Path, wanted: Iterator[Wanted]) -> ArchiveCheck:
    """Read every record of every file, check its digests, and that each one that the database points at is there.

    Memory grows with the records that are pointed at, not with the archive. A file that is damaged in one place is
    read on behind it.
    """
    missing: dict[tuple[str, int], list[Wanted]] = {}
    report = ArchiveCheck()
    for item in wanted:
        report.wanted += 1
        missing.setdefault((item.ref.file, item.ref.offset), []).append(item)
    for path in sorted(folder.glob("*.warc*")) if folder.is_dir() else []:
        report.files += 1
        report.bytes += path.stat().st_size
        try:
            with path.open("rb") as file:
                _check_file(path, file, missing, report)
        except OSError as exc:
            report.problems.append(Problem(str(path), Outcome.FAILED, exc.strerror or str(exc)))
    for (name, offset), items in missing.items():
        for item in items:
            where = f"{folder / name} at {offset}"
            report.problems.append(Problem(where, Outcome.FAILED, f"no sound record there, but {item.what} needs it"))
    return report


def _check_file(
    path: Path, file: IO[bytes], missing: dict[tuple[str, int], list[Wanted]], report: ArchiveCheck
) -> None:
    for piece in pieces_of(file, 0, _MAX_RECORD_BYTES):
        why = piece.why
        if not why:
            try:
                record = _LOADER.parse_record_stream(io.BytesIO(piece.data), None, "warc", check_digests=True)
                _check_record(path, record, piece.offset, missing, report)
                continue
            except BROKEN as exc:
                why = " ".join(str(exc).split())[:200] or type(exc).__name__
        where = f"{path} at {piece.offset}"
        report.problems.append(Problem(where, Outcome.FAILED, f"unreadable from here to {piece.end}: {why}"))


def _check_record(
    path: Path, record: Any, offset: int, missing: dict[tuple[str, int], list[Wanted]], report: ArchiveCheck
) -> None:
    report.records += 1
    digest = hashlib.sha256()
    stream = record.content_stream()
    while block := stream.read(_BLOCK):
        digest.update(block)
    if why := damage_of(record):
        report.problems.append(Problem(f"{path} at {offset}", Outcome.FAILED, why))
        return
    record_id = record.rec_headers.get_header("WARC-Record-ID")
    for item in missing.pop((path.name, offset), ()):
        if item.ref.record_id != record_id:
            why = f"holds another record than {item.ref.record_id}, which {item.what} needs"
        elif item.body_sha256 not in (None, digest.hexdigest()):
            why = f"its body is not the one that was stored for {item.what}"
        else:
            continue
        report.problems.append(Problem(f"{path} at {offset}", Outcome.FAILED, why))
