"""Copying the archive while it is written: its files only grow, and a record that is half there is left for later."""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tracker.deliver.staging import sync

_BLOCK = 1 << 20
_SCANNED = 1 << 16
_GZIP = 31
"""zlib's window bits for one gzip member with its header and check (zlib.net/manual.html, inflateInit2)."""


def archive_files(folder: Path) -> list[Path]:
    """The files of an archive, by name."""
    return sorted(folder.glob("*.warc*")) if folder.is_dir() else []


def copy_archive(source: Path, target: Path, note: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Bring a copy of an archive up to date: files that are new, and what the others have grown by. Bytes copied.

    Each copy ends with a whole record. `note` is told of (files done, files in all).

    Raises:
        OSError: from either disk.
    """
    target.mkdir(parents=True, exist_ok=True)
    files, copied = archive_files(source), 0
    note(0, len(files))
    for number, path in enumerate(files, 1):
        copied += _catch_up(path, target / path.name)
        note(number, len(files))
    sync(target)
    return copied


def _catch_up(path: Path, copy: Path) -> int:
    size, had = path.stat().st_size, copy.stat().st_size if copy.exists() else 0
    if had > size:  # no copy of this file, whatever it is: files of an archive never shrink
        copy.unlink()
        had = 0
    if had == size and copy.exists():
        return 0
    with path.open("rb") as from_file, copy.open("ab") as to_file:
        to_file.truncate(had)
        from_file.seek(had)
        shutil.copyfileobj(from_file, to_file, _BLOCK)
        to_file.flush()
        if path.suffix == ".gz":
            to_file.truncate(had + whole_members(copy, had))
        to_file.flush()
        os.fsync(to_file.fileno())
        return to_file.tell() - had


def whole_members(path: Path, begin: int) -> int:
    """How many bytes from `begin` on are whole gzip members; what is behind them was still being written.

    Where the file is damaged it is all of them: the copy is as good as what it is a copy of, and `archive verify`
    names the damage in both.
    """
    end = 0
    try:
        for at in _ends_of_members(path, begin):
            end = at
    except zlib.error:
        return path.stat().st_size - begin
    return end


def _ends_of_members(path: Path, begin: int) -> Iterator[int]:
    with path.open("rb") as file:
        file.seek(begin)
        done, rest = 0, b""
        while True:
            member = zlib.decompressobj(_GZIP)
            while not member.eof:
                if not rest:
                    rest = file.read(_SCANNED)
                    done += len(rest)
                if not rest:
                    return
                member.decompress(rest)
                rest = member.unused_data
            yield done - len(rest)
