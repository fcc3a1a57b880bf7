"""One record at its place in the archive, and what tells a sound record from a damaged one."""

from __future__ import annotations

import errno
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from tracker.errors import RecordLost, StoreUnusable
from tracker.types import ArchiveRef

BROKEN = (ArchiveLoadFailed, EOFError, ValueError, AttributeError, zlib.error)
"""What warcio raises on bytes that are no record."""


def damage_of(record: Any) -> str | None:
    """What is wrong with a warcio record that was read to its end, with digests checked; None where it is sound."""
    if record.raw_stream.limit:
        return f"{record.raw_stream.limit} bytes are missing at its end"
    if record.digest_checker.passed is False:
        return "; ".join(record.digest_checker.problems) or "its digest does not match"
    return None


@contextmanager
def open_record(folder: Path, ref: ArchiveRef) -> Iterator[Any]:
    """The warcio record at a place in the archive, to be read to its end; on leaving it is known to be sound.

    Raises:
        RecordLost: the file is missing, or does not hold that record whole at that place.
        StoreUnusable: the disk does not let us look.
    """
    path = folder / Path(ref.file).name
    where = f"{path} at {ref.offset}"
    try:
        with path.open("rb") as file:
            file.seek(ref.offset)
            record = next(iter(ArchiveIterator(file, check_digests=True)), None)
            if record is None:
                raise RecordLost(f"{where}: no record there")
            if record.rec_headers.get_header("WARC-Record-ID") != ref.record_id:
                raise RecordLost(f"{where} holds another record than {ref.record_id}")
            yield record
            if why := damage_of(record):
                raise RecordLost(f"{where}: the record is damaged ({why})")
    except OSError as exc:
        is_lost = exc.errno in (errno.ENOENT, errno.EIO)
        raise (RecordLost if is_lost else StoreUnusable)(f"{where}: {exc.strerror or exc}") from exc
    except BROKEN as exc:
        raise RecordLost(f"{where}: not a WARC record ({exc})") from exc
