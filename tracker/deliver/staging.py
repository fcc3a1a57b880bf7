"""The files of a site that is being made, in the folder that is to take the place of the old one."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import stat
import sys
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tracker.deliver import twintree
from tracker.errors import OutputUnusable
from tracker.ports import SiteFiles

MARKER = ".tracker-site"
_NO_PART_OF_A_PATH = frozenset({"", ".", ".."})
BUILDING = b"building\n"
COMPLETE = b"complete\n"
_SYNCED_EACH = 100
"""Files; of more the whole file system is put on the disk, with whatever else waits for it there."""
_SYNCED_AT_ONCE = 8
_LARGE_BYTES = 1 << 18
"""Files of this size on begin to go to the disk at once, while others are made: in the end there is less to wait."""
_START_WRITING = 2
"""SYNC_FILE_RANGE_WRITE of sync_file_range(2)."""
_FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_LINKS = (errno.EPERM, errno.EACCES, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS)


class Staging(SiteFiles):
    """A folder beside the site. What is put there is compared with what stands, and lies there only if it differs."""

    def __init__(self, out: Path, folder: Path) -> None:
        self.out, self.folder = out, folder
        self._top, self._before = os.fspath(folder), os.fspath(out)
        self._differs: dict[str, bool] = {}
        self._folders = {""}

    def put(self, path: str, body: bytes) -> bool:
        """See `SiteFiles`.

        Raises:
            OutputUnusable: the disk is full, or the folder cannot be written.
        """
        check_relative(path)
        try:
            differs = not _holds(f"{self._before}/{path}", body)
            if differs:
                self._make_folder(path)
                handle = os.open(f"{self._top}/{path}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
                try:
                    _write_all(handle, body)
                    if len(body) >= _LARGE_BYTES:
                        _begin_to_sync(handle)
                finally:
                    os.close(handle)
        except OSError as exc:
            raise translate(exc, self.out) from exc
        return differs

    def add(self, put: Mapping[str, bool]) -> None:
        """See `SiteFiles`."""
        self._differs.update(put)

    def drop(self, path: str) -> None:
        """See `SiteFiles`."""
        if self._differs.pop(path):
            (self.folder / path).unlink()

    def __getitem__(self, path: str) -> bytes:
        return Path(self._top if self._differs[path] else self._before, path).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._differs)

    def __len__(self) -> int:
        return len(self._differs)

    def unchanged(self) -> set[str]:
        """What was put and stands there so already."""
        return {path for path, differs in self._differs.items() if not differs}

    @property
    def written(self) -> list[str]:
        """What was put and does not stand there so."""
        return sorted(path for path, differs in self._differs.items() if differs)

    def complete(self, unchanged: AbstractSet[str], twin: Path) -> Path:
        """Put all of the new site on the disk; gives its folder, which is called complete from then on.

        That is the site's twin where there is one and it can be brought to it, and this folder otherwise.
        """
        if self.out.is_dir() and (twin / MARKER).is_file() and self._is_brought_to(twin, unchanged):
            return twin
        for path in sorted(unchanged):  # tens of thousands: texts, where paths would take as long as the links
            self._make_folder(path)
            _link(f"{self._before}/{path}", f"{self._top}/{path}")
        self._call_complete(self.folder, unchanged, self._folders)
        return self.folder

    def _is_brought_to(self, twin: Path, unchanged: AbstractSet[str]) -> bool:
        """Have the twin hold the new site; False where that cannot be, whatever somebody made of it."""
        mark_as_building(twin)
        try:
            folders = twintree.bring_to(twin, self.out, unchanged, {MARKER, *self.written})
        except OSError as exc:
            if exc.errno in _FULL:
                raise
            return False
        folders |= twintree.move_files(self.folder, twin, self.written)
        self._call_complete(twin, unchanged, folders)
        return True

    def _call_complete(self, folder: Path, unchanged: AbstractSet[str], folders: Collection[str]) -> None:
        self._sync_all(folder, folders)
        # Only a folder whose files are all on the disk is ever called complete.
        listed = "".join(f"{path}\n" for path in sorted({*self._differs, *unchanged}))
        marker = folder / MARKER
        marker.write_bytes(COMPLETE + listed.encode())
        sync(marker)
        sync(folder)

    def _sync_all(self, top: Path, folders: Collection[str]) -> None:
        written = self.written
        if len(written) > _SYNCED_EACH and _sync_file_system(os.fspath(top)):
            return
        with ThreadPoolExecutor(_SYNCED_AT_ONCE) as pool:  # the disk writes down what several wait for in one go
            list(pool.map(sync, (top / path for path in (*written, *sorted(folders)))))

    def _make_folder(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            while folder:
                self._folders.add(folder)
                folder = folder.rpartition("/")[0]


def check_relative(path: str) -> None:
    """Raises: ValueError: it leads out of the site, or is no path at all."""
    if path == MARKER or not _NO_PART_OF_A_PATH.isdisjoint(path.split("/")) or "\\" in path or "\n" in path:
        raise ValueError(f"{path!r} is no path of a file within the site")


def mark_as_building(folder: Path) -> None:
    """Say on the disk that this is no whole site, before anything of it is changed."""
    (folder / MARKER).write_bytes(BUILDING)
    sync(folder / MARKER)
    sync(folder)


def translate(exc: OSError, out: Path) -> OutputUnusable:
    """What the disk says, as an error of ours."""
    if exc.errno in _FULL:
        return OutputUnusable(f"the disk is full, so the site at {out} is as it was; make room and publish again")
    return OutputUnusable(f"the site at {out} could not be written: {exc.strerror or exc} ({exc.filename or out})")


def sync(path: Path) -> None:
    """Put a file or folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _begin_to_sync(handle: int) -> None:
    """Have the system begin to write a file down (sync_file_range(2), which Python has no name for).

    Nothing is promised, and nothing lost where it fails: all is put on the disk by `sync` in the end.
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "sync_file_range"):
        libc.sync_file_range(handle, ctypes.c_int64(0), ctypes.c_int64(0), _START_WRITING)


def _sync_file_system(path: str) -> bool:
    """Put everything on the disk that waits for it there (syncfs(2), which Python has no name for); False elsewhere."""
    if sys.platform != "linux" or not hasattr(libc := ctypes.CDLL(None, use_errno=True), "syncfs"):
        return False
    handle = os.open(path, os.O_RDONLY)
    try:
        if libc.syncfs(handle):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)
    finally:
        os.close(handle)
    return True


def _holds(file: str, body: bytes) -> bool:
    try:
        found = os.lstat(file)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == len(body) and Path(file).read_bytes() == body


def _write_all(handle: int, body: bytes) -> None:
    done = os.write(handle, body)
    while done < len(body):
        done += os.write(handle, memoryview(body)[done:])


def _link(old: str, new: str) -> None:
    try:
        os.link(old, new, follow_symlinks=False)
    except OSError as exc:
        if exc.errno not in _NO_LINKS:
            raise
        shutil.copy2(old, new)  # a file system without hard links
        sync(Path(new))
