"""The site's folder: the old site stays until the new one is whole, and a crash at any point leaves one of the two.

The new site is built in `<out>.next`, unchanged files as hard links to the old ones, and takes the old one's place
by two renames (`out` -> `<out>.previous`, `<out>.next` -> `out`). Folders that this module made carry a marker that
lists the files written there; no other folder is ever replaced or removed, and no folder that holds a file of others.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path, PurePosixPath

from tracker.errors import OutputUnusable

MARKER = ".tracker-site"
_BUILDING = b"building\n"
_COMPLETE = b"complete\n"


class FolderSiteWriter:
    """Writes the site to a local folder (`ports.SiteWriter`)."""

    def look(self, out: Path) -> dict[str, tuple[int, int]]:
        """(size, modification time in ns) of each file of the site, after mending what a crash left behind.

        Raises:
            OutputUnusable: as `write`.
        """
        out = out.resolve()
        try:
            _recover(out)
            top = os.fspath(out)
            return {path: found for path in _list_files(out) if (found := _state(f"{top}/{path}"))}
        except OSError as exc:
            raise _translate(exc, out) from exc

    def read(self, out: Path, path: str) -> bytes | None:
        """A file of the site as it stands; None where there is none."""
        file = out.resolve() / path
        return file.read_bytes() if file.is_file() else None

    def load_record(self, out: Path) -> bytes | None:
        """What `save_record` kept of this site, None where it kept nothing.

        Raises:
            OutputUnusable: `out` is the top of the file system.
        """
        path = _record(out.resolve())
        return path.read_bytes() if path.is_file() else None

    def save_record(self, out: Path, record: bytes) -> None:
        """Keep something beside the site, in place of what was kept before; it is no part of what is published.

        Raises:
            OutputUnusable: the disk is full, or the folder cannot be written.
        """
        path = _record(out.resolve())
        made = path.with_name(f"{path.name}.new")
        try:
            made.write_bytes(record)
            made.replace(path)
        except OSError as exc:
            raise _translate(exc, out) from exc

    def write(self, pages: Mapping[str, bytes], out: Path, kept: frozenset[str] = frozenset()) -> tuple[int, int, int]:
        """Make `out` hold exactly `pages`, and of what it holds `kept`, all or nothing: (written, unchanged, removed).

        Where nothing changed nothing is touched, and unchanged files keep their modification times. What a crash
        of an earlier run left behind is mended first. Paths use "/" and stay within the folder.

        Raises:
            OutputUnusable: `out` is a folder that this writer did not make, and it is not empty, or it holds files
                that this writer did not write; the disk is full, or the folder cannot be written. The old site is as
                it was.
        """
        for path in pages:
            _check_relative(path)
        out = out.resolve()
        try:
            _recover(out)
            _check_ours(out)
            present = _list_files(out)
            wanted = kept | pages.keys()
            unchanged = {path for path, body in pages.items() if path in present and _holds(out / path, body)}
            unchanged |= kept
            _check_no_file_of_others(out, present, unchanged, wanted)
            removed = len(present - wanted)
            if len(unchanged) == len(wanted) and not removed and _listed(out) == set(wanted):
                return 0, len(unchanged), 0
            _build_next(pages, wanted, unchanged, out)
            _swap(out)
        except OSError as exc:
            raise _translate(exc, out) from exc
        return len(wanted) - len(unchanged), len(unchanged), removed

    def check(self, out: Path) -> None:
        """See early what `write` would refuse, whatever the pages.

        Raises:
            OutputUnusable: `out` is a folder that this writer did not make, and it is not empty.
        """
        out = out.resolve()
        try:
            _check_ours(out)
        except OSError as exc:
            raise _translate(exc, out) from exc


def _next(out: Path) -> Path:
    return _beside(out, ".next")


def _previous(out: Path) -> Path:
    return _beside(out, ".previous")


def _record(out: Path) -> Path:
    return _beside(out, ".record")


def _beside(out: Path, ending: str) -> Path:
    if not out.name:
        raise OutputUnusable(f"{out} cannot hold the site; name a folder of its own")
    return out.with_name(out.name + ending)


def _state(file: str) -> tuple[int, int] | None:
    found = os.lstat(file)
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def _check_relative(path: str) -> None:
    pure = PurePosixPath(path)
    if (
        not path
        or path != str(pure)
        or pure.is_absolute()
        or ".." in pure.parts
        or path == MARKER
        or re.search(r"[\\\n]", path)
    ):
        raise ValueError(f"{path!r} is no path of a file within the site")


def _is_ours(folder: Path) -> bool:
    """Whether we may replace or remove this: a folder with our marker, or an empty one. A link never is ours."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return (folder / MARKER).is_file() or not any(folder.iterdir())


def _is_complete(folder: Path) -> bool:
    marker = folder / MARKER
    return _is_ours(folder) and marker.is_file() and marker.read_bytes().startswith(_COMPLETE)


