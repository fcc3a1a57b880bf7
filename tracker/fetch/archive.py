"""The WARC archive of what was fetched (WARC 1.1, ISO 28500:2017), written and read by warcio."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tracker.errors import StoreUnusable
from tracker.fetch.place import open_record
from tracker.fetch.records import make_records, make_warcinfo
from tracker.ports import Original
from tracker.types import ArchiveRef, Response


class WarcArchive:
    """`ports.Archive`: one file a run in `folder`, named by the day (UTC) of its first record and the run's id.

    Each record is a gzip member of its own, written whole, flushed and synced before `append` returns. Nothing is
    ever added to a file that this object did not make, so a tail torn by a crash spoils no later record. A file
    that has grown past `max_file_bytes` is followed by another ("-2", "-3" ...). No file is made for no record.
    Threads may share it.
    """

    def __init__(self, folder: Path, run_id: str, max_file_bytes: int = 500_000_000) -> None:
        self._folder = folder
        self._run_id = run_id
        self._max_file_bytes = max_file_bytes
        self._file: IO[bytes] | None = None
        self._name = ""
        self._end = 0
        """Where the last record that is on disk ends."""
        self._turn = threading.RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file that is being written; a later `append` begins another."""
        with self._turn:
            if self._file is not None:
                self._file.close()
                self._file = None

    def append(self, response: Response, original: Original | None = None) -> ArchiveRef:
        """Write one response and flush it to disk; on return the record survives a crash.

        The body is stored as it is in the value, without content or transfer encoding; the headers that spoke of
        the encoding are kept as `X-Archive-Orig-*`. A 304, or a body that is that of `original`, becomes a revisit
        record. The request is kept beside it, unless it carried a key.

        Raises:
            StoreUnusable: the disk is full or not writable; nothing half-written is left behind.
        """
        return self.append_all([(response, original)])[0]

    def append_all(self, items: Sequence[tuple[Response, Original | None]]) -> list[ArchiveRef]:
        """Write several responses as `append` does, with one flush to disk for all of them.

        Raises:
            StoreUnusable: as `append`.
        """
        made = [(response.fetched_at, *make_records(response, original)) for response, original in items]
        with self._turn:
            try:
                return self._place(made)
            except OSError as exc:
                raise StoreUnusable(f"{self._folder / self._name}: {exc.strerror or exc}") from exc

    def _place(self, made: Sequence[tuple[datetime, str, bytes]]) -> list[ArchiveRef]:
        refs: list[ArchiveRef] = []
        waiting = bytearray()
        for moment, record_id, data in made:
            if self._file is not None and self._end + len(waiting) >= self._max_file_bytes:
                self._write(waiting)
                self.close()
            if self._file is None:
                self._begin(moment)
            refs.append(ArchiveRef(self._name, self._end + len(waiting), record_id))
            waiting += data
        self._write(waiting)
        return refs

    def holds(self, ref: ArchiveRef) -> bool:
        """Whether the file that the record lies in is still in the folder."""
        return (self._folder / Path(ref.file).name).is_file()

    def load_body(self, ref: ArchiveRef) -> bytes:
        """The archived body, as `Response.body` was; empty for a revisit.

        Raises:
            RecordLost: the file is missing, or does not hold that record whole at that place.
            StoreUnusable: the disk does not let us look.
        """
        with open_record(self._folder, ref) as record:
            body: bytes = record.content_stream().read()
        return body

    def _begin(self, moment: datetime) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file, self._end = self._create(f"{moment:%Y%m%d}-{self._run_id}"), 0
        try:
            self._write(bytearray(make_warcinfo(self._name, self._run_id)))
        except OSError:
            self.close()
            (self._folder / self._name).unlink(missing_ok=True)
            raise

    def _create(self, stem: str) -> IO[bytes]:
        number = 1
        while True:
            self._name = f"{stem}.warc.gz" if number == 1 else f"{stem}-{number}.warc.gz"
            try:
                return (self._folder / self._name).open("xb", buffering=0)
            except FileExistsError:
                number += 1

    def _write(self, waiting: bytearray) -> None:
        """Put what waits at the end of the file, to disk, and empty it."""
        file = self._file
        if file is None or not waiting:
            return
        try:
            with memoryview(waiting) as data:
                done = 0
                while done < len(data):
                    done += file.write(data[done:])
            os.fsync(file.fileno())
        except OSError:
            # What was written goes again, so that the file stays readable to its end.
            with suppress(OSError):
                os.ftruncate(file.fileno(), self._end)
            self.close()
            raise
        self._end += len(waiting)
        waiting.clear()