def _listed(folder: Path) -> set[str] | None:
    """The files that the marker says we wrote; None without a marker, or with one from before it held a list."""
    marker = folder / MARKER
    lines = marker.read_text(encoding="utf-8").splitlines() if marker.is_file() else []
    return set(lines[1:]) if len(lines) > 1 else None


def _check_no_file_of_others(out: Path, present: set[str], unchanged: set[str], wanted: AbstractSet[str]) -> None:
    """Refuse to lose a file that we did not write. Without a list only what the new site holds too counts as ours."""
    listed = _listed(out)
    ours = present & wanted if listed is None else listed
    if foreign := sorted(present - ours - unchanged):
        shown = ", ".join(foreign[:5]) + (f" and {len(foreign) - 5} more" if len(foreign) > 5 else "")
        raise OutputUnusable(
            f"{out} holds files that the tracker did not write there, and would be replaced with them: {shown}; "
            "move them away and publish again"
        )


def _check_ours(out: Path) -> None:
    for folder in (out, _next(out), _previous(out)):
        if (folder.exists() or folder.is_symlink()) and not _is_ours(folder):
            raise OutputUnusable(
                f"{folder} is not a site that the tracker made, so it is not replaced; move it away or set site.out"
            )


def _recover(out: Path) -> None:
    """Bring the three folders back to one: the newest whole site at `out`, or nothing."""
    _check_ours(out)
    following, previous = _next(out), _previous(out)
    if not out.exists():
        if _is_complete(following):
            following.rename(out)
        elif previous.exists():
            previous.rename(out)
    for leftover in (following, previous):
        if leftover.exists():
            _remove(leftover)


def _list_files(out: Path) -> set[str]:
    """Relative paths of everything in the site that is not a folder, but for the marker; empty where there is none."""
    top = os.fspath(out)
    found: set[str] = set()
    for folder, _, names in os.walk(top):
        within = folder[len(top) :].replace(os.sep, "/").strip("/")
        found.update(f"{within}/{name}" if within else name for name in names)
    return found - {MARKER}


def _holds(path: Path, body: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size == len(body) and path.read_bytes() == body


def _build_next(pages: Mapping[str, bytes], wanted: AbstractSet[str], unchanged: set[str], out: Path) -> None:
    target = _next(out)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.mkdir()
    marker = target / MARKER
    marker.write_bytes(_BUILDING)
    try:
        _fill(target, pages, wanted, unchanged, out)
        # Only a folder whose files are all on the disk is ever called complete.
        marker.write_bytes(_COMPLETE + "".join(f"{path}\n" for path in sorted(wanted)).encode())
        _sync(marker)
        _sync(target)
    except OSError:
        _remove(target)
        raise


def _fill(target: Path, pages: Mapping[str, bytes], wanted: AbstractSet[str], unchanged: set[str], out: Path) -> None:
    folders, top, before = {target}, os.fspath(target), os.fspath(out)
    made, written = {""}, []
    for path in sorted(wanted):  # tens of thousands: texts, where paths would take as long as the links themselves
        folder = path.rpartition("/")[0]
        if folder not in made:
            parent = target / folder
            parent.mkdir(parents=True, exist_ok=True)
            folders.update(item for item in (parent, *parent.parents) if item.is_relative_to(target))
            made.add(folder)
        if path in unchanged:
            _link(f"{before}/{path}", f"{top}/{path}")
        else:
            file = target / path
            file.write_bytes(pages[path])
            written.append(file)
    # Synced after all are written, so that the system can put them on the disk together.
    for item in [*written, *sorted(folders)]:
        _sync(item)


def _link(old: str, new: str) -> None:
    try:
        os.link(old, new, follow_symlinks=False)
    except OSError as exc:
        if exc.errno not in (errno.EPERM, errno.EACCES, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS):
            raise
        shutil.copy2(old, new)  # a file system without hard links
        _sync(Path(new))


def _swap(out: Path) -> None:
    previous = _previous(out)
    if out.exists():
        out.rename(previous)
    try:
        _next(out).rename(out)
    except OSError:
        if previous.exists():
            previous.rename(out)
        raise
    _sync(out.parent)
    if previous.exists():
        _remove(previous)


def _remove(folder: Path) -> None:
    """Remove one of our folders; the marker goes last, so that a half-removed one is still known as ours."""
    for item in list(folder.iterdir()):
        if item.name == MARKER:
            continue
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        else:
            item.unlink()
    (folder / MARKER).unlink(missing_ok=True)
    folder.rmdir()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _translate(exc: OSError, out: Path) -> OutputUnusable:
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputUnusable(f"the disk is full, so the site at {out} is as it was; make room and publish again")
    return OutputUnusable(f"the site at {out} could not be written: {exc.strerror or exc} ({exc.filename or out})")
